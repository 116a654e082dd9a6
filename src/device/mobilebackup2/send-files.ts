/**
 * The frames by which a batch of files goes to the device:
 *
 *   per file:  path, spelled as it was asked for · pieces (code 0x0C, then bytes)… · end (0, or another code and text)
 *   then:      an empty frame, and the status response
 *
 * A file that is not there is told as such and never sent empty: an empty Status.plist is a damaged backup to the
 * device, a missing one is no backup yet.
 */
import type { Duplex } from 'node:stream';
import { ProtocolError } from '../../shared/errors.ts';
import { cancelledError } from '../wire/connection-errors.ts';
import { writeToStream } from '../devicelink/write-to-stream.ts';
import { FRAME_HEADER_BYTES } from '../devicelink/frame.ts';
import type { JobContext } from './job.ts';
import { encodeFailures, type Failure, failureOf } from './status.ts';
import { MAX_PATH_BYTES } from './upload-reader.ts';

const CODE_DATA = 0x0c;
/**
 * The device holds a piece in memory as a whole, in a process that is allowed very little of it: pieces of a megabyte
 * got it killed.
 */
const MAX_PIECE_BYTES = 32 * 1024;
/** How much is gathered before it is written: one write for many small files. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * Sends `paths`, each followed by how it went, and the answer to the whole.
 *
 * @throws {AppError} CONNECTION_LOST, CANCELLED
 */
export async function sendFiles(
  paths: readonly string[],
  job: JobContext,
  stream: Duplex,
  { signal, onSent }: { signal?: AbortSignal | undefined; onSent: () => void },
): Promise<void> {
  const output = new FrameOutput(stream);
  const failures = new Map<string, Failure>();
  for (const path of paths) {
    if (signal?.aborted === true) throw cancelledError(signal);
    await output.frame(nameOf(path));
    try {
      await sendContent(path, job, output, onSent);
      await output.frame(END_OK);
      job.counters.filesSent += 1;
    } catch (error) {
      const failure = failureOf(error);
      job.trouble.note(error, failure);
      failures.set(path, failure);
      await output.frame(Buffer.from(failure.text), -failure.status);
    }
    onSent();
  }
  await output.frame(NOTHING);
  await output.flush();
  await writeToStream(stream, encodeFailures(failures));
}

async function sendContent(path: string, job: JobContext, output: FrameOutput, onSent: () => void): Promise<void> {
  job.guard.check(path);
  const file = await job.target.read(path);
  for await (const chunk of file.chunks()) {
    for (let at = 0; at < chunk.length; at += MAX_PIECE_BYTES) {
      const piece = chunk.subarray(at, at + MAX_PIECE_BYTES);
      const pending = output.frame(piece, CODE_DATA);
      if (pending !== undefined) await pending;
      job.counters.bytesSent += piece.length;
    }
    onSent();
  }
}

/** @throws {ProtocolError} when the path is longer than any path of the device: its name could not be answered. */
function nameOf(path: string): Buffer {
  const name = Buffer.from(path);
  if (name.length > MAX_PATH_BYTES) {
    throw new ProtocolError('the device asked for a file by an impossibly long name', {
      details: { nameBytes: name.length },
    });
  }
  return name;
}

const NOTHING = Buffer.alloc(0);
const END_OK = Buffer.alloc(1);

/** Gathers frames and writes them in large pieces. */
class FrameOutput {
  readonly #stream: Duplex;
  #buffer = Buffer.allocUnsafe(OUTPUT_BYTES);
  #filled = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Adds a frame of `code`, if given, and `body`, which is copied. */
  frame(body: Uint8Array, code?: number): void | Promise<void> {
    const length = body.length + (code === undefined ? 0 : 1);
    if (FRAME_HEADER_BYTES + length > OUTPUT_BYTES) throw new RangeError('a frame larger than is ever sent');
    if (this.#filled + FRAME_HEADER_BYTES + length > this.#buffer.length) {
      const pending = this.flush();
      if (pending !== undefined) return pending.then(() => this.#add(body, length, code));
    }
    this.#add(body, length, code);
  }

  flush(): void | Promise<void> {
    if (this.#filled === 0) return undefined;
    const bytes = this.#buffer.subarray(0, this.#filled);
    // The stream keeps what it is given until it is sent.
    this.#buffer = Buffer.allocUnsafe(OUTPUT_BYTES);
    this.#filled = 0;
    return writeToStream(this.#stream, bytes);
  }

  #add(body: Uint8Array, length: number, code: number | undefined): void {
    this.#filled = this.#buffer.writeUInt32BE(length, this.#filled);
    if (code !== undefined) this.#filled = this.#buffer.writeUInt8(code, this.#filled);
    this.#buffer.set(body, this.#filled);
    this.#filled += body.length;
  }
}
