import { appendTo } from '../../shared/append-to.ts';
import { decodeLines, sortKey, type ListEntry } from './list-entry.ts';
import type { ListFrame } from './list-frames.ts';
import { compareUtf8, joinPath, splitPath } from './list-path.ts';
import { corruptList } from './list-errors.ts';
import { ListSource } from './list-source.ts';
import { giveBack } from '../zstd-frame.ts';

/** A phone asks for one directory at a time, but for all of them twice: those of a small list are kept, in 12 MB. */
const KEPT_LINES = 65_536;
/** Decoded frames of a large list that are kept for the next look. */
const KEPT_FRAMES = 4;

/** An entry with the directory it lies in. */
export interface PlacedEntry {
  readonly directory: string;
  readonly entry: ListEntry;
}

/** A frame as it is on disk, what it decompresses to, and the sort key of its last line. */
export interface FrameContent {
  /** Undefined where the frame of a packed list cannot be read without its base. */
  readonly compressed: Uint8Array | undefined;
  readonly text: Buffer;
  /** Whether nobody else has the text's memory: see `giveBackText`. */
  readonly isOwn: boolean;
  readonly lastKey: string;
}

/** For whoever is done with a frame: reading a list with its hundreds of frames else takes tens of megabytes. */
export function giveBackText({ text, isOwn }: FrameContent): void {
  if (isOwn) giveBack(text);
}

/** A file list on disk, open for looks at single directories and for reading in order. Holds its index in memory. */
export class ListFile implements Disposable {
  readonly #source: ListSource;
  readonly #byDirectory = new Map<string, ListFrame[]>();
  readonly #kept = new Map<ListFrame, readonly ListEntry[]>();
  readonly #keptAtMost: number;

  private constructor(source: ListSource) {
    this.#source = source;
    const { frames } = source;
    this.#keptAtMost = frames.reduce((sum, { lines }) => sum + lines, 0) <= KEPT_LINES ? frames.length : KEPT_FRAMES;
    for (const frame of frames) {
      appendTo(this.#byDirectory, frame.directory, frame);
    }
  }

  /**
   * Opens the list at `path`, which is to have the text hash `sha256`. Reads the index only; the hash is checked when
   * the list is read in full. What its file does not give is read out of its second file, where it has one.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when the file is missing or its index does not fit it.
   */
  static open(path: string, sha256: string): ListFile {
    return new ListFile(ListSource.openEither(path, sha256));
  }

  /** SHA-256 of the list's text: its name. */
  get sha256(): string {
    return this.#source.sha256;
  }

  get frames(): readonly ListFrame[] {
    return this.#source.frames;
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
    for (const { frame, text } of this.#source.texts()) {
      for (const entry of this.#decode(frame, text)) yield { directory: frame.directory, entry };
    }
  }

  entriesOfFrame(frame: ListFrame): readonly ListEntry[] {
    const kept = this.#kept.get(frame);
    if (kept !== undefined) return kept;
    const content = this.readFrame(frame);
    const entries = this.#decode(frame, content.text);
    giveBackText(content);
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
    const text = this.#source.text(frame);
    const lastLine = text.toString('utf8', text.lastIndexOf('\n', -2) + 1);
    const [last] = decodeLines(lastLine, frame.directory) ?? [];
    if (last === undefined) throw corruptList(this.sha256, 'a frame ends in the middle of a line', frame.textOffset);
    const isOwn = this.#source.base === undefined;
    return { compressed: this.#source.compressed(frame), text, isOwn, lastKey: sortKey(last) };
  }

  /** Reads all of the list to see whether it has the hash in its name. @throws {AppError} SNAPSHOT_CORRUPT */
  verify(): void {
    this.#source.verify();
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
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
      throw corruptList(this.sha256, 'a frame does not hold what the index says', frame.textOffset);
    }
    return entries;
  }
}
