import { createHash } from 'node:crypto';
import { isDatabase } from '../../../database/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { Salvage } from '../../../shared/target/plain-copy.ts';
import type { Disk } from '../../durability.ts';
import { decompressFrame, decompressUnproven, frameLength, giveBack } from '../../zstd-frame.ts';
import type { ObjectLayout } from '../layout.ts';
import { FRAME_BYTES, framesOf, MAX_PACKED_FRAME_BYTES, type ReadAt } from './packed-format.ts';
import { makePlainCopy } from './plain-copy.ts';

/** More than any database of a phone. */
const MAX_SALVAGED_BYTES = 3 * 1024 ** 3;

export interface DamagedFile {
  readonly path: string;
  /** Of the object that should be in it. */
  readonly hash: Buffer;
  readonly sizeBytes: number;
}

/**
 * What can still be read of an object whose packed file is damaged, for looking into it: a file beside the others, or in memory
 * where it is small or no file can be made.
 *
 * @returns undefined where not even the beginning of a database is left, or the file holds another
 *   object.
 * @throws {AppError} STORAGE_FAILED when the file cannot even be opened
 */
export async function salvage(disk: Disk, layout: ObjectLayout, file: DamagedFile): Promise<Salvage | undefined> {
  const { path, sizeBytes } = file;
  const fileBytes = sizeBytes > MAX_SALVAGED_BYTES ? undefined : disk.sizeOf(path);
  const fd = fileBytes === undefined ? undefined : disk.openForReading(path);
  if (fileBytes === undefined || fd === undefined) return undefined;
  try {
    const read = whatIsRead((into, position) => disk.read(fd, into, position, path));
    const onDisk = new Parts(file, read, fileBytes);
    const copy = await makePlainCopy(disk, layout, sizeBytes, onDisk.all());
    if (copy !== undefined) {
      if (onDisk.areOfUse)
        return { content: copy, lostBytes: onDisk.lostBytes, [Symbol.dispose]: copy[Symbol.dispose] };
      copy[Symbol.dispose]();
      return undefined;
    }
    const inMemory = new Parts(file, read, fileBytes);
    const bytes = Buffer.alloc(sizeBytes);
    let filled = 0;
    for await (const part of inMemory.all()) filled += part.copy(bytes, filled);
    if (!inMemory.areOfUse) return undefined;
    return { content: { bytes: bytes.subarray(0, filled) }, lostBytes: inMemory.lostBytes, [Symbol.dispose]() {} };
  } finally {
    disk.close(fd, path);
  }
}

/**
 * The parts of the object. Of a frame that has changed it is what can be unpacked, and zeros behind that. Where the table is
 * damaged the frames are found one behind the other, as far as they themselves tell; what follows is cut off.
 */
class Parts {
  readonly #file: DamagedFile;
  readonly #read: ReadAt;
  readonly #fileBytes: number;
  #certainBytes = 0;
  #isNone = true;

  constructor(file: DamagedFile, read: ReadAt, fileBytes: number) {
    this.#file = file;
    this.#read = read;
    this.#fileBytes = fileBytes;
  }

  /** What is lost or may be wrong. */
  get lostBytes(): number {
    return this.#file.sizeBytes - this.#certainBytes;
  }

  /** Whether it begins as a database, so that it can be opened. */
  get areOfUse(): boolean {
    return !this.#isNone;
  }

  /** Each is valid until the next is asked for. */
  async *all(): AsyncGenerator<Buffer, undefined> {
    const { hash, sizeBytes } = this.#file;
    const actual = createHash('sha256');
    let position = 0;
    for (const frame of this.#frames()) {
      const textBytes = Math.min(FRAME_BYTES, sizeBytes - position);
      // A frame holds a sum of its text: where the one in the table has changed, the frame need not have.
      const certain = decompressFrame(frame, textBytes);
      if (certain !== undefined) this.#certainBytes += textBytes;
      const text = certain ?? (await decompressUnproven(frame, textBytes));
      if (position === 0 && !isDatabase(text)) return;
      actual.update(text);
      position += textBytes;
      yield text;
      giveBack(text);
      if (position === sizeBytes) break;
    }
    // What unpacks without a fault and has another hash is another object.
    this.#isNone = position === 0 || (this.lostBytes === 0 && !actual.digest().equals(hash));
  }

  #frames(): Iterable<Buffer> {
    const { hash, sizeBytes } = this.#file;
    try {
      const { frames, sizeBytes: toldBytes } = framesOf(hash, this.#read, this.#fileBytes);
      if (toldBytes === sizeBytes) return Iterator.from(frames).map(({ frame }) => frame);
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
    }
    return framesInARow(this.#read);
  }
}

/** The last is what is left where a frame does not tell how long it is. */
function* framesInARow(read: ReadAt): Generator<Buffer, undefined> {
  const buffer = Buffer.allocUnsafeSlow(MAX_PACKED_FRAME_BYTES);
  for (let position = 0; ;) {
    const bytes = buffer.subarray(0, read(buffer, position));
    const length = frameLength(bytes);
    if (length === 0) return;
    yield bytes.subarray(0, length);
    if (length === undefined) return;
    position += length;
  }
}

/** What the disk does not hand out is lost like what has changed. */
function whatIsRead(read: ReadAt): ReadAt {
  return (into, position) => {
    try {
      return read(into, position);
    } catch (error) {
      if (isAppError(error, 'STORAGE_FAILED')) return 0;
      throw error;
    }
  };
}
