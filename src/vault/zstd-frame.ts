/** zstd frames, of which the vault's own compressed files are made: file lists and large databases. */
import { constants, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The window of a frame is memory, and no frame of ours has a larger one than this, or than its text. */
const MAX_WINDOW_LOG = 21;
/** From this size on a buffer has its memory for itself; zstd makes of nothing so much more than it was. */
const OWN_MEMORY_BYTES = 256 * 1024;
/** The least that zlib takes. */
const MIN_CHUNK_BYTES = 64;
/** A skippable frame is no text to any decompressor: magic, u32 LE length of what follows. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const FRAME_MAGIC = 0xfd2fb528;
const DESCRIPTOR_AT = 4;
const CHECKSUM_FLAG = 4;
const CHECKSUM_BYTES = 4;
/** Of text that is unpacked until that goes no further. */
const STEP_BYTES = 4096;
export const SKIPPABLE_HEADER_BYTES = 8;

/** Compresses to one frame, with its length and a checksum in it. @param dictionary what `decompressFrame` is to be given, too */
export function compressFrame(text: Uint8Array, level: number, dictionary?: Uint8Array): Buffer {
  return zstdCompressSync(text, { params: paramsFor(level), ...(dictionary !== undefined && { dictionary }) });
}

/**
 * `compressFrame` into memory of its own. In the thread pool it took a fifth more of the processors and twice as much
 * memory: what frames are compressed with waits for the garbage collector there.
 */
export function compressAlone(text: Uint8Array, level: number): Buffer {
  // One chunk, whatever the text is: nothing is put together from several.
  const chunkSize = text.length + OWN_MEMORY_BYTES;
  const made = zstdCompressSync(text, { params: paramsFor(level), pledgedSrcSize: text.length, chunkSize });
  const frame = Buffer.allocUnsafeSlow(made.length);
  made.copy(frame);
  if (made.buffer instanceof ArrayBuffer && made.buffer.byteLength === chunkSize) made.buffer.transfer(0);
  return frame;
}

function paramsFor(level: number): Record<number, number> {
  return { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
}

/**
 * @param dictionary what the text was packed with.
 * @returns undefined when the bytes are not a zstd frame of exactly `textBytes`.
 */
export function decompressFrame(bytes: Uint8Array, textBytes: number, dictionary?: Uint8Array): Buffer | undefined {
  try {
    // One byte of room more than there is text: a chunk filled to its end makes zlib ask for another.
    const chunkSize = Math.max(MIN_CHUNK_BYTES, textBytes + 1);
    const windowLog = Math.max(MAX_WINDOW_LOG, Math.ceil(Math.log2(Math.max(1, textBytes))));
    const params = { [constants.ZSTD_d_windowLogMax]: windowLog };
    const limits = { maxOutputLength: Math.max(1, textBytes), chunkSize, params };
    const text = zstdDecompressSync(bytes, dictionary === undefined ? limits : { ...limits, dictionary });
    return text.length === textBytes ? text : undefined;
  } catch (error) {
    // zlib reports bad data and an output longer than allowed as errors with a code; anything else is a bug.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/**
 * What a frame that has changed unpacks to, with zeros behind that: for looking into it. Which of it is as it was, nothing tells.
 */
export async function decompressUnproven(bytes: Buffer, textBytes: number): Promise<Buffer> {
  const frame = withoutChecksum(bytes);
  const whole = decompressFrame(frame, textBytes);
  if (whole !== undefined) return whole;
  const text = Buffer.alloc(textBytes);
  let filled = 0;
  const stream = createZstdDecompress({
    chunkSize: STEP_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
  });
  await new Promise<void>((resolve) => {
    stream.on('data', (part: Buffer) => {
      filled += part.copy(text, filled);
      if (filled === textBytes) stream.destroy();
    });
    // That it goes no further is why we are here.
    stream.on('error', () => {});
    stream.on('close', resolve);
    stream.end(frame);
  });
  return text;
}

/** The sum behind a frame is told by a bit at its beginning. */
function withoutChecksum(frame: Buffer): Buffer {
  const descriptor = frame[DESCRIPTOR_AT] ?? 0;
  if ((descriptor & CHECKSUM_FLAG) === 0) return frame;
  const without = Buffer.from(frame.subarray(0, -CHECKSUM_BYTES));
  without[DESCRIPTOR_AT] = descriptor & ~CHECKSUM_FLAG;
  return without;
}

/**
 * How long the frame is that bytes begin with, by what its blocks say (RFC 8878, 3.1.1). It can be longer than the bytes.
 *
 * @returns 0 where none begins; undefined where it does and the blocks do not lead to its end.
 */
export function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length <= DESCRIPTOR_AT || bytes.readUInt32LE(0) !== FRAME_MAGIC) return 0;
  const descriptor = bytes.readUInt8(DESCRIPTOR_AT);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >>> 6;
  const sizeFieldBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  const dictionaryFieldBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = DESCRIPTOR_AT + 1 + Number(!isSingleSegment) + dictionaryFieldBytes + sizeFieldBytes;
  while (at + 3 <= bytes.length) {
    const header = bytes.readUIntLE(at, 3);
    const isRepeatedByte = ((header >>> 1) & 3) === 1;
    at += 3 + (isRepeatedByte ? 1 : header >>> 3);
    if ((header & 1) === 1) return at + (descriptor & CHECKSUM_FLAG);
  }
  return undefined;
}

/** Gives the memory of a text back at once: the garbage collector lets hundreds of megabytes of it pile up. */
export function giveBack({ buffer, length }: Buffer): void {
  // Text that shares its memory with others is small, and is left alone. Decompressed text has a byte behind it.
  if (buffer instanceof ArrayBuffer && length > 0 && buffer.byteLength - length <= 1) buffer.transfer(0);
}

/** What stands before the content of a skippable frame. */
export function skippableHeader(contentBytes: number): Buffer {
  const header = Buffer.alloc(SKIPPABLE_HEADER_BYTES);
  header.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  header.writeUInt32LE(contentBytes, 4);
  return header;
}

/** Whether bytes begin as a skippable frame with so much content. */
export function isSkippable(frame: Buffer, contentBytes: number): boolean {
  return frame.readUInt32LE(0) === SKIPPABLE_MAGIC && frame.readUInt32LE(4) === contentBytes;
}
