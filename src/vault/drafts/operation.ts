import { FormatError } from '../../shared/errors.ts';

/**
 * What a phone does to a draft, as its journal keeps it. Paths are relative to the backup folder, which itself is ''.
 */
export type DraftOperation =
  | {
      readonly kind: 'put';
      readonly path: string;
      /** SHA-256, 32 bytes. */
      readonly hash: Buffer;
      readonly sizeBytes: number;
      readonly timeMs: number;
    }
  | { readonly kind: 'make-directory' | 'remove'; readonly path: string; readonly timeMs: number }
  | { readonly kind: 'move' | 'copy'; readonly path: string; readonly to: string; readonly timeMs: number };

/**
 * One operation in a journal, little-endian:
 *
 *   offset 0   u8    kind: 1 put, 2 make directory, 3 remove, 4 move, 5 copy
 *   offset 1   f64   time, milliseconds since 1970
 *   offset 9   u16   length of the path in UTF-8, then the path
 *   then       put: 32 bytes of SHA-256, f64 size
 *              move, copy: u16 length and bytes of the path it goes to
 */
const KINDS = ['put', 'make-directory', 'remove', 'move', 'copy'] as const;
const HEADER_BYTES = 9;
const HASH_BYTES = 32;
const PUT_BYTES = HASH_BYTES + 8;
/** A path of 1,024 UTF-16 units has at most 3 bytes for each. */
const MAX_OPERATION_BYTES = HEADER_BYTES + 2 * (2 + 3 * 1024) + PUT_BYTES;
const FIRST_CAPACITY = 64 * 1024;

/** Operations collected to be written together. */
export class OperationWriter {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  #length = 0;
  #count = 0;
  #storedBytes = 0;

  get count(): number {
    return this.#count;
  }

  /** Sum of the sizes of the files put. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  /** What has been collected; valid until the next `add`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  add(operation: DraftOperation): void {
    if (this.#length + MAX_OPERATION_BYTES > this.#bytes.length) this.#grow();
    this.#bytes[this.#length] = KINDS.indexOf(operation.kind) + 1;
    this.#bytes.writeDoubleLE(operation.timeMs, this.#length + 1);
    this.#length += HEADER_BYTES;
    this.#addText(operation.path);
    this.#count++;
    if (operation.kind === 'put') {
      this.#length += operation.hash.copy(this.#bytes, this.#length);
      this.#length = this.#bytes.writeDoubleLE(operation.sizeBytes, this.#length);
      this.#storedBytes += operation.sizeBytes;
    } else if (operation.kind === 'move' || operation.kind === 'copy') {
      this.#addText(operation.to);
    }
  }

  #addText(text: string): void {
    const length = this.#bytes.write(text, this.#length + 2, 'utf8');
    this.#bytes.writeUInt16LE(length, this.#length);
    this.#length += 2 + length;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/**
 * Reads what an `OperationWriter` collected.
 *
 * @throws {FormatError} when the bytes end within an operation or name a kind there is none of.
 */
export function* readOperations(bytes: Buffer): Generator<DraftOperation, undefined> {
  let at = 0;
  const take = (length: number): number => {
    if (at + length > bytes.length) throw new FormatError('the journal of an unfinished backup is damaged');
    at += length;
    return at - length;
  };
  const takeText = (): string => {
    const length = bytes.readUInt16LE(take(2));
    const start = take(length);
    return bytes.toString('utf8', start, start + length);
  };
  while (at < bytes.length) {
    const start = take(HEADER_BYTES);
    const kind = KINDS[(bytes[start] ?? 0) - 1];
    const timeMs = bytes.readDoubleLE(start + 1);
    const path = takeText();
    switch (kind) {
      case 'put': {
        const put = take(PUT_BYTES);
        const hash = bytes.subarray(put, put + HASH_BYTES);
        yield { kind, path, hash, sizeBytes: bytes.readDoubleLE(put + HASH_BYTES), timeMs };
        break;
      }
      case 'move':
      case 'copy':
        yield { kind, path, to: takeText(), timeMs };
        break;
      case 'make-directory':
      case 'remove':
        yield { kind, path, timeMs };
        break;
      case undefined:
        throw new FormatError('the journal of an unfinished backup is damaged', { details: { offset: start } });
    }
  }
}
