import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { encodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { daySelection, decodeBlob, deepText, localTimeOf } from './blobs.ts';
import { remindersItems } from './items.ts';
import { openReminders, type Reminders } from './reminders.ts';

const STORES = 'AppDomainGroup-group.com.apple.reminders:Container_v1/Stores';
const DATA = join(import.meta.dirname, '../../../../shared/data/novkostya/reminders/testdata');

async function opened(files: Readonly<Record<string, Uint8Array>>): Promise<Reminders> {
  const reminders = await openReminders(memoryBackup(files));
  assert.ok(reminders !== undefined);
  return reminders;
}

async function titlesIn(files: Readonly<Record<string, Uint8Array>>): Promise<unknown> {
  using reminders = await opened(files);
  return Array.from(reminders.reminders(), ({ title }) => title);
}

/** As iOS 13 and 14 keep them: one table for nearly everything, and digits behind names that several entities have. */
const SHARED_TABLE = `
  CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
  INSERT INTO Z_PRIMARYKEY VALUES (1, 'REMCDObject', 0, 9), (2, 'REMCDAccount', 1, 0), (3, 'REMCDList', 1, 0),
    (4, 'REMCDReminder', 1, 0), (5, 'REMCDRecurrenceRule', 1, 0), (6, 'REMCDAlarm', 1, 0), (7, 'REMCDAlarmTrigger', 1, 0),
    (8, 'REMCDAlarmTimeIntervalTrigger', 7, 0);
  CREATE TABLE ZREMCDOBJECT (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZNAME VARCHAR, ZNAME1 VARCHAR, ZTITLE VARCHAR,
    ZTITLE1 VARCHAR, ZNOTES VARCHAR, ZLIST INTEGER, ZLIST2 INTEGER, ZACCOUNT INTEGER, ZACCOUNT1 INTEGER, ZDUEDATE TIMESTAMP,
    ZALLDAY INTEGER, ZTIMEZONE VARCHAR, ZCOMPLETED INTEGER, ZREMINDER INTEGER, ZREMINDER1 INTEGER, ZREMINDER2 INTEGER,
    ZTRIGGER INTEGER, ZTIMEINTERVAL FLOAT, ZFREQUENCY INTEGER, ZINTERVAL INTEGER, ZIDENTIFIER BLOB, ZMARKEDFORDELETION INTEGER);
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZNAME) VALUES (1, 2, 'iCloud');
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZNAME1, ZACCOUNT) VALUES (2, 3, 'Einkauf', 1);
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZTITLE1, ZNOTES, ZLIST2, ZDUEDATE, ZALLDAY, ZTIMEZONE, ZCOMPLETED, ZIDENTIFIER)
    VALUES (3, 4, 'Milch', 'frisch', 2, 700000000, 0, 'Europe/Berlin', 0, x'00112233445566778899AABBCCDDEEFF');
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZREMINDER2, ZFREQUENCY, ZINTERVAL) VALUES (4, 5, 3, 0, 2);
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZREMINDER1, ZTRIGGER) VALUES (5, 6, 3, 6);
  INSERT INTO ZREMCDOBJECT (Z_PK, Z_ENT, ZTIMEINTERVAL) VALUES (6, 8, -900);`;

describe('reminders', () => {
  it('may be absent', async () => {
    assert.equal(await openReminders(memoryBackup({})), undefined);
  });

  it('of iOS 13 to 16 lie with the files of the phone', async () => {
    const older = 'HomeDomain:Library/Reminders/Container_v1/Stores';
    const renamed = databaseBytes(`${SHARED_TABLE} UPDATE ZREMCDOBJECT SET ZTITLE1 = 'Brot' WHERE Z_PK = 3`);
    assert.deepEqual(await titlesIn({ [`${older}/Data-1.sqlite`]: databaseBytes(SHARED_TABLE) }), ['Milch']);
    const left = { [`${older}/Data-1.sqlite`]: databaseBytes(SHARED_TABLE), [`${STORES}/Data-1.sqlite`]: renamed };
    assert.deepEqual(await titlesIn(left), ['Brot'], 'what an update left behind is old');
  });

  it('of iOS 13 lie in the table of all objects', async () => {
    using reminders = await opened({ [`${STORES}/Data-1.sqlite`]: databaseBytes(SHARED_TABLE) });
    const [milk, ...others] = [...reminders.reminders()];
    assert.deepEqual(others, []);
    assert.deepEqual(
      {
        key: milk?.key,
        title: milk?.title,
        notes: milk?.notes,
        list: milk?.list?.title,
        account: milk?.list?.account,
        due: milk?.due,
      },
      {
        key: '00112233-4455-6677-8899-AABBCCDDEEFF',
        title: 'Milch',
        notes: 'frisch',
        list: 'Einkauf',
        account: 'iCloud',
        due: { kind: 'instant', at: new Date('2023-03-08T20:26:40Z'), timeZone: 'Europe/Berlin' },
      },
    );
    assert.deepEqual(
      milk?.recurrences.map(({ frequency, interval }) => [frequency, interval]),
      [['daily', 2]],
    );
    assert.deepEqual(milk?.alarms, [{ offsetSeconds: -900, isDisabled: false }]);
    assert.deepEqual([milk?.section, milk?.isFlagged, milk?.parent], [undefined, undefined, undefined]);
    assert.ok(reminders.notAvailable.includes('section') && reminders.notAvailable.includes('isFlagged'));
  });

  it('of iOS 12 lie in the calendar', async () => {
    using reminders = await opened({
      'HomeDomain:Library/Calendar/Calendar.sqlitedb': databaseBytes(`
        CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY, title TEXT, color TEXT);
        INSERT INTO Calendar VALUES (1, 'Termine', '#111111'), (2, 'Aufgaben', '#222222');
        CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary TEXT, description TEXT, start_date REAL, start_tz TEXT, calendar_id INTEGER,
          entity_type INTEGER, priority INTEGER, due_date REAL, due_tz TEXT, due_all_day INTEGER, completion_date REAL, unique_identifier TEXT);
        CREATE TABLE Alarm (ROWID INTEGER PRIMARY KEY, trigger_date REAL, trigger_interval INTEGER, calendaritem_owner_id INTEGER);
        INSERT INTO CalendarItem VALUES (1, 'Termin', NULL, 1, NULL, 1, 2, 0, NULL, NULL, 0, NULL, 'e');
        INSERT INTO CalendarItem VALUES (2, 'Steuer', 'Belege', NULL, NULL, 2, 3, 5, 600000000, '_float', 1, 600000500, 'r');
        INSERT INTO Alarm VALUES (1, 599990000, 0, 2);`),
    });
    const [tax] = [...reminders.reminders()];
    assert.equal(reminders.count, 1);
    assert.deepEqual(
      reminders.lists.map(({ title }) => title),
      ['Aufgaben'],
    );
    assert.deepEqual(
      [tax?.key, tax?.title, tax?.isCompleted, tax?.priority, tax?.due],
      ['r', 'Steuer', true, 5, { kind: 'date', date: '2020-01-06' }],
    );
    assert.equal(tax?.alarms.length, 1);
  });

  it('of one account are there when the store of another is damaged', async () => {
    using reminders = await opened({
      [`${STORES}/Data-1.sqlite`]: databaseBytes(SHARED_TABLE),
      [`${STORES}/Data-2.sqlite`]: databaseBytes('CREATE TABLE x (y)'),
      [`${STORES}/Data-3.sqlite-wal`]: Buffer.from('not a store'),
    });
    assert.deepEqual([reminders.count, reminders.problems.length], [1, 1]);
    await assert.rejects(
      openReminders(memoryBackup({ [`${STORES}/Data-2.sqlite`]: databaseBytes('CREATE TABLE x (y)') })),
      { code: 'FORMAT_INVALID' },
    );
  });
});

describe('small values of reminders', () => {
  it('are read from JSON, property lists and archives', () => {
    const archive = encodeKeyedArchive(new KeyedObject('REMColor', { daHexString: '#FF9500' }));
    assert.equal(deepText(decodeBlob(archive), 'daHexString'), '#FF9500');
    assert.equal(deepText(decodeBlob(Buffer.from('{"a":{"b":"c"}}')), 'b'), 'c');
    assert.equal(decodeBlob(Buffer.from('{"a"')), undefined);
    assert.equal(localTimeOf({ year: 2026, month: 5, day: 1, hour: 9 }), '2026-05-01T09:00:00');
    assert.equal(
      localTimeOf(new KeyedObject('NSDateComponents', { 'NS.year': 2026, 'NS.month': 5, 'NS.day': 1 })),
      '2026-05-01T00:00:00',
    );
    assert.equal(localTimeOf({ hour: 9 }), undefined);
  });

  it('tell days of the week from Sunday', () => {
    const blob = Buffer.from(
      '[{"dayOfTheWeek":1,"weekNumber":0},{"dayOfTheWeek":7,"weekNumber":-1},{"dayOfTheWeek":9},4]',
    );
    const selection = daySelection((attribute) => (attribute === 'DAYSOFTHEWEEK' ? blob : null));
    assert.deepEqual(selection.byDay, [{ weekday: 'SU' }, { weekday: 'SA', ordinal: -1 }, { weekday: 'WE' }]);
  });

  it('may be any bytes', () => {
    const json = fc.json().map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json), (bytes) => {
        const value = decodeBlob(bytes);
        deepText(value, 'daHexString');
        localTimeOf(value);
        assert.ok(daySelection(() => bytes).byDay.length <= 366);
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});

const store = (name: string): Buffer => readFileSync(join(DATA, `reminders.1.${name}.sqlite`));

if (existsSync(DATA)) {
  describe('the stores of iOS 18 among the real data', () => {
    it('are read together, each by the numbers of its own', async () => {
      using reminders = await opened({
        [`${STORES}/Data-A.sqlite`]: store('cloud'),
        [`${STORES}/Data-local.sqlite`]: store('local'),
      });
      const all = [...reminders.reminders()];
      assert.deepEqual(
        all.map(({ title, list, isDeleted, problem }) => [
          title,
          list?.title,
          list?.account,
          isDeleted ?? false,
          problem,
        ]),
        [
          ['Buy milk', 'Groceries', 'iCloud', false, undefined],
          ['Buy oat milk', 'Groceries', 'iCloud', false, undefined],
          ['Corrupt date', 'Groceries', 'iCloud', false, 'createdAt'],
          ['Submit report', 'Work', 'iCloud', false, undefined],
          ['Call plumber', 'Work', 'iCloud', true, undefined],
          ['Water plants', 'Personal', 'On My iPhone', false, undefined],
        ],
      );
      assert.equal(all[1]?.parent, all[0]?.key);
      assert.equal(all[3]?.assignee, 'Sam Rivera');
      assert.deepEqual(
        all[0]?.recurrences.map(({ interval }) => interval),
        [1],
      );
      assert.equal([...remindersItems(reminders)].length, 5);
    });
  });
}
