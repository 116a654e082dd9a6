import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TargetError } from '../../shared/target/backup-target.ts';
import { sortedTree, treeOf, type Tree } from '../../shared/target/backup-target-tree.test-helper.ts';
import { compareUtf8 } from '../lists/list-path.ts';
import { contentOf, FACTS, putFiles, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import type { Draft } from './draft.ts';

/** Few names, so that operations meet; some whose UTF-8 order is not their UTF-16 order or that sort around a `/`. */
const PATHS = fc
  .array(fc.constantFrom('a', 'a.b', 'a0', '\uffee', '\u{1f600}'), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'));

const OPERATIONS = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'make', 'move', 'copy', 'remove', 'flush', 'crash', 'commit', 'commit'),
  from: PATHS,
  to: PATHS,
  text: fc.string({ maxLength: 3 }),
});

test('after any operations, commits and crashes a draft holds a state that was, and snapshots what was committed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(OPERATIONS, { maxLength: 40 }), async (operations) => {
      using place = new TemporaryVault();
      const run = await Run.start(place);
      try {
        for (const { kind, from, to, text } of operations) {
          if (kind === 'put') await run.change((draft) => putFiles(draft, { [from]: text }));
          else if (kind === 'make') await run.change((draft) => draft.makeDirectory(`${UDID}/${from}`));
          else if (kind === 'remove') await run.change((draft) => draft.remove(`${UDID}/${from}`));
          else if (kind === 'move') await run.change((draft) => draft.move(`${UDID}/${from}`, `${UDID}/${to}`));
          else if (kind === 'copy') await run.change((draft) => draft.copy(`${UDID}/${from}`, `${UDID}/${to}`));
          else if (kind === 'flush') await run.flush();
          else if (kind === 'crash') await run.crash();
          else await run.commit();
        }
        await run.commit();
      } finally {
        await run.vault.close();
      }
    }),
    { numRuns: 40 },
  );
});

/** A draft beside every state it has been in since it last was surely durable. The target's own tests prove the states. */
class Run {
  readonly vault: Vault;
  #draft: Draft;
  #states: Tree[];

  private constructor(vault: Vault, state: Tree) {
    this.vault = vault;
    this.#draft = vault.openDraft(UDID);
    this.#states = [state];
  }

  static async start(place: TemporaryVault): Promise<Run> {
    return new Run(await place.open({ groupLimits: { operations: 5 } }), new Map());
  }

  async change(operation: (draft: Draft) => void | Promise<void>): Promise<void> {
    try {
      await operation(this.#draft);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
    }
    const tree = await treeOf(this.#draft, UDID);
    this.#assertKnows(tree);
    this.#states.push(tree);
  }

  /** What the draft says by heart of every place that is, was or might be. */
  #assertKnows(tree: Tree): void {
    const places = [tree, ...this.#states].flatMap((each) => [...each.keys()]);
    for (const path of [...places, `${UDID}/elsewhere`, `${UDID}/a/elsewhere`]) {
      const isThere = typeof tree.get(path) === 'string';
      assert.equal(this.#draft.knowsFile(path) ?? isThere, isThere, path);
    }
    const isFirst = this.#draft.base === undefined;
    if (isFirst) assert.ok(places.every((path) => this.#draft.knowsFile(path) !== undefined));
  }

  async flush(): Promise<void> {
    await this.#draft.flush();
    this.#states = this.#states.slice(-1);
  }

  async crash(): Promise<void> {
    await this.#draft.abandon();
    this.#draft = this.vault.openDraft(UDID);
    const found = await treeOf(this.#draft, UDID);
    const known = new Set(this.#states.map((state) => JSON.stringify([...state])));
    assert.ok(known.has(JSON.stringify([...found])), 'the draft came back in a state it never was in');
    this.#states = [found];
  }

  async commit(): Promise<void> {
    const state = this.#states.at(-1) ?? new Map();
    const record = await this.#draft.commit(FACTS);
    const content = await contentOf(this.vault, record);
    assert.deepEqual([...content.keys()], [...content.keys()].toSorted(compareUtf8));
    assert.deepEqual(asTree(content), sortedTree(state));
    assert.equal(record.list.files, [...state.values()].filter((text) => text !== null).length);
    this.#draft = this.vault.openDraft(UDID);
    assert.deepEqual(await treeOf(this.#draft, UDID), state);
    this.#states = [state];
  }
}

/** A snapshot's entries with every directory spelled out. */
function asTree(content: ReadonlyMap<string, string | null>): Tree {
  const tree: Tree = new Map();
  for (const [path, text] of content) {
    const names = path.replace(/\/$/, '').split('/');
    for (let depth = 1; depth < names.length; depth++) tree.set([UDID, ...names.slice(0, depth)].join('/'), null);
    tree.set([UDID, ...names].join('/'), text);
  }
  return sortedTree(tree);
}
