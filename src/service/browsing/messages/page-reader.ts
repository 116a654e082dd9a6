import { AppError } from '../../../shared/errors.ts';

/** Rows looked at for one page: a conversation may be nothing but reactions. */
const MAX_ROWS = 2000;
const BATCH = 100;

export interface Placed<T> {
  readonly item: T;
  /** Where it stands, the oldest being 0. */
  readonly n: number;
  /** False for what is told with something else: a reaction, with its message. */
  readonly isTold: boolean;
}

/** What stands in a long list in time, of which rows can be read from anywhere. */
export interface LongList<T> {
  readonly length: number;
  /** In order; rows that are gone are left out. */
  read(start: number, end: number): readonly Placed<T>[];
}

export interface ReadPage<T> {
  readonly items: readonly Placed<T>[];
  /** Rows from here, up to before there, have been looked at. */
  readonly start: number;
  readonly end: number;
}

export interface PageWish {
  /** Around this place. */
  readonly wanted: number | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/**
 * A page of a long list: around a place, before or after one, or the newest.
 *
 * @throws {AppError} USAGE
 */
export function readPage<T>(list: LongList<T>, { wanted, before, after, limit }: PageWish): ReadPage<T> {
  const { length } = list;
  if (before !== undefined && after !== undefined) {
    throw new AppError('USAGE', 'messages come before a place or after one, not both');
  }
  if (wanted !== undefined) {
    const half = Math.ceil(limit / 2);
    const later = forward(list, wanted, limit - half + 1);
    const earlier = backward(list, wanted, half);
    return { items: [...earlier.items, ...later.items], start: earlier.start, end: later.end };
  }
  if (after !== undefined) return forward(list, Math.min(after + 1, length), limit);
  return backward(list, Math.min(before ?? length, length), limit);
}

/** What a page says of its neighbours. */
export function neighboursOf<T>(
  { start, end }: ReadPage<T>,
  { length }: LongList<T>,
): { before?: number; after?: number } {
  return { ...(start > 0 && { before: start }), ...(end < length && { after: end - 1 }) };
}

function forward<T>(list: LongList<T>, from: number, limit: number): ReadPage<T> {
  const items: Placed<T>[] = [];
  let at = from;
  while (at < list.length && items.length < limit && at - from < MAX_ROWS) {
    const end = Math.min(at + BATCH, list.length);
    for (const placed of list.read(at, end)) {
      if (placed.isTold && items.push(placed) === limit) return { items, start: from, end: placed.n + 1 };
    }
    at = end;
  }
  return { items, start: from, end: at };
}

function backward<T>(list: LongList<T>, until: number, limit: number): ReadPage<T> {
  const items: Placed<T>[] = [];
  let at = until;
  while (at > 0 && items.length < limit && until - at < MAX_ROWS) {
    const start = Math.max(0, at - BATCH);
    for (const placed of list.read(start, at).toReversed()) {
      if (placed.isTold && items.push(placed) === limit) {
        return { items: items.toReversed(), start: placed.n, end: until };
      }
    }
    at = start;
  }
  return { items: items.toReversed(), start: at, end: until };
}

/** The first place at or after a time. @param timesMs ascending */
export function firstAtOrAfter(timesMs: Float64Array, wantedMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < wantedMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
