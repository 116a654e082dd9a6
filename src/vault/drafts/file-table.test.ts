import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FileTable, REMOVED, type FileChange } from './file-table.ts';

const PLAIN = { noNullPrototype: true };
const NAMES = fc.constantFrom(
  'a',
  'b',
  'ü',
  '',
  'a'.repeat(40),
  '0123456789abcdef0123456789abcdef01234567',
  'A'.repeat(40),
);
const CHANGES: fc.Arbitrary<FileChange> = fc.oneof(
  fc.constant(REMOVED),
  fc.record(
    {
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      sizeBytes: fc.nat(),
      changedAtMs: fc.nat(),
    },
    PLAIN,
  ),
);
const STEPS = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      directory: fc.integer({ min: 1, max: 3 }),
      name: NAMES,
      change: CHANGES,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      directory: fc.integer({ min: 1, max: 3 }),
      name: NAMES,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      directory: fc.integer({ min: 1, max: 3 }),
      to: fc.integer({ min: 1, max: 3 }),
      name: NAMES,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), directory: fc.integer({ min: 1, max: 3 }) }) },
);

test('a file table holds what maps would hold', () => {
  fc.assert(
    fc.property(fc.array(STEPS, { maxLength: 80 }), (steps) => {
      const table = new FileTable();
      const model = new Map([1, 2, 3].map((directory) => [directory, new Map<string, FileChange>()]));
      for (const step of steps) {
        const files = model.get(step.directory);
        if (step.do === 'put') {
          table.put(step.directory, step.name, step.change);
          files?.set(step.name, step.change);
        } else if (step.do === 'delete') {
          table.delete(step.directory, step.name);
          files?.delete(step.name);
        } else if (step.do === 'move') {
          const change = files?.get(step.name);
          const isFile = change !== undefined && change !== REMOVED;
          assert.equal(table.holdsFile(step.directory, step.name), isFile);
          if (!isFile || step.to === step.directory) continue;
          table.move(step.directory, step.to, step.name);
          files?.delete(step.name);
          model.get(step.to)?.set(step.name, change);
        } else {
          table.clear(step.directory);
          files?.clear();
        }
      }
      for (const [directory, files] of model) {
        assert.deepEqual(new Map(table.in(directory)), files);
        assert.equal(table.hasAnyIn(directory), files.size > 0);
        for (const [name, change] of files) assert.deepEqual(table.get(directory, name), change);
      }
    }),
  );
});

test('a file table keeps its bearings through many thousand files that come and go', () => {
  const table = new FileTable();
  for (let i = 0; i < 40_000; i++) table.put(1 + (i % 7), `name ${i}`, fileOfSize(i));
  for (let i = 0; i < 40_000; i += 2) table.delete(1 + (i % 7), `name ${i}`);
  for (let i = 0; i < 40_000; i += 4) table.put(8, `name ${i}`, fileOfSize(i));
  assert.equal([...table.in(8)].length, 10_000);
  for (let i = 0; i < 40_000; i++) {
    const change = table.get(1 + (i % 7), `name ${i}`);
    assert.equal(
      change === undefined || change === REMOVED ? undefined : change.sizeBytes,
      i % 2 === 0 ? undefined : i,
    );
  }
});

function fileOfSize(sizeBytes: number): FileChange {
  return { hash: Buffer.alloc(32, sizeBytes), sizeBytes, changedAtMs: 0 };
}
