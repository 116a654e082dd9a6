import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ObjectStore } from './object-store.ts';
import { contentOf, filesIn, makeVault, openStore, putLarge, readAll, sha256 } from './store.test-helper.ts';

const small = Array.from({ length: 200 }, (_, n) => contentOf(`small ${n}`, n * 97));
const large = Array.from({ length: 3 }, (_, n) => contentOf(`large ${n}`, 1_300_000 + n));
const everything = [...small, ...large];

describe('reading many objects', () => {
  test('hands out every one, whatever the order asked for, and one asked for twice twice', async (t) => {
    await using open = await openStore(makeVault(t));
    for (const bytes of everything) await putLarge(open.store, bytes);
    await open.store.flush();
    const wanted = [...everything.toReversed(), ...small];
    const got = readMany(open.store, wanted.map(sha256));
    for (const [index, bytes] of wanted.entries()) assert.deepEqual(got[index], bytes);
  });

  test('goes through a segment from its beginning to its end', async (t) => {
    await using open = await openStore(makeVault(t));
    for (const bytes of small) open.store.putSmall(bytes);
    const indexes = [...open.store.readMany(small.toReversed().map(sha256))].map((item) => item.index);
    assert.deepEqual(
      indexes,
      small.map((_, index) => small.length - 1 - index),
    );
  });

  test('tells which are missing', async (t) => {
    await using open = await openStore(makeVault(t));
    const [known = Buffer.alloc(0)] = small;
    open.store.putSmall(known);
    assert.deepEqual(
      [...open.store.readMany([sha256(Buffer.from('unknown')), sha256(known)])].map((item) => item.kind),
      ['missing', 'bytes'],
    );
  });
});

describe('a reader beside the writer', () => {
  for (const { what, spoil } of [
    { what: 'as it is', spoil: () => undefined },
    {
      what: 'without a catalogue',
      spoil: (vault: string) => {
        for (const file of filesIn(vault)) if (file.startsWith('catalogue')) rmSync(join(vault, file));
      },
    },
  ]) {
    test(`finds what was flushed, and changes nothing: ${what}`, async (t) => {
      const vault = makeVault(t);
      {
        await using open = await openStore(vault);
        for (const bytes of everything.slice(0, 100)) await putLarge(open.store, bytes);
      }
      const writer = await openStore(vault);
      for (const bytes of everything.slice(100)) await putLarge(writer.store, bytes);
      await writer.store.flush();
      writer.store.putSmall(Buffer.from('not flushed'));
      spoil(vault);
      const before = filesIn(vault);
      {
        await using reader = await openStore(vault, { mode: 'read' });
        for (const bytes of everything) {
          assert.ok(reader.store.has(sha256(bytes)));
          assert.deepEqual(reader.store.readSmall(sha256(bytes)), bytes);
        }
        const got = readMany(reader.store, everything.map(sha256));
        for (const [index, bytes] of everything.entries()) assert.deepEqual(got[index], bytes);
        for await (const event of reader.store.verify()) assert.equal(event.kind, 'progress');
        assert.throws(() => reader.store.putSmall(Buffer.from('x')), /reading/);
      }
      assert.deepEqual(filesIn(vault), before);
      writer.crash();
    });
  }

  test('sees what the writer adds while it is open', async (t) => {
    const vault = makeVault(t);
    await using writer = await openStore(vault);
    writer.store.putSmall(Buffer.from('first'));
    await writer.store.flush({ publish: true });
    await using reader = await openStore(vault, { mode: 'read' });
    assert.ok(reader.store.has(sha256(Buffer.from('first'))));
    const second = contentOf('second', 1_300_000);
    await putLarge(writer.store, second);
    writer.store.putSmall(Buffer.from('third'));
    await writer.store.flush({ publish: true });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(reader.store.readSmall(sha256(second)), second);
    assert.deepEqual(reader.store.readSmall(sha256(Buffer.from('third'))), Buffer.from('third'));
  });

  test('finds an object that a prune has moved since it was looked up', async (t) => {
    const vault = makeVault(t);
    {
      await using writer = await openStore(vault);
      for (const bytes of small) writer.store.putSmall(bytes);
    }
    await using reader = await openStore(vault, { mode: 'read' });
    const kept = small.slice(100, 110);
    // Inside one turn of the event loop a reader sees the catalogue as it was at the first lookup.
    const place = reader.store.locate(sha256(kept[0] ?? Buffer.alloc(0)));
    await using writer = await openStore(vault);
    await writer.store.prune({ has: (hash) => kept.some((each) => sha256(each).equals(hash)) });
    assert.throws(() => readFileSync(place?.path ?? ''), { code: 'ENOENT' });
    for (const bytes of kept) assert.deepEqual(reader.store.readSmall(sha256(bytes)), bytes);
  });
});

function readMany(store: ObjectStore, hashes: readonly Buffer[]): (Buffer | undefined)[] {
  const got: (Buffer | undefined)[] = hashes.map(() => undefined);
  for (const item of store.readMany(hashes)) {
    if (item.kind === 'bytes') got[item.index] = Buffer.from(item.bytes);
    else if (item.kind === 'file') got[item.index] = readFileSync(item.path);
  }
  return got;
}

test('a vault whose disk was pulled out is said to be away, and not to lack what is in it', async (t) => {
  const vault = makeVault(t);
  const [little, much] = [contentOf('little', 3000), contentOf('much', 2_500_000)];
  await using open = await openStore(vault);
  open.store.putSmall(little);
  await putLarge(open.store, much);
  await open.store.flush({ publish: true });
  const away = `${vault}-away`;
  renameSync(vault, away);
  mkdirSync(vault);
  try {
    await assert.rejects(readAll(open.store, sha256(much)), {
      code: 'STORAGE_FAILED',
      message: /is not in .* any more/,
    });
  } finally {
    rmdirSync(vault);
    renameSync(away, vault);
  }
  assert.deepEqual(await readAll(open.store, sha256(much)), much);
});
