/**
 * The layout of a large object that is packed, `objects/ab/<62 hex digits>.zst`:
 *
 *   frames      zstd frames with checksums, each of 1 MiB of the object, the last of what is left
 *   last frame  skippable, so that `zstd -dc` gives the object and nothing else:
 *                 table    for every frame: u32 LE its length · u32 LE CRC-32 of its bytes
 *                 footer   u64 LE length of the object · u32 LE CRC-32 of all before it in this frame · 8 bytes "HFPACK01"
 *
 * The sums are over the packed bytes: zstd lets some bits be either way, and of those, too, it shall be told that they
 * have changed.
 */
import { crc32 } from 'node:zlib';
import {
  compressAlone,
  decompressFrame,
  giveBack,
  isSkippable,
  SKIPPABLE_HEADER_BYTES,
  skippableHeader,
} from '../../zstd-frame.ts';
import { damagedObject } from '../object-damage.ts';

/** Of an object in one frame. */
export const FRAME_BYTES = 1024 * 1024;
/** More than zstd makes of a frame that does not compress. */
export const MAX_PACKED_FRAME_BYTES = FRAME_BYTES + 64 * 1024;
/** 2 TiB: more than any device holds, and a table of 16 MiB. */
const MAX_FRAMES = 2 ** 21;
const ENTRY_BYTES = 8;
export const PACKED_FOOTER_BYTES = 20;
const CRC_AT = 8;
const MAGIC_AT = 12;
const MAGIC = 'HFPACK01';
/** Of a manifest a tenth is left with each of the first levels; the higher ones are slower than a disk. */
const LEVEL = 3;

/** Fills `into` from `position` on and returns how many bytes there were: fewer only at the end of the file. */
export type ReadAt = (into: Buffer, position: number) => number;

/** Frames as they are packed, on their way into the table. */
export class TableBuilder {
  readonly #entries: { readonly bytes: number; readonly sum: number }[] = [];

  add(packed: Uint8Array): void {
    if (this.#entries.length === MAX_FRAMES) throw new RangeError('the object is too long to be packed');
    this.#entries.push({ bytes: packed.length, sum: crc32(packed) });
  }

  /** The last frame. @param sizeBytes of the object */
  encode(sizeBytes: number): Buffer {
    const table = Buffer.alloc(this.#entries.length * ENTRY_BYTES);
    for (const [at, { bytes, sum }] of this.#entries.entries()) {
      table.writeUInt32LE(bytes, at * ENTRY_BYTES);
      table.writeUInt32LE(sum, at * ENTRY_BYTES + 4);
    }
    const frame = Buffer.concat([
      skippableHeader(table.length + PACKED_FOOTER_BYTES),
      table,
      Buffer.alloc(PACKED_FOOTER_BYTES),
    ]);
    const footerAt = frame.length - PACKED_FOOTER_BYTES;
    frame.writeBigUInt64LE(BigInt(sizeBytes), footerAt);
    frame.writeUInt32LE(crc32(frame.subarray(0, footerAt + CRC_AT)), footerAt + CRC_AT);
    frame.write(MAGIC, footerAt + MAGIC_AT, 'latin1');
    return frame;
  }
}

/** Packs a part of an object. The memory is given back by `letGo`. */
export function packFrame(bytes: Uint8Array): Buffer {
  return compressAlone(bytes, LEVEL);
}

/**
 * How long the object in a packed file is, by the footer alone.
 *
 * @param footer the last bytes of the file.
 * @returns undefined when the file cannot be one.
 */
export function packedSize(footer: Buffer, fileBytes: number): number | undefined {
  if (footer.length !== PACKED_FOOTER_BYTES || footer.toString('latin1', MAGIC_AT) !== MAGIC) return undefined;
  const length = footer.readBigUInt64LE(0);
  if (length === 0n || length > BigInt(MAX_FRAMES * FRAME_BYTES)) return undefined;
  const sizeBytes = Number(length);
  return tableOffset(sizeBytes, fileBytes) > 0 ? sizeBytes : undefined;
}

/**
 * Reads the object in a packed file part by part. Each part is valid until the next is asked for. That it is the object of
 * this name is for the caller to compare.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when anything of the file is not as it was written, and what `read` throws.
 */
export function* unpack(hash: Buffer, read: ReadAt, fileBytes: number): Generator<Buffer, undefined> {
  const { sizeBytes, frames } = framesOf(hash, read, fileBytes);
  let position = 0;
  for (const { frame, isSame } of frames) {
    const text = isSame ? decompressFrame(frame, Math.min(FRAME_BYTES, sizeBytes - position)) : undefined;
    if (text === undefined) throw damagedObject(hash, 'changed');
    position += text.length;
    yield text;
    giveBack(text);
  }
}

/** A frame as it is in the file, valid until the next is asked for. */
export interface PackedFrame {
  /** Shorter than it should be where the file does not reach so far. */
  readonly frame: Buffer;
  readonly isSame: boolean;
}

/**
 * The frames of a packed file, whatever has become of them, and how long the object in it is.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when its table is not as it was written, and what `read` throws.
 */
export function framesOf(
  hash: Buffer,
  read: ReadAt,
  fileBytes: number,
): { sizeBytes: number; frames: Iterable<PackedFrame> } {
  const { sizeBytes, table } = readTable(hash, read, fileBytes);
  return { sizeBytes, frames: framesBy(table, read) };
}

function* framesBy(table: Buffer, read: ReadAt): Generator<PackedFrame, undefined> {
  const packed = Buffer.allocUnsafeSlow(MAX_PACKED_FRAME_BYTES);
  let position = 0;
  for (let at = 0; at < table.length; at += ENTRY_BYTES) {
    const length = table.readUInt32LE(at);
    const frame = packed.subarray(0, read(packed.subarray(0, length), position));
    position += length;
    yield { frame, isSame: frame.length === length && crc32(frame) === table.readUInt32LE(at + 4) };
  }
}

/** The table of a packed file, every length in which can be believed. */
function readTable(hash: Buffer, read: ReadAt, fileBytes: number): { sizeBytes: number; table: Buffer } {
  const footer = Buffer.alloc(PACKED_FOOTER_BYTES);
  const isThere = read(footer, Math.max(0, fileBytes - footer.length)) === footer.length;
  const sizeBytes = isThere ? packedSize(footer, fileBytes) : undefined;
  if (sizeBytes === undefined) throw damagedObject(hash, 'changed');
  const offset = tableOffset(sizeBytes, fileBytes);
  const frame = Buffer.allocUnsafeSlow(fileBytes - offset);
  const footerAt = frame.length - PACKED_FOOTER_BYTES;
  const isWhole =
    read(frame, offset) === frame.length &&
    isSkippable(frame, frame.length - SKIPPABLE_HEADER_BYTES) &&
    crc32(frame.subarray(0, footerAt + CRC_AT)) === frame.readUInt32LE(footerAt + CRC_AT);
  const table = frame.subarray(SKIPPABLE_HEADER_BYTES, footerAt);
  if (!isWhole || framesEnd(table) !== offset) throw damagedObject(hash, 'changed');
  return { sizeBytes, table };
}

/** Where the frames of a table end; undefined when one of them is of a length that none has. */
function framesEnd(table: Buffer): number | undefined {
  let end = 0;
  for (let at = 0; at < table.length; at += ENTRY_BYTES) {
    const bytes = table.readUInt32LE(at);
    if (bytes === 0 || bytes > MAX_PACKED_FRAME_BYTES) return undefined;
    end += bytes;
  }
  return end;
}

function tableOffset(sizeBytes: number, fileBytes: number): number {
  const frames = Math.ceil(sizeBytes / FRAME_BYTES);
  return fileBytes - PACKED_FOOTER_BYTES - frames * ENTRY_BYTES - SKIPPABLE_HEADER_BYTES;
}
