const CHUNK_BYTES = 256 * 1024;
const LENGTH_BYTES = 2;
/** Takes the place of a name's length: 20 bytes follow, which are its 40 hexadecimal digits. */
const PACKED_HEX = 0xffff;
const PACKED_BYTES = 20;

/**
 * Names of files, one behind the other in a few large buffers: u16 length, then UTF-8. What a phone sends is nearly all
 * 40 hexadecimal digits, which take 20 bytes. A name is known by its place, a number; none is ever taken out.
 */
export class NameStore {
  readonly #chunks: Buffer[] = [];
  /** Bytes of the last chunk that are taken. */
  #filled = CHUNK_BYTES;

  /** @returns the name's place. */
  add(name: string): number {
    const mostBytes = name.length * 3;
    if (this.#filled + LENGTH_BYTES + mostBytes > CHUNK_BYTES) {
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
      this.#filled = 0;
    }
    const chunk = this.#chunks.at(-1) ?? Buffer.alloc(0);
    const at = this.#filled;
    const isPacked = packHex(name, chunk, at + LENGTH_BYTES);
    const length = isPacked ? PACKED_BYTES : chunk.write(name, at + LENGTH_BYTES, 'utf8');
    chunk.writeUInt16LE(isPacked ? PACKED_HEX : length, at);
    this.#filled += LENGTH_BYTES + length;
    return (this.#chunks.length - 1) * CHUNK_BYTES + at;
  }

  get(place: number): string {
    const chunk = this.#chunkOf(place);
    const at = startOf(place);
    const length = lengthAt(chunk, at);
    return length === PACKED_HEX
      ? chunk.toString('hex', at, at + PACKED_BYTES)
      : chunk.toString('utf8', at, at + length);
  }

  is(place: number, name: string): boolean {
    const chunk = this.#chunkOf(place);
    const at = startOf(place);
    return lengthAt(chunk, at) === PACKED_HEX ? isPackedAs(name, chunk, at) : this.get(place) === name;
  }

  /** Compares two names by their bytes in UTF-8, without making strings of them. @returns as `Array.sort` wants it. */
  compare(a: number, b: number): number {
    const left = this.#chunkOf(a);
    const right = this.#chunkOf(b);
    const leftAt = startOf(a);
    const rightAt = startOf(b);
    const leftLength = lengthAt(left, leftAt);
    const rightLength = lengthAt(right, rightAt);
    const shared = Math.min(textBytes(leftLength), textBytes(rightLength));
    for (let i = 0; i < shared; i++) {
      const difference = byteAt(left, leftAt, leftLength, i) - byteAt(right, rightAt, rightLength, i);
      if (difference !== 0) return difference;
    }
    return textBytes(leftLength) - textBytes(rightLength);
  }

  #chunkOf(place: number): Buffer {
    return this.#chunks[Math.floor(place / CHUNK_BYTES)] ?? Buffer.alloc(LENGTH_BYTES);
  }
}

/** Where in its chunk the bytes behind the length begin. */
function startOf(place: number): number {
  return (place & (CHUNK_BYTES - 1)) + LENGTH_BYTES;
}

function lengthAt(chunk: Buffer, start: number): number {
  return chunk.readUInt16LE(start - LENGTH_BYTES);
}

function textBytes(length: number): number {
  return length === PACKED_HEX ? 2 * PACKED_BYTES : length;
}

/** Byte `i` of a name's text: of a packed one the digit that a half of a byte stands for. */
function byteAt(chunk: Buffer, start: number, length: number, i: number): number {
  if (length !== PACKED_HEX) return chunk[start + i] ?? 0;
  const byte = chunk[start + (i >>> 1)] ?? 0;
  const value = i % 2 === 0 ? byte >>> 4 : byte & 0x0f;
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** Writes 40 lower-case hexadecimal digits as the bytes they stand for. @returns false for any other text. */
function packHex(text: string, into: Buffer, at: number): boolean {
  if (text.length !== 2 * PACKED_BYTES) return false;
  for (let i = 0; i < PACKED_BYTES; i++) {
    const high = valueOfDigit(text.charCodeAt(2 * i));
    const low = valueOfDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return false;
    into[at + i] = (high << 4) | low;
  }
  return true;
}

function isPackedAs(text: string, bytes: Buffer, at: number): boolean {
  if (text.length !== 2 * PACKED_BYTES) return false;
  for (let i = 0; i < PACKED_BYTES; i++) {
    const byte = bytes[at + i] ?? 0;
    if (valueOfDigit(text.charCodeAt(2 * i)) !== byte >>> 4) return false;
    if (valueOfDigit(text.charCodeAt(2 * i + 1)) !== (byte & 0x0f)) return false;
  }
  return true;
}

/** @returns -1 for what is no lower-case hexadecimal digit. */
function valueOfDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1;
}
