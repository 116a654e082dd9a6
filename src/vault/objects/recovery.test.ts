import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { contentOf, filesIn, makeVault, openStore, putLarge, sha256 } from './store.test-helper.ts';

describe('after a crash, whatever became of the bytes not flushed', () => {
  /** A vault whose writer died; `durableBytes` of its only segment had been flushed. */
  let crashed: string;
  let segment: string;
  let durableBytes: number;
  const flushed = Array.from({ length: 20 }, (_, n) => contentOf(`flushed ${n}`, 100 + n * 37));
  const unflushed = Array.from({ length: 20 }, (_, n) => contentOf(`unflushed ${n}`, 90 + n * 41));

  before(async () => {
    crashed = mkdtempSync(join(tmpdir(), 'holdfast-'));
    const open = await openStore(crashed, { now: () => 1 });
    for (const bytes of flushed) open.store.putSmall(bytes);
    await open.store.flush();
    segment = open.store.locate(sha256(flushed[0] ?? Buffer.alloc(0)))?.path.slice(crashed.length) ?? '';
    durableBytes = statSync(crashed + segment).size;
    for (const bytes of unflushed) open.store.putSmall(bytes);
    // Hands the rest to the operating system without making it durable.
    open.store.locate(sha256(flushed[0] ?? Buffer.alloc(0)));
    open.crash();
    assert.ok(statSync(crashed + segment).size > durableBytes);
  });
  after(() => rmSync(crashed, { recursive: true }));

  const withCatalogue = fc.boolean();

  test('every flushed object is there when the segment is cut behind them', async () => {
    const length = fc.integer({ min: 0, max: 25_000 });
    await fc.assert(
      fc.asyncProperty(length, withCatalogue, (tailBytes, hasCatalogue) =>
        recovers(hasCatalogue, (path) => truncateSync(path, Math.min(statSync(path).size, durableBytes + tailBytes))),
      ),
      { numRuns: 25 },
    );
  });

  test('every flushed object is there when the segment is garbled behind them', async () => {
    const hole = fc.record({ at: fc.nat(9000), bytes: fc.uint8Array({ minLength: 1, maxLength: 3000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(hole, { minLength: 1, maxLength: 3 }), withCatalogue, (holes, hasCatalogue) =>
        recovers(hasCatalogue, (path) => {
          const content = readFileSync(path);
          for (const { at, bytes } of holes)
            content.set(bytes.subarray(0, content.length - durableBytes - at), durableBytes + at);
          writeFileSync(path, content);
        }),
      ),
      { numRuns: 25 },
    );
  });

  test('every other object is there when a flushed one is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const vault = copyOf(crashed);
        rmSync(join(vault, 'catalogue.db'), { force: true });
        const content = readFileSync(vault + segment);
        content.writeUInt8(content.readUInt8(at) ^ flip, at);
        writeFileSync(vault + segment, content);
        {
          await using open = await openStore(vault);
          const there = flushed.filter((bytes) => open.store.has(sha256(bytes)));
          assert.ok(there.length >= flushed.length - 1);
          for (const bytes of there) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
        }
        rmSync(vault, { recursive: true });
      }),
      { numRuns: 25 },
    );
  });

  async function recovers(hasCatalogue: boolean, damage: (path: string) => void): Promise<void> {
    const vault = copyOf(crashed);
    if (!hasCatalogue) for (const file of filesIn(vault)) if (file.startsWith('catalogue')) rmSync(join(vault, file));
    damage(vault + segment);
    for (const session of ['the one after the crash', 'the one after that']) {
      await using open = await openStore(vault);
      for (const bytes of flushed) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes, session);
      for (const bytes of unflushed) {
        if (open.store.has(sha256(bytes))) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes, session);
        else open.store.putSmall(bytes);
      }
      const found = await Array.fromAsync(open.store.verify());
      assert.deepEqual(
        found.filter((event) => event.kind !== 'progress'),
        [],
      );
    }
    rmSync(vault, { recursive: true });
  }
});

describe('a sealed segment', () => {
  test('is never written to, also when its index is damaged', async (t) => {
    const vault = makeVault(t);
    const objects = Array.from({ length: 5 }, (_, n) => contentOf(n, 1000));
    {
      await using open = await openStore(vault, { now: () => 1 });
      for (const bytes of objects) open.store.putSmall(bytes);
    }
    const path = join(vault, 'segments', '000000000001');
    const content = readFileSync(path);
    content.writeUInt8(content.readUInt8(content.length - 100) ^ 1, content.length - 100);
    chmodSync(path, 0o644);
    writeFileSync(path, content);
    chmodSync(path, 0o444);
    rmSync(join(vault, 'catalogue.db'));
    {
      await using open = await openStore(vault);
      for (const bytes of objects) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
    }
    assert.deepEqual(readFileSync(path), content);
    await using open = await openStore(vault);
    const events = await Array.fromAsync(open.store.verify());
    assert.deepEqual(
      events.filter((event) => event.kind !== 'progress'),
      [{ kind: 'damaged-index', path }],
    );
    await open.store.renewSegment(path);
    for (const bytes of objects) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
    assert.deepEqual(
      (await Array.fromAsync(open.store.verify())).filter((event) => event.kind !== 'progress'),
      [],
    );
  });
});

describe('the catalogue', () => {
  const small = Array.from({ length: 300 }, (_, n) => contentOf(`small ${n}`, 500 + n));
  const large = Array.from({ length: 3 }, (_, n) => contentOf(`large ${n}`, 1_100_000 + n));

  for (const { what, damage } of [
    { what: 'is missing', damage: (vault: string) => rmSync(join(vault, 'catalogue.db')) },
    {
      what: 'is not a database',
      damage: (vault: string) => writeFileSync(join(vault, 'catalogue.db'), 'x'.repeat(9000)),
    },
    { what: 'is empty', damage: (vault: string) => truncateSync(join(vault, 'catalogue.db'), 0) },
    { what: 'is cut short', damage: (vault: string) => truncateSync(join(vault, 'catalogue.db'), 5000) },
  ]) {
    test(`is filled again when it ${what}`, async (t) => {
      const vault = makeVault(t);
      {
        await using open = await openStore(vault);
        for (const bytes of [...small, ...large]) await putLarge(open.store, bytes);
      }
      damage(vault);
      await using open = await openStore(vault);
      for (const bytes of [...small, ...large]) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
    });
  }

  test('is filled again after damage came to light while it was used', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openStore(vault);
      for (const bytes of [...small, ...large]) await putLarge(open.store, bytes);
    }
    const content = readFileSync(join(vault, 'catalogue.db'));
    content.fill(0xff, 8192);
    writeFileSync(join(vault, 'catalogue.db'), content);
    await assert.rejects(
      async () => {
        await using open = await openStore(vault);
        for (const bytes of small) open.store.readSmall(sha256(bytes));
      },
      { code: 'VAULT_UNREADABLE', hint: /again/ },
    );
    await using open = await openStore(vault);
    for (const bytes of [...small, ...large]) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
  });

  test('catches up when it is older than the vault', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openStore(vault);
      open.store.putSmall(contentOf('before', 100));
    }
    const old = readFileSync(join(vault, 'catalogue.db'));
    {
      await using open = await openStore(vault);
      for (const bytes of [...small, ...large]) await putLarge(open.store, bytes);
    }
    writeFileSync(join(vault, 'catalogue.db'), old);
    await using open = await openStore(vault);
    for (const bytes of [...small, ...large]) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
  });

  test('forgets segments that are gone', async (t) => {
    const vault = makeVault(t);
    {
      await using open = await openStore(vault);
      for (const bytes of small) open.store.putSmall(bytes);
    }
    rmSync(join(vault, 'segments'), { recursive: true });
    await using open = await openStore(vault);
    for (const bytes of small) assert.equal(open.store.sizeOf(sha256(bytes)), undefined);
  });
});

function copyOf(vault: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-'));
  cpSync(vault, copy, { recursive: true });
  return copy;
}
