/**
 * The layout of a file list on disk.
 *
 *   frame 1…n   zstd frames with checksums. Together they hold the list's text; each holds lines of one directory only
 *   last frame  skippable (magic 0x184D2A50, u32 LE content length), so that `zstd -dc` gives the text and nothing else:
 *                 index    one zstd frame: a line of header, then a line for each of the frames 1…n
 *                 footer   u32 LE compressed length of the index · u32 LE its length · 8 bytes "HFLIST01"
 *
 *   index line  frame bytes · text bytes · lines · files · sum of file sizes · directory · first sort key, tab-separated
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { isPlainName } from './list-entry.ts';
import { compareUtf8, escapePath, joinPath, unescapePath } from './list-path.ts';

/** A frame is closed when its text reaches this: about 2,300 files of a phone. */
export const TARGET_TEXT_BYTES = 256 * 1024;
/** No frame's text is longer: the target and the longest line. */
const MAX_TEXT_BYTES = 512 * 1024;
/** 65,536 frames with long directory names; a phone's list of 500,000 files has an index of 20 KB. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** The least that zlib takes. */
const MIN_CHUNK_BYTES = 64;

const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_HEADER_BYTES = 8;
export const FOOTER_BYTES = 16;
const FOOTER_MAGIC = 'HFLIST01';
const INDEX_HEADER = 'holdfast list index 1';

/** Level 1 beats the others here: half of the text is hash digits, which only entropy coding shortens. */
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** What the index says about one frame. */
export interface ListFrame {
  readonly directory: string;
  /** Sort key of the first line. */
  readonly firstKey: string;
  readonly offset: number;
  readonly frameBytes: number;
  readonly textBytes: number;
  readonly lines: number;
  readonly files: number;
  /** Sum of the sizes of the frame's files. */
  readonly fileBytes: number;
}

export function compressText(text: Uint8Array): Buffer {
  return zstdCompressSync(text, COMPRESSION);
}

/** @returns undefined when the bytes are not a zstd frame of exactly `textBytes`. */
export function decompressText(frame: Uint8Array, textBytes: number): Buffer | undefined {
  try {
    // One byte of room more than there is text: a chunk filled to its end makes zlib ask for another.
    const chunkSize = Math.max(MIN_CHUNK_BYTES, textBytes + 1);
    const text = zstdDecompressSync(frame, { maxOutputLength: Math.max(1, textBytes), chunkSize });
    return text.length === textBytes ? text : undefined;
  } catch (error) {
    // zlib reports bad data and an output longer than allowed as errors with a code; anything else is a bug.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** The last frame of a list: the index, hidden from decompressors. */
export function encodeIndex(frames: readonly ListFrame[]): Buffer {
  const lines = frames.map((frame) =>
    [
      frame.frameBytes,
      frame.textBytes,
      frame.lines,
      frame.files,
      frame.fileBytes,
      escapePath(frame.directory),
      escapePath(frame.firstKey),
    ].join('\t'),
  );
  const text = Buffer.from([INDEX_HEADER, ...lines, ''].join('\n'));
  const compressed = compressText(text);
  const header = Buffer.alloc(SKIPPABLE_HEADER_BYTES);
  header.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  header.writeUInt32LE(compressed.length + FOOTER_BYTES, 4);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeUInt32LE(compressed.length, 0);
  footer.writeUInt32LE(text.length, 4);
  footer.write(FOOTER_MAGIC, 8, 'latin1');
  return Buffer.concat([header, compressed, footer]);
}

/** Where the last frame begins in a list of `listBytes`, by the list's footer; undefined when that cannot be. */
export function locateIndex(footer: Buffer, listBytes: number): IndexPlace | undefined {
  if (footer.length !== FOOTER_BYTES || footer.toString('latin1', 8) !== FOOTER_MAGIC) return undefined;
  const compressedBytes = footer.readUInt32LE(0);
  const textBytes = footer.readUInt32LE(4);
  const offset = listBytes - FOOTER_BYTES - compressedBytes - SKIPPABLE_HEADER_BYTES;
  if (offset < 0 || textBytes > MAX_INDEX_BYTES) return undefined;
  return { offset, frameBytes: listBytes - offset, compressedBytes, textBytes };
}

/** The last frame of a list. */
export interface IndexPlace {
  readonly offset: number;
  /** Header, index and footer. */
  readonly frameBytes: number;
  readonly compressedBytes: number;
  readonly textBytes: number;
}

/**
 * Reads the index. Every number is checked against the others and against the length of the list, so that what is
 * returned can be followed without a further look.
 *
 * @param frame the last frame of the list, which lies at `place`.
 * @returns undefined when anything does not fit.
 */
export function decodeIndex(frame: Buffer, place: IndexPlace): ListFrame[] | undefined {
  const contentBytes = place.frameBytes - SKIPPABLE_HEADER_BYTES;
  if (frame.readUInt32LE(0) !== SKIPPABLE_MAGIC || frame.readUInt32LE(4) !== contentBytes) return undefined;
  const compressed = frame.subarray(SKIPPABLE_HEADER_BYTES, SKIPPABLE_HEADER_BYTES + place.compressedBytes);
  const text = decompressText(compressed, place.textBytes)?.toString('utf8');
  return text === undefined ? undefined : readIndexText(text, place.offset);
}

/** @param framesBytes how many bytes the frames have in all. */
function readIndexText(text: string, framesBytes: number): ListFrame[] | undefined {
  const [header, ...lines] = text.split('\n');
  if (header !== INDEX_HEADER || lines.pop() !== '') return undefined;
  const frames: ListFrame[] = [];
  let offset = 0;
  let previousPath = '';
  for (const line of lines) {
    const frame = readIndexLine(line, offset);
    if (frame === undefined) return undefined;
    const path = joinPath(frame.directory, frame.firstKey);
    if (compareUtf8(previousPath, path) >= 0) return undefined;
    frames.push(frame);
    offset += frame.frameBytes;
    previousPath = path;
  }
  return offset === framesBytes ? frames : undefined;
}

function readIndexLine(line: string, offset: number): ListFrame | undefined {
  const fields = line.split('\t');
  const [frameBytes, textBytes, lines, files, fileBytes] = fields.slice(0, 5).map(Number);
  const directory = unescapePath(fields[5] ?? '');
  const firstKey = unescapePath(fields[6] ?? '');
  if (fields.length !== 7 || directory === undefined || firstKey === undefined) return undefined;
  if (!isCount(frameBytes) || !isCount(textBytes) || !isCount(lines) || !isCount(files) || !isCount(fileBytes)) {
    return undefined;
  }
  if (textBytes > MAX_TEXT_BYTES || lines === 0 || lines > textBytes || files > lines) return undefined;
  if (directory !== '' && !directory.split('/').every(isPlainName)) return undefined;
  if (!isPlainName(firstKey.endsWith('/') ? firstKey.slice(0, -1) : firstKey)) return undefined;
  return { directory, firstKey, offset, frameBytes, textBytes, lines, files, fileBytes };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
