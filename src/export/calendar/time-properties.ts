/** Times and rules of calendars and reminders in the forms of RFC 5545. */
import type { CalendarTime, EventAlarm, RecurrenceRule } from '../../content/index.ts';
import { timeZoneNamed, wallClock } from '../../shared/time/time-zone.ts';
import { component, property, textProperty, type Component, type Property } from './icalendar.ts';

/** The zones that times were written in, with the years they need: each gets a VTIMEZONE in the same file. */
export class UsedZones {
  readonly #years = new Map<string, { from: number; to: number }>();

  /** @returns whether the zone can be named; then the file needs its rules. */
  use(zone: string, at: Date): boolean {
    if (zone === 'UTC' || zone === 'GMT' || timeZoneNamed(zone) !== zone) return false;
    const year = at.getUTCFullYear();
    const known = this.#years.get(zone);
    if (known === undefined) this.#years.set(zone, { from: year, to: year });
    else this.#years.set(zone, { from: Math.min(known.from, year), to: Math.max(known.to, year) });
    return true;
  }

  *[Symbol.iterator](): Generator<{ zone: string; from: number; to: number }, undefined> {
    for (const [zone, years] of [...this.#years].toSorted(([a], [b]) => (a < b ? -1 : 1))) yield { zone, ...years };
  }
}

/** DTSTART and its like: a day, a floating time, a time in a zone, or one in UTC. */
export function timeProperty(name: string, time: CalendarTime, zones: UsedZones): Property {
  if (time.kind === 'date') return property(name, compactDate(time.date), [['VALUE', 'DATE']]);
  if (time.kind === 'floating') return property(name, compactTime(time.local));
  const { at, timeZone } = time;
  if (timeZone === undefined || !zones.use(timeZone, at)) return property(name, utcTime(at));
  return property(name, compactTime(wallClock(timeZone, at)), [['TZID', timeZone]]);
}

/** "20260501T073000Z" */
export const utcTime = (at: Date): string => `${compactTime(wallClock('UTC', at))}Z`;

const compactDate = (date: string): string => date.replaceAll('-', '');
const compactTime = (local: string): string => local.replaceAll(/[-:]/g, '');

/** The RRULE of something that begins at `start`, whose kind says in what form the end is told. */
export function ruleValue(rule: RecurrenceRule, start: CalendarTime): string {
  const parts = [
    `FREQ=${rule.frequency.toUpperCase()}`,
    rule.count !== undefined && `COUNT=${rule.count}`,
    rule.until && `UNTIL=${untilValue(rule.until, start)}`,
    rule.interval > 1 && `INTERVAL=${rule.interval}`,
    list('BYMONTH', rule.byMonth),
    rule.frequency === 'yearly' && list('BYWEEKNO', rule.byWeekNumber),
    rule.frequency === 'yearly' && list('BYYEARDAY', rule.byYearDay),
    rule.frequency !== 'weekly' && list('BYMONTHDAY', rule.byMonthDay),
    list(
      'BYDAY',
      rule.byDay.map((each) => dayValue(each, rule)),
    ),
    hasDays(rule) && list('BYSETPOS', rule.bySetPosition),
    // It matters to nothing else.
    rule.weekStart !== undefined && rule.frequency === 'weekly' && rule.interval > 1 && `WKST=${rule.weekStart}`,
  ];
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(';');
}

/** "The second Tuesday" means something in months and years only. */
function dayValue({ weekday, ordinal }: RecurrenceRule['byDay'][number], { frequency }: RecurrenceRule): string {
  return ordinal === undefined || frequency === 'daily' || frequency === 'weekly' ? weekday : `${ordinal}${weekday}`;
}

const hasDays = (rule: RecurrenceRule): boolean =>
  [rule.byDay, rule.byMonthDay, rule.byMonth, rule.byYearDay, rule.byWeekNumber].some((each) => each.length > 0);

const list = (name: string, values: readonly (string | number)[]): string =>
  values.length === 0 ? '' : `${name}=${values.join(',')}`;

function untilValue(until: Date, start: CalendarTime): string {
  if (start.kind === 'instant') return utcTime(until);
  const local = wallClock('UTC', until);
  return start.kind === 'date' ? compactDate(local.slice(0, 10)) : compactTime(local);
}

/** A VALARM that shows the title. @param fromEnd whether its span counts from the end, or from when it is due. */
export function alarmComponent(alarm: EventAlarm, title: string, fromEnd = false): Component | undefined {
  if (alarm.isDisabled) return undefined;
  const { place } = alarm;
  const trigger =
    place !== undefined
      ? // The moment is of no account: programs that know places look at those, others must not ring.
        property('TRIGGER', '19760401T005545Z', [['VALUE', 'DATE-TIME']])
      : alarm.at !== undefined
        ? property('TRIGGER', utcTime(alarm.at), [['VALUE', 'DATE-TIME']])
        : property('TRIGGER', duration(alarm.offsetSeconds ?? 0), fromEnd ? [['RELATED', 'END']] : []);
  return component('VALARM', [
    property('ACTION', 'DISPLAY'),
    textProperty('DESCRIPTION', title === '' ? 'Reminder' : title),
    trigger,
    place && property('X-APPLE-PROXIMITY', place.when === 'arriving' ? 'ARRIVE' : 'DEPART'),
    place && structuredLocation(place),
  ]);
}

/** A place with its name and coordinates, as Apple's programs write it. */
export function structuredLocation(place: {
  readonly title?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  readonly radiusM?: number | null | undefined;
}): Property | undefined {
  if (typeof place.latitude !== 'number' || typeof place.longitude !== 'number') return undefined;
  const parameters: [string, string][] = [['VALUE', 'URI']];
  if (place.address) parameters.push(['X-ADDRESS', place.address]);
  if (place.radiusM) parameters.push(['X-APPLE-RADIUS', String(place.radiusM)]);
  if (place.title) parameters.push(['X-TITLE', place.title]);
  return property(
    'X-APPLE-STRUCTURED-LOCATION',
    `geo:${degrees(place.latitude)},${degrees(place.longitude)}`,
    parameters,
  );
}

/** To a tenth of a metre, never in powers of ten. */
export const degrees = (value: number): string => value.toFixed(6).replace(/\.?0+$/, '');

/** "-PT15M", "P1D" */
function duration(seconds: number): string {
  const total = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (total > 0 && total % 604_800 === 0) return `${sign}P${total / 604_800}W`;
  const [days, hours] = [Math.floor(total / 86_400), Math.floor(total / 3600) % 24];
  const [minutes, rest] = [Math.floor(total / 60) % 60, total % 60];
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 || (hours > 0 && rest > 0) ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return `${sign}P${days > 0 ? `${days}D` : ''}${time === '' ? (days > 0 ? '' : 'T0S') : `T${time}`}`;
}
