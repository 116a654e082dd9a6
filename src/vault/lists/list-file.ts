import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { decodeLines, sortKey, type ListEntry } from './list-entry.ts';
import { decodeIndex, decompressText, FOOTER_BYTES, locateIndex, type ListFrame } from './list-frames.ts';
import { compareUtf8, joinPath, splitPath } from './list-path.ts';
import { appendTo } from '../../shared/append-to.ts';

/** A phone asks for one directory at a time, but for all of them twice: those of a small list are kept, in 12 MB. */
const KEPT_LINES = 65_536;
/** Decoded frames of a large list that are kept for the next look. */
const KEPT_FRAMES = 4;

/** Frames are read together until they have so many bytes. */
const READ_AHEAD_BYTES = 1024 * 1024;

/** An entry with the directory it lies in. */
export interface PlacedEntry {
  readonly directory: string;
  readonly entry: ListEntry;
}

/** A frame as it is on disk, what it decompresses to, and the sort key of its last line. */
export interface FrameContent {
  readonly compressed: Uint8Array;
  readonly text: Buffer;
  readonly lastKey: string;
}

/** A file list on disk, open for looks at single directories and for reading in order. Holds its index in memory. */
export class ListFile implements Disposable {
  readonly sha256: string;
  readonly frames: readonly ListFrame[];
  readonly #descriptor: number;
  readonly #byDirectory = new Map<string, ListFrame[]>();
  readonly #kept = new Map<ListFrame, readonly ListEntry[]>();
  readonly #keptAtMost: number;
  #isClosed = false;

  private constructor(sha256: string, descriptor: number, frames: readonly ListFrame[]) {
    this.sha256 = sha256;
    this.#descriptor = descriptor;
    this.frames = frames;
    this.#keptAtMost = frames.reduce((sum, { lines }) => sum + lines, 0) <= KEPT_LINES ? frames.length : KEPT_FRAMES;
    for (const frame of frames) {
      appendTo(this.#byDirectory, frame.directory, frame);
    }
  }

  /**
   * Opens the list at `path`, which is to have the text hash `sha256`. Reads the index only; the hash is checked when
   * the list is read in full.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when the file is missing or its index does not fit it.
   */
  static open(path: string, sha256: string): ListFile {
    const descriptor = openList(path, sha256);
    try {
      return new ListFile(sha256, descriptor, readIndex(descriptor, sha256));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** How many files the list names and the sum of their sizes, by its index. */
  get totals(): { files: number; bytes: number } {
    return this.frames.reduce(
      (sum, frame) => ({ files: sum.files + frame.files, bytes: sum.bytes + frame.fileBytes }),
      { files: 0, bytes: 0 },
    );
  }

  /** Every directory that holds a file or an empty directory, and every empty one; those above them are implied. */
  *allDirectories(): Generator<string> {
    yield* this.#byDirectory.keys();
    for (const frame of this.frames) {
      // Only a frame with more lines than files names empty directories, so most frames need no look.
      if (frame.lines === frame.files) continue;
      for (const entry of this.entriesOfFrame(frame)) {
        if (entry.kind === 'directory') yield joinPath(frame.directory, entry.name);
      }
    }
  }

  framesOf(directory: string): readonly ListFrame[] {
    return this.#byDirectory.get(directory) ?? [];
  }

  /** @returns the file or the empty directory at `path`; undefined for anything the list has no line for. */
  find(path: string): ListEntry | undefined {
    const { directory, name } = splitPath(path);
    return this.findIn(directory, name) ?? this.findIn(directory, `${name}/`);
  }

  /** Finds one entry of `directory` by its sort key. @throws {AppError} SNAPSHOT_CORRUPT */
  findIn(directory: string, key: string): ListEntry | undefined {
    const frame = this.framesOf(directory).findLast((candidate) => compareUtf8(candidate.firstKey, key) <= 0);
    if (frame === undefined) return undefined;
    const entries = this.entriesOfFrame(frame);
    let low = 0;
    let high = entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const entry = entries[middle];
      if (entry === undefined) return undefined;
      const order = compareUtf8(sortKey(entry), key);
      if (order === 0) return entry;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** The lines of one directory in order: its files and its empty directories. @throws {AppError} SNAPSHOT_CORRUPT */
  *entriesIn(directory: string): Generator<ListEntry> {
    for (const frame of this.framesOf(directory)) yield* this.entriesOfFrame(frame);
  }

  /**
   * Every line in the order of the paths.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT as soon as a frame cannot be read, and after the last line when the text
   * does not have the hash that names the list.
   */
  *entries(): Generator<PlacedEntry> {
    const hash = createHash('sha256');
    for (const frame of this.frames) {
      const { text } = this.readFrame(frame);
      hash.update(text);
      for (const entry of this.#decode(frame, text)) yield { directory: frame.directory, entry };
    }
    this.#checkHash(hash);
  }

  /**
   * The text of every frame in order, for whoever reads many lists: several frames with one read, and no look at
   * lines. Whoever takes a text may do with its memory what they like.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT as `entries`.
   */
  *texts(): Generator<{ readonly directory: string; readonly text: Buffer }, undefined> {
    const hash = createHash('sha256');
    let buffer = Buffer.alloc(0);
    let bytes = buffer;
    let bytesOffset = 0;
    for (const [number, frame] of this.frames.entries()) {
      if (frame.offset + frame.frameBytes > bytesOffset + bytes.length) {
        bytesOffset = frame.offset;
        const wanted = this.#readAheadBytes(number);
        if (wanted > buffer.length) buffer = Buffer.alloc(wanted);
        bytes = buffer.subarray(0, wanted);
        readInto(bytes, this.#openDescriptor(), bytesOffset, this.sha256);
      }
      const at = frame.offset - bytesOffset;
      const text = decompressText(bytes.subarray(at, at + frame.frameBytes), frame.textBytes);
      if (text === undefined) throw corruptList(this.sha256, 'a frame cannot be decompressed', frame.offset);
      hash.update(text);
      yield { directory: frame.directory, text };
    }
    this.#checkHash(hash);
  }

  entriesOfFrame(frame: ListFrame): readonly ListEntry[] {
    const kept = this.#kept.get(frame);
    if (kept !== undefined) return kept;
    const entries = this.#decode(frame, this.readFrame(frame).text);
    const oldest = this.#kept.keys().next().value;
    if (oldest !== undefined && this.#kept.size >= this.#keptAtMost) this.#kept.delete(oldest);
    this.#kept.set(frame, entries);
    return entries;
  }

  /**
   * Reads a frame without looking at its lines but the last.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT
   */
  readFrame(frame: ListFrame): FrameContent {
    const compressed = readExactly(this.#openDescriptor(), frame.offset, frame.frameBytes, this.sha256);
    const text = decompressText(compressed, frame.textBytes);
    if (text === undefined) throw corruptList(this.sha256, 'a frame cannot be decompressed', frame.offset);
    const lastLine = text.toString('utf8', text.lastIndexOf('\n', -2) + 1);
    const [last] = decodeLines(lastLine, frame.directory) ?? [];
    if (last === undefined) throw corruptList(this.sha256, 'a frame ends in the middle of a line', frame.offset);
    return { compressed, text, lastKey: sortKey(last) };
  }

  /** Reads all of the list to see whether it has the hash in its name. @throws {AppError} SNAPSHOT_CORRUPT */
  verify(): void {
    const hash = createHash('sha256');
    for (const frame of this.frames) hash.update(this.readFrame(frame).text);
    this.#checkHash(hash);
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }

  /** The number of a closed file may be that of another one by now. */
  #openDescriptor(): number {
    if (this.#isClosed) throw new Error('the list is closed');
    return this.#descriptor;
  }

  /** The bytes of as many frames, this one the first, as are worth one read. */
  #readAheadBytes(first: number): number {
    let bytes = 0;
    for (let number = first; number < this.frames.length && bytes < READ_AHEAD_BYTES; number++) {
      bytes += this.frames[number]?.frameBytes ?? 0;
    }
    return bytes;
  }

  #checkHash(hash: Hash): void {
    if (hash.digest('hex') !== this.sha256) {
      throw corruptList(this.sha256, 'its text does not have the hash in its name');
    }
  }

  #decode(frame: ListFrame, text: Buffer): ListEntry[] {
    const entries = decodeLines(text.toString('utf8'), frame.directory);
    const first = entries?.[0];
    if (
      entries === undefined ||
      first === undefined ||
      entries.length !== frame.lines ||
      sortKey(first) !== frame.firstKey
    ) {
      throw corruptList(this.sha256, 'a frame does not hold what the index says', frame.offset);
    }
    return entries;
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

function readIndex(descriptor: number, sha256: string): ListFrame[] {
  const listBytes = fstatSync(descriptor).size;
  if (listBytes < FOOTER_BYTES) throw corruptList(sha256, 'it is cut short');
  const footer = readExactly(descriptor, listBytes - FOOTER_BYTES, FOOTER_BYTES, sha256);
  const place = locateIndex(footer, listBytes);
  if (place === undefined) throw corruptList(sha256, 'it does not end with an index');
  const frames = decodeIndex(readExactly(descriptor, place.offset, place.frameBytes, sha256), place);
  if (frames === undefined) throw corruptList(sha256, 'its index does not fit it');
  return frames;
}

function readExactly(descriptor: number, offset: number, length: number, sha256: string): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readInto(bytes, descriptor, offset, sha256);
  return bytes;
}

function readInto(bytes: Buffer, descriptor: number, offset: number, sha256: string): void {
  for (let read = 0; read < bytes.length;) {
    const got = readSync(descriptor, bytes, read, bytes.length - read, offset + read);
    if (got === 0) throw corruptList(sha256, 'it is cut short', offset);
    read += got;
  }
}

/** The error for a list that cannot be read. */
export function corruptList(sha256: string, why: string, offset = 0): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the file list ${sha256.slice(0, 12)} is damaged: ${why}`, {
    hint: 'Snapshots that share this list cannot be read; restore the file from a copy of the vault, or back up again.',
    details: { list: sha256, offset },
  });
}
