/** Clocks on walls: what they show somewhere at a moment. The rules of time zones are those that come with Node.js. */

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();
const MAX_FORMATTERS = 500;

/** Names of Windows in invitations from Outlook, for the zones most people live in. */
const WINDOWS_NAMES: Readonly<Record<string, string>> = {
  'W. Europe Standard Time': 'Europe/Berlin',
  'Central Europe Standard Time': 'Europe/Budapest',
  'Central European Standard Time': 'Europe/Warsaw',
  'Romance Standard Time': 'Europe/Paris',
  'GMT Standard Time': 'Europe/London',
  'E. Europe Standard Time': 'Europe/Chisinau',
  'FLE Standard Time': 'Europe/Kiev',
  'GTB Standard Time': 'Europe/Bucharest',
  'Russian Standard Time': 'Europe/Moscow',
  'Turkey Standard Time': 'Europe/Istanbul',
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'Pacific Standard Time': 'America/Los_Angeles',
  'India Standard Time': 'Asia/Kolkata',
  'China Standard Time': 'Asia/Shanghai',
  'Tokyo Standard Time': 'Asia/Tokyo',
  'AUS Eastern Standard Time': 'Australia/Sydney',
};

/**
 * The zone that a name means: an IANA name as it is, "GMT+0200" as "+02:00", a name of Windows as its IANA one.
 *
 * @returns undefined for a name nobody knows.
 */
export function timeZoneNamed(name: string): string | undefined {
  const offset = /^(?:GMT|UTC)?([+-]\d{1,2}):?(\d\d)$/.exec(name.trim());
  const hours = offset?.[1] === undefined ? '' : offset[1].replace(/^([+-])(\d)$/, '$10$2');
  const wanted = offset ? `${hours}:${offset[2]}` : (WINDOWS_NAMES[name] ?? name.trim());
  return formatterOf(wanted) === undefined ? undefined : wanted;
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. @param zone a name that `timeZoneNamed` gave. */
export function zoneOffsetMs(zone: string, atMs: number): number {
  if (zone === 'UTC') return 0;
  const formatter = formatterOf(zone);
  if (formatter === undefined) return 0;
  const day = Math.floor(atMs / DAY_MS);
  const known = offsetsOf(zone);
  let offset = known.get(day);
  if (offset === undefined) {
    const before = computedOffsetMs(formatter, day * DAY_MS);
    offset = before === computedOffsetMs(formatter, (day + 1) * DAY_MS) ? before : 'changes';
    // Dates come from backups: an endless number of different ones must not fill the memory.
    if (known.size < MAX_DAYS) known.set(day, offset);
  }
  return offset === 'changes' ? computedOffsetMs(formatter, atMs) : offset;
}

/** Days on which the clocks are not changed have one offset, which is found once: asking the formatter is slow. */
const offsets = new Map<string, Map<number, number | 'changes'>>();
const DAY_MS = 86_400_000;
const MAX_DAYS = 50_000;

function offsetsOf(zone: string): Map<number, number | 'changes'> {
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    if (offsets.size < MAX_FORMATTERS) offsets.set(zone, known);
  }
  return known;
}

function computedOffsetMs(formatter: Intl.DateTimeFormat, atMs: number): number {
  const second = Math.floor(atMs / 1000) * 1000;
  const fields = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  let isBeforeChrist = false;
  for (const { type, value } of formatter.formatToParts(second)) {
    if (type === 'era') isBeforeChrist = value === 'BC';
    else if (Object.hasOwn(fields, type)) fields[type as keyof typeof fields] = Number(value); // one of its keys
  }
  const wall = new Date(0);
  wall.setUTCFullYear(isBeforeChrist ? 1 - fields.year : fields.year, fields.month - 1, fields.day);
  wall.setUTCHours(fields.hour, fields.minute, fields.second);
  return wall.getTime() - second;
}

/** What the clocks of a zone show: "2026-05-01T09:30:00". */
export function wallClock(zone: string, at: Date): string {
  return new Date(at.getTime() + zoneOffsetMs(zone, at.getTime())).toISOString().slice(0, 19);
}

/** With the offset: "2026-05-01T09:30:00+02:00". */
export function wallClockWithOffset(zone: string, at: Date): string {
  const offsetMs = zoneOffsetMs(zone, at.getTime());
  if (offsetMs === 0) return `${wallClock(zone, at)}Z`;
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return `${wallClock(zone, at)}${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The moment at which the clocks of a zone show a time; one of the two where they show it twice. */
export function momentOf(zone: string, wall: string): Date {
  const wallMs = Date.parse(`${wall}Z`);
  const nearby = wallMs - zoneOffsetMs(zone, wallMs);
  return new Date(wallMs - zoneOffsetMs(zone, nearby));
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formatters.has(zone)) return formatters.get(zone);
  const formatter = makeFormatter(zone);
  // Names come from backups: an endless number of invented ones must not fill the memory.
  if (formatters.size < MAX_FORMATTERS) formatters.set(zone, formatter);
  return formatter;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
