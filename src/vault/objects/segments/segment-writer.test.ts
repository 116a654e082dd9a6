import assert from 'node:assert/strict';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Disk, type FileOperations } from '../../durability.ts';
import { BufferPool } from '../buffer-pool.ts';
import { hashBytes } from '../object-ref.ts';
import { SegmentWriter } from './segment-writer.ts';

const BUFFER_BYTES = 4096;

test('an object can be read back wherever it is: in the buffer, with the thread pool, or written past it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-segment-'));
  const pool = new SlowPool();
  try {
    const writer = new SegmentWriter(new Disk(pool.operations), 1, join(directory, '1'), new BufferPool(BUFFER_BYTES));
    // The first buffer waits in the pool, the ones after it are written past it, the last is not full yet.
    const objects = Array.from({ length: 30 }, (_, i) => Buffer.alloc(500, i + 1));
    const offsets = objects.map((bytes) => writer.append(hashBytes(bytes), bytes));
    assert.equal(pool.waiting, 1);
    for (const [i, bytes] of objects.entries()) {
      const read = Buffer.alloc(bytes.length);
      writer.read(read, offsets[i] ?? -1);
      assert.deepEqual(read, bytes, `object ${i}`);
    }
    pool.work();
    await writer.seal();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** A thread pool that writes only when it is told to. */
class SlowPool {
  readonly operations: FileOperations;
  #waiting: (() => void)[] = [];

  constructor() {
    const write = (...args: Parameters<typeof fs.write>): void => void this.#waiting.push(() => fs.write(...args));
    this.operations = { ...fs, write: Object.assign(write, fs.write) };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  work(): void {
    for (const write of this.#waiting.splice(0)) write();
  }
}
