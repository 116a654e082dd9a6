import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { FileOperations } from '../../durability.ts';
import type { ObjectStore } from '../object-store.ts';
import type { DamagedObject, VerifyOptions } from './verify.ts';
import {
  contentOf,
  diskWith,
  filesIn,
  makeVault,
  openStore,
  putLarge,
  sha256,
  systemError,
} from '../store.test-helper.ts';

const small = Array.from({ length: 50 }, (_, n) => contentOf(`small ${n}`, 2000 + n));
const large = Array.from({ length: 4 }, (_, n) => contentOf(`large ${n}`, 1_100_000 + n));
const everything = [...small, ...large];

describe('verify', () => {
  for (const threads of [0, 2]) {
    test(`finds nothing wrong in a healthy vault, with ${threads} more threads`, async (t) => {
      const vault = await filledVault(makeVault(t));
      await using open = await openStore(vault);
      const events = await Array.fromAsync(open.store.verify({ threads }));
      const bytes = everything.reduce((sum, each) => sum + each.length, 0);
      assert.deepEqual(events.at(-1), {
        kind: 'progress',
        objects: everything.length,
        totalObjects: everything.length,
        bytes,
        totalBytes: bytes,
      });
      assert.ok(events.every((event) => event.kind === 'progress'));
    });

    test(`names every damaged object and no other, with ${threads} more threads`, async (t) => {
      const vault = await filledVault(makeVault(t));
      let places: string[];
      {
        await using open = await openStore(vault);
        const { store } = open;
        flip(store, small[10], 5);
        flip(store, small[11], 1999);
        flip(store, large[0], 150_000);
        truncateSync(pathOf(store, large[1]), 1_099_000);
        rmSync(pathOf(store, large[2]));
        places = [small[10], small[11], large[0], large[1], large[2]].map((bytes) => pathOf(store, bytes));
      }
      await using open = await openStore(vault);
      const damaged = await damageIn(open.store, { threads });
      assert.deepEqual(
        damaged.map(({ hash, kind, path }) => `${hash.toString('hex')} ${kind} ${path}`).toSorted(),
        [
          `${nameOf(small[10])} changed ${places[0]}`,
          `${nameOf(small[11])} changed ${places[1]}`,
          `${nameOf(large[0])} changed ${places[2]}`,
          `${nameOf(large[1])} changed ${places[3]}`,
          `${nameOf(large[2])} missing ${places[4]}`,
        ].toSorted(),
      );
    });
  }

  test('looks at the objects asked for only', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    const { store } = open;
    flip(store, small[1], 0);
    flip(store, small[2], 0);
    const unknown = sha256(Buffer.from('unknown'));
    const only = [sha256(small[2] ?? unknown), unknown, sha256(large[0] ?? unknown)];
    assert.deepEqual(
      (await damageIn(store, { only })).map(({ hash, kind }) => `${hash.toString('hex')} ${kind}`).toSorted(),
      [`${nameOf(small[2])} changed`, `${unknown.toString('hex')} missing`].toSorted(),
    );
  });

  test('goes on behind a place that the disk cannot read', async (t) => {
    const vault = await filledVault(makeVault(t));
    let bad = 0;
    const readSync = (fd: number, into: Uint8Array, offset: number, length: number, position: number): number => {
      if (bad > 0 && position <= bad && bad < position + length) throw systemError('EIO');
      return fs.readSync(fd, into, offset, length, position);
    };
    await using open = await openStore(vault, { disk: diskWith({ readSync } as Partial<FileOperations>) });
    bad = (open.store.locate(sha256(small[20] ?? Buffer.alloc(0)))?.offset ?? 0) + 100;
    const damaged = await damageIn(open.store, { only: small.map(sha256), threads: 0 });
    assert.deepEqual(
      damaged.map(({ hash, kind }) => `${hash.toString('hex')} ${kind}`),
      [`${nameOf(small[20])} unreadable`],
    );
  });

  test('sees what has been put but not flushed', async (t) => {
    await using open = await openStore(makeVault(t));
    for (const bytes of everything) await putLarge(open.store, bytes);
    const events = await Array.fromAsync(open.store.verify());
    assert.deepEqual(events.at(-1)?.kind === 'progress' && events.at(-1), {
      kind: 'progress',
      objects: everything.length,
      totalObjects: everything.length,
      bytes: everything.reduce((sum, each) => sum + each.length, 0),
      totalBytes: everything.reduce((sum, each) => sum + each.length, 0),
    });
  });

  test('stops when it is told to', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    const abort = new AbortController();
    await assert.rejects(
      async () => {
        for await (const _ of open.store.verify({ signal: abort.signal })) abort.abort(new Error('enough'));
      },
      { message: 'enough' },
    );
  });
});

describe('a damaged object that was quarantined', () => {
  for (const { what, bytes } of [
    { what: 'a small one', bytes: small[7] },
    { what: 'a large one', bytes: large[1] },
  ]) {
    test(`is healed by the next put of the same bytes: ${what}`, async (t) => {
      const vault = await filledVault(makeVault(t));
      {
        await using open = await openStore(vault);
        flip(open.store, bytes, 10);
        for (const object of await damageIn(open.store)) open.store.quarantine(object);
        assert.equal(open.store.has(sha256(bytes ?? Buffer.alloc(0))), false);
        await putLarge(open.store, bytes ?? Buffer.alloc(0));
        assert.deepEqual(await damageIn(open.store), []);
      }
      await using open = await openStore(vault);
      assert.deepEqual(open.store.readSmall(sha256(bytes ?? Buffer.alloc(0))), bytes);
    });
  }

  test('is kept for whoever wants to look at it', async (t) => {
    const vault = await filledVault(makeVault(t));
    await using open = await openStore(vault);
    flip(open.store, large[3], 0);
    for (const object of await damageIn(open.store)) open.store.quarantine(object);
    assert.deepEqual(filesIn(join(vault, 'quarantine')), [nameOf(large[3])]);
  });

  test('is still healed when the catalogue is lost: the newer record counts', async (t) => {
    const vault = await filledVault(makeVault(t));
    const bytes = small[3] ?? Buffer.alloc(0);
    {
      await using open = await openStore(vault);
      flip(open.store, bytes, 10);
      for (const object of await damageIn(open.store)) open.store.quarantine(object);
      open.store.putSmall(bytes);
    }
    rmSync(join(vault, 'catalogue.db'));
    await using open = await openStore(vault);
    assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
  });
});

async function filledVault(vault: string): Promise<string> {
  await using open = await openStore(vault);
  for (const bytes of everything) await putLarge(open.store, bytes);
  return vault;
}

async function damageIn(store: ObjectStore, options: VerifyOptions = {}): Promise<DamagedObject[]> {
  const damaged: DamagedObject[] = [];
  for await (const event of store.verify(options)) if (event.kind === 'damaged') damaged.push(event.object);
  return damaged;
}

function pathOf(store: ObjectStore, bytes: Buffer | undefined): string {
  return store.locate(sha256(bytes ?? Buffer.alloc(0)))?.path ?? '';
}

function nameOf(bytes: Buffer | undefined): string {
  return sha256(bytes ?? Buffer.alloc(0)).toString('hex');
}

/** Changes one bit of an object on the disk. */
function flip(store: ObjectStore, bytes: Buffer | undefined, at: number): void {
  const place = store.locate(sha256(bytes ?? Buffer.alloc(0)));
  assert.ok(place);
  const content = readFileSync(place.path);
  content.writeUInt8(content.readUInt8(place.offset + at) ^ 4, place.offset + at);
  chmodSync(place.path, 0o600);
  writeFileSync(place.path, content);
}
