/**
 * Boxes within boxes: how HEIC, MOV and M4A files are laid out (ISO/IEC 14496-12; QuickTime calls them atoms).
 *
 *   offset 0  u32  length of the box, this head included; 1: the length is in 64 bits after the type; 0: to the end
 *   offset 4  4 B  type
 */

export interface Box {
  /** Four characters, Latin-1. */
  readonly type: string;
  /** Where the content begins and ends in the bytes it was found in. */
  readonly start: number;
  readonly end: number;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;

/**
 * The boxes that lie one after another in a part of `bytes`. Ends at the first that cannot be one: what is cut off or
 * damaged is not guessed at. As every box takes eight bytes, damage cannot make it long.
 */
export function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<Box, undefined> {
  let at = start;
  while (at + HEAD_BYTES <= end) {
    const short = bytes.readUInt32BE(at);
    const isLong = short === 1;
    if (isLong && at + LONG_HEAD_BYTES > end) return;
    const headBytes = isLong ? LONG_HEAD_BYTES : HEAD_BYTES;
    const sizeBytes = isLong ? Number(bytes.readBigUInt64BE(at + HEAD_BYTES)) : short === 0 ? end - at : short;
    if (sizeBytes < headBytes || at + sizeBytes > end) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + headBytes, end: at + sizeBytes };
    at += sizeBytes;
  }
}

/** Follows a path of types ("moov", "udta") from box to box: the content of the first that is there, or undefined. */
export function boxAt(bytes: Buffer, ...path: readonly string[]): Buffer | undefined {
  let content = bytes;
  for (const type of path) {
    const box = boxesIn(content).find((each) => each.type === type);
    if (box === undefined) return undefined;
    content = content.subarray(box.start, box.end);
  }
  return content;
}

/**
 * The content of one box at the top of a file that is read from front to back, keeping nothing else of it: the header
 * of a film lies behind its pictures as often as before them.
 *
 * @returns undefined when there is none, it is larger than `maxBytes`, or what comes before it are no boxes.
 */
export async function readTopBox(
  chunks: AsyncIterable<Uint8Array>,
  type: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const finder = new BoxFinder(type, maxBytes);
  for await (const chunk of chunks) {
    finder.add(chunk);
    if (finder.isDone) break;
  }
  return finder.result();
}

/** Looks for one box in bytes that come piece by piece. */
class BoxFinder {
  readonly #type: string;
  readonly #maxBytes: number;
  #head = Buffer.alloc(0);
  /** Of a box that nobody wants. */
  #skipBytes = 0;
  /** Of the box that is wanted, once it has begun; infinite for one that lasts to the end of the file. */
  #missingBytes: number | undefined;
  readonly #parts: Buffer[] = [];
  #collectedBytes = 0;
  isDone = false;

  constructor(type: string, maxBytes: number) {
    this.#type = type;
    this.#maxBytes = maxBytes;
  }

  add(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0 && !this.isDone) {
      let used: number;
      if (this.#skipBytes > 0) {
        used = Math.min(this.#skipBytes, rest.length);
        this.#skipBytes -= used;
      } else if (this.#missingBytes !== undefined) used = this.#collect(rest, this.#missingBytes);
      else used = this.#readHead(rest);
      rest = rest.subarray(used);
    }
  }

  result(): Buffer | undefined {
    const { length } = this.#parts;
    const isWhole = this.#missingBytes === 0 || (this.#missingBytes === Infinity && length > 0);
    return isWhole ? Buffer.concat(this.#parts, this.#collectedBytes) : undefined;
  }

  #collect(rest: Uint8Array, missingBytes: number): number {
    const part = Buffer.from(rest.subarray(0, Math.min(missingBytes, rest.length)));
    this.#collectedBytes += part.length;
    if (this.#collectedBytes > this.#maxBytes) return this.#giveUp();
    this.#parts.push(part);
    this.#missingBytes = missingBytes - part.length;
    this.isDone = this.#missingBytes === 0;
    return part.length;
  }

  #readHead(rest: Uint8Array): number {
    const isLong = this.#head.length >= HEAD_BYTES;
    const part = rest.subarray(0, (isLong ? LONG_HEAD_BYTES : HEAD_BYTES) - this.#head.length);
    this.#head = Buffer.concat([this.#head, part]);
    const { length } = this.#head;
    if (length !== HEAD_BYTES && length !== LONG_HEAD_BYTES) return part.length;
    const short = this.#head.readUInt32BE(0);
    if (short === 1 && length === HEAD_BYTES) return part.length;
    const sizeBytes = short === 1 ? Number(this.#head.readBigUInt64BE(HEAD_BYTES)) : short === 0 ? Infinity : short;
    const contentBytes = sizeBytes - length;
    const isWanted = this.#head.toString('latin1', 4, 8) === this.#type;
    this.#head = Buffer.alloc(0);
    if (contentBytes < 0) return this.#giveUp();
    if (!isWanted) this.#skipBytes = contentBytes;
    else if (contentBytes > this.#maxBytes && contentBytes !== Infinity) return this.#giveUp();
    else {
      this.#missingBytes = contentBytes;
      this.isDone = contentBytes === 0;
    }
    return part.length;
  }

  #giveUp(): number {
    this.#missingBytes = undefined;
    this.isDone = true;
    return Number.MAX_SAFE_INTEGER;
  }
}
