/** VTIMEZONE: the rules of a time zone, for programs that do not know its name. Found by looking at the clocks. */
import { zoneOffsetMs } from '../../shared/time/time-zone.ts';
import { component, property, type Component } from './icalendar.ts';

const DAY_MS = 86_400_000;
/** No zone changes its clocks twice within so many days. */
const STEP_DAYS = 9;
/** Rules that still hold then go on for ever. */
const LAST_YEAR = 2037;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const EARLIEST_YEAR = 1900;
const LATEST_YEAR = 2200;

/** When the clocks of a zone change, and by how much. */
interface Transition {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Changes by the same rule in years that follow each other. */
interface Run {
  readonly transitions: Transition[];
  /** The rules in question: `nth` weekday of the month, −1 the last. */
  ordinals: readonly number[];
}

/**
 * The rules of a zone for all years between two.
 *
 * @param zone a name that `timeZoneNamed` gave; it becomes the TZID.
 */
export function timeZoneComponent(zone: string, fromYear: number, toYear: number): Component {
  const first = clamp(fromYear - 1);
  const last = Math.max(LAST_YEAR, clamp(toYear + 1));
  const startMs = yearMs(first);
  const initial = zoneOffsetMs(zone, startMs);
  const observances = [
    observance('STANDARD', { atMs: startMs - initial, fromMs: initial, toMs: initial }),
    ...runsOf(transitionsOf(zone, startMs, yearMs(last + 1))).map((run) => runComponent(run, last)),
  ];
  return component('VTIMEZONE', [property('TZID', zone)], observances);
}

const clamp = (year: number): number => Math.min(LATEST_YEAR, Math.max(EARLIEST_YEAR, year));
const yearMs = (year: number): number => Date.UTC(year, 0, 1);

function* transitionsOf(zone: string, startMs: number, endMs: number): Generator<Transition, undefined> {
  let offset = zoneOffsetMs(zone, startMs);
  for (let at = startMs; at < endMs; at += STEP_DAYS * DAY_MS) {
    const next = zoneOffsetMs(zone, at + STEP_DAYS * DAY_MS);
    if (next === offset) continue;
    const atMs = changeBetween(zone, at, at + STEP_DAYS * DAY_MS, offset);
    yield { atMs, fromMs: offset, toMs: next };
    offset = next;
  }
}

/** The first second at which the offset is another one. */
function changeBetween(zone: string, fromMs: number, toMs: number, offset: number): number {
  let [low, high] = [fromMs / 1000, toMs / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffsetMs(zone, middle * 1000) === offset) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** Groups the changes that one rule describes: the same month, weekday, clock and offsets, year after year. */
function runsOf(transitions: Iterable<Transition>): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  for (const transition of transitions) {
    const onset = onsetOf(transition);
    const key = [
      transition.fromMs,
      transition.toMs,
      onset.getUTCMonth(),
      onset.getUTCDay(),
      onset.toISOString().slice(11),
    ];
    const run = open.get(key.join());
    const ordinals = run?.ordinals.filter((each) => ordinalsOf(onset).includes(each)) ?? [];
    if (run && ordinals.length > 0 && yearAfter(run, onset)) {
      run.transitions.push(transition);
      run.ordinals = ordinals;
    } else {
      const begun = { transitions: [transition], ordinals: ordinalsOf(onset) };
      open.set(key.join(), begun);
      runs.push(begun);
    }
  }
  return runs;
}

function yearAfter({ transitions }: Run, onset: Date): boolean {
  const before = transitions.at(-1);
  return before !== undefined && onsetOf(before).getUTCFullYear() + 1 === onset.getUTCFullYear();
}

/** What the clocks show when they change: by the offset before. */
const onsetOf = ({ atMs, fromMs }: Transition): Date => new Date(atMs + fromMs);

function ordinalsOf(onset: Date): number[] {
  const day = onset.getUTCDate();
  const days = new Date(Date.UTC(onset.getUTCFullYear(), onset.getUTCMonth() + 1, 0)).getUTCDate();
  const fromStart = Math.ceil(day / 7);
  // "The fifth" is the last in months that have one, and nothing in the others.
  return [...(day + 7 > days ? [-1] : []), ...(fromStart < 5 ? [fromStart] : [])];
}

function runComponent({ transitions, ordinals }: Run, lastYear: number): Component {
  const [first] = transitions;
  const last = transitions.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a run has at least one change');
  const kind = first.toMs > first.fromMs ? 'DAYLIGHT' : 'STANDARD';
  if (transitions.length === 1) return observance(kind, first);
  const onset = onsetOf(first);
  const until = onsetOf(last).getUTCFullYear() >= lastYear ? '' : `;UNTIL=${compact(last.atMs)}Z`;
  const day = `${ordinals[0]}${WEEKDAYS[onset.getUTCDay()]}`;
  return observance(kind, first, `FREQ=YEARLY;BYMONTH=${onset.getUTCMonth() + 1};BYDAY=${day}${until}`);
}

function observance(kind: 'STANDARD' | 'DAYLIGHT', transition: Transition, rule?: string): Component {
  return component(kind, [
    property('DTSTART', compact(onsetOf(transition).getTime())),
    rule !== undefined && property('RRULE', rule),
    property('TZOFFSETFROM', offsetText(transition.fromMs)),
    property('TZOFFSETTO', offsetText(transition.toMs)),
  ]);
}

/** "20260329T020000" */
const compact = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');

/** "+0100"; clocks of the nineteenth century need seconds. */
function offsetText(ms: number): string {
  const total = Math.abs(Math.round(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return `${ms < 0 ? '-' : '+'}${two(hours)}${two(minutes)}${seconds === 0 ? '' : two(seconds)}`;
}

const two = (number: number): string => String(number).padStart(2, '0');
