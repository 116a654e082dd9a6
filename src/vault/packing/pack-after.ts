import { isAppError } from '../../shared/errors.ts';
import { basesOf, mayPack, neededIn, packLists, type PackingHost } from './pack-lists.ts';

/**
 * Packs the list of the snapshot before the newest one of a device: until now it was the newest, and stood by itself
 * so that the next backup could begin at once. Takes two lists' reading, and a look at the others of the device.
 */
export function packAfterSnapshot(host: PackingHost, udid: string): Promise<void> {
  return asFarAsPossible(host, async ({ lists, snapshots }) => {
    const bases = basesOf(lists, new Set(snapshots.list(udid).map(({ list }) => list.sha256)));
    const [, earlier, before] = bases.keys();
    if (earlier === undefined || before === undefined || bases.get(earlier) !== undefined) return;
    // Also where its second file, by which a base is known as one, has been lost.
    if (neededIn(bases).has(earlier)) return;
    await lists.pack(earlier, bases.get(before) ?? before);
  });
}

/** Packs all lists, when many have come in. @throws the reason of `signal` */
export function packAfterCopy(host: PackingHost, signal: AbortSignal | undefined): Promise<void> {
  return asFarAsPossible(host, async ({ lists, snapshots }) => {
    const named = snapshots.list().map(({ list }) => list.sha256);
    await packLists(host, basesOf(lists, named), { signal });
  });
}

/**
 * What came in is safe when this begins, and a list that cannot be packed is as it was: the next prune tries again, or
 * says what is wrong with it. The caller sees to it that nothing is pruned meanwhile.
 */
async function asFarAsPossible(host: PackingHost, pack: (host: PackingHost) => Promise<void>): Promise<void> {
  if (!mayPack(host)) return;
  try {
    await pack(host);
  } catch (error) {
    if (!isAppError(error, 'SNAPSHOT_CORRUPT', 'OUT_OF_SPACE', 'STORAGE_FAILED')) throw error;
  }
}
