import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBinaryPlist, type PlistValue } from '../../formats/index.ts';
import { memoryBackup } from '../source/memory-backup.test-helper.ts';
import { alarmsItems, openAlarms, type Alarm, type Alarms } from './alarms.ts';

const PLACE = 'HomeDomain:Library/Preferences/com.apple.mobiletimerd.plist';
const OLD_PLACE = 'HomeDomain:Library/Preferences/com.apple.mobiletimer.plist';

async function opened(list: Record<string, PlistValue>, place = PLACE): Promise<Alarms> {
  const alarms = await openAlarms(memoryBackup({ [place]: encodeBinaryPlist(list) }));
  assert.ok(alarms !== undefined);
  return alarms;
}

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
