/** Alarms and timers of the Clock app. */
import {
  arrayAt,
  asDictionary,
  booleanAt,
  dateAt,
  decodePlist,
  dictionaryAt,
  integerAt,
  numberAt,
  stringAt,
  valueAt,
  type PlistDictionary,
  type PlistValue,
} from '../../formats/index.ts';
import { bytesIfThere } from '../source/bytes-if-there.ts';
import { readIfPossible } from '../source/content-database.ts';
import type { Backup } from '../../snapshot/index.ts';
import { WEEKDAYS } from '../calendar/recurrence.ts';
import type { ContentItem } from '../source/content-item.ts';
import { daysOf, hourOf, minuteOf, titleOf, type Alarm, type Alarms, type Timer } from './alarm.ts';
import { readAlarmStore } from './alarm-store.ts';

export type { Alarm, Alarms, Timer } from './alarm.ts';

const PREFERENCES = 'Library/Preferences';
const MAX_PLIST_BYTES = 16 * 1024 * 1024;

/**
 * Reads alarms and timers.
 *
 * @returns undefined when the backup holds neither.
 * @throws {FormatError} when the property list is damaged.
 */
export async function openAlarms(backup: Backup): Promise<Alarms | undefined> {
  const store = await readIfPossible(backup, 'the store of alarms', () => readAlarmStore(backup));
  const lists = await readLists(backup);
  // Where the lists were moved into the store, what is left of them is old; an empty store may be not yet in use.
  const isIn = (kind: 'Alarm' | 'Timer', stored: readonly unknown[]): boolean =>
    stored.length > 0 || booleanAt(lists.current, `MT${kind}StorageMigratedToCoreData`) === true;
  const alarms = store && isIn('Alarm', store.alarms) ? store.alarms : lists.alarms;
  const timers = store && isIn('Timer', store.timers) ? store.timers : lists.timers;
  return alarms.length === 0 && timers.length === 0 ? undefined : { alarms, timers };
}

async function readLists(backup: Backup): Promise<Alarms & { readonly current: PlistDictionary | undefined }> {
  // The daemon's list since iOS 12; before that the app's own, beside which the daemon may keep the bedtime alone.
  const current = await readList(backup, `${PREFERENCES}/com.apple.mobiletimerd.plist`);
  const older = hasAlarmList(current)
    ? undefined
    : await readList(backup, `${PREFERENCES}/com.apple.mobiletimer.plist`);
  const alarms = [
    ...membersOf(current, 'MTAlarms', ['MTAlarms']).map((each, i) => alarmOf(each, 'alarm', i)),
    ...membersOf(current, 'MTAlarms', ['MTSleepAlarms', 'MTSleepAlarm'], true).map((each, i) =>
      alarmOf(each, 'sleep', i),
    ),
    ...(arrayAt(older, 'Alarms') ?? []).flatMap((each, i) =>
      asDictionary(each) ? [legacyAlarm(asDictionary(each), i)] : [],
    ),
  ];
  return { current, alarms, timers: membersOf(current, 'MTTimers', ['MTTimers']).map(timerOf) };
}

/** Alarms for searching, and for following them from backup to backup. */
export function* alarmsItems({ alarms }: Alarms): Generator<ContentItem, undefined> {
  for (const { key, label, hour, minute, modifiedAt } of alarms) {
    yield {
      kind: 'alarms',
      key,
      at: modifiedAt,
      title: [clockText(hour, minute), label].filter(Boolean).join(' '),
      text: label ?? '',
    };
  }
}

/** "06:30" */
export function clockText(hour: number | undefined, minute: number | undefined): string {
  if (hour === undefined || minute === undefined) return '';
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

async function readList(backup: Backup, path: string): Promise<PlistDictionary | undefined> {
  const bytes = await bytesIfThere(backup, backup.find('HomeDomain', path), MAX_PLIST_BYTES);
  return bytes && asDictionary(decodePlist(bytes));
}

/** Whether a list is one of ordinary alarms, if only an empty one: older ones beside it are left over from updates. */
function hasAlarmList(list: PlistDictionary | undefined): boolean {
  return (arrayAt(dictionaryAt(list, 'MTAlarms'), 'MTAlarms') ?? arrayAt(list, 'MTAlarms')) !== undefined;
}

/** The list lies under its key at once, or in a dictionary below it. Each member is wrapped in its class: `$MTAlarm`. */
function membersOf(
  list: PlistDictionary | undefined,
  key: string,
  names: readonly string[],
  nestedOnly = false,
): PlistDictionary[] {
  const outer = valueAt(list, key);
  const inner = asDictionary(outer);
  const members: PlistValue[] = inner
    ? names.flatMap((name) => arrayAt(inner, name) ?? dictionaryList(inner, name))
    : Array.isArray(outer) && !nestedOnly
      ? outer
      : [];
  return members.flatMap((each) => {
    const wrapped = asDictionary(each);
    const wrapper = wrapped && Object.keys(wrapped).find((name) => name.startsWith('$MT'));
    const member = wrapper === undefined ? wrapped : dictionaryAt(wrapped, wrapper);
    return member ? [member] : [];
  });
}

/** One alone is not in a list. */
const dictionaryList = (outer: PlistDictionary, name: string): PlistValue[] => {
  const one = dictionaryAt(outer, name);
  return one ? [one] : [];
};

function alarmOf(alarm: PlistDictionary, kind: Alarm['kind'], index: number): Alarm {
  const bedHour = hourAt(alarm, 'MTAlarmBedtimeHour');
  const isSleep = kind === 'sleep' || booleanAt(alarm, 'MTAlarmIsSleep') === true;
  return {
    key: stringAt(alarm, 'MTAlarmID') ?? `${kind} ${index}`,
    kind: isSleep ? 'sleep' : 'alarm',
    label: titleOf(stringAt(alarm, 'MTAlarmTitle')),
    hour: hourAt(alarm, 'MTAlarmHour'),
    minute: minuteAt(alarm, 'MTAlarmMinute'),
    repeats: daysOf(integerAt(alarm, 'MTAlarmRepeatSchedule') ?? 0),
    isEnabled: flagAt(alarm, 'MTAlarmEnabled'),
    allowsSnooze: flagAt(alarm, 'MTAlarmAllowsSnooze'),
    sound: soundOf(dictionaryAt(alarm, 'MTAlarmSound')),
    bedtime:
      isSleep && bedHour !== undefined
        ? { hour: bedHour, minute: minuteAt(alarm, 'MTAlarmBedtimeMinute') ?? 0 }
        : undefined,
    firesAt: dateAt(alarm, 'MTAlarmFireDate'),
    dismissedAt: dateAt(alarm, 'MTAlarmDismissDate'),
    modifiedAt: dateAt(alarm, 'MTAlarmLastModifiedDate'),
  };
}

function timerOf(timer: PlistDictionary, index: number): Timer {
  return {
    key: stringAt(timer, 'MTTimerID') ?? `timer ${index}`,
    label: titleOf(stringAt(timer, 'MTTimerTitle')),
    durationSeconds: numberAt(timer, 'MTTimerDuration'),
    sound: soundOf(dictionaryAt(timer, 'MTTimerSound')),
    modifiedAt: dateAt(timer, 'MTTimerLastModifiedDate'),
  };
}

/** A tone has a name; a song of the library only has a number. */
function soundOf(wrapped: PlistDictionary | undefined): string | undefined {
  const sound = dictionaryAt(wrapped, '$MTSound') ?? wrapped;
  return stringAt(sound, 'MTSoundToneID') ?? (valueAt(sound, 'MTSoundMediaItemID') === undefined ? undefined : 'song');
}

/** Days count from Sunday, 0. Some releases have a number in their place, of which nobody tells the meaning. */
function legacyAlarm(alarm: PlistDictionary | undefined, index: number): Alarm {
  const days = arrayAt(alarm, 'repeatDays');
  const isUnknown = days === undefined && (integerAt(alarm, 'daySetting') ?? 0) !== 0;
  return {
    key: stringAt(alarm, 'alarmId') ?? `alarm ${index}`,
    kind: booleanAt(alarm, 'isSleepAlarm') === true ? 'sleep' : 'alarm',
    label: stringAt(alarm, 'title') || undefined,
    hour: hourAt(alarm, 'hour'),
    minute: minuteAt(alarm, 'minute'),
    repeats: isUnknown ? undefined : WEEKDAYS.filter((_, i) => days?.includes((i + 1) % 7) === true),
    isEnabled: flagAt(alarm, 'active') ?? flagAt(alarm, 'isActive'),
    allowsSnooze: flagAt(alarm, 'allowsSnooze'),
    sound: stringAt(alarm, 'sound'),
    bedtime: undefined,
    firesAt: undefined,
    dismissedAt: undefined,
    modifiedAt: dateAt(alarm, 'lastModified'),
  };
}

/** Old lists keep truth as a number. */
function flagAt(dictionary: PlistDictionary | undefined, key: string): boolean | undefined {
  const number = numberAt(dictionary, key);
  return booleanAt(dictionary, key) ?? (number === undefined ? undefined : number !== 0);
}

const hourAt = (dictionary: PlistDictionary | undefined, key: string): number | undefined =>
  hourOf(integerAt(dictionary, key));
const minuteAt = (dictionary: PlistDictionary | undefined, key: string): number | undefined =>
  minuteOf(integerAt(dictionary, key));
