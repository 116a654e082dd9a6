import { setImmediate } from 'node:timers/promises';
import { TargetError } from '../shared/target/backup-target.ts';
import { isAppError } from '../shared/errors.ts';
import type { Backup } from '../snapshot/index.ts';

/** How much a device is given when it takes everything of a backup. */
export interface RestoreAmount {
  readonly files: number;
  /** As stored: what goes over the connection. */
  readonly bytes: number;
  /** As the device will hold them. */
  readonly contentBytes: number;
}

/** What describes a backup, which the device reads first. */
const LISTS = ['Status.plist', 'Manifest.plist', 'Manifest.db', 'Manifest.mbdb', 'Info.plist'] as const;
const CIPHER_BLOCK_BYTES = 16;
/** How many entries are looked at before other work gets its turn. */
const ENTRIES_PER_TURN = 16_384;

/** Adds up what the manifest says. An entry that cannot be read counts as a file of no bytes. */
export async function amountOf(backup: Backup, signal?: AbortSignal): Promise<RestoreAmount> {
  let files = 0;
  let bytes = 0;
  let contentBytes = 0;
  for (const entry of backup.manifest.entries({ onProblem: () => {} })) {
    if (entry.kind !== 'file') continue;
    const sizeBytes = sizeOf(entry);
    files += 1;
    contentBytes += sizeBytes;
    bytes += backup.isEncrypted ? sizeBytes + CIPHER_BLOCK_BYTES - (sizeBytes % CIPHER_BLOCK_BYTES) : sizeBytes;
    if (files % ENTRIES_PER_TURN === 0) {
      signal?.throwIfAborted();
      await setImmediate();
    }
  }
  for (const list of LISTS) {
    const sizeBytes = await sizeOfList(backup, list);
    if (sizeBytes === undefined) continue;
    files += 1;
    bytes += sizeBytes;
  }
  return { files, bytes, contentBytes };
}

function sizeOf(entry: { outline(): { readonly sizeBytes?: number | undefined } }): number {
  try {
    return entry.outline().sizeBytes ?? 0;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return 0;
  }
}

async function sizeOfList({ source }: Backup, path: string): Promise<number | undefined> {
  try {
    return (await source.read(path)).sizeBytes;
  } catch (error) {
    if (error instanceof TargetError) return undefined;
    throw error;
  }
}
