import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isAppError } from '../../shared/errors.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import { keybagId } from '../../keybag/index.ts';
import {
  contentIdsInFolder,
  folderSource,
  missingFiles,
  openManifest,
  readManifestPlist,
} from '../../snapshot/index.ts';
import type { SnapshotChecks } from '../snapshots/record.ts';
import { optional } from './inspect-backup.ts';

/** About 1,500 files: fewer are looked through before a thread has started. */
const WORTH_A_THREAD_BYTES = 1024 * 1024;

/** What a snapshot says about the manifest it came with, and how many of the files named there are not. */
export type ManifestChecks = SnapshotChecks & { readonly missing: number };

/**
 * The look at a folder's manifest, beside the taking in of its files: a thread can do it meanwhile. It is begun only
 * when something turns out to be new, since a folder that is known already needs none.
 */
export class ManifestCheck implements AsyncDisposable {
  readonly #folder: string;
  #thread: WorkerPool<string, ManifestChecks> | undefined;
  #checks: Promise<ManifestChecks> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Has a thread begin, where that pays. */
  begin(): void {
    if (this.#checks !== undefined || !isWorthAThread(this.#folder)) return;
    this.#thread = new WorkerPool('./manifest-worker', import.meta.url, 1);
    this.#checks = this.#thread.run(this.#folder);
    // Whoever asks for the outcome learns of a failure; an import that fails before does not ask.
    this.#checks.catch(() => undefined);
  }

  /** @throws what `checkManifest` throws */
  outcome(): Promise<ManifestChecks> {
    this.#checks ??= checkManifest(this.#folder);
    return this.#checks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.[Symbol.asyncDispose]();
  }
}

/**
 * Looks whether every file the backup's manifest names is there. One that is incomplete is taken in all the same,
 * because it may be all there is; the snapshot says what it lacks.
 */
export async function checkManifest(folder: string): Promise<ManifestChecks> {
  const source = folderSource(folder);
  const facts = await optional(readManifestPlist(source));
  const keybag = facts?.isEncrypted === true && facts.keybag !== undefined ? keybagId(facts.keybag) : undefined;
  const known = { status: 'finished', ...(keybag !== undefined && { keybag }) };
  try {
    using manifest = await openManifest(source);
    let missing = 0;
    for (const _ of missingFiles(manifest.contentIds(), contentIdsInFolder(folder, manifest.format))) missing++;
    return { ...known, manifest: 'readable', missing };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { ...known, manifest: error.code === 'WRONG_PASSWORD' ? 'encrypted' : 'damaged', missing: 0 };
  }
}

function isWorthAThread(folder: string): boolean {
  const manifest = statSync(join(folder, 'Manifest.db'), { throwIfNoEntry: false });
  return manifest !== undefined && manifest.size >= WORTH_A_THREAD_BYTES;
}
