import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ByteQueue } from './byte-queue.ts';

describe('ByteQueue', () => {
  test('gives back the bytes in order, whatever the chunks and the portions', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(chunks, fc.infiniteStream(fc.nat(9)), (arriving, portions) => {
        const queue = new ByteQueue();
        const taken: Buffer[] = [];
        for (const chunk of arriving) {
          queue.push(chunk);
          for (const portion of portions) {
            if (portion > queue.length || portion === 0) break;
            assert.deepEqual(queue.peek(portion), queue.peek(portion));
            taken.push(portion % 3 === 0 ? queue.takeSome(portion) : queue.take(portion));
          }
        }
        taken.push(queue.take(queue.length));
        assert.deepEqual(Buffer.concat(taken), Buffer.concat(arriving));
        assert.equal(queue.length, 0);
      }),
    );
  });

  test('reads numbers and bytes across chunk boundaries', () => {
    const queue = new ByteQueue();
    for (const byte of [1, 0, 0, 1, 2, 7]) queue.push(Buffer.of(byte));
    assert.equal(queue.readByte(), 1);
    assert.equal(queue.readUInt32BE(), 0x00000102);
    assert.equal(queue.readByte(), 7);
  });

  test('does not copy what lies within one chunk', () => {
    const queue = new ByteQueue();
    const chunk = Buffer.from('abcdef');
    queue.push(chunk);
    queue.skip(2);
    assert.equal(queue.take(3).buffer, chunk.buffer);
  });

  test('stays quick with many chunks waiting', () => {
    const queue = new ByteQueue();
    for (let i = 0; i < 200_000; i++) queue.push(Buffer.of(i & 0xff));
    let sum = 0;
    while (queue.length > 0) sum += queue.readByte();
    assert.equal(sum, expectedSum(200_000));
  });

  test('refuses to give more than it has', () => {
    const queue = new ByteQueue();
    queue.push(Buffer.from('ab'));
    assert.throws(() => queue.take(3), RangeError);
    assert.throws(() => queue.skip(3), RangeError);
    assert.equal(queue.take(2).toString(), 'ab');
    assert.throws(() => queue.readByte(), RangeError);
  });
});

function expectedSum(count: number): number {
  return Array.from({ length: count }, (_, i) => i & 0xff).reduce((sum, byte) => sum + byte, 0);
}
