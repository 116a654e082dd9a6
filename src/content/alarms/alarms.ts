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
import type { Backup } from '../../snapshot/index.ts';
import type { Weekday } from '../calendar/recurrence.ts';
import { WEEKDAYS } from '../calendar/recurrence.ts';
import type { ContentItem } from '../source/content-item.ts';

export interface Alarm {
  readonly key: string;
  readonly kind: 'alarm' | 'sleep';
  readonly label: string | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  /** Empty for one that rings once; undefined where the days are kept in a way that is not known. */
  readonly repeats: readonly Weekday[] | undefined;
  readonly isEnabled: boolean | undefined;
  readonly allowsSnooze: boolean | undefined;
  /** The name of the tone, or "song". */
  readonly sound: string | undefined;
  /** For sleep alarms: when to go to bed. */
  readonly bedtime: { readonly hour: number; readonly minute: number } | undefined;
  readonly firesAt: Date | undefined;
  readonly dismissedAt: Date | undefined;
  readonly modifiedAt: Date | undefined;
}

export interface Timer {
  readonly key: string;
  readonly label: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly sound: string | undefined;
  readonly modifiedAt: Date | undefined;
}

export interface Alarms {
  readonly alarms: readonly Alarm[];
  readonly timers: readonly Timer[];
}

const PREFERENCES = 'Library/Preferences';
const MAX_PLIST_BYTES = 16 * 1024 * 1024;
const EVERY_DAY_BITS = 0b111_1111;

/**
 * Reads alarms and timers.
 *
 * @returns undefined when the backup holds neither.
 * @throws {FormatError} when the property list is damaged.
 */
export async function openAlarms(backup: Backup): Promise<Alarms | undefined> {
  // The daemon's list since iOS 12; before that the app's own, beside which the daemon may keep the bedtime alone.
  const current = await readList(backup, `${PREFERENCES}/com.apple.mobiletimerd.plist`);
  const older = hasAlarmList(current)
    ? undefined
    : await readList(backup, `${PREFERENCES}/com.apple.mobiletimer.plist`);
  if (current === undefined && older === undefined) return undefined;
  const alarms = [
    ...membersOf(current, 'MTAlarms', ['MTAlarms']).map((each, i) => alarmOf(each, 'alarm', i)),
    ...membersOf(current, 'MTAlarms', ['MTSleepAlarms', 'MTSleepAlarm'], true).map((each, i) =>
      alarmOf(each, 'sleep', i),
    ),
    ...(arrayAt(older, 'Alarms') ?? []).flatMap((each, i) =>
      asDictionary(each) ? [legacyAlarm(asDictionary(each), i)] : [],
    ),
  ];
  const timers = membersOf(current, 'MTTimers', ['MTTimers']).map(timerOf);
  return alarms.length === 0 && timers.length === 0 ? undefined : { alarms, timers };
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
    label: stringAt(alarm, 'MTAlarmTitle') || undefined,
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
    label: stringAt(timer, 'MTTimerTitle') || undefined,
    durationSeconds: numberAt(timer, 'MTTimerDuration'),
    sound: soundOf(dictionaryAt(timer, 'MTTimerSound')),
    modifiedAt: dateAt(timer, 'MTTimerLastModifiedDate'),
  };
}

/** One bit for each day, Monday the lowest. */
const daysOf = (bits: number): Weekday[] => WEEKDAYS.filter((_, i) => (bits & EVERY_DAY_BITS & (1 << i)) !== 0);

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
  below(integerAt(dictionary, key), 24);
const minuteAt = (dictionary: PlistDictionary | undefined, key: string): number | undefined =>
  below(integerAt(dictionary, key), 60);
const below = (value: number | undefined, limit: number): number | undefined =>
  value !== undefined && value >= 0 && value < limit ? value : undefined;
