import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import type { SnapshotRecord, Staging, Vault } from '../../vault/index.ts';
import type { RestoreCopyEvent } from '../copy.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';

/**
 * Takes every snapshot of a vault out of a repository into that vault where it lacks it, the newest first: restored as a folder inside the
 * vault, taken in, and proven to be what its record says by every byte. One folder per device serves them all where
 * restic can change it from one snapshot to the next.
 */
export async function* restoreFromRestic(
  repository: Repository,
  vault: Vault,
  signal: AbortSignal | undefined,
): AsyncGenerator<RestoreCopyEvent, undefined> {
  const everybodys = await repository.snapshots(signal);
  const all = everybodys.filter(({ vaultId }) => vaultId === undefined || vaultId === vault.id);
  const known = new Set(vault.snapshots().map(({ id }) => id));
  const stored = newestOfEach(all).filter(({ id }) => !known.has(id));
  using staging = vault.openStaging('a restore from a copy');
  using folders = new DeviceFolders(repository, staging);
  const sum = { restored: 0, damaged: 0 };
  for (const snapshot of stored) {
    yield {
      kind: 'progress',
      snapshots: sum.restored + sum.damaged,
      totalSnapshots: stored.length,
      bytes: 0,
      totalBytes: 0,
    };
    try {
      const record = await takeBackOne(folders, vault, snapshot, signal);
      sum.restored++;
      yield { kind: 'restored', snapshot: record };
    } catch (error) {
      if (!isAppError(error, 'COPY_DAMAGED', 'COPY_FAILED', 'SNAPSHOT_CORRUPT')) throw error;
      sum.damaged++;
      yield { kind: 'damaged', snapshot: snapshot.id, error };
    }
  }
  yield { kind: 'done', ...sum, alreadyThere: known.size, ofOthers: everybodys.length - all.length };
}

async function takeBackOne(
  folders: DeviceFolders,
  vault: Vault,
  stored: StoredSnapshot,
  signal: AbortSignal | undefined,
): Promise<SnapshotRecord> {
  for (const isFresh of [false, true]) {
    const dir = await folders.restore(stored, isFresh, signal);
    const record = await readIfThere(join(dir, `${stored.udid}.snapshot.json`));
    const taken = record && (await vault.takeBack(join(dir, stored.udid), record, signal));
    if (taken !== undefined) return taken;
  }
  throw new AppError('COPY_DAMAGED', `what lies there is not what the snapshot ${stored.id} was`, {
    hint: 'Restore it with restic and import the folder: what is readable of it is kept that way.',
    details: { snapshot: stored.id, resticId: stored.resticId },
  });
}

/** A folder for each device that snapshots are restored into. */
class DeviceFolders implements Disposable {
  readonly #repository: Repository;
  readonly #staging: Staging;
  readonly #byUdid = new Map<string, string>();

  constructor(repository: Repository, staging: Staging) {
    this.#repository = repository;
    this.#staging = staging;
  }

  /** @param isFresh whether nothing of an earlier snapshot is to be left where it is. */
  async restore(stored: StoredSnapshot, isFresh: boolean, signal: AbortSignal | undefined): Promise<string> {
    const overwrite = this.#repository.binary.isFull;
    const known = this.#byUdid.get(stored.udid);
    if (known !== undefined && (isFresh || !overwrite)) rmSync(known, { recursive: true, force: true });
    const dir = isFresh || !overwrite ? this.#staging.makeTemporary() : (known ?? this.#staging.makeTemporary());
    this.#byUdid.set(stored.udid, dir);
    await this.#repository.restore(stored.resticId, dir, { overwrite, signal });
    return dir;
  }

  [Symbol.dispose](): void {
    for (const dir of this.#byUdid.values()) rmSync(dir, { recursive: true, force: true });
  }
}

/** One snapshot may have been stored twice, after a repair. They come newest first. */
function newestOfEach(stored: readonly StoredSnapshot[]): StoredSnapshot[] {
  const byId = new Map(stored.toReversed().map((each) => [each.id, each]));
  return stored.filter((each) => byId.get(each.id) === each);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
