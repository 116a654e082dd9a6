import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBinaryPlist, type PlistValue } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { alarmsItems, openAlarms, type Alarm, type Alarms } from './alarms.ts';

const PLACE = 'HomeDomain:Library/Preferences/com.apple.mobiletimerd.plist';
const OLD_PLACE = 'HomeDomain:Library/Preferences/com.apple.mobiletimer.plist';

const STORE = 'SysSharedContainerDomain-systemgroup.com.apple.mobiletimerd:Library/local.sqlite';
const STORED = `
CREATE TABLE ZMTCDALARM (Z_PK INTEGER PRIMARY KEY, ZALLOWSSNOOZE INTEGER, ZENABLED INTEGER, ZHOUR INTEGER, ZMINUTE INTEGER,
  ZREPEATSCHEDULE INTEGER, ZSLEEPALARM INTEGER, ZSOUND INTEGER, ZLASTMODIFIEDDATE TIMESTAMP, ZTITLE VARCHAR, ZMTID BLOB);
CREATE TABLE ZMTCDSOUND (Z_PK INTEGER PRIMARY KEY, ZMEDIAITEMIDENTIFIER INTEGER, ZTONEIDENTIFIER VARCHAR);
INSERT INTO ZMTCDSOUND VALUES (1, 0, 'system:Radial'), (2, 77, NULL);
INSERT INTO ZMTCDALARM VALUES (1, 1, 1, 6, 30, 65, 0, 1, 721692800, 'Arbeit', x'4D94EC8088FD57E3B37EF98823AB849C'),
  (2, 1, 0, 7, 0, 0, 1, 2, NULL, NULL, NULL);`;

async function opened(list: Record<string, PlistValue>, place = PLACE): Promise<Alarms> {
  const alarms = await openAlarms(memoryBackup({ [place]: encodeBinaryPlist(list) }));
  assert.ok(alarms !== undefined);
  return alarms;
}

/** What an update may leave of the lists. */
const leftList = (migrated: boolean): Buffer =>
  encodeBinaryPlist({
    MTAlarmStorageMigratedToCoreData: migrated,
    MTAlarms: { MTAlarms: [{ $MTAlarm: { MTAlarmHour: 1, MTAlarmMinute: 2 } }] },
    MTTimers: { MTTimers: [{ $MTTimer: { MTTimerTitle: 'CURRENT_TIMER', MTTimerDuration: 300 } }] },
  });

const hoursIn = async (files: Readonly<Record<string, Uint8Array>>): Promise<unknown> =>
  (await openAlarms(memoryBackup(files)))?.alarms.map(({ hour }) => hour);

const told = ({ kind, hour, minute, label, repeats, isEnabled }: Alarm): unknown[] => [
  kind,
  hour,
  minute,
  label,
  repeats?.join(),
  isEnabled,
];

describe('alarms', () => {
  it('may be absent', async () => {
    assert.equal(await openAlarms(memoryBackup({})), undefined);
    assert.equal(await openAlarms(memoryBackup({ [PLACE]: encodeBinaryPlist({ MTAlarms: {} }) })), undefined);
  });

  it('are read from the list at once and from the one below it', async () => {
    const alarm = {
      $MTAlarm: {
        MTAlarmHour: 6,
        MTAlarmMinute: 30,
        MTAlarmRepeatSchedule: 65,
        MTAlarmTitle: 'x',
        MTAlarmEnabled: true,
      },
    };
    for (const list of [[alarm], { MTAlarms: [alarm] }]) {
      assert.deepEqual((await opened({ MTAlarms: list })).alarms.map(told), [['alarm', 6, 30, 'x', 'MO,SU', true]]);
    }
  });

  it('that wake from sleep tell the bedtime', async () => {
    const sleep = { MTAlarmHour: 7, MTAlarmMinute: 0, MTAlarmBedtimeHour: 23, MTAlarmBedtimeMinute: 15 };
    const { alarms } = await opened({ MTAlarms: { MTAlarms: [], MTSleepAlarm: { $MTAlarm: sleep } } });
    assert.deepEqual(
      alarms.map(({ kind, bedtime }) => [kind, bedtime]),
      [['sleep', { hour: 23, minute: 15 }]],
    );
  });

  it('of iOS 11 and before lie in the list of the app', async () => {
    const old = { alarmId: 'A', hour: 8, minute: 5, title: 'Alarm', repeatDays: [0, 1], isActive: 1 };
    const found = await opened({ Alarms: [old, 'x'] }, OLD_PLACE);
    assert.deepEqual(found.alarms.map(told), [['alarm', 8, 5, 'Alarm', 'MO,SU', true]]);
    assert.deepEqual(
      [...alarmsItems(found)].map(({ key, title }) => [key, title]),
      [['A', '08:05 Alarm']],
    );
  });

  it('of iOS 10 and 11 lie in the list of the app, and the bedtime alone in that of the daemon', async () => {
    const old = { alarmId: 'A', hour: 8, minute: 5, title: 'Alarm', repeatDays: [], isActive: 1 };
    const sleep = { $MTAlarm: { MTAlarmHour: 7, MTAlarmMinute: 0 } };
    const kindsWith = async (list: Record<string, PlistValue>): Promise<string[] | undefined> => {
      const backup = memoryBackup({
        [PLACE]: encodeBinaryPlist({ MTAlarms: list }),
        [OLD_PLACE]: encodeBinaryPlist({ Alarms: [old] }),
      });
      return (await openAlarms(backup))?.alarms.map(({ kind }) => kind);
    };
    assert.deepEqual(await kindsWith({ MTSleepAlarm: sleep }), ['sleep', 'alarm']);
    // Once the daemon has a list, the other is what an update left behind.
    assert.deepEqual(await kindsWith({ MTAlarms: [], MTSleepAlarm: sleep }), ['sleep']);
  });

  it('of the newest releases lie in a store, and what the lists have left is old', async () => {
    const found = await openAlarms(memoryBackup({ [PLACE]: leftList(true), [STORE]: databaseBytes(STORED) }));
    assert.deepEqual(found?.alarms.map(told), [
      ['alarm', 6, 30, 'Arbeit', 'MO,SU', true],
      ['sleep', 7, 0, undefined, '', false],
    ]);
    assert.deepEqual(
      found.alarms.map(({ key, sound, modifiedAt }) => [key, sound, modifiedAt?.toISOString()]),
      [
        ['4D94EC80-88FD-57E3-B37E-F98823AB849C', 'system:Radial', '2023-11-14T22:13:20.000Z'],
        ['alarm 2', 'song', undefined],
      ],
    );
    assert.deepEqual(
      found.timers.map(({ label, durationSeconds }) => [label, durationSeconds]),
      [[undefined, 300]],
    );
    const empty = databaseBytes(`${STORED} DELETE FROM ZMTCDALARM`);
    assert.deepEqual(await hoursIn({ [PLACE]: leftList(true), [STORE]: empty }), []);
    assert.deepEqual(await hoursIn({ [PLACE]: leftList(false), [STORE]: empty }), [1], 'not in use yet');
    assert.deepEqual(
      await hoursIn({ [PLACE]: leftList(true), [STORE]: Buffer.from('no database') }),
      [1],
      'better than none',
    );
    assert.deepEqual(await hoursIn({ [STORE]: databaseBytes(STORED) }), [6, 7]);
  });

  it('with impossible times are there all the same', async () => {
    const { alarms } = await opened({
      MTAlarms: [{ $MTAlarm: { MTAlarmHour: 99, MTAlarmMinute: -1, MTAlarmRepeatSchedule: 2 ** 40 } }, {}, 7],
    });
    assert.deepEqual(alarms.map(told), [
      ['alarm', undefined, undefined, undefined, '', undefined],
      ['alarm', undefined, undefined, undefined, '', undefined],
    ]);
  });

  it('in a damaged list are refused', async () => {
    await assert.rejects(openAlarms(memoryBackup({ [PLACE]: Buffer.from('bplist00broken') })), {
      code: 'FORMAT_INVALID',
    });
  });
});
