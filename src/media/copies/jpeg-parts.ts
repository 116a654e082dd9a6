/** Segments that are put into a JPEG after it was made: what it says of itself, and what its colours mean. */

const MAX_SEGMENT_BYTES = 65_533;
const ORIENTATION = 0x0112;
const MAX_ENTRIES = 500;

/**
 * A JPEG with EXIF and a colour profile. What does not fit into a segment is left out.
 *
 * @param jpeg without either.
 * @param tiff EXIF of the original, whose picture was turned upright when it was copied.
 */
export function withParts(jpeg: Uint8Array, tiff: Buffer | undefined, profile: Buffer | undefined): Buffer {
  const exif = tiff && segment(0xe1, Buffer.from('Exif\0\0', 'latin1'), upright(tiff));
  // One piece of one.
  const colours = profile && segment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile);
  const parts = [exif, colours].filter((part) => part !== undefined);
  return Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

function segment(marker: number, ...content: readonly Buffer[]): Buffer | undefined {
  const sizeBytes = content.reduce((sum, part) => sum + part.length, 0);
  if (sizeBytes > MAX_SEGMENT_BYTES) return undefined;
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(sizeBytes + 2, 2);
  return Buffer.concat([head, ...content]);
}

/** A copy that says the picture is upright: turning it again would turn it wrong. */
function upright(tiff: Buffer): Buffer {
  const copy = Buffer.from(tiff);
  const isLittle = copy.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (isLittle ? copy.readUInt16LE(at) : copy.readUInt16BE(at));
  if (copy.length < 10) return copy;
  const directory = isLittle ? copy.readUInt32LE(4) : copy.readUInt32BE(4);
  if (directory + 2 > copy.length) return copy;
  const count = Math.min(u16(directory), MAX_ENTRIES);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > copy.length) break;
    if (u16(entry) !== ORIENTATION) continue;
    if (isLittle) copy.writeUInt16LE(1, entry + 8);
    else copy.writeUInt16BE(1, entry + 8);
  }
  return copy;
}
