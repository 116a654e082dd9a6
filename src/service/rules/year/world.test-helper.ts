/** What really happens to a device: when it is at home, plugged in, taken into a hand. The service sees only parts of it. */
import type { BackupRule } from '../../../contract/index.ts';
import { momentOf } from '../../../shared/time/time-zone.ts';

export const BERLIN = 'Europe/Berlin';
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** How a device is at a moment. */
export interface Real {
  readonly home: 'usb' | 'network' | 'none';
  readonly power: boolean;
  readonly locked: boolean;
  readonly battery: number;
}

/** One change, at a time on the wall: hours may go beyond 24, into the night after. */
export interface Change extends Happening {
  readonly hour: number;
}

export interface Happening extends Partial<Real> {
  /** Somebody presses “Back up now”. */
  readonly byHand?: true;
}

export interface Habit {
  readonly name: string;
  readonly rule: BackupRule;
  readonly pause?: { readonly fromMs: number; readonly untilMs: number };
  /** Whether every backup has to be allowed with the passcode. */
  readonly asks: boolean;
  /** Whether it tells if it is locked and on power. */
  readonly silent?: boolean;
  /** Of a hundred questions for the passcode, how many are answered by whoever holds it. */
  readonly answers?: number;
  readonly start: Real;
  /** What happens on a day. `weekday` 0 is Sunday; `random` gives numbers from 0 to 1. */
  readonly day: (weekday: number, dayOfYear: number, random: () => number) => readonly Change[];
  /** Fewer than so many backups in a year would be a surprise, whatever the judge says. */
  readonly atLeast: number;
}

export interface WorldEvent {
  readonly atMs: number;
  readonly change: Happening;
}

export function isPaused({ pause }: Habit, atMs: number): boolean {
  return pause !== undefined && atMs >= pause.fromMs && atMs < pause.untilMs;
}

/** Everything that happens to a device from one day on, in order. */
export function eventsOf(habit: Habit, firstDay: string, days: number, random: () => number): WorldEvent[] {
  const events: WorldEvent[] = [];
  for (let index = 0; index < days; index++) {
    const date = new Date(Date.parse(firstDay) + index * DAY_MS);
    for (const { hour, ...change } of habit.day(date.getUTCDay(), index, random)) {
      events.push({ atMs: wallMs(date, hour), change });
    }
  }
  return events.toSorted((a, b) => a.atMs - b.atMs);
}

/** The same numbers in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function wallMs(date: Date, hour: number): number {
  const day = new Date(date.getTime() + Math.floor(hour / 24) * DAY_MS).toISOString().slice(0, 10);
  const time = new Date(Math.round((hour % 24) * HOUR_MS)).toISOString().slice(11, 19);
  return momentOf(BERLIN, `${day}T${time}`).getTime();
}
