import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { calendarItems } from './items.ts';
import { openCalendars, type Calendars } from './calendar.ts';

const PLACE = 'HomeDomain:Library/Calendar/Calendar.sqlitedb';
const DATA = join(import.meta.dirname, '../../../../shared/data');

async function opened(sql: string): Promise<Calendars> {
  const calendars = await openCalendars(memoryBackup({ [PLACE]: databaseBytes(sql) }));
  assert.ok(calendars !== undefined);
  return calendars;
}

describe('a calendar database', () => {
  it('may be absent', async () => {
    assert.equal(await openCalendars(memoryBackup({})), undefined);
  });

  it('of another layout is refused', async () => {
    await assert.rejects(opened('CREATE TABLE x (y)'), { code: 'FORMAT_INVALID' });
    await assert.rejects(opened('CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary TEXT)'), {
      code: 'FORMAT_INVALID',
    });
  });

  it('of the fewest columns tells what is not recorded', async () => {
    using calendars = await opened(`CREATE TABLE CalendarItem (summary TEXT, start_date REAL);
      INSERT INTO CalendarItem VALUES ('x', 700000000), ('y', NULL), (NULL, 'soon')`);
    const events = [...calendars.events()];
    assert.deepEqual(
      events.map(({ title, problem }) => [title, problem]),
      [
        ['y', undefined],
        ['x', undefined],
        [null, 'start'],
      ],
    );
    assert.deepEqual([events[1]?.notes, events[1]?.end, events[1]?.location], [undefined, undefined, undefined]);
    for (const field of ['notes', 'end', 'location', 'alarms', 'recurrences'])
      assert.ok(calendars.notAvailable.includes(field));
    assert.equal([...calendarItems(calendars)].length, 3);
  });

  it('of iOS 5 keeps events in a table of that name, and places as text', async () => {
    using calendars = await opened(`
      CREATE TABLE Store (ROWID INTEGER PRIMARY KEY, name TEXT, type INTEGER);
      CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY, store_id INTEGER, title TEXT, color TEXT);
      CREATE TABLE Event (ROWID INTEGER PRIMARY KEY, summary TEXT, location TEXT, start_date REAL, start_tz TEXT, end_date REAL,
        all_day INTEGER, calendar_id INTEGER, orig_event_id INTEGER, orig_start_date REAL, external_id TEXT);
      CREATE TABLE Recurrence (ROWID INTEGER PRIMARY KEY, frequency INTEGER, interval INTEGER, count INTEGER, end_date REAL, specifier TEXT, event_id INTEGER);
      CREATE TABLE Alarm (ROWID INTEGER PRIMARY KEY, trigger_interval INTEGER, event_id INTEGER);
      INSERT INTO Store VALUES (1, 'Default', 0);
      INSERT INTO Calendar VALUES (3, 1, 'Zuhause', '#ff2968ff');
      INSERT INTO Event VALUES (1, 'Turnen', 'Halle', 300000000, 'Europe/Berlin', 300003600, 0, 3, 0, NULL, 'uid-1');
      INSERT INTO Event VALUES (2, 'Turnen spät', NULL, 300612000, 'Europe/Berlin', 300615600, 0, 3, 1, 300604800, 'uid-2');
      INSERT INTO Recurrence VALUES (1, 2, 1, 0, NULL, 'D=0WE', 1);
      INSERT INTO Alarm VALUES (1, -600, 1);`);
    const [series, moved] = [...calendars.events()];
    assert.deepEqual(
      [
        series?.location?.title,
        series?.calendar?.title,
        series?.calendar?.color,
        series?.alarms,
        series?.recurrences[0]?.frequency,
      ],
      ['Halle', 'Zuhause', '#FF2968', [{ offsetSeconds: -600, isDisabled: false }], 'weekly'],
    );
    assert.deepEqual([moved?.uid, moved?.detachedFrom?.hasSeries, moved?.location], ['uid-1', true, null]);
    assert.notEqual(moved?.key, series?.key);
  });

  it('of iOS 12 leaves reminders to the reminders', async () => {
    using calendars = await opened(`CREATE TABLE CalendarItem (summary TEXT, start_date REAL, entity_type INTEGER);
      INSERT INTO CalendarItem VALUES ('event', 1, 2), ('reminder', 2, 3), ('old', 3, NULL)`);
    assert.deepEqual(
      [...calendars.events()].map(({ title }) => title),
      ['event', 'old'],
    );
    assert.equal(calendars.count, 2);
  });

  it('of iOS 27 keeps the addresses of calls in a table', async () => {
    using calendars = await opened(`CREATE TABLE CalendarItem (summary TEXT, start_date REAL);
      CREATE TABLE Conference (url TEXT, owner_id INTEGER);
      INSERT INTO CalendarItem VALUES ('Team', 700000000), ('Alone', 700000001);
      INSERT INTO Conference VALUES ('https://meet.example.org/1', 1);`);
    assert.deepEqual(
      Array.from(calendars.events(), ({ conferenceUrl }) => conferenceUrl),
      ['https://meet.example.org/1', undefined],
    );
    assert.ok(!calendars.notAvailable.includes('conferenceUrl'));
  });

  it('tells birthdays apart, and those whose year nobody knows', async () => {
    using calendars =
      await opened(`CREATE TABLE CalendarItem (summary TEXT, start_date REAL, calendar_scale TEXT, birthday_id INTEGER);
      INSERT INTO CalendarItem VALUES ('Anna', -599616000, 'gregorian', 4), ('Ben', ${Date.UTC(1604, 4, 5) / 1000 - 978_307_200}, 'gregorian', 5), ('Cem', 700000000, NULL, -1)`);
    assert.deepEqual(
      [...calendars.events()].map(({ title, kind, isYearUnknown, start }) => [title, kind, isYearUnknown, start?.kind]),
      [
        ['Ben', 'birthday', true, 'date'],
        ['Anna', 'birthday', false, 'date'],
        ['Cem', 'event', false, 'instant'],
      ],
    );
  });

  it('takes numbers of any size', async () => {
    using calendars = await opened(`
      CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY, title TEXT, flags INTEGER, sharing_status INTEGER);
      INSERT INTO Calendar VALUES (1, 'x', 9223372036854775807, 9223372036854775807);
      CREATE TABLE CalendarItem (summary TEXT, start_date INTEGER, status INTEGER, travel_time INTEGER, calendar_id INTEGER);
      INSERT INTO CalendarItem VALUES ('x', 9223372036854775807, -9223372036854775808, 9223372036854775807, 1)`);
    const [event] = [...calendars.events()];
    assert.deepEqual([event?.status, event?.problem, event?.calendar?.title], [undefined, 'start', 'x']);
  });
});

const SAMPLE = join(DATA, 'novkostya/calendar/testdata/calendar.1.Calendar.sqlitedb');
if (existsSync(SAMPLE)) {
  describe('the calendar of iOS 18 among the real data', () => {
    it('is read as its notes say', async () => {
      using calendars = (await openCalendars(memoryBackup({ [PLACE]: readFileSync(SAMPLE) }))) ?? assert.fail();
      const events = [...calendars.events()];
      assert.deepEqual(
        events.map(({ title, kind, problem }) => [title, kind, problem]),
        [
          ['Team Sync', 'event', undefined],
          ['Holiday', 'event', undefined],
          ['Birthday of Somebody', 'birthday', undefined],
          ['Quick note', 'event', undefined],
          ['Corrupt', 'event', 'start'],
        ],
      );
      const [sync, holiday, , note] = events;
      assert.deepEqual(sync?.start, {
        kind: 'instant',
        at: new Date('2023-03-08T20:26:40.500Z'),
        timeZone: 'America/Los_Angeles',
      });
      assert.equal(sync?.conferenceUrl, 'https://meet.example.invalid/abc');
      assert.deepEqual(
        sync?.attendees.map(({ name, response }) => [name, response]),
        [
          ['Blair Invitee', 'accepted'],
          ['Casey Invitee', 'declined'],
        ],
      );
      assert.deepEqual([sync?.organizer?.name, sync?.calendar?.account?.name], ['Alex Organizer', 'iCloud']);
      assert.deepEqual(
        sync?.attachments.map(({ filename, state }) => [filename, state]),
        [['agenda.pdf', 'not-downloaded']],
      );
      assert.deepEqual(holiday?.end, { kind: 'date', date: '2023-03-10' });
      assert.equal(note?.calendar, undefined);
    });
  });

  for (const version of ['6.1.6', '9.3.5', '10.3.3', '11.2']) {
    it(`the layout of iOS ${version} is known`, async () => {
      const ddl = readFileSync(join(DATA, `schemas/schemas/calendars/calendars_${version}.sql`), 'utf8');
      const sql = `${ddl.replaceAll(/CREATE TABLE sqlite_\w+\([^;]*;/g, '')};
        INSERT INTO Calendar (ROWID, title) VALUES (1, 'Work');
        INSERT INTO CalendarItem (summary, start_date, start_tz, all_day, calendar_id, entity_type, location_id) VALUES ('x', 400000000, 'Europe/Berlin', 0, 1, 2, 1);
        INSERT INTO Location (title) VALUES ('Hier');
        INSERT INTO Attachment (owner_id, filename, url) VALUES (1, 'a.pdf', 'https://example.org/a.pdf');`;
      using calendars = await opened(sql);
      const [event] = [...calendars.events()];
      assert.deepEqual(
        [event?.calendar?.title, event?.location?.title, event?.attachments[0]?.filename],
        ['Work', 'Hier', 'a.pdf'],
      );
      assert.deepEqual(
        calendars.notAvailable.filter((field) => !['conferenceUrl', 'travelTimeSeconds'].includes(field)),
        [],
      );
    });
  }
}
