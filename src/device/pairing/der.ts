/** The few shapes of DER (X.690) that a certificate is made of. */

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** A non-negative integer below 2^31: all a version or serial number here needs. */
export function smallInteger(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  // A leading bit of 1 would make the number negative.
  return (bytes[0] ?? 0) < 0x80 ? element(0x02, bytes) : element(0x02, Buffer.from([0]), bytes);
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function nothing(): Buffer {
  return element(0x05);
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(0x04, Buffer.from(bytes));
}

/** @param unusedBits how many low bits of the last byte do not belong to the string. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), Buffer.from(bytes));
}

/** @param dotted as in "1.2.840.113549.1.1.11". */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** The wrapper `[tag]` around an optional part. */
export function explicit(tag: number, content: Buffer): Buffer {
  return element(0xa0 | tag, content);
}

/** Whole seconds in UTC: with two digits of the year up to 2049 and four from then on, as RFC 5280 demands. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d{3}/g, '');
  const isUtcTime = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  return isUtcTime ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

/** The elements inside of one, each with its header. Only for DER that was made here or by OpenSSL. */
export function partsOf(encoded: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const content = contentOf(encoded);
  for (let offset = 0; offset < content.length;) {
    const rest = content.subarray(offset);
    const lengthBytes = headerBytes(rest) + contentLength(rest);
    parts.push(rest.subarray(0, lengthBytes));
    offset += lengthBytes;
  }
  return parts;
}

/** An element without its header. */
export function contentOf(encoded: Buffer): Buffer {
  const start = headerBytes(encoded);
  return encoded.subarray(start, start + contentLength(encoded));
}

function headerBytes(encoded: Buffer): number {
  const first = encoded[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(encoded: Buffer): number {
  const first = encoded[1] ?? 0;
  return first < 0x80 ? first : encoded.readUIntBE(2, first & 0x7f);
}

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const lengthBytes = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(lengthBytes)]), ...contents]);
}

/** One byte below 128, else the number of bytes that follow with the high bit set, then those. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256);
  return [0x80 | octets.length, ...octets];
}

/** Seven bits per byte, the most significant first; all but the last have the high bit set. */
function base128(value: number): number[] {
  const octets = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) octets.unshift((left % 128) | 0x80);
  return octets;
}
