import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { decompressFrame, giveBack } from '../zstd-frame.ts';
import { BaseText, secondPathOf, type BaseShelf } from './base-text.ts';
import { corruptList, isUnreadable } from './list-errors.ts';
import { MAX_WHOLE_TEXT_BYTES, type ListBlock, type ListFrame, type TextRange } from './list-frames.ts';
import { decodeBase, decodeIndex, FOOTER_BYTES, locateIndex, type IndexPlace, type ReadIndex } from './list-index.ts';

/** Blocks are read together until they have so many bytes. */
const READ_AHEAD_BYTES = 1024 * 1024;

/** A text, and whose memory it is in. */
export interface OwnedText {
  readonly text: Buffer;
  /** Whether nobody else has this memory: text that a packed list shares with its base is the base's. */
  readonly isOwn: boolean;
}

interface FrameText extends OwnedText {
  readonly frame: ListFrame;
}

interface BlockText extends OwnedText {
  readonly block: ListBlock;
}

/** The file of a list: its frames as text, whether it stands by itself or is packed against another one. */
export class ListSource implements Disposable {
  readonly sha256: string;
  /** The name of the list that this one is packed against. */
  readonly base: string | undefined;
  readonly #index: ReadIndex;
  #frames: readonly ListFrame[] | undefined;
  #blockOf: ReadonlyMap<ListFrame, ListBlock> | undefined;
  readonly #descriptor: number;
  readonly #baseText: BaseText | undefined;
  /** Where the second file would be, for whoever is to have what the first does not give. */
  #secondPath: string | undefined;
  #second: ListSource | undefined;
  #isSecond = false;
  /** Those that came out of the second file. */
  readonly #damaged = new Set<ListBlock>();
  /** The text of the block with several frames that was asked for last. */
  #last: { readonly block: ListBlock; readonly text: Buffer } | undefined;
  #isClosed = false;

  private constructor(sha256: string, descriptor: number, index: ReadIndex, baseText: BaseText | undefined) {
    this.sha256 = sha256;
    this.base = index.base;
    this.#index = index;
    this.#descriptor = descriptor;
    this.#baseText = baseText;
  }

  /**
   * Opens the list at `path`, and where it is packed its base beside it. Reads indexes only.
   *
   * @param shelf where the text of a base is kept for the next list.
   * @throws {AppError} SNAPSHOT_CORRUPT when a file is missing or an index does not fit it; STORAGE_FAILED, as all that
   * reads it later.
   */
  static open(path: string, sha256: string, shelf?: BaseShelf): ListSource {
    try {
      return ListSource.#openNow(path, sha256, shelf);
    } catch (error) {
      // A prune beside us packs a list anew and removes its old base: what was opened first has another one by then.
      if (!isAppError(error, 'SNAPSHOT_CORRUPT') || error.details['list'] === sha256) throw error;
      return ListSource.#openNow(path, sha256, shelf);
    }
  }

  /**
   * As `open`. What the file of a list that others are packed against does not give is read out of its second file, for
   * whoever wants the list and not the file.
   *
   * @throws {AppError} as `open`
   */
  static openEither(path: string, sha256: string, shelf?: BaseShelf): ListSource {
    const second = secondPathOf(path);
    try {
      const list = ListSource.open(path, sha256, shelf);
      list.#secondPath = second;
      return list;
    } catch (error) {
      if (!isUnreadable(error) || !existsSync(second)) throw error;
      const list = ListSource.openBase(second, sha256);
      list.#isSecond = true;
      return list;
    }
  }

  /**
   * Opens a list that another one is packed against. It stands by itself: no base is followed any further, so that lists
   * which name each other lead nowhere.
   *
   * @throws {AppError} as `open`
   */
  static openBase(this: void, path: string, sha256: string): ListSource {
    return ListSource.#openWith(path, sha256, () => {
      throw corruptList(sha256, 'others are packed against it, and it is packed itself');
    });
  }

  static #openNow(path: string, sha256: string, shelf: BaseShelf | undefined): ListSource {
    return ListSource.#openWith(path, sha256, (base) => BaseText.open(path, base, ListSource.openBase, shelf));
  }

  static #openWith(path: string, sha256: string, openBaseText: (base: string) => BaseText): ListSource {
    const descriptor = openList(path, sha256);
    try {
      const index = readIndex(descriptor, sha256);
      const baseText = index.base === undefined ? undefined : openBaseText(index.base);
      return new ListSource(sha256, descriptor, index, baseText);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get frames(): readonly ListFrame[] {
    this.#frames ??= this.#index.blocks.flatMap(({ frames }) => frames);
    return this.#frames;
  }

  /** Whether anything that was read of it had to come out of its second file. */
  get isHalfDamaged(): boolean {
    return this.#isSecond || this.#damaged.size > 0;
  }

  /** Bytes of all blocks as they are stored. */
  get storedBytes(): number {
    return this.#index.blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of the text. */
  get textBytes(): number {
    return this.#index.blocks.reduce((sum, { textBytes }) => sum + textBytes, 0);
  }

  /** The bytes of a frame that a list of its own can take over; undefined for one that is not stored by itself, and whole. */
  compressed(frame: ListFrame): Buffer | undefined {
    const block = this.#blockWith(frame);
    if (block.like !== undefined || block.frames.length > 1 || this.#damaged.has(block)) return undefined;
    return this.#read(Buffer.allocUnsafe(block.bytes), block.offset);
  }

  /** @throws {AppError} SNAPSHOT_CORRUPT */
  text(frame: ListFrame): Buffer {
    const block = this.#blockWith(frame);
    if (block !== this.#last?.block) {
      const text = this.#textOf(block, () => this.#read(Buffer.allocUnsafe(block.bytes), block.offset));
      if (block.frames.length === 1) return text;
      this.#last = { block, text };
    }
    return textOfFrame(frame, block, this.#last.text);
  }

  /** The text of every frame in order, each with memory of its own or the base's. @throws {AppError} as `blocks` */
  *texts(): Generator<FrameText, undefined> {
    for (const { block, text, isOwn } of this.blocks()) {
      const [first] = block.frames;
      if (first !== undefined && block.frames.length === 1) {
        yield { frame: first, text, isOwn };
        continue;
      }
      for (const frame of block.frames) {
        const part = textOfFrame(frame, block, text);
        // Each with memory of its own, so that whoever is done with one can give it back.
        yield isOwn ? { frame, text: copyOf(part), isOwn } : { frame, text: part, isOwn };
      }
      if (isOwn) giveBack(text);
    }
  }

  /**
   * The text of every block in order: several blocks with one read, and no look at lines.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT as soon as a block cannot be read, and after the last one when the text does
   * not have the hash that names the list; of a packed list whose base is on a shelf, and so has been compared with its
   * own hash, when neither the bytes are those that once were read back and had it, nor the text has it.
   */
  *blocks(): Generator<BlockText, undefined> {
    const { sum, compressed } = this.#index;
    const hash = createHash('sha256');
    const isByBytes = sum !== undefined && this.#baseText?.isCompared === true;
    if (isByBytes) hash.update(this.sha256);
    let buffer = Buffer.alloc(0);
    let bytes: Buffer = buffer;
    let bytesOffset = 0;
    for (const [number, block] of this.#index.blocks.entries()) {
      const stored = (): Buffer => {
        if (block.offset + block.bytes > bytesOffset + bytes.length) {
          const wanted = this.#readAheadBytes(number);
          if (wanted > buffer.length) buffer = Buffer.alloc(wanted);
          bytes = buffer.subarray(0, 0);
          bytes = this.#read(buffer.subarray(0, wanted), block.offset);
          bytesOffset = block.offset;
        }
        const at = block.offset - bytesOffset;
        return bytes.subarray(at, at + block.bytes);
      };
      const text = this.#textOf(block, stored);
      hash.update(isByBytes ? stored() : text);
      yield { block, text, isOwn: block.bytes > 0 || this.#baseText?.givesOwnMemory === true };
    }
    const wanted = isByBytes ? sum : Buffer.from(this.sha256, 'hex');
    if (isByBytes) hash.update(compressed);
    // Where only the sum has changed nothing is lost, and nobody else who reads the list sees any damage.
    if (!hash.digest().equals(wanted) && !(isByBytes && this.#hasItsText())) {
      throw corruptList(this.sha256, 'its text does not have the hash in its name');
    }
  }

  /** Reads all of the list to see whether it has the hash in its name. @throws {AppError} SNAPSHOT_CORRUPT */
  verify(): void {
    for (const { text, isOwn } of this.blocks()) if (isOwn) giveBack(text);
  }

  #hasItsText(): boolean {
    const hash = createHash('sha256');
    for (const frame of this.frames) hash.update(this.text(frame));
    return hash.digest('hex') === this.sha256;
  }

  /** A piece of the list's text, however it is cut into frames. @throws {AppError} SNAPSHOT_CORRUPT */
  textIn({ offset, bytes }: TextRange): Buffer {
    const end = offset + bytes;
    const pieces: Buffer[] = [];
    let found = 0;
    for (const frame of framesFrom(this.frames, offset)) {
      if (frame.textOffset >= end) break;
      const text = this.text(frame);
      if (frame.textOffset === offset && frame.textBytes === bytes) return text;
      const piece = text.subarray(Math.max(0, offset - frame.textOffset), end - frame.textOffset);
      pieces.push(piece);
      found += piece.length;
    }
    if (found !== bytes) throw corruptList(this.sha256, 'it ends before a piece of it that another list needs');
    return Buffer.concat(pieces);
  }

  /** The text as a whole, 120 bytes a file. @throws {AppError} SNAPSHOT_CORRUPT, also where it says to be longer than any */
  allText(): Buffer {
    if (this.textBytes > MAX_WHOLE_TEXT_BYTES)
      throw corruptList(this.sha256, 'its text is longer than that of any list');
    const all = Buffer.allocUnsafeSlow(this.textBytes);
    for (const { block, text, isOwn } of this.blocks()) {
      text.copy(all, block.textOffset);
      if (isOwn) giveBack(text);
    }
    return all;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
    this.#baseText?.[Symbol.dispose]();
    this.#second?.[Symbol.dispose]();
  }

  #blockWith(frame: ListFrame): ListBlock {
    this.#blockOf ??= new Map(this.#index.blocks.flatMap((each) => each.frames.map((one) => [one, each] as const)));
    const block = this.#blockOf.get(frame);
    if (block === undefined) throw new Error('the frame is of another list');
    return block;
  }

  #textOf(block: ListBlock, stored: () => Uint8Array): Buffer {
    try {
      return this.#decompress(block, stored());
    } catch (error) {
      if (!isUnreadable(error) || this.base !== undefined || this.#secondPath === undefined) throw error;
      if (this.#second === undefined && !existsSync(this.#secondPath)) throw error;
      this.#second ??= ListSource.openBase(this.#secondPath, this.sha256);
      const text = this.#second.textIn({ offset: block.textOffset, bytes: block.textBytes });
      this.#damaged.add(block);
      return text;
    }
  }

  #decompress(block: ListBlock, bytes: Uint8Array): Buffer {
    const piece = block.like && this.#baseText?.text(block.like);
    if (block.bytes === 0 && piece !== undefined) return piece;
    const text = decompressFrame(bytes, block.textBytes, piece);
    if (text === undefined) throw corruptList(this.sha256, 'a frame cannot be decompressed', block.offset);
    if (piece !== undefined && this.#baseText?.givesOwnMemory === true) giveBack(piece);
    return text;
  }

  /** The bytes of as many blocks, this one the first, as are worth one read. */
  #readAheadBytes(first: number): number {
    let bytes = 0;
    for (let number = first; number < this.#index.blocks.length && bytes < READ_AHEAD_BYTES; number++) {
      bytes += this.#index.blocks[number]?.bytes ?? 0;
    }
    return bytes;
  }

  #read(into: Buffer, offset: number): Buffer {
    // The number of a closed file may be that of another one by now.
    if (this.#isClosed) throw new Error('the list is closed');
    return readInto(into, this.#descriptor, offset, this.sha256);
  }
}

/** Which list the one at `path` is packed against, by the beginning of its index. @throws {AppError} SNAPSHOT_CORRUPT */
export function baseOfList(path: string, sha256: string): string | undefined {
  const descriptor = openList(path, sha256);
  try {
    const found = decodeBase(...lastFrame(descriptor, sha256));
    if (found === undefined) throw corruptList(sha256, 'its index does not fit it');
    return found.base;
  } finally {
    closeSync(descriptor);
  }
}

function copyOf(text: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(text.length);
  text.copy(copy);
  return copy;
}

function textOfFrame({ textOffset, textBytes }: ListFrame, block: ListBlock, text: Buffer): Buffer {
  return text.subarray(textOffset - block.textOffset, textOffset - block.textOffset + textBytes);
}

/** The frames from the one on that the text has at `offset`. */
function* framesFrom(frames: readonly ListFrame[], offset: number): Generator<ListFrame> {
  let low = 0;
  let high = frames.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((frames[middle]?.textOffset ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  for (let number = low; number < frames.length; number++) {
    const frame = frames[number];
    if (frame !== undefined) yield frame;
  }
}

function openList(path: string, sha256: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') throw corruptList(sha256, 'it is missing');
    throw storageError(error, 'open', path);
  }
}

function readIndex(descriptor: number, sha256: string): ReadIndex {
  const index = decodeIndex(...lastFrame(descriptor, sha256));
  if (index === undefined) throw corruptList(sha256, 'its index does not fit it');
  return index;
}

function lastFrame(descriptor: number, sha256: string): [Buffer, IndexPlace] {
  const listBytes = reading(sha256, () => fstatSync(descriptor).size);
  if (listBytes < FOOTER_BYTES) throw corruptList(sha256, 'it is cut short');
  const footer = readInto(Buffer.alloc(FOOTER_BYTES), descriptor, listBytes - FOOTER_BYTES, sha256);
  const place = locateIndex(footer, listBytes);
  if (place === undefined) throw corruptList(sha256, 'it does not end with an index');
  return [readInto(Buffer.alloc(place.frameBytes), descriptor, place.offset, sha256), place];
}

function readInto(bytes: Buffer, descriptor: number, offset: number, sha256: string): Buffer {
  for (let read = 0; read < bytes.length;) {
    const got = reading(sha256, () => readSync(descriptor, bytes, read, bytes.length - read, offset + read));
    if (got === 0) throw corruptList(sha256, 'it is cut short', offset);
    read += got;
  }
  return bytes;
}

function reading<T>(sha256: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storageError(error, 'read', `lists/${sha256}`);
  }
}
