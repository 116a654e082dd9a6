import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SMALL_LIMIT_BYTES } from './object-ref.ts';
import { contentOf, filesIn, makeVault, openStore, putLarge, readAll, sha256 } from './store.test-helper.ts';

const small = contentOf('small', 5000);
const large = contentOf('large', 3_500_000);

describe('an object that was put', () => {
  test('can be read at once, after a flush, and in a later session', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openStore(vault);
      const { store } = open;
      assert.deepEqual(store.putSmall(small), { hash: sha256(small), sizeBytes: 5000, isNew: true });
      assert.deepEqual(await putLarge(store, large), sha256(large));
      for (const step of ['before', 'after']) {
        assert.deepEqual(store.readSmall(sha256(small)), small, step);
        assert.deepEqual(store.readSmall(sha256(large)), large, step);
        assert.deepEqual(await readAll(store, sha256(large)), large, step);
        await store.flush();
      }
    }
    await using open = await openStore(vault);
    assert.deepEqual(await readAll(open.store, sha256(small)), small);
    assert.deepEqual(await readAll(open.store, sha256(large)), large);
    assert.equal(open.store.sizeOf(sha256(large)), large.length);
  });

  test('is stored once, whoever puts it', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openStore(vault);
      assert.equal(open.store.putSmall(small).isNew, true);
      assert.equal(open.store.putSmall(small).isNew, false);
      await putLarge(open.store, large);
      await putLarge(open.store, large, 1000);
    }
    const before = filesIn(vault);
    await using open = await openStore(vault);
    assert.equal(open.store.putSmall(small).isNew, false);
    await putLarge(open.store, large);
    await open.store.flush();
    assert.deepEqual(
      filesIn(vault).filter((file) => !file.startsWith('catalogue.db')),
      before.filter((file) => !file.startsWith('catalogue.db')),
    );
  });

  test('lies where locate says', async (t) => {
    await using open = await openStore(makeVault(t));
    const { store } = open;
    store.putSmall(Buffer.from('something before it'));
    for (const bytes of [small, large]) {
      const place = store.locate(await putLarge(store, bytes));
      assert.ok(place);
      assert.deepEqual(readFileSync(place.path).subarray(place.offset, place.offset + place.length), bytes);
    }
    assert.equal(store.locate(sha256(Buffer.from('unknown'))), undefined);
  });

  test('may be empty, and may be as long as a small one can be', async (t) => {
    await using open = await openStore(makeVault(t));
    for (const bytes of [Buffer.alloc(0), contentOf('limit', SMALL_LIMIT_BYTES)]) {
      const { hash } = open.store.putSmall(bytes);
      await open.store.flush();
      assert.deepEqual(open.store.readSmall(hash), bytes);
    }
    assert.throws(() => open.store.putSmall(Buffer.alloc(SMALL_LIMIT_BYTES + 1)), RangeError);
  });

  test('goes to a segment when it turns out to be small, and to a file of its own otherwise', async (t) => {
    const vault = makeVault(t);
    await using open = await openStore(vault);
    const { store } = open;
    const atLimit = await putLarge(store, contentOf(1, SMALL_LIMIT_BYTES), 1000);
    const above = await putLarge(store, contentOf(2, SMALL_LIMIT_BYTES + 1), 1000);
    await store.flush();
    assert.match(store.locate(atLimit)?.path ?? '', /segments/);
    const file = store.locate(above)?.path ?? '';
    assert.ok(file.endsWith(`objects/${above.toString('hex').slice(0, 2)}/${above.toString('hex').slice(2)}`));
    assert.equal(statSync(file).mode & 0o777, 0o444);
  });

  test('fills one segment after another, sealed and read-only', async (t) => {
    const vault = makeVault(t);
    const objects = Array.from({ length: 150 }, (_, n) => contentOf(n, 1_000_000));
    {
      await using open = await openStore(vault, { now: () => 5 });
      for (const bytes of objects) open.store.putSmall(bytes);
      assert.deepEqual(open.store.readSmall(sha256(objects[0] ?? small)), objects[0]);
    }
    assert.deepEqual(filesIn(join(vault, 'segments')), ['000000000005', '000000000006', '000000000007']);
    for (const name of filesIn(join(vault, 'segments'))) {
      const { mode, size } = statSync(join(vault, 'segments', name));
      assert.equal(mode & 0o222, 0);
      assert.ok(size < 65 * 2 ** 20);
    }
    await using open = await openStore(vault);
    for (const bytes of objects) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
  });
});

describe('an object that is not whole', () => {
  test('leaves nothing behind when it is discarded', async (t) => {
    const vault = makeVault(t);
    await using open = await openStore(vault);
    const writer = open.store.createLarge();
    await writer.write(large);
    await writer.discard();
    await writer.discard();
    await open.store.flush();
    assert.deepEqual(filesIn(join(vault, 'tmp')), []);
    assert.equal(open.store.has(sha256(large)), false);
  });

  test('is swept away when the writer died', async (t) => {
    const vault = makeVault(t);
    const first = await openStore(vault);
    await first.store.createLarge().write(large);
    first.crash();
    assert.equal(filesIn(join(vault, 'tmp')).length, 1);
    await using _second = await openStore(vault);
    assert.deepEqual(filesIn(join(vault, 'tmp')), []);
  });
});

describe('an object whose file is gone', () => {
  for (const { what, bytes, damage } of [
    { what: 'a small one whose segment is missing', bytes: small, damage: (path: string) => rmSync(path) },
    { what: 'a small one whose segment is too short', bytes: small, damage: (path: string) => truncateSync(path, 40) },
    { what: 'a large one that is missing', bytes: large, damage: (path: string) => rmSync(path) },
    { what: 'a large one that is too short', bytes: large, damage: (path: string) => truncateSync(path, 1_000_000) },
  ]) {
    test(`is not there, and can be put again: ${what}`, async (t) => {
      const vault = makeVault(t);
      let path: string;
      {
        await using open = await openStore(vault);
        const hash = await putLarge(open.store, bytes);
        await open.store.flush();
        path = open.store.locate(hash)?.path ?? '';
      }
      damage(path);
      {
        await using open = await openStore(vault);
        assert.equal(open.store.has(sha256(bytes)), false);
        assert.throws(() => open.store.readSmall(sha256(bytes)), { code: 'SNAPSHOT_CORRUPT' });
        await putLarge(open.store, bytes);
      }
      await using open = await openStore(vault);
      assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
    });
  }
});

test('a store that was only read from has changed nothing', async (t) => {
  const vault = makeVault(t);
  {
    await using open = await openStore(vault);
    open.store.putSmall(small);
  }
  const before = filesIn(vault);
  {
    await using open = await openStore(vault);
    assert.ok(open.store.has(sha256(small)));
    await open.store.flush();
  }
  assert.deepEqual(filesIn(vault), before);
  assert.ok(existsSync(join(vault, 'generation')));
});

test('many objects are flushed and told to the catalogue without being asked', async (t) => {
  const vault = makeVault(t);
  const open = await openStore(vault);
  for (let n = 0; n < 70_000; n++) {
    open.store.putSmall(Buffer.from(`object ${n}`));
    if (n % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await open.store.flush();
  open.crash();
  await using again = await openStore(vault);
  for (let n = 0; n < 70_000; n += 1000) assert.ok(again.store.has(sha256(Buffer.from(`object ${n}`))));
});
