import type { FoundationValue } from './foundation.ts';

type Attributes = ReadonlyMap<string, FoundationValue>;

/** An attributed string of a single run. */
interface PlainString {
  readonly text: string;
  readonly attributes: Attributes;
}

/**
 * Nearly all archives of messages differ in their words only: what stands before and after is the same, byte by byte.
 * Such a one is recognised and need not be read value by value, which takes five times as long.
 */
export class PlainStrings {
  /** What the bytes after the words mean, as it was found by reading them once. */
  readonly #known = new Map<string, Attributes>();

  read(bytes: Buffer): PlainString | undefined {
    const cut = cutOpen(bytes);
    const attributes = cut && this.#known.get(cut.rest);
    return cut && attributes && { text: cut.text, attributes };
  }

  /** Remembers what was read of an archive that has a single run. */
  learn(bytes: Buffer, attributes: Attributes): void {
    const cut = cutOpen(bytes);
    if (cut !== undefined && this.#known.size < MAX_KNOWN) this.#known.set(cut.rest, attributes);
  }
}

const MAX_KNOWN = 100;
/** With one attribute or two there are some 90 bytes after the words; with data of their own, hundreds. */
const MAX_REST_BYTES = 160;

/** A mutable attributed string with a mutable string in it, up to the length of that. */
const BEFORE = Buffer.from(
  '\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\0\x84\x84\x12NSAttributedString\0' +
    '\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01\x95\x84\x01+',
  'latin1',
);
/** The end of the string, then the first run: the attributes it has are number 1. */
const RUN = Buffer.from('\x86\x84\x02iI\x01', 'latin1');

/** The words and all that comes after, when everything else is as usual and the run is as long as the words. */
function cutOpen(bytes: Buffer): { text: string; rest: string } | undefined {
  if (bytes.length < BEFORE.length || bytes.compare(BEFORE, 0, BEFORE.length, 0, BEFORE.length) !== 0) return undefined;
  const [length, start] = sizeAt(bytes, BEFORE.length);
  const run = start + length;
  const [runLength, restAt] = sizeAt(bytes, run + RUN.length);
  if (restAt > bytes.length || bytes.length - restAt > MAX_REST_BYTES) return undefined;
  if (bytes.compare(RUN, 0, RUN.length, run, run + RUN.length) !== 0) return undefined;
  const text = bytes.toString('utf8', start, run);
  return text.length === runLength ? { text, rest: bytes.toString('latin1', restAt) } : undefined;
}

/** A length of up to 16 bits, and where what follows it begins; beyond the end for anything else. */
function sizeAt(bytes: Buffer, at: number): [size: number, next: number] {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return [first, at + 1];
  if (first === 0x81 && at + 3 <= bytes.length) return [bytes.readUInt16LE(at + 1), at + 3];
  return [0, Infinity];
}
