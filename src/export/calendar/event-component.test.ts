import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CalendarEvent, CalendarTime } from '../../content/index.ts';
import { eventComponent } from './event-component.ts';
import { UsedZones } from './time-properties.ts';

const NOON: CalendarTime = { kind: 'instant', at: new Date('2026-05-01T12:00:00Z'), timeZone: undefined };
const ONE: CalendarTime = { kind: 'instant', at: new Date('2026-05-01T13:00:00Z'), timeZone: undefined };
const DAY: CalendarTime = { kind: 'date', date: '2026-05-01' };
const DAY_BEFORE: CalendarTime = { kind: 'date', date: '2026-04-29' };

describe('an event of iCalendar', () => {
  it('has an end only where it ends after its start, as RFC 5545 §3.8.2.2 wants it', () => {
    assert.equal(endOf(NOON, ONE), '20260501T130000Z');
    assert.equal(endOf(NOON, NOON), undefined);
    assert.equal(endOf(ONE, NOON), undefined);
    assert.equal(endOf(DAY, DAY), '20260502');
    assert.equal(endOf(DAY, DAY_BEFORE), undefined);
  });
});

function endOf(start: CalendarTime, end: CalendarTime): string | undefined {
  const context = { zones: new UsedZones(), stamp: new Date(0), detached: new Set<string>() };
  const written = eventComponent(event(start, end), context);
  return written?.properties.find(({ name }) => name === 'DTEND')?.value;
}

function event(start: CalendarTime, end: CalendarTime): CalendarEvent {
  return {
    row: 1,
    key: 'a',
    uid: 'a',
    kind: 'event',
    calendar: undefined,
    title: 'Bell',
    notes: null,
    start,
    end,
    isAllDay: start.kind === 'date',
    isFloating: false,
    timeZone: null,
    status: undefined,
    availability: undefined,
    url: null,
    conferenceUrl: null,
    location: null,
    organizer: null,
    attendees: [],
    recurrences: [],
    exceptions: [],
    alarms: [],
    attachments: [],
    travelTimeSeconds: null,
    sequence: null,
    createdAt: null,
    modifiedAt: null,
    isPhantom: false,
    isHidden: false,
    isYearUnknown: false,
  };
}
