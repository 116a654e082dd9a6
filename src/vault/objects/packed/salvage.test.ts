import assert from 'node:assert/strict';
import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { frameLength } from '../../zstd-frame.ts';
import {
  databaseOf,
  diskWith,
  makeVault,
  openStore,
  putLarge,
  sha256,
  systemError,
  type OpenStore,
} from '../store.test-helper.ts';
import { FRAME_BYTES } from './packed-format.ts';

const database = databaseOf('a database', 3_500_000);
const MIB = FRAME_BYTES;

describe('what can still be read of a packed database', () => {
  test('whose second frame is overwritten is all but that MiB, which is zeros', async (t) => {
    const left = await leftOf(t, (file) => overwrite(file, frameAt(file, 1), 200));
    assert.equal(left?.lostBytes, MIB);
    assert.equal(left.bytes.length, database.length);
    assertSame(left.bytes.subarray(0, MIB), database.subarray(0, MIB));
    assertSame(left.bytes.subarray(2 * MIB), database.subarray(2 * MIB));
    assertSame(left.bytes.subarray(MIB, 2 * MIB), Buffer.alloc(MIB));
  });

  test('with one changed bit far into a frame has what stands before that, too', async (t) => {
    const left = await leftOf(t, (file) => {
      const [from, to] = [frameAt(file, 0), frameAt(file, 1)];
      file.writeUInt8(file.readUInt8(from + Math.floor((to - from) * 0.9)) ^ 4, from + Math.floor((to - from) * 0.9));
    });
    assert.equal(left?.lostBytes, MIB);
    assertSame(left.bytes.subarray(0, MIB / 2), database.subarray(0, MIB / 2));
    assertSame(left.bytes.subarray(MIB), database.subarray(MIB));
  });

  test('is all of it where only its table is damaged, or gone, and all before the cut where it is cut off', async (t) => {
    for (const damage of [
      (file: Buffer) => overwrite(file, file.length - 40, 8),
      (file: Buffer) => overwrite(file, file.length - 12, 12),
      (file: Buffer) => file.subarray(0, frameAt(file, 4)),
    ]) {
      const left = await leftOf(t, damage);
      assert.equal(left?.lostBytes, 0);
      assertSame(left.bytes, database);
    }
    const left = await leftOf(t, (file) => file.subarray(0, frameAt(file, 2) + 1000));
    assert.equal(left?.lostBytes, database.length - 2 * MIB);
    assertSame(left.bytes.subarray(0, 2 * MIB), database.subarray(0, 2 * MIB));
    assert.ok(left.bytes.length <= 3 * MIB);
  });

  test('is what unpacks of a small one, of which nothing is certain', async (t) => {
    const small = databaseOf('small', 700_000);
    const vault = await packedVault(t, (file) => overwrite(file, Math.floor(file.length * 0.9), 1), small);
    await using open = await openStore(vault, { packs: true });
    using left = await open.store.unpacked.salvage(sha256(small), small.length);
    assert.ok(left !== undefined && 'bytes' in left.content && left.lostBytes === small.length);
    assertSame(left.content.bytes.subarray(0, 300_000), small.subarray(0, 300_000));
  });

  test('is there when the catalogue is gone, too, and knows nothing of its length', async (t) => {
    const vault = await packedVault(t, (file) => overwrite(file, file.length - 12, 12));
    rmSync(join(vault, 'catalogue.db'));
    await using open = await openStore(vault, { packs: true });
    assertSame((await bytesLeft(open))?.bytes, database);
  });

  test('is nothing where it does not begin as one, and where another object lies', async (t) => {
    const others = [
      (file: Buffer) => overwrite(file, 6, 200),
      (file: Buffer) => file.subarray(0, 2000),
      () => Buffer.alloc(0),
      () => Buffer.alloc(30_000, 'noise'),
    ];
    for (const damage of others) assert.equal(await leftOf(t, damage), undefined);
    const vault = await packedVault(t, (file) => file);
    const other = databaseOf('another', database.length);
    await using open = await openStore(vault, { packs: true });
    await putLarge(open.store, other);
    await open.store.flush();
    const [mine = '', its = ''] = [database, other].map((bytes) => open.store.locate(sha256(bytes))?.path);
    chmodSync(mine, 0o600);
    writeFileSync(mine, readFileSync(its));
    assert.equal(await bytesLeft(open), undefined);
  });

  test('is a file where it is large, gone after use, and in memory where there is no room for one', async (t) => {
    const long = databaseOf('long', 17_000_000);
    const vault = await packedVault(t, (file) => overwrite(file, frameAt(file, 3), 200), long);
    const expected = Buffer.concat([long.subarray(0, 3 * MIB), Buffer.alloc(MIB), long.subarray(4 * MIB)]);
    {
      await using open = await openStore(vault, { mode: 'read' });
      using left = await open.store.unpacked.salvage(sha256(long), long.length);
      assert.ok(left !== undefined && 'path' in left.content && left.lostBytes === MIB);
      assertSame(readFileSync(left.content.path), expected);
    }
    assert.deepEqual(readdirSync(join(vault, 'tmp')), []);
    const disk = diskWith({
      openSync: (path, flags, mode) => {
        if (flags !== 'r' && String(path).includes('/tmp/plain-')) throw systemError('EROFS');
        return fs.openSync(path, flags, mode);
      },
    });
    await using open = await openStore(vault, { mode: 'read', disk });
    using left = await open.store.unpacked.salvage(sha256(long), long.length);
    assert.ok(left !== undefined && 'bytes' in left.content && left.lostBytes === MIB);
    assertSame(left.content.bytes, expected);
  });
});

/** Not told in full where they differ: megabytes take minutes. */
function assertSame(actual: Buffer | undefined, expected: Buffer): void {
  assert.ok(actual?.equals(expected), 'other bytes');
}

/** Where a frame begins in a packed file. */
function frameAt(file: Buffer, number: number): number {
  let at = 0;
  for (let n = 0; n < number; n++) at += frameLength(file.subarray(at)) ?? 0;
  return at;
}

function overwrite(file: Buffer, at: number, length: number): Buffer {
  return file.fill(0x77, at, at + length);
}

async function packedVault(t: TestContext, damage: (file: Buffer) => Buffer | void, bytes = database): Promise<string> {
  const vault = makeVault(t);
  await using open = await openStore(vault, { packs: true });
  await putLarge(open.store, bytes);
  await open.store.flush();
  mkdirSync(join(vault, 'tmp'), { recursive: true });
  const path = open.store.locate(sha256(bytes))?.path ?? '';
  const file = readFileSync(path);
  chmodSync(path, 0o600);
  writeFileSync(path, damage(file) ?? file);
  return vault;
}

async function leftOf(t: TestContext, damage: (file: Buffer) => Buffer | void): ReturnType<typeof bytesLeft> {
  await using open = await openStore(await packedVault(t, damage), { packs: true });
  return await bytesLeft(open);
}

async function bytesLeft({ store }: OpenStore): Promise<{ bytes: Buffer; lostBytes: number } | undefined> {
  using left = await store.unpacked.salvage(sha256(database), database.length);
  if (left === undefined) return undefined;
  assert.ok('bytes' in left.content);
  return { bytes: left.content.bytes, lostBytes: left.lostBytes };
}
