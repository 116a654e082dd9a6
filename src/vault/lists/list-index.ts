/**
 * The layout of a file list on disk.
 *
 *   blocks      zstd frames with checksums, one behind the other. Together they hold the list's text
 *   last frame  skippable (magic 0x184D2A50, u32 LE content length), so that `zstd -dc` gives the text and nothing else:
 *                 index    one zstd frame: a line of header, then lines of fields that are separated by tabs
 *                 footer   u32 LE compressed length of the index · u32 LE its length · 8 bytes "HFLIST01"
 *
 * In a list that stands by itself each block is a frame of the text, with one line:
 *
 *   block bytes · text bytes · lines · files · sum of file sizes · directory · first sort key
 *
 * The header of a packed list names its base. There each block has a line, and its frames one each behind it; a block of
 * no bytes has the very text of the piece of the base. Its footer ends in "HFLIST02", and the SHA-256 of the list's name,
 * all blocks and the compressed index stands before it, so that many such lists can be checked by their few bytes:
 *
 *   block bytes · text bytes · offset of the piece in the base's text · its bytes (both `-` for none)
 *   text bytes · lines · files · sum of file sizes · directory · first sort key
 */
import type { Hash } from 'node:crypto';
import { isPlainName } from './list-entry.ts';
import { decompressFrame, isSkippable, SKIPPABLE_HEADER_BYTES, skippableHeader } from '../zstd-frame.ts';
import { compressText, type ListBlock, type ListFrame, type TextRange } from './list-frames.ts';
import { compareUtf8, escapePath, joinPath, unescapePath } from './list-path.ts';

/** No block's text is longer: the target and the longest line, or in a packed list several frames. */
export const MAX_TEXT_BYTES = 512 * 1024;
/** No dictionary is longer. */
export const MAX_PIECE_BYTES = 1024 * 1024;
/** 65,536 frames with long directory names; a phone's list of 500,000 files has an index of 20 KB. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

export const FOOTER_BYTES = 16;
const FOOTER_MAGIC = 'HFLIST01';
const PACKED_FOOTER_MAGIC = 'HFLIST02';
const SUM_BYTES = 32;
const HEADER = 'holdfast list index 1';
/** Followed by the SHA-256 of the base. */
const PACKED_HEADER = 'holdfast list index 2\t';
const BLOCK_FIELDS = 4;
const FRAME_FIELDS = 6;

/** What the index of a list says. */
export interface ListIndex {
  /** The name of the list that this one is packed against; undefined for one that stands by itself. */
  readonly base: string | undefined;
  readonly blocks: readonly ListBlock[];
}

/** An index as it was read. */
export interface ReadIndex extends ListIndex {
  /** The index as it is in the file, and in a packed list the SHA-256 over the list's name, all blocks and it. */
  readonly compressed: Buffer;
  readonly sum: Buffer | undefined;
}

/**
 * The last frame of a list: the index, hidden from decompressors.
 *
 * @param sum of a packed list: SHA-256 over its name and all of its blocks.
 */
export function encodeIndex({ base, blocks }: ListIndex, sum?: Hash): Buffer {
  const lines = blocks.flatMap((block) => {
    const frames = block.frames.map(frameFields);
    if (base === undefined) return frames.map((fields) => [block.bytes, ...fields]);
    return [[block.bytes, block.textBytes, block.like?.offset ?? '-', block.like?.bytes ?? '-'], ...frames];
  });
  const header = base === undefined ? HEADER : PACKED_HEADER + base;
  const text = Buffer.from([header, ...lines.map((fields) => fields.join('\t')), ''].join('\n'));
  const compressed = compressText(text);
  const sumBytes = sum?.copy().update(compressed).digest() ?? Buffer.alloc(0);
  const start = skippableHeader(compressed.length + sumBytes.length + FOOTER_BYTES);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeUInt32LE(compressed.length, 0);
  footer.writeUInt32LE(text.length, 4);
  footer.write(base === undefined ? FOOTER_MAGIC : PACKED_FOOTER_MAGIC, 8, 'latin1');
  return Buffer.concat([start, compressed, sumBytes, footer]);
}

function frameFields({ textBytes, lines, files, fileBytes, directory, firstKey }: ListFrame): (number | string)[] {
  return [textBytes, lines, files, fileBytes, escapePath(directory), escapePath(firstKey)];
}

/** Where the last frame begins in a list of `listBytes`, by the list's footer; undefined when that cannot be. */
export function locateIndex(footer: Buffer, listBytes: number): IndexPlace | undefined {
  const magic = footer.toString('latin1', 8);
  if (footer.length !== FOOTER_BYTES || ![FOOTER_MAGIC, PACKED_FOOTER_MAGIC].includes(magic)) return undefined;
  const sumBytes = magic === PACKED_FOOTER_MAGIC ? SUM_BYTES : 0;
  const compressedBytes = footer.readUInt32LE(0);
  const textBytes = footer.readUInt32LE(4);
  const offset = listBytes - FOOTER_BYTES - sumBytes - compressedBytes - SKIPPABLE_HEADER_BYTES;
  if (offset < 0 || textBytes > MAX_INDEX_BYTES) return undefined;
  return { offset, frameBytes: listBytes - offset, compressedBytes, textBytes, sumBytes };
}

/** The last frame of a list. */
export interface IndexPlace {
  readonly offset: number;
  /** Header, index and footer. */
  readonly frameBytes: number;
  readonly compressedBytes: number;
  readonly textBytes: number;
  /** 0 in a list that stands by itself. */
  readonly sumBytes: number;
}

/**
 * Reads the index. Every number is checked against the others and against the length of the list, so that what is
 * returned can be followed without a further look.
 *
 * @param frame the last frame of the list, which lies at `place`.
 * @returns undefined when anything does not fit.
 */
export function decodeIndex(frame: Buffer, place: IndexPlace): ReadIndex | undefined {
  const opened = openIndex(frame, place);
  if (opened === undefined) return undefined;
  const { text, compressed, sum } = opened;
  const [header = '', ...lines] = text.split('\n');
  if (lines.pop() !== '') return undefined;
  const index = sum === undefined ? readWhole(header, lines) : readPacked(header, lines);
  const blocksBytes = index?.blocks.reduce((total, { bytes }) => total + bytes, 0);
  return index !== undefined && blocksBytes === place.offset ? { ...index, compressed, sum } : undefined;
}

/**
 * Reads of the index only which list this one is packed against.
 *
 * @returns undefined when that does not fit.
 */
export function decodeBase(frame: Buffer, place: IndexPlace): Pick<ListIndex, 'base'> | undefined {
  const opened = openIndex(frame, place);
  const [header = ''] = opened?.text.split('\n', 1) ?? [];
  if (opened?.sum === undefined) return header === HEADER ? { base: undefined } : undefined;
  const base = baseIn(header);
  return base === undefined ? undefined : { base };
}

function openIndex(
  frame: Buffer,
  place: IndexPlace,
): (Pick<ReadIndex, 'compressed' | 'sum'> & { readonly text: string }) | undefined {
  const contentBytes = place.frameBytes - SKIPPABLE_HEADER_BYTES;
  if (!isSkippable(frame, contentBytes)) return undefined;
  const end = SKIPPABLE_HEADER_BYTES + place.compressedBytes;
  const compressed = frame.subarray(SKIPPABLE_HEADER_BYTES, end);
  const sum = place.sumBytes === 0 ? undefined : frame.subarray(end, end + place.sumBytes);
  const text = decompressFrame(compressed, place.textBytes)?.toString('utf8');
  return text === undefined ? undefined : { text, compressed, sum };
}

function readWhole(header: string, lines: readonly string[]): ListIndex | undefined {
  if (header !== HEADER) return undefined;
  const reader = new IndexReader();
  for (const line of lines) {
    const [bytes, ...fields] = line.split('\t');
    if (!reader.begin([bytes, fields[0], '-', '-']) || !reader.addFrame(fields) || !reader.end()) return undefined;
  }
  return { base: undefined, blocks: reader.blocks };
}

function readPacked(header: string, lines: readonly string[]): ListIndex | undefined {
  const base = baseIn(header);
  if (base === undefined) return undefined;
  const reader = new IndexReader();
  for (const line of lines) {
    const fields = line.split('\t');
    const isBlock = fields.length === BLOCK_FIELDS;
    if (isBlock ? !reader.end() || !reader.begin(fields) : !reader.addFrame(fields)) return undefined;
  }
  return reader.end() ? { base, blocks: reader.blocks } : undefined;
}

function baseIn(header: string): string | undefined {
  const base = header.startsWith(PACKED_HEADER) ? header.slice(PACKED_HEADER.length) : '';
  return /^[0-9a-f]{64}$/.test(base) ? base : undefined;
}

/** Puts blocks together; every step says whether what it was given can be. */
class IndexReader {
  readonly blocks: ListBlock[] = [];
  #open: (ListBlock & { readonly frames: ListFrame[] }) | undefined;
  #offset = 0;
  #textOffset = 0;
  #previousPath = '';

  begin(fields: readonly (string | undefined)[]): boolean {
    const [bytes, textBytes] = fields.slice(0, 2).map(Number);
    const like = readPiece(fields[2], fields[3]);
    if (!isCount(bytes) || !isCount(textBytes) || like === 'malformed' || textBytes > MAX_TEXT_BYTES) return false;
    if (bytes === 0 && like?.bytes !== textBytes) return false;
    this.#open = { offset: this.#offset, bytes, textOffset: this.#textOffset, textBytes, like, frames: [] };
    this.#offset += bytes;
    return true;
  }

  addFrame(fields: readonly string[]): boolean {
    const frame = readFrame(fields, this.#textOffset);
    if (this.#open === undefined || frame === undefined) return false;
    const path = joinPath(frame.directory, frame.firstKey);
    if (compareUtf8(this.#previousPath, path) >= 0) return false;
    this.#previousPath = path;
    this.#textOffset += frame.textBytes;
    this.#open.frames.push(frame);
    return true;
  }

  end(): boolean {
    const block = this.#open;
    this.#open = undefined;
    if (block === undefined) return true;
    this.blocks.push(block);
    return block.textOffset + block.textBytes === this.#textOffset;
  }
}

function readFrame(fields: readonly string[], textOffset: number): ListFrame | undefined {
  const [textBytes, lines, files, fileBytes] = [fields[0], fields[1], fields[2], fields[3]].map(Number);
  const directory = unescapePath(fields[4] ?? '');
  const firstKey = unescapePath(fields[5] ?? '');
  if (fields.length !== FRAME_FIELDS || directory === undefined || firstKey === undefined) return undefined;
  if (!isCount(textBytes) || !isCount(lines) || !isCount(files) || !isCount(fileBytes)) return undefined;
  if (lines === 0 || lines > textBytes || files > lines) return undefined;
  if (directory !== '' && !directory.split('/').every(isPlainName)) return undefined;
  if (!isPlainName(firstKey.endsWith('/') ? firstKey.slice(0, -1) : firstKey)) return undefined;
  return { directory, firstKey, textOffset, textBytes, lines, files, fileBytes };
}

function readPiece(offset: string | undefined, bytes: string | undefined): TextRange | undefined | 'malformed' {
  if (offset === '-' && bytes === '-') return undefined;
  const range = { offset: Number(offset), bytes: Number(bytes) };
  return isCount(range.offset) && isCount(range.bytes) && range.bytes <= MAX_PIECE_BYTES ? range : 'malformed';
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
