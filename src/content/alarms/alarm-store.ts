import type { Row } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf, uuidOf } from '../source/row-values.ts';
import { daysOf, hourOf, minuteOf, titleOf, type Alarm, type Alarms, type Timer } from './alarm.ts';

/** Where the Clock keeps alarms and timers in the newest releases; the lists from before stay as they were then. */
const PLACES: readonly Place[] = [
  { domain: 'SysSharedContainerDomain-systemgroup.com.apple.mobiletimerd', relativePath: 'Library/local.sqlite' },
  { domain: 'AppDomainGroup-group.com.apple.mobiletimerd', relativePath: 'local.sqlite' },
];

const ALARMS = 'ZMTCDALARM';
const TIMERS = 'ZMTCDTIMER';
const SOUNDS = 'ZMTCDSOUND';

const COLUMNS = {
  id: 'ZMTID',
  title: 'ZTITLE',
  modified: 'ZLASTMODIFIEDDATE',
  sound: 'ZSOUND',
  hour: 'ZHOUR',
  minute: 'ZMINUTE',
  repeats: 'ZREPEATSCHEDULE',
  enabled: 'ZENABLED',
  snooze: 'ZALLOWSSNOOZE',
  sleep: 'ZSLEEPALARM',
  fired: 'ZFIREDDATE',
  dismissed: 'ZDISMISSEDDATE',
  duration: 'ZDURATION',
} as const;

/**
 * Alarms and timers of that store.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when it is damaged, or laid out in a way that is not known.
 */
export async function readAlarmStore(backup: Backup): Promise<Alarms | undefined> {
  using database = await openContentDatabase(backup, PLACES);
  if (database?.has(ALARMS) !== true) return undefined;
  database.require(ALARMS, 'ZHOUR', 'ZMINUTE');
  const sounds = soundsIn(database);
  const alarms = [...rowsOf(database, ALARMS)].map((row) => alarmOf(row, sounds));
  const timers = database.has(TIMERS) ? [...rowsOf(database, TIMERS)].map((row) => timerOf(row, sounds)) : [];
  return { alarms, timers };
}

function* rowsOf(database: ContentDatabase, table: string): Generator<Row, undefined> {
  const columns = database.select(table, 't', Object.values(COLUMNS));
  yield* database.rows(`SELECT t.rowid AS pk, ${columns} FROM ${table} t ORDER BY t.rowid`);
}

type Sounds = ReadonlyMap<number, string>;

/** A tone has a name; a song of the library only has a number. */
function soundsIn(database: ContentDatabase): Sounds {
  const sounds = new Map<number, string>();
  if (!database.has(SOUNDS)) return sounds;
  const columns = database.select(SOUNDS, 's', ['ZTONEIDENTIFIER', 'ZMEDIAITEMIDENTIFIER']);
  for (const row of database.rows(`SELECT s.rowid AS pk, ${columns} FROM ${SOUNDS} s`)) {
    const isSong = (numberOf(row['ZMEDIAITEMIDENTIFIER']) ?? 0) !== 0;
    const name = textOf(row['ZTONEIDENTIFIER']) || (isSong ? 'song' : '');
    if (name !== '') sounds.set(Number(row['pk']), name);
  }
  return sounds;
}

function alarmOf(row: Row, sounds: Sounds): Alarm {
  return {
    ...commonOf(row, 'alarm', sounds),
    kind: flagOf(row[COLUMNS.sleep]) === true ? 'sleep' : 'alarm',
    hour: hourOf(numberOf(row[COLUMNS.hour]) ?? undefined),
    minute: minuteOf(numberOf(row[COLUMNS.minute]) ?? undefined),
    repeats: daysOf(numberOf(row[COLUMNS.repeats]) ?? 0),
    isEnabled: flagOf(row[COLUMNS.enabled]) ?? undefined,
    allowsSnooze: flagOf(row[COLUMNS.snooze]) ?? undefined,
    bedtime: undefined,
    firesAt: cocoaDateOf(row[COLUMNS.fired]) ?? undefined,
    dismissedAt: cocoaDateOf(row[COLUMNS.dismissed]) ?? undefined,
  };
}

const timerOf = (row: Row, sounds: Sounds): Timer => ({
  ...commonOf(row, 'timer', sounds),
  durationSeconds: numberOf(row[COLUMNS.duration]) ?? undefined,
});

function commonOf(row: Row, kind: string, sounds: Sounds): Pick<Alarm, 'key' | 'label' | 'sound' | 'modifiedAt'> {
  return {
    key: uuidOf(row[COLUMNS.id]) || `${kind} ${Number(row['pk'])}`,
    label: titleOf(textOf(row[COLUMNS.title])),
    sound: sounds.get(Number(row[COLUMNS.sound])),
    modifiedAt: cocoaDateOf(row[COLUMNS.modified]) ?? undefined,
  };
}
