import { dirname, join } from 'node:path';
import { giveBack } from '../zstd-frame.ts';
import type { TextRange } from './list-frames.ts';
import { corruptList, isUnreadable } from './list-errors.ts';

/** What a base is read through. */
export interface BaseFile extends Disposable {
  textIn(range: TextRange): Buffer;
  allText(): Buffer;
}

export type OpenBase = (path: string, sha256: string) => BaseFile;

/** The second file of a list that others are packed against: the same bytes once more. */
export function secondPathOf(path: string): string {
  return `${path}.second`;
}

/**
 * The text of the list that another one is packed against, out of whichever of its two files is whole: what many lists
 * rest on must not be lost with one bit.
 */
export class BaseText implements Disposable {
  readonly #sha256: string;
  readonly #paths: readonly string[];
  readonly #open: OpenBase;
  /** By number of the file; the second is opened when the first has failed. */
  readonly #files = new Map<number, BaseFile>();
  readonly #shelf: BaseShelf | undefined;

  private constructor(paths: readonly string[], sha256: string, open: OpenBase, shelf: BaseShelf | undefined) {
    this.#paths = paths;
    this.#sha256 = sha256;
    this.#open = open;
    this.#shelf = shelf;
  }

  /**
   * @param packedPath of the list that is packed, which lies in the same folder.
   * @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED when neither file of the base can be read.
   */
  static open(packedPath: string, sha256: string, open: OpenBase, shelf?: BaseShelf): BaseText {
    const path = join(dirname(packedPath), sha256);
    const base = new BaseText([path, secondPathOf(path)], sha256, open, shelf);
    base.#firstThat(() => undefined);
    return base;
  }

  /** Whether every piece that is given comes of a text that has been compared with its hash as a whole. */
  get isCompared(): boolean {
    return this.#shelf !== undefined;
  }

  /** Whether every piece has memory of its own, which nobody else reads; otherwise it is that of the shelf. */
  get givesOwnMemory(): boolean {
    return this.#shelf === undefined;
  }

  /** @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED when neither file has this piece. */
  text({ offset, bytes }: TextRange): Buffer {
    if (this.#shelf === undefined) return this.#firstThat((file) => file.textIn({ offset, bytes }));
    const all = this.#shelf.textOf(this.#sha256, () => this.#firstThat((file) => file.allText()));
    if (offset + bytes <= all.length) return all.subarray(offset, offset + bytes);
    throw corruptList(this.#sha256, 'it ends before a piece of it that another list needs');
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
    this.#files.clear();
  }

  #firstThat<T>(read: (file: BaseFile) => T): T {
    let failure: unknown;
    for (const [number, path] of this.#paths.entries()) {
      try {
        const file = this.#files.get(number) ?? this.#open(path, this.#sha256);
        this.#files.set(number, file);
        return read(file);
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        failure ??= error;
      }
    }
    throw failure;
  }
}

/**
 * Keeps the text of one base, for whoever reads many lists that are packed against it, each best after one that is packed
 * against the same: about 120 bytes a file.
 */
export class BaseShelf implements Disposable {
  #current: { readonly sha256: string; readonly text: Buffer } = { sha256: '', text: Buffer.alloc(0) };
  /** What the list before the present one may still be compared by. */
  #before: Buffer = Buffer.alloc(0);

  textOf(sha256: string, read: () => Buffer): Buffer {
    if (this.#current.sha256 === sha256) return this.#current.text;
    this.forgetEarlier();
    this.#before = this.#current.text;
    this.#current = { sha256, text: read() };
    return this.#current.text;
  }

  /** Gives the memory of the base before the present one back; nobody may have a text any more that came from there. */
  forgetEarlier(): void {
    giveBack(this.#before);
    this.#before = Buffer.alloc(0);
  }

  /** Gives all memory back; nobody may have a text that came from here any more. */
  [Symbol.dispose](): void {
    this.forgetEarlier();
    giveBack(this.#current.text);
  }
}
