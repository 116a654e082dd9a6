import { zoneOffsetMs } from '../../shared/time/time-zone.ts';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/**
 * Moments as Apple's exports write them. Made for millions in any order: a day without a change of clocks, which are
 * nearly all, is asked about once.
 */
export class Moments {
  readonly #zone: string;
  /** By day; a day on which clocks change has none. */
  readonly #offsets = new Map<number, Offset | undefined>();

  /** @param zone an IANA name. */
  constructor(zone: string) {
    this.#zone = zone;
  }

  /** "2026-05-01 09:30:00 +0200" */
  text(at: Date): string {
    const { ms, text } = this.#offset(at.getTime());
    const iso = new Date(at.getTime() + ms).toISOString();
    return `${iso.slice(0, -14)} ${iso.slice(-13, -5)} ${text}`;
  }

  /** "2026-05-01" */
  day(at: Date): string {
    return this.text(at).slice(0, -15);
  }

  #offset(atMs: number): Offset {
    const day = Math.floor(atMs / DAY_MS);
    if (!this.#offsets.has(day)) {
      const [first, last] = [zoneOffsetMs(this.#zone, day * DAY_MS), zoneOffsetMs(this.#zone, (day + 1) * DAY_MS)];
      this.#offsets.set(day, first === last ? offsetOf(first) : undefined);
    }
    return this.#offsets.get(day) ?? offsetOf(zoneOffsetMs(this.#zone, Math.floor(atMs / QUARTER_MS) * QUARTER_MS));
  }
}

interface Offset {
  readonly ms: number;
  /** "+0200" */
  readonly text: string;
}

function offsetOf(ms: number): Offset {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return { ms, text: `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}` };
}

const two = (n: number): string => String(n).padStart(2, '0');
