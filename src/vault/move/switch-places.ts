import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { encodeMovedMark, MARK_NAME } from '../mark/moved-mark.ts';
import type { VaultParts } from '../vault.ts';

export interface SwitchOptions {
  /** Whether everything is to stay in the old place. */
  readonly keep: boolean;
  /** Whether labels go that are only in the new place. */
  readonly replaceLabels: boolean;
}

/**
 * Makes the new place the vault, and the old one none: the mark of the new becomes that of the old, durably, then that
 * of the old says where it went. The second rename is the switch. In between both are whole and the same.
 *
 * Nobody pins anything in the old place meanwhile, nor afterwards.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when the new place lacks something; VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED
 */
export async function switchPlaces(
  from: VaultParts,
  to: VaultParts,
  { keep, replaceLabels }: SwitchOptions,
): Promise<void> {
  using _labels = await from.labels.lock();
  await copyLabelFiles(from, to, replaceLabels);
  assertAllThere(from, to);
  await to.objects.flush();
  const markBytes = readFileSync(join(from.dir, MARK_NAME));
  await to.disk.writeFileDurably(join(to.dir, MARK_NAME), markBytes);
  const moved = { id: from.mark.id, movedTo: to.dir, movedAt: new Date(from.now()), kept: keep };
  const mark: unknown = JSON.parse(markBytes.toString());
  await from.disk.writeFileDurably(join(from.dir, MARK_NAME), encodeMovedMark(moved, mark));
}

/** Byte for byte: what was proven of a version holds for its bytes wherever they are. */
async function copyLabelFiles(from: VaultParts, to: VaultParts, replace: boolean): Promise<void> {
  for (const udid of namesIn(join(from.dir, 'labels')).filter((name) => !name.includes('.'))) {
    const [here, there] = [join(from.dir, 'labels', udid), join(to.dir, 'labels', udid)];
    const names = namesIn(here).filter((name) => name.endsWith('.json'));
    const isNew = names.length > 0 && to.disk.makeDirectory(there) !== undefined;
    for (const name of names) {
      const bytes = readFileSync(join(here, name));
      if (readIfThere(join(there, name))?.equals(bytes) !== true) {
        await to.disk.writeFileDurably(join(there, name), bytes);
      }
    }
    if (isNew) {
      await to.disk.syncDirectory(join(to.dir, 'labels'));
      await to.disk.syncDirectory(to.dir);
    }
  }
  if (!replace) return;
  for (const udid of namesIn(join(to.dir, 'labels')).filter((name) => !name.includes('.'))) {
    const wanted = new Set(namesIn(join(from.dir, 'labels', udid)));
    const gone = namesIn(join(to.dir, 'labels', udid)).filter((name) => !wanted.has(name));
    for (const name of gone) to.disk.remove(join(to.dir, 'labels', udid, name));
  }
}

/** By the files themselves, whatever either vault remembers of them. */
function assertAllThere(from: VaultParts, to: VaultParts): void {
  const there = new Map(to.snapshots.listFromDisk().map((record) => [record.id, record]));
  for (const record of from.snapshots.listFromDisk()) {
    const arrived = there.get(record.id);
    if (arrived !== undefined && to.snapshots.bytesOf(arrived).equals(from.snapshots.bytesOf(record))) continue;
    throw new AppError('SNAPSHOT_CORRUPT', `the version ${record.id} has not arrived; the vault stays where it is`, {
      hint: 'Move again: it goes on where it was.',
      details: { snapshot: record.id },
    });
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, 'read', path);
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw storageError(error, 'look into', dir);
  }
}
