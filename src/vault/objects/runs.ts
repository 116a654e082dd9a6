/** Read at a time. */
export const MAX_RUN_BYTES = 4 * 1024 * 1024;
/** Reading over a gap of this length costs less than another system call. */
const MAX_GAP_BYTES = 64 * 1024;

/** The places of numbered objects, as a `PlaceList` has them. */
export interface Places {
  segmentAt(entry: number): number;
  offsetAt(entry: number): number;
  sizeAt(entry: number): number;
}

/** Neighbouring objects of one segment, to be read together. */
export interface Run {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
  /** The entries `order[from]` … `order[to - 1]` lie in it. */
  readonly from: number;
  readonly to: number;
}

/**
 * Puts together objects that lie close to each other.
 *
 * @param order entries of `places` by segment and offset, all of them in segments.
 */
export function* runsOf(places: Places, order: Uint32Array): Generator<Run, undefined> {
  let from = 0;
  while (from < order.length) {
    const first = order[from] ?? 0;
    const segment = places.segmentAt(first);
    const offset = places.offsetAt(first);
    let end = offset + places.sizeAt(first);
    let to = from + 1;
    for (; to < order.length; to++) {
      const next = order[to] ?? 0;
      const nextOffset = places.offsetAt(next);
      const nextEnd = nextOffset + places.sizeAt(next);
      if (places.segmentAt(next) !== segment || nextOffset - end > MAX_GAP_BYTES) break;
      if (nextEnd - offset > MAX_RUN_BYTES) break;
      end = Math.max(end, nextEnd);
    }
    yield { segment, offset, length: end - offset, from, to };
    from = to;
  }
}
