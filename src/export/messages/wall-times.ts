import { zoneOffsetMs } from '../../shared/time/time-zone.ts';
import { MONTHS } from '../text/times.ts';

const DAY_MS = 86_400_000;
/** More days than anybody wrote messages on. */
const MAX_DAYS = 50_000;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Times as the clocks of one place show them. Made for many: on most days the clocks are not changed. */
export class WallTimes {
  readonly zone: string;
  /** The offset of each day; NaN where it changes in the course of it. */
  readonly #days = new Map<number, number>();
  #offsetMs = 0;
  /** The last one asked for, which is asked for several times: for its day, its time, and the whole. */
  #lastMs = Number.NaN;
  #last = '';

  constructor(zone: string) {
    this.zone = zone;
  }

  /** "2026-05-01" */
  day(at: Date): string {
    return this.#wall(at).slice(0, -14);
  }

  /** "09:30" */
  time(at: Date): string {
    return this.#wall(at).slice(-13, -8);
  }

  /** "2026-05-01 09:30:00" */
  stamp(at: Date): string {
    return this.#wall(at).slice(0, -5).replace('T', ' ');
  }

  /** "2026-05-01T09:30:00.250+02:00" */
  iso(at: Date): string {
    const wall = this.#wall(at);
    const minutes = Math.round(Math.abs(this.#offsetMs) / 60_000);
    const offset = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    return `${wall.slice(0, -1)}${this.#offsetMs < 0 ? '-' : '+'}${offset}`;
  }

  /** "Fri, 01 May 2026 09:30:00 +0200", as mail has it. */
  mail(at: Date): string {
    const iso = this.iso(at);
    const wall = new Date(`${iso.slice(0, -6)}Z`);
    const [weekday, month] = [WEEKDAYS[wall.getUTCDay()] ?? '', MONTHS[wall.getUTCMonth()] ?? ''];
    const date = `${two(wall.getUTCDate())} ${month.slice(0, 3)} ${wall.getUTCFullYear()}`;
    return `${weekday.slice(0, 3)}, ${date} ${iso.slice(-18, -10)} ${iso.slice(-6).replace(':', '')}`;
  }

  /** "Friday, 1 May 2026", of what `day` gave. */
  static dayTitle(day: string): string {
    const at = new Date(`${day}T00:00:00Z`);
    return `${WEEKDAYS[at.getUTCDay()]}, ${WallTimes.dayWords(day)}`;
  }

  /** "1 May 2026" */
  static dayWords(day: string): string {
    const at = new Date(`${day}T00:00:00Z`);
    return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  }

  /** "May 2026", of "2026-05"; "2026" of a year. */
  static monthWords(month: string): string {
    const [year = '', number] = month.split('-');
    return number === undefined ? year : `${MONTHS[Number(number) - 1]} ${year}`;
  }

  /** "1 May 2026, 09:30" */
  words(at: Date): string {
    return `${WallTimes.dayWords(this.day(at))}, ${this.time(at)}`;
  }

  #wall(at: Date): string {
    const atMs = at.getTime();
    if (atMs !== this.#lastMs) {
      this.#offsetMs = this.#offsetAt(atMs);
      this.#last = new Date(atMs + this.#offsetMs).toISOString();
      this.#lastMs = atMs;
    }
    return this.#last;
  }

  #offsetAt(atMs: number): number {
    const day = Math.floor(atMs / DAY_MS);
    let offsetMs = this.#days.get(day);
    if (offsetMs === undefined) {
      const [first, last] = [zoneOffsetMs(this.zone, day * DAY_MS), zoneOffsetMs(this.zone, (day + 1) * DAY_MS)];
      offsetMs = first === last ? first : Number.NaN;
      if (this.#days.size < MAX_DAYS) this.#days.set(day, offsetMs);
    }
    return Number.isNaN(offsetMs) ? zoneOffsetMs(this.zone, atMs) : offsetMs;
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
