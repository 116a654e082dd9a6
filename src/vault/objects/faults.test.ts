import assert from 'node:assert/strict';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { FileOperations } from '../durability.ts';
import type { ObjectStore } from './object-store.ts';
import { putWhole } from './put-whole.ts';
import {
  contentOf,
  databaseOf,
  diskWith,
  filesIn,
  makeVault,
  openStore,
  putLarge,
  sha256,
  systemError,
} from './store.test-helper.ts';

const before = contentOf('flushed before', 3000);
const beforeLarge = contentOf('flushed before, large', 1_400_000);
const small = contentOf('put while the disk fails', 3000);
const large = contentOf('put while the disk fails, large', 2_500_000);
const database = databaseOf('put while the disk fails', 2_500_000);
const smallDatabase = databaseOf('put while the disk fails', 200_000);

/** The disk works until `failNow`. */
class Faults {
  isFailing = false;

  failNow(): void {
    this.isFailing = true;
  }

  /** Operations that throw this error once failing. */
  throwing(code: string, names: readonly (keyof FileOperations)[]): Partial<FileOperations> {
    const check = (): void => {
      if (this.isFailing) throw systemError(code);
    };
    const failing: Record<string, unknown> = {};
    for (const name of names) {
      failing[name] = (...parameters: unknown[]) => {
        check();
        return Reflect.apply(fs[name], fs, parameters);
      };
    }
    return failing;
  }

  /** Operations that answer their callback with this error once failing. */
  answering(code: string, names: readonly ('fsync' | 'write')[]): Partial<FileOperations> {
    const failing: Record<string, unknown> = {};
    for (const name of names) {
      failing[name] = (...parameters: unknown[]) => {
        const callback = parameters.at(-1);
        assert.ok(typeof callback === 'function');
        if (this.isFailing) setImmediate(() => callback(systemError(code)));
        else Reflect.apply(fs[name], fs, parameters);
      };
    }
    return failing;
  }
}

interface Case {
  readonly what: string;
  readonly code: string;
  readonly disk: (faults: Faults) => Partial<FileOperations>;
  readonly put: (store: ObjectStore) => Promise<unknown>;
}

const OF_SMALL_ONES: readonly Case[] = [
  {
    what: 'the disk is full when a segment is written',
    code: 'OUT_OF_SPACE',
    disk: (faults) => faults.throwing('ENOSPC', ['writeSync']),
    put: async (store) => store.putSmall(small),
  },
  {
    what: 'the disk is full when segments are written in the background',
    code: 'OUT_OF_SPACE',
    disk: (faults) => faults.answering('ENOSPC', ['write']),
    put: async (store) => {
      for (let n = 0; n < 1000; n++) store.putSmall(contentOf(`many ${n}`, 3000));
    },
  },
  {
    what: 'a segment cannot be made durable',
    code: 'STORAGE_FAILED',
    disk: (faults) => faults.answering('EIO', ['fsync']),
    put: async (store) => store.putSmall(small),
  },
];

/** What can happen to a file of its own. */
const OF_LARGE_ONES: readonly Omit<Case, 'put'>[] = [
  {
    what: 'the disk is full when it is written',
    code: 'OUT_OF_SPACE',
    disk: (faults) => faults.answering('ENOSPC', ['write']),
  },
  {
    what: 'the quota is used up when it is begun',
    code: 'OUT_OF_SPACE',
    disk: (faults) => faults.throwing('EDQUOT', ['openSync']),
  },
  {
    what: 'it cannot be made durable',
    code: 'STORAGE_FAILED',
    disk: (faults) => faults.answering('EIO', ['fsync']),
  },
  {
    what: 'the disk has become read-only',
    code: 'STORAGE_FAILED',
    disk: (faults) => faults.throwing('EROFS', ['openSync', 'writeSync', 'renameSync']),
  },
  {
    what: 'it cannot be given its name',
    code: 'STORAGE_FAILED',
    disk: (faults) => faults.throwing('EIO', ['renameSync']),
  },
];

const CASES: readonly Case[] = [
  ...OF_SMALL_ONES,
  ...OF_LARGE_ONES.flatMap(({ what, ...fault }) => [
    { ...fault, what: `${what}: a large object`, put: (store: ObjectStore) => putLarge(store, large) },
    { ...fault, what: `${what}: a packed database`, put: (store: ObjectStore) => putLarge(store, database) },
  ]),
  {
    what: 'the disk is full when a small database is packed',
    code: 'OUT_OF_SPACE',
    disk: (faults) => faults.answering('ENOSPC', ['write']),
    put: async (store) => putWhole(store, sha256(smallDatabase), smallDatabase),
  },
];

describe('what was flushed stays and nothing else is claimed', () => {
  for (const { what, code, disk, put } of CASES) {
    test(`when ${what}`, async (t) => {
      const vault = makeVault(t);
      const faults = new Faults();
      const open = await openStore(vault, { packs: true, disk: diskWith(disk(faults)) });
      open.store.putSmall(before);
      await putLarge(open.store, beforeLarge);
      await open.store.flush();
      faults.failNow();
      const failing = async (): Promise<void> => {
        await put(open.store);
        await open.store.flush();
      };
      await assert.rejects(failing, { code, hint: /\.$/ });
      faults.isFailing = false;
      await assertFinal(open.store, code);
      await open[Symbol.asyncDispose]();
      await assertIntact(vault);
    });
  }

  test('when the disk fails once, during the last flush', async (t) => {
    const vault = makeVault(t);
    const faults = new Faults();
    const open = await openStore(vault, { disk: diskWith(faults.answering('EIO', ['fsync'])) });
    open.store.putSmall(before);
    await putLarge(open.store, beforeLarge);
    await open.store.flush();
    open.store.putSmall(small);
    faults.failNow();
    await assert.rejects(open[Symbol.asyncDispose](), { code: 'STORAGE_FAILED' });
    open.crash();
    await assertIntact(vault);
  });
});

test('an interrupted short write is continued', async (t) => {
  const vault = makeVault(t);
  const disk = diskWith({ writeSync: writeAtMostThousand as FileOperations['writeSync'] });
  await using open = await openStore(vault, { disk });
  open.store.putSmall(small);
  await open.store.flush();
  assert.deepEqual(open.store.readSmall(sha256(small)), small);
});

test('directories that cannot be synced, as on a network disk, are no failure', async (t) => {
  const vault = makeVault(t);
  const directories = new Set<number>();
  const disk = diskWith({
    openSync: ((path: string, flags: string, mode?: number) => {
      const fd = fs.openSync(path, flags, mode);
      if (fs.fstatSync(fd).isDirectory()) directories.add(fd);
      else directories.delete(fd);
      return fd;
    }) as FileOperations['openSync'],
    fsync: ((fd: number, callback: (error: Error | null) => void) =>
      directories.has(fd) ? callback(systemError('EINVAL')) : fs.fsync(fd, callback)) as FileOperations['fsync'],
  });
  await using open = await openStore(vault, { disk });
  open.store.putSmall(small);
  await putLarge(open.store, large);
  await open.store.flush();
  assert.ok(directories.size > 0);
});

function writeAtMostThousand(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
  return fs.writeSync(fd, bytes, offset, Math.min(length, 1000), position);
}

async function assertFinal(store: ObjectStore, code: string): Promise<void> {
  assert.throws(() => store.putSmall(contentOf('later', 10)), { code });
  assert.throws(() => store.createLarge(), { code });
  await assert.rejects(async () => store.flush(), { code });
}

/** Opens the vault again with a healthy disk. */
async function assertIntact(vault: string): Promise<void> {
  for (let session = 0; session < 2; session++) {
    await using open = await openStore(vault, { packs: true });
    assert.deepEqual(filesIn(join(vault, 'tmp')), []);
    assert.deepEqual(open.store.readSmall(sha256(before)), before);
    assert.deepEqual(open.store.readSmall(sha256(beforeLarge)), beforeLarge);
    for (const bytes of [small, large, database]) {
      if (open.store.has(sha256(bytes))) assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes);
      else await putLarge(open.store, bytes);
    }
    const events = await Array.fromAsync(open.store.verify());
    assert.deepEqual(
      events.filter((event) => event.kind !== 'progress'),
      [],
    );
  }
}
