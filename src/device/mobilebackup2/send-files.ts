/**
 * The frames by which a batch of files goes to the device:
 *
 *   per file:  path, spelled as it was asked for · pieces (code 0x0C, then bytes)… · end (0, or another code and text)
 *   then:      an empty frame, and the status response
 *
 * A file that is not there is told as such and never sent empty: an empty Status.plist is a damaged backup to the
 * device, a missing one is no backup yet.
 */
import { cancelledError } from '../wire/connection-errors.ts';
import type { FrameOutput } from '../devicelink/frame-output.ts';
import type { JobContext } from './job.ts';
import { encodeFailures, type Failure, failureOf } from './status.ts';

const CODE_DATA = 0x0c;
/**
 * The device holds a piece in memory as a whole, in a process that is allowed very little of it: pieces of a megabyte
 * got it killed.
 */
const MAX_PIECE_BYTES = 32 * 1024;

/**
 * Sends `paths`, each followed by how it went, and the answer to the whole.
 *
 * @throws {AppError} CONNECTION_LOST, CANCELLED
 */
export async function sendFiles(
  paths: readonly string[],
  job: JobContext,
  output: FrameOutput,
  { signal, onSent }: { signal?: AbortSignal | undefined; onSent: () => void },
): Promise<void> {
  const failures = new Map<string, Failure>();
  for (const path of paths) {
    if (signal?.aborted === true) throw cancelledError(signal);
    await output.frame(Buffer.from(path));
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
  await output.bytes(encodeFailures(failures));
  await output.flush();
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

const NOTHING = Buffer.alloc(0);
const END_OK = Buffer.alloc(1);
