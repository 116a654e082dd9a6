import { gunzipSync, inflateSync } from 'node:zlib';
import { FormatError } from '../../shared/errors.ts';

/**
 * What is packed in a field of the notes database. Most are gzip; some releases leave some of them as they are.
 *
 * @throws {FormatError} when it is damaged, or would be more than `maxBytes`: a few bytes can claim to be gigabytes.
 */
export function unpacked(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const unpack = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync : isZlib(bytes) ? inflateSync : undefined;
  if (unpack === undefined) return bytes;
  try {
    return unpack(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new FormatError('a packed part of a note is damaged or too large', { cause, details: { maxBytes } });
  }
}

/** The two bytes that zlib begins with; as protobuf they would be a field 15 that no message here has. */
const isZlib = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x78 && ((bytes[0] << 8) | (bytes[1] ?? 0)) % 31 === 0 && bytes.length > 2;
