import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addDays, calendarTime, lastDay, occurrenceTime } from './time.ts';

const at = (text: string): Date => new Date(text);

describe('the time of an event', () => {
  it('is a moment in a zone, a moment, a floating time or a day', () => {
    const noon = at('2026-07-01T12:00:00Z');
    assert.deepEqual(calendarTime(noon, 'Europe/Berlin', false), {
      kind: 'instant',
      at: noon,
      timeZone: 'Europe/Berlin',
    });
    assert.deepEqual(calendarTime(noon, null, false), { kind: 'instant', at: noon, timeZone: undefined });
    assert.deepEqual(calendarTime(noon, 'Nowhere', false), { kind: 'instant', at: noon, timeZone: undefined });
    assert.deepEqual(calendarTime(noon, '_float', false), { kind: 'floating', local: '2026-07-01T12:00:00' });
    assert.deepEqual(calendarTime(at('2026-07-01T00:00:00Z'), '_float', true), { kind: 'date', date: '2026-07-01' });
  });

  it('is the day of the zone where a whole day was kept as a moment', () => {
    assert.deepEqual(calendarTime(at('2026-06-30T22:00:00Z'), 'Europe/Berlin', true), {
      kind: 'date',
      date: '2026-07-01',
    });
    assert.deepEqual(calendarTime(at('2026-07-01T00:00:00Z'), 'America/New_York', true), {
      kind: 'date',
      date: '2026-07-01',
    });
  });

  it('ends with the last day, however the end is kept', () => {
    const start = at('2026-07-01T00:00:00Z');
    for (const end of ['2026-07-02T23:59:59Z', '2026-07-03T00:00:00Z']) {
      assert.deepEqual(lastDay(start, at(end), '_float'), { kind: 'date', date: '2026-07-02' });
    }
    assert.deepEqual(lastDay(start, start, '_float'), { kind: 'date', date: '2026-07-01' });
    // The night in which the clocks go back is 25 hours long.
    const [from, to] = [at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z')];
    assert.deepEqual(lastDay(from, to, 'Europe/Berlin'), { kind: 'date', date: '2026-10-25' });
  });

  it('counts days across months, and not beyond the calendar', () => {
    assert.equal(addDays('2024-02-28', 2), '2024-03-01');
    assert.equal(addDays('9999-12-31', 1), '9999-12-31');
  });
});

describe('an occurrence of a series', () => {
  const start = calendarTime(at('2026-01-06T18:30:00Z'), 'Europe/Berlin', false);

  it('is found by its moment, by its time on the wall, and by its day', () => {
    const summer = { kind: 'instant', at: at('2026-06-02T17:30:00Z'), timeZone: 'Europe/Berlin' };
    for (const kept of ['2026-06-02T17:30:00Z', '2026-06-02T19:30:00Z', '2026-06-02T00:00:00Z']) {
      assert.deepEqual(occurrenceTime(at(kept), start), summer, kept);
    }
  });

  it('is any moment where nothing fits', () => {
    assert.deepEqual(occurrenceTime(at('2026-06-02T03:03:00Z'), start), { ...start, at: at('2026-06-02T03:03:00Z') });
  });

  it('is a day of whole days and a floating time of floating ones', () => {
    assert.deepEqual(occurrenceTime(at('2026-06-02T00:00:00Z'), { kind: 'date', date: '2026-01-01' }), {
      kind: 'date',
      date: '2026-06-02',
    });
    assert.deepEqual(occurrenceTime(at('2026-06-02T00:00:00Z'), { kind: 'floating', local: '2026-01-01T07:00:00' }), {
      kind: 'floating',
      local: '2026-06-02T07:00:00',
    });
  });
});
