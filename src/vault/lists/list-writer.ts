import { createHash } from 'node:crypto';
import type { Disk } from '../durability.ts';
import { giveBack } from '../zstd-frame.ts';
import { decodeLines, encodeLine, sortKey, type ListEntry } from './list-entry.ts';
import { giveBackText, type FrameContent } from './list-file.ts';
import { compressText, TARGET_TEXT_BYTES, type ListBlock, type ListFrame } from './list-frames.ts';
import { encodeIndex } from './list-index.ts';
import { compareUtf8, joinPath } from './list-path.ts';
import type { NewFrame } from './splice-frame.ts';

/** Room for the text of a frame: its target and a line over it; longer lines make more. */
const TEXT_ROOM_BYTES = TARGET_TEXT_BYTES + 16 * 1024;
/** Above this, changed lines are put into frames anew. */
const MAX_SPLICED_TEXT_BYTES = 1.5 * TARGET_TEXT_BYTES;

/** What a finished list is known by and how much it names. */
export interface ListSummary {
  /** SHA-256 of the list's text, in lower-case hexadecimal digits: its name. */
  readonly sha256: string;
  readonly files: number;
  /** Sum of the sizes of the files it names. */
  readonly bytes: number;
}

/**
 * Writes a file list to an open file, in memory bounded by one frame. Entries come in the order of their paths.
 * Making the file durable and giving it its name is the caller's work.
 */
export class ListWriter {
  readonly #disk: Disk;
  readonly #file: number;
  readonly #path: string;
  readonly #hash = createHash('sha256');
  readonly #blocks: ListBlock[] = [];
  #offset = 0;
  #textOffset = 0;
  #directory = '';
  /** The text of the open frame: bytes, because thousands of lines would live long enough to cost memory as strings. */
  #text = Buffer.allocUnsafeSlow(TEXT_ROOM_BYTES);
  #textBytes = 0;
  #lines = 0;
  #firstKey = '';
  #lastKey = '';
  #lastPath = '';
  #files = 0;
  #fileBytes = 0;

  /** @param file descriptor of the empty file at `path`, open for writing. */
  constructor(disk: Disk, file: number, path: string) {
    this.#disk = disk;
    this.#file = file;
    this.#path = path;
  }

  /** @throws {RangeError} when the entry does not come after the one before. */
  add(directory: string, entry: ListEntry): void {
    const key = sortKey(entry);
    if (directory !== this.#directory || this.#textBytes >= TARGET_TEXT_BYTES) this.#closeFrame();
    if (this.#lines === 0) this.#openFrame(directory, key);
    else if (compareUtf8(this.#lastKey, key) >= 0) refuseOrder(joinPath(directory, key));
    this.#addLine(encodeLine(directory, entry));
    this.#lastKey = key;
    if (entry.kind === 'directory') return;
    this.#files++;
    this.#fileBytes += entry.sizeBytes;
  }

  /**
   * Takes a frame of another list as it is, or compresses its text where it cannot do without its base.
   *
   * @param content whose text is given back when it is written.
   * @throws {RangeError} when it does not come after what was added before
   */
  addFrame(frame: ListFrame, content: FrameContent): void {
    const { compressed, text, lastKey } = content;
    this.#closeFrame();
    this.#openFrame(frame.directory, frame.firstKey);
    this.#lastKey = lastKey;
    this.#writeFrame(frame, compressed ?? compressText(text), text);
    giveBackText(content);
  }

  /**
   * Takes lines of one directory together, and the memory of their text: as one frame, or as several where they have
   * become too many for one.
   */
  addLines(frame: NewFrame): void {
    if (frame.textBytes > MAX_SPLICED_TEXT_BYTES) {
      for (const entry of decodeLines(frame.text.toString('utf8'), frame.directory) ?? [])
        this.add(frame.directory, entry);
      return;
    }
    this.#closeFrame();
    this.#openFrame(frame.directory, frame.firstKey);
    this.#lastKey = frame.lastKey;
    this.#writeFrame(frame, compressText(frame.text), frame.text);
    giveBack(frame.text);
  }

  /** Writes what is pending and the index. */
  finish(): ListSummary {
    this.#closeFrame();
    this.#write(encodeIndex({ base: undefined, blocks: this.#blocks }));
    const frames = this.#blocks.flatMap((block) => block.frames);
    return {
      sha256: this.#hash.digest('hex'),
      files: frames.reduce((sum, frame) => sum + frame.files, 0),
      bytes: frames.reduce((sum, frame) => sum + frame.fileBytes, 0),
    };
  }

  #addLine(line: string): void {
    const mostBytes = this.#textBytes + 3 * line.length;
    if (mostBytes > this.#text.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(mostBytes, 2 * this.#text.length));
      this.#text.copy(larger, 0, 0, this.#textBytes);
      this.#text = larger;
    }
    this.#textBytes += this.#text.write(line, this.#textBytes, 'utf8');
    this.#lines++;
  }

  #openFrame(directory: string, firstKey: string): void {
    if (compareUtf8(this.#lastPath, joinPath(directory, firstKey)) >= 0) refuseOrder(joinPath(directory, firstKey));
    this.#directory = directory;
    this.#firstKey = firstKey;
  }

  #closeFrame(): void {
    if (this.#lines === 0) return;
    const text = this.#text.subarray(0, this.#textBytes);
    const frame = {
      directory: this.#directory,
      firstKey: this.#firstKey,
      textBytes: text.length,
      lines: this.#lines,
      files: this.#files,
      fileBytes: this.#fileBytes,
    };
    this.#lines = 0;
    this.#textBytes = 0;
    this.#files = 0;
    this.#fileBytes = 0;
    this.#writeFrame(frame, compressText(text), text);
  }

  #writeFrame(frame: Omit<ListFrame, 'textOffset'>, compressed: Uint8Array, text: Uint8Array): void {
    const { directory, firstKey, textBytes, lines, files, fileBytes } = frame;
    const textOffset = this.#textOffset;
    const frames = [{ directory, firstKey, textOffset, textBytes, lines, files, fileBytes }];
    const bytes = compressed.length;
    this.#blocks.push({ offset: this.#offset, bytes, textOffset, textBytes, like: undefined, frames });
    this.#textOffset += textBytes;
    this.#lastPath = joinPath(this.#directory, this.#lastKey);
    this.#hash.update(text);
    this.#write(compressed);
  }

  #write(bytes: Uint8Array): void {
    this.#disk.write(this.#file, bytes, this.#offset, this.#path);
    this.#offset += bytes.length;
  }
}

function refuseOrder(path: string): never {
  throw new RangeError(`${JSON.stringify(path)} does not come after the entry before it in a file list`);
}
