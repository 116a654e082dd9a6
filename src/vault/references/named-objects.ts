const NEWLINE = 0x0a;
const TAB = 0x09;
const HYPHEN = 0x2d;
const DIGIT_0 = 0x30;
/** Hexadecimal digits of a SHA-256. */
const HASH_DIGITS = 64;
/** A name, a tab, a digit, a tab: what stands at least before the hash. */
const MIN_LEAD_BYTES = 4;
const FIRST_CAPACITY = 1024;

/** Objects that lines of a list name; plain data, to be handed from a thread. */
export interface NamedObjects {
  readonly count: number;
  /** Bytes 0–3 of the hash, big-endian. */
  readonly high: Uint32Array<ArrayBuffer>;
  /** Bytes 4–7. */
  readonly low: Uint32Array<ArrayBuffer>;
  readonly sizes: Float64Array<ArrayBuffer>;
  /** 1 where the next list does not have the line. */
  readonly isLast: Uint8Array<ArrayBuffer>;
}

/** Collects `NamedObjects` line by line. */
export class NamedObjectsBuilder {
  #count = 0;
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  #sizes = new Float64Array(FIRST_CAPACITY);
  #isLast = new Uint8Array(FIRST_CAPACITY);

  /**
   * Adds what the line that begins at `start` names; nothing for an empty directory.
   *
   * @returns where the next line begins; undefined when this is no line of a list.
   */
  addLine(text: Buffer, start: number, isLast: boolean): number | undefined {
    const end = text.indexOf(NEWLINE, start);
    if (end < 0) return undefined;
    if (text[end - 1] === HYPHEN) return end + 1;
    const hashStart = end - HASH_DIGITS;
    if (hashStart < start + MIN_LEAD_BYTES || text[hashStart - 1] !== TAB) return undefined;
    const high = wordAt(text, hashStart);
    const low = wordAt(text, hashStart + 8);
    const sizeBytes = numberBefore(text, hashStart - 1, start);
    if (high < 0 || low < 0 || sizeBytes === undefined) return undefined;
    if (this.#count === this.#sizes.length) this.#grow();
    const at = this.#count++;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#sizes[at] = sizeBytes;
    this.#isLast[at] = isLast ? 1 : 0;
    return end + 1;
  }

  finish(): NamedObjects {
    const count = this.#count;
    return {
      count,
      high: this.#high.slice(0, count),
      low: this.#low.slice(0, count),
      sizes: this.#sizes.slice(0, count),
      isLast: this.#isLast.slice(0, count),
    };
  }

  #grow(): void {
    const capacity = this.#sizes.length * 2;
    const high = new Uint32Array(capacity);
    high.set(this.#high);
    this.#high = high;
    const low = new Uint32Array(capacity);
    low.set(this.#low);
    this.#low = low;
    const sizes = new Float64Array(capacity);
    sizes.set(this.#sizes);
    this.#sizes = sizes;
    const isLast = new Uint8Array(capacity);
    isLast.set(this.#isLast);
    this.#isLast = isLast;
  }
}

/** The value of each hexadecimal digit by its byte; -1 for any other. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte)));

/** Eight hexadecimal digits as an unsigned number; -1 when they are none. */
function wordAt(text: Buffer, start: number): number {
  let word = 0;
  let worst = 0;
  for (let at = start; at < start + 8; at++) {
    const digit = DIGITS[text[at] ?? 0] ?? -1;
    worst |= digit;
    word = (word << 4) | digit;
  }
  return worst < 0 ? -1 : word >>> 0;
}

/** The decimal number that ends before `end` and begins behind a tab. */
function numberBefore(text: Buffer, end: number, lineStart: number): number | undefined {
  let value = 0;
  let scale = 1;
  let at = end - 1;
  for (; at > lineStart; at--) {
    const digit = (text[at] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    value += digit * scale;
    scale *= 10;
  }
  return text[at] === TAB && at < end - 1 ? value : undefined;
}
