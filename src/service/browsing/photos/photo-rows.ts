import type { PhotoInBrief } from '../../../content/index.ts';

const START = 4096;

/** The few numbers that are kept of each photo, in arrays of numbers: 40 bytes each, and the key. */
export class PhotoRows {
  keys: string[] = [];
  flags = new Uint16Array(START);
  /** Width by height in hundredths. */
  ratios = new Uint16Array(START);
  seconds = new Float32Array(START);
  latitudes = new Float32Array(START);
  longitudes = new Float32Array(START);
  /** By the clock where it was taken, as if that stood in UTC; NaN without a time. */
  #localMs = new Float64Array(START);
  takenMs = new Float64Array(START);

  get size(): number {
    return this.keys.length;
  }

  add(photo: PhotoInBrief, flags: number): void {
    const n = this.keys.length;
    if (n === this.flags.length) this.#grow(n * 2);
    this.keys.push(photo.key);
    this.flags[n] = flags;
    this.ratios[n] = ratioOf(photo);
    this.seconds[n] = Math.max(0, photo.durationSeconds ?? 0);
    this.latitudes[n] = photo.position?.latitude ?? NaN;
    this.longitudes[n] = photo.position?.longitude ?? NaN;
    const at = (photo.takenAt ?? photo.addedAt ?? photo.modifiedAt)?.getTime() ?? NaN;
    this.takenMs[n] = at;
    this.#localMs[n] = at + offsetMs(photo, at);
  }

  /** Puts them in order: by group, the newest first, those without a time last. Cuts what was reserved. */
  sort(groupOf: (flags: number) => number): void {
    const time = (n: number): number => this.localMsOf(n);
    const order = Uint32Array.from(this.keys, (_, n) => n).toSorted(
      (a, b) =>
        groupOf(this.flags[a] ?? 0) - groupOf(this.flags[b] ?? 0) || (time(a) === time(b) ? a - b : time(b) - time(a)),
    );
    const { keys } = this;
    this.keys = Array.from(order, (n) => keys[n] ?? '');
    this.flags = inOrder(this.flags, order);
    this.ratios = inOrder(this.ratios, order);
    this.seconds = inOrder(this.seconds, order);
    this.latitudes = inOrder(this.latitudes, order);
    this.longitudes = inOrder(this.longitudes, order);
    this.takenMs = inOrder(this.takenMs, order);
    this.#localMs = inOrder(this.#localMs, order);
  }

  /** Comparable: what has no time is older than everything. */
  localMsOf(n: number): number {
    const at = this.#localMs[n] ?? NaN;
    return Number.isNaN(at) ? -Number.MAX_VALUE : at;
  }

  /** "2026-05-01"; '' without a time. */
  dayOf(n: number): string {
    return dayOfMs(this.#localMs[n] ?? NaN);
  }

  #grow(length: number): void {
    this.flags = grown(this.flags, new Uint16Array(length));
    this.ratios = grown(this.ratios, new Uint16Array(length));
    this.seconds = grown(this.seconds, new Float32Array(length));
    this.latitudes = grown(this.latitudes, new Float32Array(length));
    this.longitudes = grown(this.longitudes, new Float32Array(length));
    this.takenMs = grown(this.takenMs, new Float64Array(length));
    this.#localMs = grown(this.#localMs, new Float64Array(length));
  }
}

/** Years that four digits can tell; a broken clock is no time. */
function dayOfMs(ms: number): string {
  const at = new Date(ms);
  const year = at.getUTCFullYear();
  return year >= 1 && year <= 9999 ? at.toISOString().slice(0, 10) : '';
}

type Numbers = Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

function grown<T extends Numbers>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}

function inOrder<T extends Numbers>(values: T, order: Uint32Array): T {
  const ordered = values.slice(0, order.length) as T; // of the same kind
  for (const [i, n] of order.entries()) ordered[i] = values[n] ?? 0;
  return ordered;
}

/** Panoramas and what is damaged must not tear a grid apart. */
function ratioOf({ widthPx, heightPx }: PhotoInBrief): number {
  if (!widthPx || !heightPx || widthPx < 0 || heightPx < 0) return 100;
  return Math.round(Math.min(1000, Math.max(10, (widthPx / heightPx) * 100)));
}

/** The clock where it was taken; where that is not recorded, the one of this computer. */
export function offsetMs({ utcOffsetSeconds }: PhotoInBrief, atMs: number): number {
  if (typeof utcOffsetSeconds === 'number') return utcOffsetSeconds * 1000;
  return Number.isNaN(atMs) ? 0 : -new Date(atMs).getTimezoneOffset() * 60_000;
}
