/** Protocol Buffers' wire format, writing: fields are made from the inside out and joined by the message around them. */

const MASK_64 = (1n << 64n) - 1n;

/** A whole number; a negative one in two's complement of 64 bits, as `int32` and `int64` have it. */
export function varintField(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(tag(field, 0)), varint(value)]);
}

/** Text, bytes, or a message made of the fields given. */
export function bytesField(field: number, ...content: readonly (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(tag(field, 2)), varint(bytes.length), bytes]);
}

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(tag(field, 1)), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(tag(field, 5)), bytes]);
}

const tag = (field: number, wireType: number): number => field * 8 + wireType;

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) & MASK_64;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
