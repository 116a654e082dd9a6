import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs, { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { systemError } from '../objects/store.test-helper.ts';
import { encodeIndex } from './list-index.ts';
import { overwrite, read, storeFor, textOf, versions, writeAll } from './packed-list.test-helper.ts';

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
      const own = read(store, base);
      spoil(store.pathOf(base));
      assert.deepEqual(read(store, second), before);
      assert.deepEqual(read(store, base), own);
      assert.equal(store.isWhole(base), false);
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
    const [own, before] = [read(store, base), read(store, second)];
    await store.pack(second, base);
    const mendSector = breakSector(t, store.pathOf(base));
    assert.deepEqual(read(store, second), before);
    assert.deepEqual(read(store, base), own);
    assert.equal(createHash('sha256').update(textOf(store, second)).digest('hex'), second);
    assert.equal(store.bases.damageOf(base)?.code, 'STORAGE_FAILED');
    assert.equal(await store.bases.mend(base), true);
    assert.equal(store.bases.damageOf(base), undefined);
    mendSector();
  });

  test('is copied out of its second file where the first is damaged', async (t) => {
    const [{ store }, { store: other }] = [storeFor(t), storeFor(t)];
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    const own = read(store, base);
    await store.pack(second, base);
    flipMiddle(store.pathOf(base));
    await other.copyFrom(store, base);
    assert.deepEqual(read(other, base), own);
    assert.equal(other.isWhole(base), true);
  });

  test('is made whole again where the first of its files is damaged, before another list is packed against it', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = '', third = ''] = await writeAll(store, versions(3, 2));
    const before = read(store, third);
    await store.pack(second, base);
    flipMiddle(store.pathOf(base));
    assert.equal(await store.pack(third, base), true);
    assert.equal(store.bases.damageOf(base), undefined);
    assert.deepEqual(read(store, third), before);
  });

  test('is missed when both of its files are damaged', async (t) => {
    const { store } = storeFor(t);
    const [base = '', second = ''] = await writeAll(store, versions(2, 2));
    await store.pack(second, base);
    flipMiddle(store.pathOf(base));
    flipMiddle(store.bases.secondOf(base));
    assert.throws(() => read(store, second), { code: 'SNAPSHOT_CORRUPT' });
    assert.throws(() => read(store, base), { code: 'SNAPSHOT_CORRUPT' });
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
  assert.throws(() => textOf(store, list), { code: 'SNAPSHOT_CORRUPT', message: /longer than that of any list/ });
});

/** The file of an empty list that says it is packed. */
const packedAgainst = (base: string): Buffer => encodeIndex({ base, blocks: [] }, createHash('sha256'));

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
