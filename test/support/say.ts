import { writeSync } from 'node:fs';
import { systemErrorCode } from '../../src/shared/errors.ts';

/** Tells whoever started this process a line at once, also while that one is too busy to read and the pipe is full. */
export function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
