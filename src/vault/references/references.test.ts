import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { Disk } from '../durability.ts';
import { encodeIndex } from '../lists/list-index.ts';
import { ListStore } from '../lists/list-store.ts';
import { compareUtf8 } from '../lists/list-path.ts';
import { diffLines } from './diff-lines.ts';
import { PrefixTable } from './prefix-table.ts';
import { referencesOf, type ListReferences, type ListToRead } from './references.ts';
import { scanLists } from './scan-lists.ts';

/** Content by path; undefined for an empty directory. */
type Tree = ReadonlyMap<string, string | undefined>;

describe('references of lists', () => {
  test('are all that any list names, told with the list that first has them', async (t) => {
    const store = storeFor(t);
    const lists = await write(store, [
      tree({ 'aa/1': 'one', 'aa/2': 'two', 'Manifest.db': 'first', 'empty/': undefined }),
      tree({ 'aa/1': 'one', 'aa/2': 'changed', 'ab/3': 'three', 'Manifest.db': 'second' }),
      tree({ 'aa/1': 'one', 'aa/2': 'changed', 'Manifest.db': 'third' }),
    ]);
    const told = (await Array.fromAsync(referencesOf(lists))).map(namesIn);
    assert.deepEqual(told, [
      new Map([
        ['one', false],
        ['two', true],
        ['first', true],
      ]),
      new Map([
        ['changed', false],
        ['three', true],
        ['second', true],
      ]),
      new Map([['third', true]]),
    ]);
  });

  test('are complete for any lists, however their directories are cut', async (t) => {
    const store = storeFor(t);
    const path = fc.constantFrom(
      'a',
      'a-b',
      'a/1',
      'a/2',
      'a/b/1',
      'a/b/2',
      'b/1',
      'b/\t',
      'b/é',
      'c/\u{1f600}',
      'c/\uffee',
      'd',
    );
    const content = fc.constantFrom(...CONTENTS);
    const trees = fc.array(fc.array(fc.tuple(path, content), { minLength: 1 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(trees, async (each) => {
        const wanted = each.map((entries) => new Map(entries.filter(([name]) => !isAbove(name, entries))));
        const lists = await write(store, wanted);
        const named = new Map<string, string>();
        const told = scanLists(lists);
        for (const references of told) for (const [name] of namesIn(references)) named.set(name, references.sha256);
        assert.deepEqual(new Set(named.keys()), new Set(wanted.flatMap((map) => [...map.values()])));
        // What one list alone has is told by it, and as gone from the next.
        for (const [at, map] of wanted.entries()) {
          for (const value of map.values()) {
            const isAlone = wanted.every((other, n) => n === at || ![...other.values()].includes(value));
            if (isAlone) assert.equal(told[at] && namesIn(told[at]).get(value), true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of packed lists are those of the same lists when they stood by themselves, in any order', async (t) => {
    const store = storeFor(t);
    const families = 3;
    const versions = 4;
    const lists = await write(
      store,
      Array.from({ length: families * versions }, (_, n) => {
        const files = Array.from({ length: 2600 }, (_each, at) => [`aa/${at}`, sha256(`${at} of ${n % families}`)]);
        const changes = Array.from({ length: n }, (_each, at) => [`${at % 2 === 0 ? 'aa' : 'b'}/${at * 211}`, `${n}`]);
        return tree(Object.fromEntries([...files, ['c', `${n % 2}`], ...changes]));
      }),
    );
    const orders = fc.shuffledSubarray(lists, { minLength: 2 });
    const chains = fc.sample(orders, { numRuns: 12, seed: 1 });
    const wanted = chains.map((chain) => scanLists(chain));
    const packed = await Promise.all(
      lists.map(({ sha256: name }, n) => store.pack(name, lists[n % families]?.sha256 ?? '')),
    );
    assert.equal(packed.filter(Boolean).length, families * (versions - 1));
    for (const [n, chain] of chains.entries()) assert.deepEqual(scanLists(chain), wanted[n]);
  });

  test('of packed lists are complete, whatever changed and whichever bases they have', async (t) => {
    const store = storeFor(t);
    const files = Array.from({ length: 600 }, (_, n) => [`d${n % 5}/${n}`, sha256(`file ${n}`)] as const);
    const change = fc.tuple(
      fc.integer({ min: 0, max: 620 }),
      fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    );
    const version = fc.record({
      changes: fc.array(change, { maxLength: 12 }),
      base: fc.integer({ min: 0, max: 5 }),
      without: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined, freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(version, { minLength: 3, maxLength: 6 }), async (versions) => {
        const trees = versions.map(({ changes, without }) => {
          const each = new Map<string, string | undefined>(files);
          for (const [n, content] of changes) {
            if (content === undefined) each.delete(`d${n % 5}/${n}`);
            else each.set(`d${n % 5}/${n}`, sha256(`${n} as ${content}`));
          }
          if (without !== undefined) for (const [name] of files) if (name.startsWith(`d${without}/`)) each.delete(name);
          return each;
        });
        const lists = await write(store, trees);
        for (const [n, { base }] of versions.entries()) {
          const [list, other] = [lists[n], lists[base % lists.length]];
          if (list !== undefined && other !== undefined) await store.pack(list.sha256, other.sha256);
        }
        // Each list only once: of two versions that are the same the first.
        const firsts = lists.map(({ sha256: name }) => lists.findIndex((each) => each.sha256 === name));
        const told = scanLists(lists.filter((_, n) => firsts[n] === n)).map((each) => ({
          names: namesIn(each),
          of: each.sha256,
        }));
        const named = new Set<string>();
        for (const { names, of } of told) {
          for (const name of names.keys()) named.add(name);
          const n = lists.findIndex((each) => each.sha256 === of);
          for (const content of trees[n]?.values() ?? []) {
            const name = sha256(content ?? '').slice(0, 16);
            assert.ok(named.has(name));
            const isAlone = trees.every((other, at) => firsts[at] === n || ![...other.values()].includes(content));
            if (isAlone) assert.equal(names.get(name), true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of many lists are read in threads, and are the same', async (t) => {
    const store = storeFor(t);
    const lists = await write(
      store,
      Array.from({ length: 14 }, (_, n) => tree({ 'aa/1': 'one', [`aa/${n + 2}`]: 'two', 'ab/3': CONTENTS[n % 5] })),
    );
    const told = await Array.fromAsync(referencesOf(lists.map((list) => ({ ...list, files: 20_000 }))));
    const here = await Array.fromAsync(referencesOf(lists));
    assert.deepEqual(allNames(told), allNames(here));
    assert.deepEqual(
      told.map((each) => each.sha256),
      lists.map((each) => each.sha256),
    );
  });

  for (const files of [1, 20_000]) {
    test(`${files === 1 ? 'here' : 'in threads'} a damaged list is an error, or left out and said`, async (t) => {
      const store = storeFor(t);
      const trees = Array.from({ length: 14 }, (_, n) => tree({ 'aa/1': 'one', [`aa/${n + 2}`]: 'two' }));
      const lists = (await write(store, trees)).map((list) => ({ ...list, files }));
      const damaged = lists[5];
      assert.ok(damaged);
      const bytes = readFileSync(damaged.path);
      bytes.writeUInt8(bytes.readUInt8(12) ^ 1, 12);
      chmodSync(damaged.path, 0o600);
      writeFileSync(damaged.path, bytes);
      await assert.rejects(Array.fromAsync(referencesOf(lists)), { code: 'SNAPSHOT_CORRUPT' });
      const said: string[] = [];
      const told = await Array.fromAsync(referencesOf(lists, { onDamaged: (list) => said.push(list) }));
      assert.deepEqual(said, [damaged.sha256]);
      assert.equal(told.length, 13);
    });
  }

  test('a list that says to be longer than memory is damaged', async (t) => {
    const path = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'list');
    t.after(() => rmSync(dirname(path), { recursive: true }));
    const textBytes = 512 * 1024;
    const frame = { directory: '', textOffset: 0, textBytes, lines: 1, files: 1, fileBytes: 0 };
    const blocks = Array.from({ length: 6000 }, (_, n) => {
      const frames = [{ ...frame, firstKey: `${n + 10_000}` }];
      return { offset: n, bytes: 1, textOffset: 0, textBytes, like: undefined, frames };
    });
    writeFileSync(path, Buffer.concat([Buffer.alloc(blocks.length), encodeIndex({ base: undefined, blocks })]));
    const list = { path, sha256: '1'.repeat(64), files: 1 };
    const reasons: string[] = [];
    const onDamaged = (_list: string, { message }: Error): void => void reasons.push(message);
    assert.deepEqual(await Array.fromAsync(referencesOf([list], { onDamaged })), []);
    assert.match(reasons.join(), /longer than that of any list/);
  });

  test('stop when they are to', async (t) => {
    const lists = await write(storeFor(t), [tree({ 'aa/1': 'one' })]);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(Array.fromAsync(referencesOf(lists, { signal })), { message: 'enough' });
  });
});

test('lines that only one of two sorted texts has are found', () => {
  const line = fc.tuple(fc.stringMatching(/^[a-d]{1,3}$/), fc.stringMatching(/^[xy]{0,700}$/));
  const text = fc.array(line).map((lines) => [...new Map(lines)].map((each) => `${each.join('\t')}\n`).toSorted());
  fc.assert(
    fc.property(text, text, (old, current) => {
      const [a, b] = [Buffer.from(old.join('')), Buffer.from(current.join(''))];
      const { onlyInOld, onlyInNew } = diffLines(a, b);
      assert.deepEqual(
        linesAt(a, onlyInOld),
        old.filter((each) => !current.includes(each)),
      );
      assert.deepEqual(
        linesAt(b, onlyInNew),
        current.filter((each) => !old.includes(each)),
      );
    }),
  );
});

test('a table of objects knows those it was given, and the last number of each', () => {
  const table = new PrefixTable();
  const hashes = Array.from({ length: 20_000 }, (_, n) => createHash('sha256').update(String(n)).digest());
  for (const [n, hash] of hashes.entries()) table.set(hash.readUInt32BE(0), hash.readUInt32BE(4), n - 10);
  assert.equal(table.size, hashes.length);
  for (const [n, hash] of hashes.entries()) {
    assert.equal(table.get(hash.readUInt32BE(0), hash.readUInt32BE(4)), n - 10);
    assert.ok(table.has(hash));
  }
  assert.equal(table.has(createHash('sha256').update('other').digest()), false);
  assert.equal(table.has(Buffer.alloc(32)), false);
  table.addHash(Buffer.alloc(32));
  assert.ok(table.has(Buffer.alloc(32)));
});

test('a table of objects takes what it is given, however many it is told to expect', () => {
  for (const expected of [0, 3000, 2 ** 53 - 1]) {
    const table = new PrefixTable(expected);
    table.addHash(Buffer.alloc(32, 1));
    assert.ok(table.has(Buffer.alloc(32, 1)));
    assert.equal(table.size, 1);
  }
});

const CONTENTS = ['one', 'two', 'three', 'four', 'five', 'changed', 'first', 'second', 'third', 'six', 'seven'];
const NAMES = new Map(CONTENTS.map((content) => [sha256(content).slice(0, 16), content]));

function tree(entries: Record<string, string | undefined>): Tree {
  return new Map(Object.entries(entries));
}

/** Whether a file of this name would have to be a directory, too. */
function isAbove(name: string, entries: readonly (readonly [string, string])[]): boolean {
  return entries.some(([other]) => other.startsWith(`${name}/`));
}

async function write(store: ListStore, trees: readonly Tree[]): Promise<ListToRead[]> {
  const lists = new Map<string, ListToRead>();
  const order: string[] = [];
  for (const each of trees) {
    const { sha256: name, files } = await store.write((writer) => {
      for (const [path, content] of [...each].toSorted(([a], [b]) => compareUtf8(a, b))) {
        const end = path.endsWith('/') ? path.slice(0, -1) : path;
        const slash = end.lastIndexOf('/');
        const directory = slash < 0 ? '' : end.slice(0, slash);
        const entry = end.slice(slash + 1);
        if (content === undefined) writer.add(directory, { kind: 'directory', name: entry });
        else writer.add(directory, { kind: 'file', name: entry, sizeBytes: content.length, sha256: sha256(content) });
      }
    });
    lists.set(name, { path: store.pathOf(name), sha256: name, files });
    order.push(name);
  }
  return order.flatMap((name) => lists.get(name) ?? []);
}

/** What is told, by the content it stands for: whether the next list does not have it any more. */
function namesIn({ count, high, low, sizes, isLast }: ListReferences): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (let at = 0; at < count; at++) {
    const digits = [high[at], low[at]].map((word) => (word ?? 0).toString(16).padStart(8, '0')).join('');
    const content = NAMES.get(digits);
    const name = content ?? digits;
    if (content !== undefined) assert.equal(sizes[at], content.length);
    names.set(name, (names.get(name) ?? true) && isLast[at] === 1);
  }
  return names;
}

function allNames(all: readonly ListReferences[]): string[] {
  return [...new Set(all.flatMap((each) => [...namesIn(each).keys()]))].toSorted();
}

function linesAt(text: Buffer, starts: readonly number[]): string[] {
  return starts.map((start) => text.toString('utf8', start, text.indexOf('\n', start) + 1));
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function storeFor(t: TestContext): ListStore {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return new ListStore(dir, new Disk());
}
