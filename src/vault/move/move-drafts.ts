import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { throttleTo } from '../../shared/flow/throttle.ts';
import { DraftDatabase } from '../drafts/draft-database.ts';
import { draftedUdids, removeDraft, unlessDamaged } from '../drafts/open-draft.ts';
import { PlaceList } from '../objects/places/place-list.ts';
import { copyObjects } from '../replicate/copy-objects.ts';
import type { VaultParts } from '../vault.ts';

/**
 * Brings unfinished backups to another vault, with everything they have received: what the phone has sent it does not
 * send again. One that is damaged is left behind; the next backup then begins anew.
 *
 * Under the locks of both vaults, no draft being open.
 *
 * @param replace whether drafts that are there go first: they came here by an earlier try.
 * @returns UDIDs of the devices whose unfinished backup was left behind.
 */
export async function moveDrafts(
  from: VaultParts,
  to: VaultParts,
  replace: boolean,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (replace) for (const udid of draftedUdids(to.dir)) await removeDraft(to.dir, udid, to.disk);
  const there = new Set(draftedUdids(to.dir));
  const left: string[] = [];
  for (const udid of draftedUdids(from.dir)) {
    if (there.has(udid)) continue;
    const path = join(from.dir, 'drafts', udid, 'draft.db');
    const wanted = unlessDamaged(() => missingObjects(path, to), 'damaged');
    if (wanted === undefined) continue;
    if (wanted === 'damaged') {
      left.push(udid);
      continue;
    }
    const lost = await copyObjects(from.objects, to.objects, wanted, {
      throttle: throttleTo(undefined, signal),
      signal,
      onCopied: () => undefined,
    });
    await to.objects.flush();
    if (lost.length > 0) left.push(udid);
    else await putDraft(to, udid, readFileSync(path));
  }
  return left;
}

/**
 * The objects of a draft that the other vault does not have. Closing the database afterwards leaves everything in one
 * file. Undefined where there is no draft in it.
 */
function missingObjects(path: string, { objects }: VaultParts): PlaceList | undefined {
  using database = DraftDatabase.open(path);
  if (database === undefined) return undefined;
  const wanted = new PlaceList();
  for (const operation of database.operations()) {
    if (operation.kind === 'put' && !objects.has(operation.hash))
      wanted.push(operation.hash, 0, 0, operation.sizeBytes);
  }
  return wanted;
}

async function putDraft({ dir, disk }: VaultParts, udid: string, bytes: Buffer): Promise<void> {
  const folder = join(dir, 'drafts', udid);
  disk.makeDirectory(folder);
  await disk.writeFileDurably(join(folder, 'draft.db'), bytes);
  await disk.syncDirectory(join(dir, 'drafts'));
  await disk.syncDirectory(dir);
}
