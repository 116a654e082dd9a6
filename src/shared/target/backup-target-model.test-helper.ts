import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TargetError } from './backup-target.ts';
import { put, sortedTree, type TargetUnderTest, type Tree, treeOf } from './backup-target-tree.test-helper.ts';

/** Does random sequences of operations on a target and on a map, and compares what both hold in the end. */
export async function holdsLikeAPlainTree(open: () => Promise<TargetUnderTest>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(OPERATIONS, { maxLength: 25 }), async (operations) => {
      const opened = await open();
      try {
        const model: Tree = new Map();
        await opened.target.makeDirectory(opened.udid);
        for (const operation of operations) await applyToBoth(operation, opened, model);
        assert.deepEqual(await treeOf(opened.target, opened.udid), sortedTree(model));
      } finally {
        await opened.close();
      }
    }),
    { numRuns: 40 },
  );
}

interface Operation {
  readonly kind: 'put' | 'make' | 'move' | 'remove' | 'copy';
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Few names, so that operations meet each other. */
const PATHS = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

const OPERATIONS: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('put', 'put', 'make', 'move', 'move', 'remove', 'copy'),
  from: PATHS,
  to: PATHS,
  text: fc.string({ maxLength: 5 }),
});

/** Does an operation on the target and, when the target accepts it, on the model. Whether it must is known too. */
async function applyToBoth(operation: Operation, { target, udid }: TargetUnderTest, model: Tree): Promise<void> {
  const from = `${udid}/${operation.from}`;
  const to = `${udid}/${operation.to}`;
  const expected = applyToModel({ ...operation, from, to }, model);
  try {
    if (operation.kind === 'put') await put(target, from, [operation.text]);
    else if (operation.kind === 'make') await target.makeDirectory(from);
    else if (operation.kind === 'remove') await target.remove(from);
    else await target[operation.kind](from, to);
    assert.ok(expected, `${operation.kind} ${operation.from} ${operation.to} was to fail`);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    assert.ok(!expected, `${operation.kind} ${operation.from} ${operation.to} failed: ${error.message}`);
  }
}

/** @returns whether a target must accept the operation; the model is changed only if so. */
function applyToModel(operation: Operation, model: Tree): boolean {
  const { kind, from, to, text } = operation;
  switch (kind) {
    case 'put':
      if (model.get(from) === null || !hasRoomFor(model, from)) return false;
      addParents(model, from);
      model.set(from, text);
      return true;
    case 'make':
      if (typeof model.get(from) === 'string' || !hasRoomFor(model, from)) return false;
      addParents(model, from);
      model.set(from, null);
      return true;
    case 'remove':
      removeTree(model, from);
      return true;
    case 'move':
    case 'copy':
    default: {
      if (!model.has(from)) return false;
      if (from === to) return true;
      if (to.startsWith(`${from}/`) || from.startsWith(`${to}/`) || !hasRoomFor(model, to)) return false;
      const moved = [...model].filter(([path]) => path === from || path.startsWith(`${from}/`));
      if (kind === 'move') removeTree(model, from);
      removeTree(model, to);
      addParents(model, to);
      for (const [path, content] of moved) model.set(to + path.slice(from.length), content);
      return true;
    }
  }
}

/** Whether no file stands where a directory above `path` would have to be. */
function hasRoomFor(model: Tree, path: string): boolean {
  return parentsOf(path).every((parent) => typeof model.get(parent) !== 'string');
}

function addParents(model: Tree, path: string): void {
  for (const parent of parentsOf(path)) model.set(parent, null);
}

function removeTree(model: Tree, root: string): void {
  for (const path of model.keys()) if (path === root || path.startsWith(`${root}/`)) model.delete(path);
}

/** The directories between the UDID directory and `path`, without both. */
function parentsOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(2).map((_, i) => names.slice(0, i + 2).join('/'));
}
