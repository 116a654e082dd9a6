import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zoneOffsetMs } from '../../shared/time/time-zone.ts';
import { lineOf } from './icalendar-reader.test-helper.ts';
import { timeZoneComponent } from './time-zone-rules.ts';
import type { Component } from './icalendar.ts';

describe('the rules of a time zone', () => {
  it('are two that go on for ever where the clocks change by rule', () => {
    const { properties, components } = timeZoneComponent('Europe/Berlin', 2026, 2026);
    assert.equal(properties[0]?.value, 'Europe/Berlin');
    assert.deepEqual(
      components.slice(1).map((each) => [each.name, lineOf(each, 'RRULE'), lineOf(each, 'TZOFFSETTO')]),
      [
        ['DAYLIGHT', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'TZOFFSETTO:+0200'],
        ['STANDARD', 'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', 'TZOFFSETTO:+0100'],
      ],
    );
  });

  it('are one where they never change', () => {
    const { components } = timeZoneComponent('Asia/Kolkata', 2026, 2026);
    assert.deepEqual(
      components.map((each) => lineOf(each, 'TZOFFSETTO')),
      ['TZOFFSETTO:+0530'],
    );
  });

  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'Europe/Dublin',
    'Africa/Casablanca',
    'Asia/Jerusalem',
    'Africa/Cairo',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Europe/Moscow',
    'Asia/Tehran',
    '+05:45',
  ]) {
    it(`say for every day in ${zone} what its clocks say`, () => {
      const rules = expanded(timeZoneComponent(zone, 2005, 2027));
      for (let at = Date.UTC(2005, 0, 1, 12); at < Date.UTC(2028, 0, 1); at += 86_400_000) {
        assert.equal(offsetBy(rules, at), zoneOffsetMs(zone, at), new Date(at).toISOString());
      }
    });
  }
});

interface Onset {
  readonly atMs: number;
  readonly toMs: number;
}

/** All changes of the clocks that the component tells, in order. Written from RFC 5545 §3.6.5. */
function expanded({ components }: Component): Onset[] {
  return components.flatMap(onsetsOf).toSorted((a, b) => a.atMs - b.atMs);
}

function onsetsOf(observance: Component): Onset[] {
  const value = (name: string): string => observance.properties.find((each) => each.name === name)?.value ?? '';
  const [fromMs, toMs] = [offsetOf(value('TZOFFSETFROM')), offsetOf(value('TZOFFSETTO'))];
  const start = localOf(value('DTSTART'));
  const rule = value('RRULE');
  if (rule === '') return [{ atMs: start - fromMs, toMs }];
  const [, month, ordinal, weekday] = /^FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-?\d)(..)/.exec(rule) ?? [];
  const until = /UNTIL=(\w+)Z/.exec(rule)?.[1];
  const onsets: Onset[] = [];
  for (let year = new Date(start).getUTCFullYear(); year < 2040; year++) {
    const day = nthDay(
      year,
      Number(month),
      Number(ordinal),
      ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'].indexOf(weekday ?? ''),
    );
    const atMs = day + (start % 86_400_000) - fromMs;
    if (until === undefined || atMs <= localOf(until)) onsets.push({ atMs, toMs });
  }
  assert.equal(onsets[0]?.atMs, start - fromMs, 'the first onset is not one by the rule');
  return onsets;
}

function nthDay(year: number, month: number, ordinal: number, weekday: number): number {
  const days = Array.from({ length: new Date(Date.UTC(year, month, 0)).getUTCDate() }, (_, i) =>
    Date.UTC(year, month - 1, i + 1),
  );
  return (
    days.filter((day) => new Date(day).getUTCDay() === weekday).at(ordinal < 0 ? ordinal : ordinal - 1) ?? Number.NaN
  );
}

const offsetBy = (onsets: readonly Onset[], atMs: number): number | undefined =>
  onsets.findLast((each) => each.atMs <= atMs)?.toMs;

const localOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));

function offsetOf(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text) ?? [];
  return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}
