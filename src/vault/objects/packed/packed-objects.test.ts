import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import type { ObjectStore } from '../object-store.ts';
import { putWhole } from '../put-whole.ts';
import {
  databaseOf,
  filesIn,
  makeVault,
  openStore,
  putLarge,
  readAll,
  sha256,
  type OpenStore,
} from '../store.test-helper.ts';
import type { DamagedObject } from '../verify/verify.ts';

const database = databaseOf('a database', 3_500_000);
const hash = sha256(database);
const NAME = nameOf(database);

describe('a large database', () => {
  test('takes less than half in a vault that packs, and is read as it was: at once, later, without a catalogue', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openPacking(vault);
      assert.deepEqual(await putLarge(open.store, database), hash);
      for (const step of ['before', 'after']) {
        await assertReads(open.store, step);
        await open.store.flush();
      }
    }
    const file = join(vault, 'objects', `${NAME}.zst`);
    assert.deepEqual(zstdDecompressSync(readFileSync(file)), database);
    assert.equal(statSync(file).mode & 0o777, 0o444);
    assert.ok(statSync(file).size < database.length / 2);
    await assertHolds(vault, 'later');
    rmSync(join(vault, 'catalogue.db'));
    await assertHolds(vault, 'without a catalogue');
  });

  test('tells by what it takes how large the vault is, and what a prune frees', async (t) => {
    const vault = makeVault(t);
    await using open = await openPacking(vault);
    await putLarge(open.store, database);
    await open.store.flush({ publish: true });
    const taken = statSync(join(vault, 'objects', `${NAME}.zst`)).size;
    const { storedBytes, freeableBytes } = open.store.findGarbage({ has: () => false });
    assert.ok(storedBytes === freeableBytes && storedBytes >= taken && storedBytes < taken + 1024);
  });

  for (const sizeBytes of [2 ** 20 + 1, 2 ** 20 + 4096, 2 ** 20 + 4097, 2 ** 21, 2 ** 21 + 1]) {
    test(`is whole where the last frame is a short one, or none: ${sizeBytes} bytes`, async (t) => {
      await using open = await openPacking(makeVault(t));
      const bytes = databaseOf(sizeBytes, sizeBytes);
      for (const chunkBytes of [sizeBytes, 65_536]) {
        await putLarge(open.store, bytes, chunkBytes);
        assert.match(open.store.locate(sha256(bytes))?.path ?? '', /\.zst$/);
        assert.deepEqual(await readAll(open.store, sha256(bytes)), bytes);
      }
    });
  }

  test('lies as it is where it would not shrink, and so does what is none, and all in a vault that does not pack', async (t) => {
    const vault = makeVault(t);
    const others = [databaseOf('full', 2_500_000, true), Buffer.alloc(2_500_000, 'not a database')];
    {
      await using open = await openPacking(vault);
      for (const bytes of others) await putLarge(open.store, bytes);
    }
    {
      await using open = await openStore(vault);
      await putLarge(open.store, database);
    }
    assert.deepEqual(
      filesIn(join(vault, 'objects')).filter((name) => name.endsWith('.zst')),
      [],
    );
    await using open = await openPacking(vault);
    for (const bytes of [...others, database]) assert.deepEqual(await readAll(open.store, sha256(bytes)), bytes);
  });

  test('is not stored again, whichever way it lies there', async (t) => {
    const vault = makeVault(t);
    for (const packs of [false, true, false]) {
      await using open = await openStore(vault, { packs });
      await putLarge(open.store, database);
      await open.store.flush();
      assert.deepEqual(filesIn(join(vault, 'objects')), [NAME]);
    }
  });

  test('goes when nothing names it, both ways', async (t) => {
    const vault = await withBoth(t);
    await using open = await openPacking(vault);
    assert.equal((await open.store.prune({ has: () => false })).removedFiles, 1);
    assert.deepEqual(filesIn(join(vault, 'objects')), []);
  });
});

describe('a small database', () => {
  const small = databaseOf('a small one', 200_000);
  const [tiny, full] = [databaseOf('tiny', 65_535), databaseOf('full', 200_000, true)];

  test('has a packed file of its own where that pays, however it comes, and a segment where not', async (t) => {
    const vault = makeVault(t);
    const late = databaseOf('late', 1_048_576);
    {
      await using open = await openPacking(vault);
      for (const bytes of [small, tiny, full]) await putLarge(open.store, bytes, 65_536);
      const stored = await putWhole(open.store, sha256(late), late);
      assert.deepEqual(stored, { hash: sha256(late), sizeBytes: late.length, isNew: true });
      for (const step of ['before', 'after']) {
        for (const bytes of [small, tiny, full, late]) {
          assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes, step);
          assert.deepEqual(await readAll(open.store, sha256(bytes)), bytes, step);
        }
        await open.store.flush();
      }
    }
    assert.deepEqual(filesIn(join(vault, 'objects')), [small, late].map((bytes) => `${nameOf(bytes)}.zst`).toSorted());
    rmSync(join(vault, 'catalogue.db'));
    await using open = await openPacking(vault);
    for (const bytes of [small, tiny, full, late]) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
    assert.deepEqual(await damageIn(open.store), []);
  });

  test('is not stored again where it lies in a segment, and goes there in a vault that does not pack', async (t) => {
    const vault = makeVault(t);
    for (const packs of [false, true]) {
      await using open = await openStore(vault, { packs });
      assert.equal((await putWhole(open.store, sha256(small), small)).isNew, !packs);
      await putLarge(open.store, small);
      await open.store.flush();
      assert.deepEqual(
        filesIn(vault).filter((name) => name.endsWith('.zst')),
        [],
      );
    }
  });
});

describe('a packed file that is damaged', () => {
  for (const { what, damage } of [
    { what: 'a bit in a frame', damage: (bytes: Buffer) => flip(bytes, 5000) },
    { what: 'a bit in the table', damage: (bytes: Buffer) => flip(bytes, bytes.length - 30) },
    { what: 'a bit in the footer', damage: (bytes: Buffer) => flip(bytes, bytes.length - 1) },
    { what: 'its end', damage: (bytes: Buffer) => bytes.subarray(0, bytes.length - 3) },
    { what: 'everything', damage: () => Buffer.alloc(0) },
  ]) {
    test(`is named by verification and by who reads it, kept aside, and stored anew: ${what}`, async (t) => {
      const vault = await withPacked(t);
      rewrite(join(vault, 'objects', `${NAME}.zst`), damage);
      if (what === 'its end') rmSync(join(vault, 'catalogue.db'));
      await using open = await openPacking(vault);
      const [found, ...more] = await damageIn(open.store);
      assert.deepEqual([found?.path, found?.kind, more], [join(vault, 'objects', `${NAME}.zst`), 'changed', []]);
      await assert.rejects(readAll(open.store, hash), { code: 'SNAPSHOT_CORRUPT' });
      assert.throws(() => open.store.readSmall(hash), { code: 'SNAPSHOT_CORRUPT' });
      assert.equal(open.store.quarantine({ hash, kind: 'changed' }), false);
      assert.deepEqual(filesIn(join(vault, 'quarantine')), [`${hash.toString('hex')}.zst`]);
      await putLarge(open.store, database);
      await open.store.flush();
      assert.deepEqual(await damageIn(open.store), []);
      await assertReads(open.store, 'stored anew');
    });
  }

  test('costs nothing where the object lies there as it is, too: verification names it, and it is kept aside', async (t) => {
    for (const [bad, good] of [
      [`${NAME}.zst`, NAME],
      [NAME, `${NAME}.zst`],
    ] as const) {
      const vault = await withBoth(t);
      rewrite(join(vault, 'objects', bad), (bytes) => flip(bytes, 9000));
      {
        await using open = await openPacking(vault);
        const damaged = await damageIn(open.store);
        assert.deepEqual(
          damaged.map(({ path }) => path),
          [join(vault, 'objects', bad)],
        );
        assert.equal(open.store.quarantine({ hash, kind: 'changed' }), true);
        assert.deepEqual(filesIn(join(vault, 'objects')), [good]);
        await assertReads(open.store, good);
      }
      await assertHolds(vault, good);
    }
  });

  test('gives way to the one that is stored when it is too short', async (t) => {
    for (const packs of [true, false]) {
      const vault = makeVault(t);
      {
        await using open = await openStore(vault, { packs: !packs });
        await putLarge(open.store, database);
      }
      const [old = ''] = filesIn(join(vault, 'objects'));
      rewrite(join(vault, 'objects', old), (bytes) => bytes.subarray(0, bytes.length / 2));
      {
        await using open = await openStore(vault, { packs });
        assert.equal(open.store.has(hash), false);
        await putLarge(open.store, database);
      }
      assert.deepEqual(filesIn(join(vault, 'objects')), [packs ? `${NAME}.zst` : NAME]);
      await assertHolds(vault, packs ? 'packed' : 'as it is');
    }
  });
});

test('a large object whose file cannot even be looked at is unreadable, and costs the others nothing', async (t) => {
  const vault = await withPacked(t);
  const path = join(vault, 'objects', `${NAME}.zst`);
  rmSync(path);
  symlinkSync(path, path);
  const other = Buffer.alloc(2_500_000, 'another object');
  await using open = await openPacking(vault);
  await putLarge(open.store, other);
  await open.store.flush();
  assert.deepEqual(
    (await damageIn(open.store)).map((each) => [each.kind, each.path]),
    [['unreadable', path]],
  );
  const reads = [...open.store.planReads([hash, sha256(other)])];
  assert.deepEqual(reads.map(({ kind }) => kind).toSorted(), ['file', 'file']);
  assert.equal(open.store.has(hash), false);
  await putLarge(open.store, database);
  await open.store.flush();
  assert.deepEqual(await damageIn(open.store), []);
});

test('a large object that lies there both ways is one, whose length is right, with and without a catalogue', async (t) => {
  const vault = await withBoth(t);
  await assertHolds(vault, 'both');
  rewrite(join(vault, 'objects', NAME), (bytes) => bytes.subarray(0, 1000));
  await assertHolds(vault, 'one too short');
  rmSync(join(vault, 'catalogue.db'));
  await using reader = await openStore(vault, { mode: 'read' });
  assert.equal((await Array.fromAsync(reader.store.verify())).filter(({ kind }) => kind === 'damaged').length, 1);
});

test('a copy of a packed object that is a file of its own is gone after use', async (t) => {
  const vault = makeVault(t);
  const long = databaseOf('long', 17_000_000);
  await using open = await openPacking(vault);
  await putLarge(open.store, long);
  await putLarge(open.store, database);
  // Until then their files are on their way to their names.
  await open.store.flush();
  let path: string;
  {
    using copy = await open.store.unpacked.plainCopy(sha256(long));
    path = copy?.path ?? '';
    assert.deepEqual(readFileSync(path), long);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  }
  assert.equal(existsSync(path), false);
  assert.equal(await open.store.unpacked.plainCopy(hash), undefined);
  rewrite(open.store.locate(sha256(long))?.path ?? '', (bytes) => flip(bytes, 9000));
  await assert.rejects(open.store.unpacked.plainCopy(sha256(long)), { code: 'SNAPSHOT_CORRUPT' });
  assert.deepEqual(filesIn(join(vault, 'tmp')), []);
});

test('a copy beside which somebody begins to write stays until it has been used; one left behind goes a day later', async (t) => {
  const vault = makeVault(t);
  const long = databaseOf('long', 17_000_000);
  {
    await using open = await openPacking(vault);
    await putLarge(open.store, long);
  }
  await using reader = await openStore(vault, { mode: 'read' });
  using copy = await reader.store.unpacked.plainCopy(sha256(long));
  const path = copy?.path ?? '';
  await (await openPacking(vault))[Symbol.asyncDispose]();
  assert.deepEqual(readFileSync(path), long);
  const dayBefore = Date.now() / 1000 - 25 * 60 * 60;
  utimesSync(path, dayBefore, dayBefore);
  await (await openPacking(vault))[Symbol.asyncDispose]();
  assert.equal(existsSync(path), false);
});

/** Where a large object lies in `objects/`; behind it `.zst` where it is packed. */
function nameOf(bytes: Buffer): string {
  const digits = sha256(bytes).toString('hex');
  return `${digits.slice(0, 2)}/${digits.slice(2)}`;
}

function openPacking(vault: string): Promise<OpenStore> {
  return openStore(vault, { packs: true });
}

async function withPacked(t: TestContext): Promise<string> {
  const vault = makeVault(t);
  await using open = await openPacking(vault);
  await putLarge(open.store, database);
  return vault;
}

/** As when the files of two vaults were put together by hand. */
async function withBoth(t: TestContext): Promise<string> {
  const vault = await withPacked(t);
  const other = makeVault(t);
  {
    await using open = await openStore(other);
    await putLarge(open.store, database);
  }
  mkdirSync(dirname(join(vault, 'objects', NAME)), { recursive: true });
  cpSync(join(other, 'objects', NAME), join(vault, 'objects', NAME));
  return vault;
}

async function assertHolds(vault: string, when: string): Promise<void> {
  for (const mode of ['read', 'write'] as const) {
    await using open = await openStore(vault, { packs: true, mode });
    assert.ok(open.store.has(hash), when);
    await assertReads(open.store, when);
  }
}

async function assertReads(store: ObjectStore, when: string): Promise<void> {
  assert.deepEqual(store.readSmall(hash), database, when);
  assert.deepEqual(await readAll(store, hash), database, when);
  assert.equal(store.sizeOf(hash), database.length, when);
}

async function damageIn(store: ObjectStore): Promise<DamagedObject[]> {
  const events = await Array.fromAsync(store.verify());
  return events.flatMap((event) => (event.kind === 'damaged' ? event.object : []));
}

function rewrite(path: string, change: (bytes: Buffer) => Buffer): void {
  chmodSync(path, 0o600);
  writeFileSync(path, change(readFileSync(path)));
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  return bytes;
}
