import type { Duplex } from 'node:stream';
import { AfcError } from './afc-error.ts';
import { AFC_LINK, AFC_LOCK, AFC_OPEN_MODE, AFC_OPERATION } from './constants.ts';
import { type AfcFileInfo, parseDeviceInfo, parseFileInfo, type AfcDeviceInfo } from './info.ts';
import { type AfcPacket, encodeAfcArgs, readAfcHandle, readAfcStrings } from './packet.ts';
import { AfcRequests, bodyOf } from './requests.ts';

/** How much one read or write moves. Larger gains nothing and burdens the device. */
const TRANSFER_BYTES = 256 * 1024;
/** How many reads or writes are under way at once, so that a round trip of Wi-Fi is not paid for each. */
const TRANSFERS_AHEAD = 4;

/** An open file of the device: any 64 bits, which go back as they came. */
export type AfcHandle = bigint & { readonly handle: unique symbol };

/**
 * The files of a device's media folder (com.apple.afc), or of an app's documents (house_arrest). Paths are absolute
 * within it.
 *
 * Every method fails with AfcError when the device declines, and CONNECTION_LOST when it is gone.
 */
export class AfcClient implements AsyncDisposable {
  readonly #requests: AfcRequests;

  constructor(stream: Duplex) {
    this.#requests = new AfcRequests(stream);
  }

  /** The names in a folder, without `.` and `..`. */
  async list(path: string): Promise<string[]> {
    const operation = AFC_OPERATION.readDirectory;
    const reply = await this.#requests.send({ operation, args: encodeAfcArgs(path), what: `list ${path}` });
    return readAfcStrings(bodyOf(reply)).filter((name) => name !== '' && name !== '.' && name !== '..');
  }

  async stat(path: string): Promise<AfcFileInfo> {
    const operation = AFC_OPERATION.fileInfo;
    const reply = await this.#requests.send({ operation, args: encodeAfcArgs(path), what: `describe ${path}` });
    return parseFileInfo(readAfcStrings(bodyOf(reply)));
  }

  async deviceInfo(): Promise<AfcDeviceInfo> {
    const what = 'describe its storage';
    const reply = await this.#requests.send({ operation: AFC_OPERATION.deviceInfo, what });
    return parseDeviceInfo(readAfcStrings(bodyOf(reply)));
  }

  /** The content of a file, in order. Several reads are under way while the caller works on a chunk. */
  async *read(path: string): AsyncGenerator<Buffer, void> {
    const handle = await this.open(path, 'read');
    const args = encodeAfcArgs(handle, TRANSFER_BYTES);
    const ask = (): Promise<Buffer> =>
      quiet(
        this.#requests.send({ operation: AFC_OPERATION.read, args, what: `read ${path}` }).then(pieceOf, endOrFail),
      );
    const ahead = Array.from({ length: TRANSFERS_AHEAD }, ask);
    try {
      for (;;) {
        const chunk = await ahead.shift();
        if (chunk === undefined || chunk.length === 0) return;
        ahead.push(ask());
        yield chunk;
      }
    } finally {
      // What was asked for ahead still comes; the handle may only be closed behind it.
      await Promise.allSettled(ahead);
      await this.close(handle);
    }
  }

  /**
   * The whole content of a small file.
   *
   * @throws {AfcError} tooMuchData when it is larger than `limitBytes`.
   */
  async readWhole(path: string, limitBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of this.read(path)) {
      total += chunk.length;
      if (total > limitBytes) throw new AfcError('tooMuchData', `read ${path}`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, total);
  }

  /** Makes a file or replaces its content. */
  async write(path: string, content: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const handle = await this.open(path, 'write');
    const args = encodeAfcArgs(handle);
    const ahead: Promise<unknown>[] = [];
    try {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        for (let at = 0; at < chunk.length; at += TRANSFER_BYTES) {
          if (ahead.length >= TRANSFERS_AHEAD) await ahead.shift();
          const payload = chunk.subarray(at, at + TRANSFER_BYTES);
          ahead.push(
            quiet(this.#requests.send({ operation: AFC_OPERATION.write, args, payload, what: `write ${path}` })),
          );
        }
      }
      await Promise.all(ahead);
    } finally {
      await Promise.allSettled(ahead);
      await this.close(handle);
    }
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#ask(AFC_OPERATION.makeDirectory, [path], `make the folder ${path}`);
  }

  /** Removes a file or an empty folder. */
  async remove(path: string): Promise<void> {
    await this.#ask(AFC_OPERATION.removePath, [path], `remove ${path}`);
  }

  /** Removes a folder with all in it. */
  async removeTree(path: string): Promise<void> {
    await this.#ask(AFC_OPERATION.removeTree, [path], `remove ${path}`);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#ask(AFC_OPERATION.rename, [from, to], `rename ${from}`);
  }

  /** Makes `path` a symbolic link that points to `target`. */
  async symlink(target: string, path: string): Promise<void> {
    await this.#ask(AFC_OPERATION.makeLink, [AFC_LINK.symbolic, target, path], `link ${path}`);
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    await this.#ask(AFC_OPERATION.truncate, [sizeBytes, path], `cut ${path}`);
  }

  async setModifiedTime(path: string, at: Date): Promise<void> {
    const nanoseconds = BigInt(at.getTime()) * 1_000_000n;
    await this.#ask(AFC_OPERATION.setModifiedTime, [nanoseconds, path], `date ${path}`);
  }

  async open(path: string, mode: keyof typeof AFC_OPEN_MODE): Promise<AfcHandle> {
    const args = encodeAfcArgs(AFC_OPEN_MODE[mode], path);
    const reply = await this.#requests.send({ operation: AFC_OPERATION.open, args, what: `open ${path}` });
    return readAfcHandle(bodyOf(reply)) as AfcHandle;
  }

  async close(handle: AfcHandle): Promise<void> {
    await this.#ask(AFC_OPERATION.close, [handle], 'close a file');
  }

  /**
   * Takes the lock on an open file without waiting for another holder.
   *
   * @returns false when someone else holds it.
   */
  async lock(handle: AfcHandle, kind: 'exclusive' | 'shared' = 'exclusive'): Promise<boolean> {
    try {
      await this.#ask(AFC_OPERATION.lock, [handle, AFC_LOCK[kind]], 'lock a file');
      return true;
    } catch (error) {
      if (error instanceof AfcError && error.status === 'wouldBlock') return false;
      throw error;
    }
  }

  async unlock(handle: AfcHandle): Promise<void> {
    await this.#ask(AFC_OPERATION.lock, [handle, AFC_LOCK.unlock], 'unlock a file');
  }

  /** Ends the connection; the device lets go of open files and locks. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#requests.close();
  }

  async #ask(operation: number, values: (number | bigint | string)[], what: string): Promise<void> {
    await this.#requests.send({ operation, args: encodeAfcArgs(...values), what });
  }
}

const NOTHING = Buffer.alloc(0);

/** The bytes a read brought. Some devices tell the end of a file by a bare status instead of by no bytes. */
function pieceOf(reply: AfcPacket): Buffer {
  return reply.operation === AFC_OPERATION.status ? NOTHING : bodyOf(reply);
}

function endOrFail(error: unknown): Buffer {
  if (error instanceof AfcError && error.status === 'endOfData') return NOTHING;
  throw error;
}

/** A request made ahead of its use: its failure is told where it is awaited, which may be later than it happens. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
