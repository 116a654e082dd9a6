import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError } from '../../shared/errors.ts';
import { namesIn, readIfThere } from '../look.ts';
import { encodeMovedMark, MARK_NAME } from '../mark/moved-mark.ts';
import type { VaultParts } from '../vault.ts';

export interface SwitchOptions {
  /** Whether everything is to stay in the old place. */
  readonly keep: boolean;
  /** Whether labels go that are only in the new place. */
  readonly replaceLabels: boolean;
  /** Puts down elsewhere where the vault is now. */
  readonly note: () => Promise<void>;
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
  { keep, replaceLabels, note }: SwitchOptions,
): Promise<void> {
  using _labels = await from.labels.lock();
  await copyLabelFiles(from, to, replaceLabels);
  assertAllThere(from, to);
  await to.objects.flush();
  const markBytes = readFileSync(join(from.dir, MARK_NAME));
  await to.disk.writeFileDurably(join(to.dir, MARK_NAME), markBytes);
  const moved = { id: from.mark.id, movedTo: to.dir, movedAt: new Date(from.now()), kept: keep };
  const movedMark = encodeMovedMark(moved, JSON.parse(markBytes.toString()));
  try {
    await from.disk.writeFileDurably(join(from.dir, MARK_NAME), movedMark);
  } catch (error) {
    if (keep || !isAppError(error, 'OUT_OF_SPACE')) throw error;
    await note();
    await switchWithoutRoom(from, movedMark);
  }
  await note();
}

/**
 * On a disk that is full to the last byte, which people move away from. A rename needs no room: it takes the mark away,
 * and nothing is a vault there any more; then something goes that the new place has, and there is room for the note.
 */
async function switchWithoutRoom({ dir, disk, lists }: VaultParts, movedMark: Buffer): Promise<void> {
  const path = join(dir, MARK_NAME);
  disk.rename(path, `${path}.old`);
  await disk.syncDirectory(dir);
  await lists.remove(lists.names());
  await disk.writeFileDurably(path, movedMark);
  disk.remove(`${path}.old`);
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
