import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs, {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { systemError } from '../objects/store.test-helper.ts';
import { UNSYNCED_DISK } from '../vault.test-helper.ts';
import { BaseShelf } from './base-text.ts';
import { ListFile, type PlacedEntry } from './list-file.ts';
import { encodeIndex, FOOTER_BYTES } from './list-index.ts';
import { compareUtf8, joinPath } from './list-path.ts';
import { ListStore } from './list-store.ts';

/** Content by path. */
type Tree = ReadonlyMap<string, string>;

describe('a packed list', () => {
  test('takes little, and reads as it did', async (t) => {
    const { store, dir } = storeFor(t);
    const trees = versions(3, 3, 12_000);
    const [base = '', second = '', third = ''] = await writeAll(store, trees);
    const before = read(store, third);
    assert.equal(await store.pack(second, base), true);
    assert.equal(await store.pack(third, base), true);
    assert.deepEqual(read(store, third), before);
    assert.equal(createHash('sha256').update(textOf(store, third)).digest('hex'), third);
    assert.equal(store.baseOf(third), base);
    assert.ok(statSync(join(dir, third)).size < statSync(join(dir, base)).size / 8);
    using list = store.open(third);
    const [one] = before;
    assert.deepEqual(one && list.find(joinPath(one.directory, one.entry.name)), one?.entry);
    assert.deepEqual(list.totals, totalsOf(before));
  });

  test('stays as it is where too little of it is in the other', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 300));
    const bytes = readFileSync(store.pathOf(second));
    assert.equal(await store.pack(second, base), false);
    assert.deepEqual(readFileSync(store.pathOf(second)), bytes);
    assert.deepEqual(store.bases.names(), []);
  });

  test('is none that others are packed against', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 2));
    await store.pack(second, base);
    assert.equal(await store.pack(base, third), false);
    assert.equal(await store.pack(third, second), false);
  });

  test('is never the base of another one, even where both are packed at the same time', async (t) => {
    const { store } = storeFor(t);
    const names = await writeAll(store, versions(3, 2));
    const [first = '', second = '', third = ''] = names;
    for (let turns = 0; turns < 4; turns++) {
      const later = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        await store.pack(second, first);
      };
      await Promise.all([store.pack(third, second), later()]);
      assert.equal(store.baseOf(second), undefined);
      for (const name of names) await store.unpack(name);
      store.bases.release(names);
    }
  });

  test('stands by itself again, and no longer needs the other', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    const before = read(store, second);
    await store.pack(second, base);
    await store.unpack(second);
    await store.remove([base]);
    assert.deepEqual(read(store, second), before);
    assert.deepEqual(readdirSync(join(store.pathOf(second), '..')), [second]);
  });

  test('is read by whoever opened it before it was packed, and before it was packed anew', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 2));
    const before = read(store, second);
    using whole = store.open(second);
    await store.pack(second, base);
    using packed = store.open(second);
    await store.unpack(second);
    await store.pack(second, third);
    await store.remove([base]);
    assert.deepEqual([...whole.entries()], before);
    assert.deepEqual([...packed.entries()], before);
    assert.deepEqual(read(store, second), before);
  });

  test('can be copied to another store, where it stands by itself', async (t) => {
    const [{ store }, { store: other }] = [storeFor(t), storeFor(t)];
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    await store.pack(second, base);
    await other.copyFrom(store, second);
    assert.deepEqual(read(other, second), read(store, second));
    assert.equal(other.baseOf(second), undefined);
  });

  test('is read from any base with the same text, however that is cut', async (t) => {
    const { store } = storeFor(t);
    const [first, next] = versions(2, 2);
    const [base = '', second = ''] = await writeAll(store, [first ?? new Map(), next ?? new Map()]);
    await store.pack(second, base);
    const before = read(store, second);
    // Made of pieces, as a list is after many small changes.
    const recut = await recutInto(storeFor(t).store, store, base);
    overwrite(store.pathOf(base), recut);
    assert.deepEqual(read(store, second), before);
  });

  test('reads as it did, whatever changed', async (t) => {
    const { store } = storeFor(t);
    const path = fc.stringMatching(/^[ab]\/[a-e]{1,3}$/);
    const changes = fc.array(fc.tuple(path, fc.option(fc.stringMatching(/^[x-z]{1,2}$/), { nil: undefined })));
    const [first = new Map<string, string>()] = versions(1, 0, 5000);
    await fc.assert(
      fc.asyncProperty(changes, async (each) => {
        const next = new Map(first);
        for (const [name, content] of each) {
          if (content === undefined) next.delete(name);
          else next.set(name, content);
        }
        const [base = '', second = ''] = await writeAll(store, [first, next]);
        const before = read(store, second);
        const isPacked = await store.pack(second, base);
        assert.equal(isPacked, second !== base);
        assert.deepEqual(read(store, second), before);
        using list = store.open(second);
        list.verify();
      }),
      { numRuns: 25 },
    );
  });

  test('that is damaged is reported, whatever byte is changed and wherever it is cut', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 1));
    await store.pack(second, base);
    const before = read(store, second);
    const good = readFileSync(store.pathOf(second));
    for (let at = 0; at < good.length; at++) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      overwrite(store.pathOf(second), bytes);
      assertCorruptOrSame(store, second, before);
      overwrite(store.pathOf(second), good.subarray(0, at));
      assert.throws(() => read(store, second), { code: 'SNAPSHOT_CORRUPT' });
    }
  });
});

test('a packed list is the same for all who read it: with another sum and its own text it is whole', async (t) => {
  const { store } = storeFor(t);
  const [base = '', second = ''] = await writeAll(store, versions(2, 1));
  await store.pack(second, base);
  const before = read(store, second);
  const bytes = readFileSync(store.pathOf(second));
  const atSum = bytes.length - FOOTER_BYTES - 1;
  bytes[atSum] = (bytes[atSum] ?? 0) ^ 1;
  overwrite(store.pathOf(second), bytes);
  assert.deepEqual(read(store, second), before);
  assert.equal(createHash('sha256').update(textOf(store, second)).digest('hex'), second);
});

describe('a list that others are packed against', () => {
  for (const [what, spoil] of [
    ['the first of its files is damaged', (path: string) => flipMiddle(path)],
    ['the first of its files has no index', (path: string) => overwrite(path, readFileSync(path).subarray(0, -3))],
    ['the first of its files is gone', (path: string) => rmSync(path)],
  ] as const) {
    test(`is read although ${what}, and made whole again`, async (t) => {
      const { store } = storeFor(t);
      const [base = '', second = ''] = await writeAll(store, versions(2, 2));
      const before = read(store, second);
      await store.pack(second, base);
      spoil(store.pathOf(base));
      assert.deepEqual(read(store, second), before);
      assert.equal(store.bases.damageOf(base)?.code, 'SNAPSHOT_CORRUPT');
      assert.equal(await store.bases.mend(base), true);
      assert.equal(store.bases.damageOf(base), undefined);
      using list = store.open(base);
      list.verify();
    });
  }

  test('is read although the disk does not hand out the first of its files, and made whole again', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    const before = read(store, second);
    await store.pack(second, base);
    const mendSector = breakSector(t, store.pathOf(base));
    assert.throws(() => read(store, base), { code: 'STORAGE_FAILED' });
    assert.deepEqual(read(store, second), before);
    assert.equal(createHash('sha256').update(textOf(store, second)).digest('hex'), second);
    assert.equal(store.bases.damageOf(base)?.code, 'STORAGE_FAILED');
    assert.equal(await store.bases.mend(base), true);
    assert.equal(store.bases.damageOf(base), undefined);
    mendSector();
  });

  test('is missed when both of its files are damaged', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    await store.pack(second, base);
    flipMiddle(store.pathOf(base));
    flipMiddle(store.bases.secondOf(base));
    assert.throws(() => read(store, second), { code: 'SNAPSHOT_CORRUPT' });
    assert.equal(await store.bases.mend(base), false);
  });

  test('is not one while it is damaged itself', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    flipMiddle(store.pathOf(base));
    await assert.rejects(store.pack(second, base), { code: 'SNAPSHOT_CORRUPT' });
    assert.equal(store.baseOf(second), undefined);
    assert.deepEqual(store.bases.names(), []);
  });
});

test('lists that are packed against each other, or against themselves, are damaged and lead nowhere', (t) => {
  const { store, dir } = storeFor(t);
  mkdirSync(dir);
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  for (const [name, base] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const end of ['', '.second']) writeFileSync(join(dir, `${name}${end}`), packedAgainst(base));
  }
  assert.throws(() => store.open(one), { code: 'SNAPSHOT_CORRUPT' });
  writeFileSync(store.pathOf(one), packedAgainst(one));
  assert.throws(() => store.open(one), { code: 'SNAPSHOT_CORRUPT' });
});

test('a base that says to be longer than memory is damaged', (t) => {
  const { store, dir } = storeFor(t);
  mkdirSync(dir);
  const [list, base] = ['1'.repeat(64), '2'.repeat(64)];
  const textBytes = 512 * 1024;
  const frame = { directory: '', textOffset: 0, textBytes, lines: 1, files: 1, fileBytes: 0 };
  const blocks = Array.from({ length: 6000 }, (_, n) => {
    const frames = [{ ...frame, firstKey: `${n + 10_000}` }];
    return { offset: n, bytes: 1, textOffset: 0, textBytes, like: undefined, frames };
  });
  writeFileSync(
    join(dir, base),
    Buffer.concat([Buffer.alloc(blocks.length), encodeIndex({ base: undefined, blocks })]),
  );
  const piece = { offset: 0, bytes: 10, textOffset: 0, textBytes: 10, like: { offset: 0, bytes: 10 } };
  const frames = [{ ...frame, firstKey: 'a', textBytes: 10 }];
  const index = encodeIndex({ base, blocks: [{ ...piece, frames }] }, createHash('sha256'));
  writeFileSync(join(dir, list), Buffer.concat([Buffer.alloc(10), index]));
  assert.throws(() => textOf(store, list), { code: 'SNAPSHOT_CORRUPT', message: /longer than that of a base/ });
});

/** The file of an empty list that says it is packed. */
const packedAgainst = (base: string): Buffer => encodeIndex({ base, blocks: [] }, createHash('sha256'));

/** Versions of a backup; each after the first has so many files changed. */
function versions(count: number, changes: number, files = 800): Tree[] {
  const tree = new Map(
    Array.from({ length: files }, (_, n) => [`${n % 8}0/${createHash('sha1').update(`${n}`).digest('hex')}`, `${n}`]),
  );
  const paths = [...tree.keys()];
  return Array.from({ length: count }, (_, version) => {
    if (version > 0) for (let n = 0; n < changes; n++) tree.set(paths[n * 2] ?? '', `${version} of ${n}`);
    return new Map(tree);
  });
}

async function writeAll(store: ListStore, trees: readonly Tree[]): Promise<string[]> {
  const names: string[] = [];
  for (const tree of trees) {
    const { sha256 } = await store.write((writer) => {
      for (const { directory, entry } of entriesOf(tree)) writer.add(directory, entry);
    });
    names.push(sha256);
  }
  return names;
}

function entriesOf(tree: Tree): PlacedEntry[] {
  return [...tree]
    .toSorted(([a], [b]) => compareUtf8(a, b))
    .map(([path, content]) => {
      const [directory = '', name = ''] = path.split('/');
      const sha256 = createHash('sha256').update(content).digest('hex');
      return { directory, entry: { kind: 'file', name, sizeBytes: content.length, sha256 } };
    });
}

/** The bytes of the same list with each of its directories in two frames. */
async function recutInto(other: ListStore, store: ListStore, sha256: string): Promise<Buffer> {
  await other.write((writer) => {
    using list = store.open(sha256);
    for (const frame of list.frames) {
      const { text } = list.readFrame(frame);
      const middle = text.indexOf('\n', text.length / 2) + 1;
      for (const part of [text.subarray(0, middle), text.subarray(middle)]) {
        const names = part.toString().match(/(?<=\/)[^\t]+(?=\t)/g) ?? [];
        const lines = names.length;
        const [firstKey = '', lastKey = ''] = [names[0], names.at(-1)];
        const { directory } = frame;
        const fileBytes = 0;
        writer.addLines({
          directory,
          firstKey,
          lastKey,
          text: part,
          textBytes: part.length,
          lines,
          files: lines,
          fileBytes,
        });
      }
    }
  });
  return readFileSync(other.pathOf(sha256));
}

function read(store: ListStore, sha256: string): PlacedEntry[] {
  using list = store.open(sha256);
  return [...list.entries()];
}

function totalsOf(entries: readonly PlacedEntry[]): { files: number; bytes: number } {
  const sizes = entries.flatMap(({ entry }) => (entry.kind === 'file' ? [entry.sizeBytes] : []));
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** By its entries, and by its text where the base is kept for several lists. */
function assertCorruptOrSame(store: ListStore, sha256: string, before: readonly PlacedEntry[]): void {
  for (const isSame of [
    () => assert.deepEqual(read(store, sha256), before),
    () => assert.equal(createHash('sha256').update(textOf(store, sha256)).digest('hex'), sha256),
  ]) {
    try {
      isSame();
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'SNAPSHOT_CORRUPT', String(error));
    }
  }
}

function textOf(store: ListStore, sha256: string): Buffer {
  using shelf = new BaseShelf();
  using list = ListFile.open(store.pathOf(sha256), sha256, shelf);
  return Buffer.concat(Array.from(list.texts(), ({ text }) => text));
}

function flipMiddle(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 3);
  bytes[at] = (bytes[at] ?? 0) ^ 0x41;
  overwrite(path, bytes);
}

/** Has the disk refuse what lies behind the first bytes of the file that is at `path` now. @returns what ends it */
function breakSector(t: TestContext, path: string): () => void {
  const { readSync } = fs;
  const { ino } = statSync(path);
  const mocked = t.mock.method(fs, 'readSync', (fd: number, into: Buffer, at: number, bytes: number, from: number) => {
    if (fs.fstatSync(fd).ino === ino && from <= 100 && from + bytes > 100) throw systemError('EIO');
    return readSync(fd, into, at, bytes, from);
  });
  syncBuiltinESMExports();
  const end = (): void => {
    mocked.mock.restore();
    syncBuiltinESMExports();
  };
  t.after(end);
  return end;
}

function overwrite(path: string, bytes: Uint8Array): void {
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

function storeFor(t: TestContext): { readonly store: ListStore; readonly dir: string } {
  const vault = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(vault, { recursive: true }));
  return { store: new ListStore(vault, UNSYNCED_DISK), dir: join(vault, 'lists') };
}
