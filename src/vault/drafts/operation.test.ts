import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OperationWriter, readOperations, type DraftOperation } from './operation.ts';

const path = fc.string({ unit: 'grapheme', maxLength: 40 });
const PLAIN = { noNullPrototype: true };
const timeMs = fc.double({ noNaN: true });
const OPERATION: fc.Arbitrary<DraftOperation> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('put' as const),
      path,
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      sizeBytes: fc.maxSafeNat(),
      timeMs,
    },
    PLAIN,
  ),
  fc.record({ kind: fc.constantFrom('make-directory' as const, 'remove' as const), path, timeMs }, PLAIN),
  fc.record({ kind: fc.constantFrom('move' as const, 'copy' as const), path, to: path, timeMs }, PLAIN),
);

test('operations read back in the order they were added', () => {
  fc.assert(
    fc.property(fc.array(OPERATION, { maxLength: 50 }), (operations) => {
      assert.deepEqual([...readOperations(encode(operations))], operations);
    }),
  );
});

test('a journal outgrows its first buffer', () => {
  const operations = Array.from({ length: 5000 }, (_, i): DraftOperation => ({
    kind: 'remove',
    path: `ab/${i}`,
    timeMs: i,
  }));
  assert.deepEqual([...readOperations(encode(operations))], operations);
});

test('a damaged journal is refused, wherever it is cut and whatever it begins with', () => {
  const whole = encode([{ kind: 'move', path: 'ab/x', to: 'cd/y', timeMs: 1 }]);
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => [...readOperations(whole.subarray(0, length))], { code: 'FORMAT_INVALID' });
  }
  for (const kind of [0, 6, 255]) {
    const bytes = Buffer.from(whole);
    bytes[0] = kind;
    assert.throws(() => [...readOperations(bytes)], { code: 'FORMAT_INVALID' });
  }
});

function encode(operations: readonly DraftOperation[]): Buffer {
  const writer = new OperationWriter();
  for (const operation of operations) writer.add(operation);
  assert.equal(writer.count, operations.length);
  return writer.bytes;
}
