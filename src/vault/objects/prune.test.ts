import assert from 'node:assert/strict';
import fs, { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { FileOperations } from '../durability.ts';
import {
  contentOf,
  diskWith,
  filesIn,
  makeVault,
  openStore,
  putLarge,
  sha256,
  systemError,
} from './store.test-helper.ts';

const small = Array.from({ length: 100 }, (_, n) => contentOf(`small ${n}`, 2000 + n));
const large = Array.from({ length: 4 }, (_, n) => contentOf(`large ${n}`, 1_100_000 + n));
const everything = [...small, ...large];
/** What a snapshot still refers to: little of the segment, half of the large objects. */
const kept = [...small.slice(0, 10), ...large.slice(0, 2)];
const removed = everything.filter((bytes) => !kept.includes(bytes));

describe('prune', () => {
  test('keeps every object referred to and gives back the space of the rest', async (t) => {
    const vault = await filledVault(makeVault(t));
    const sizeBefore = sizeOf(vault);
    {
      await using open = await openStore(vault);
      const result = await open.store.prune(named(kept));
      assert.deepEqual(
        { ...result, freedBytes: 0 },
        {
          removedFiles: 2,
          removedSegments: 1,
          rewrittenSegments: 1,
          deferredSegments: 0,
          freedBytes: 0,
          leftBytes: 0,
        },
      );
      assert.ok(Math.abs(sizeBefore - sizeOf(vault) - result.freedBytes) < 1000);
      await assertHolds(open.store, kept, removed);
    }
    await using open = await openStore(vault);
    await assertHolds(open.store, kept, removed);
  });

  test('removes a segment nobody refers to, and everything when nothing is referred to', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    await open.store.prune(named([]));
    assert.deepEqual([...filesIn(join(vault, 'segments')), ...filesIn(join(vault, 'objects'))], []);
  });

  test('leaves a segment with little garbage alone, and finds the garbage when it is put again', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    const result = await open.store.prune(named([...small.slice(5), ...large]));
    assert.equal(result.removedSegments, 0);
    assert.equal(open.store.putSmall(small[0] ?? Buffer.alloc(0)).isNew, false);
  });

  test('puts many small segments together', async (t) => {
    const vault = makeVault(t);
    for (let n = 0; n < 8; n++) {
      await using open = await openStore(vault);
      for (const bytes of small.slice(n * 10, n * 10 + 10)) open.store.putSmall(bytes);
    }
    assert.equal(filesIn(join(vault, 'segments')).length, 8);
    await using open = await openStore(vault);
    await open.store.prune(named(small.slice(0, 80)));
    assert.equal(filesIn(join(vault, 'segments')).length, 1);
    await assertHolds(open.store, small.slice(0, 80), []);
  });

  test('keeps a segment with an object that is damaged', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    const place = open.store.locate(sha256(small[4] ?? Buffer.alloc(0)));
    assert.ok(place);
    const content = readFileSync(place.path);
    content.writeUInt8(content.readUInt8(place.offset) ^ 1, place.offset);
    chmodSync(place.path, 0o600);
    writeFileSync(place.path, content);
    const result = await open.store.prune(named(kept));
    assert.equal(result.removedSegments, 0);
    assert.ok(fs.existsSync(place.path));
    await assertHolds(open.store, kept.toSpliced(4, 1), []);
  });

  test('stopped, or on a full disk, takes nothing away that is referred to', async (t) => {
    const vault = await filledVault(makeVault(t));
    {
      await using open = await openStore(vault);
      const signal = AbortSignal.abort(new Error('enough'));
      await assert.rejects(open.store.prune(named(kept), { signal }), { message: 'enough' });
    }
    let isFull = false;
    const writeSync = ((...parameters: Parameters<typeof fs.writeSync>) => {
      if (isFull) throw systemError('ENOSPC');
      return fs.writeSync(...parameters);
    }) as FileOperations['writeSync'];
    {
      await using open = await openStore(vault, { disk: diskWith({ writeSync }) });
      isFull = true;
      await assert.rejects(open.store.prune(named(kept)), { code: 'OUT_OF_SPACE' });
      isFull = false;
    }
    await using open = await openStore(vault);
    // What needs no room to be removed is gone.
    await assertHolds(open.store, kept, large.slice(2));
  });

  test('writes as many segments anew at a time as there is room for', async (t) => {
    const vault = makeVault(t);
    for (let n = 0; n < 3; n++) {
      await using open = await openStore(vault);
      for (const bytes of small.slice(n * 10, n * 10 + 10)) open.store.putSmall(bytes);
    }
    const everySecond = small.slice(0, 30).filter((_, n) => n % 2 === 0);
    await using open = await openStore(vault);
    const free = { bytes: 1000 };
    const freeBytes = (): number => free.bytes;
    const full = await open.store.prune(named(everySecond), { freeBytes });
    assert.deepEqual([full.removedSegments, full.deferredSegments, full.freedBytes], [0, 3, 0]);
    const steps: string[] = [];
    // Room for one segment beside what is spared.
    free.bytes = 16 * 1024 * 1024 + 15_000;
    const done = await open.store.prune(named(everySecond), { freeBytes, afterStep: (step) => void steps.push(step) });
    assert.deepEqual([done.rewrittenSegments, done.deferredSegments], [3, 0]);
    assert.equal(steps.filter((step) => step === 'replaced').length, 3);
    assert.ok(Math.abs(full.leftBytes - done.freedBytes) < 1000);
    await assertHolds(open.store, everySecond, []);
  });

  test('says what it would find and changes nothing', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    const before = open.store.findGarbage(named(kept));
    assert.equal(before.files, 2);
    const { freedBytes } = await open.store.prune(named(kept));
    assert.ok(Math.abs(before.freeableBytes - freedBytes) < 1000);
    assert.equal(open.store.findGarbage(named(kept)).freeableBytes, 0);
  });

  test('loses nothing when the process dies at any step, with or without the catalogue', async (t) => {
    for (const hasCatalogue of [true, false]) {
      for (let step = 0, isOver = false; !isOver; step++) {
        const vault = await filledVault(makeVault(t));
        isOver = await pruneAndDie(vault, step);
        if (!hasCatalogue)
          for (const file of filesIn(vault)) if (file.startsWith('catalogue')) rmSync(join(vault, file));
        await using open = await openStore(vault);
        await assertHolds(open.store, kept, []);
        await open.store.prune(named(kept));
        await assertHolds(open.store, kept, removed);
        assert.ok(sizeOf(vault) < 2_500_000);
      }
    }
  });
});

/** What snapshots name. */
function named(contents: readonly Buffer[]): { has(hash: Uint8Array): boolean } {
  const hashes = new Set(contents.map((content) => sha256(content).toString('hex')));
  return { has: (hash) => hashes.has(Buffer.from(hash).toString('hex')) };
}

/** Prunes until the given change to the disk, at which the process dies. @returns whether it came to the end */
async function pruneAndDie(vault: string, step: number): Promise<boolean> {
  let changes = Number.NEGATIVE_INFINITY;
  const dying = (name: 'writeSync' | 'renameSync' | 'unlinkSync' | 'openSync'): unknown => {
    return (...parameters: unknown[]) => {
      if (changes++ >= step) throw new Error('dead');
      return Reflect.apply(fs[name], fs, parameters);
    };
  };
  const names = ['writeSync', 'renameSync', 'unlinkSync', 'openSync'] as const;
  const disk = diskWith(Object.fromEntries(names.map((name) => [name, dying(name)])));
  const open = await openStore(vault, { disk });
  changes = 0;
  try {
    await open.store.prune(named(kept));
    return true;
  } catch (error) {
    assert.equal(error instanceof Error && error.message, 'dead');
    return false;
  } finally {
    changes = Number.NEGATIVE_INFINITY;
    open.crash();
  }
}

async function filledVault(vault: string): Promise<string> {
  await using open = await openStore(vault);
  for (const bytes of everything) await putLarge(open.store, bytes);
  return vault;
}

async function assertHolds(
  store: Awaited<ReturnType<typeof openStore>>['store'],
  there: readonly Buffer[],
  gone: readonly Buffer[],
): Promise<void> {
  for (const bytes of there) assert.deepEqual(store.readSmall(sha256(bytes)), bytes);
  for (const bytes of gone) assert.equal(store.has(sha256(bytes)), false);
  for await (const event of store.verify({ only: there.map(sha256) })) assert.equal(event.kind, 'progress');
}

function sizeOf(vault: string): number {
  const files = filesIn(vault).filter((file) => /^(segments|objects)/.test(file));
  return files.reduce((sum, file) => sum + fs.statSync(join(vault, file)).size, 0);
}
