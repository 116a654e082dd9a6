import type { HealthSeries } from '../../../contract/index.ts';
import type { healthTellingOf, HealthBucket } from '../../../content/index.ts';
import { wallClock } from '../../../shared/time/time-zone.ts';

type Point = HealthSeries['points'][number];

/** What one source has measured on one day. */
interface Sum {
  samples: number;
  sum: number;
  least: number;
  most: number;
}

const DAY_MS = 86_400_000;

/**
 * Days made of quarters of hours, in a time zone. A watch and a phone that both count steps count the same ones: for
 * what adds up, the source with the most of a day is the day's. Other values are averaged over all.
 */
export class HealthSpans {
  readonly #telling: ReturnType<typeof healthTellingOf>;
  readonly #zone: string;
  readonly #days = new Map<string, Map<string, Sum>>();
  readonly #sources = new Set<string>();
  first: Date | undefined;
  last: Date | undefined;

  constructor(telling: ReturnType<typeof healthTellingOf>, zone: string) {
    this.#telling = telling;
    this.#zone = zone;
  }

  get hasSeveralSources(): boolean {
    return this.#sources.size > 1 && this.#telling !== 'average';
  }

  /** In time. */
  add({ startMs, samples, sum, least, most }: HealthBucket, source: string): void {
    const at = new Date(startMs);
    if (Number.isNaN(at.getTime()) || Math.abs(startMs) > LATEST_MS) return;
    this.first ??= at;
    this.last = at;
    const day = wallClock(this.#zone, at).slice(0, 10);
    let sources = this.#days.get(day);
    if (sources === undefined) this.#days.set(day, (sources = new Map()));
    this.#sources.add(source);
    const known = sources.get(source);
    if (known === undefined) {
      sources.set(source, { samples, sum, least, most });
      return;
    }
    known.samples += samples;
    known.sum += sum;
    known.least = Math.min(known.least, least);
    known.most = Math.max(known.most, most);
  }

  /** Oldest first. */
  points({
    by,
    from = '',
    until = '\u{ffff}',
  }: {
    by: HealthSeries['by'];
    from?: string | undefined;
    until?: string | undefined;
  }): Point[] {
    const spans = new Map<string, { day: Point; days: number }>();
    for (const [date, sources] of [...this.#days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (date < from || date >= until) continue;
      const day = this.#dayOf(date, sources);
      const start = spanStart(date, by);
      const span = spans.get(start);
      if (span === undefined) spans.set(start, { day: { ...day, day: start }, days: 1 });
      else {
        span.days++;
        span.day = this.#joined(span.day, day);
      }
    }
    return Array.from(spans.values(), ({ day }) => ({ ...day, value: rounded(day.value) }));
  }

  #dayOf(date: string, sources: ReadonlyMap<string, Sum>): Point {
    const all = [...sources.values()];
    const samples = all.reduce((sum, each) => sum + each.samples, 0);
    if (this.#telling !== 'average') {
      return { day: date, value: Math.max(...all.map(({ sum }) => sum)), samples };
    }
    const sum = all.reduce((total, each) => total + each.sum, 0);
    const least = Math.min(...all.map((each) => each.least));
    const most = Math.max(...all.map((each) => each.most));
    return { day: date, value: samples === 0 ? 0 : sum / samples, samples, least: rounded(least), most: rounded(most) };
  }

  #joined(a: Point, b: Point): Point {
    const samples = a.samples + b.samples;
    if (this.#telling !== 'average') return { day: a.day, value: a.value + b.value, samples };
    return {
      day: a.day,
      value: samples === 0 ? 0 : (a.value * a.samples + b.value * b.samples) / samples,
      samples,
      least: Math.min(a.least ?? a.value, b.least ?? b.value),
      most: Math.max(a.most ?? a.value, b.most ?? b.value),
    };
  }
}

/** Years that four digits can tell. */
const LATEST_MS = Date.UTC(9999, 0, 1);
const rounded = (value: number): number => Number(value.toPrecision(8));

/** Weeks begin on Mondays. */
function spanStart(date: string, by: HealthSeries['by']): string {
  if (by === 'month') return `${date.slice(0, 7)}-01`;
  if (by === 'day') return date;
  const atMs = Date.parse(`${date}T00:00:00Z`);
  const weekday = (new Date(atMs).getUTCDay() + 6) % 7;
  return new Date(atMs - weekday * DAY_MS).toISOString().slice(0, 10);
}
