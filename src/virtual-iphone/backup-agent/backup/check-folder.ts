import type { BackupFolder } from '../folder/layout.ts';
import { isPayloadId, PREFIXES } from '../folder/layout.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { listDirectory, type Listing } from '../wire/file-operations.ts';
import type { HostLink } from '../wire/host-link.ts';

/** What is missing in the host's folder. */
export interface FolderCheck {
  /** A payload that earlier runs left in the folder. */
  readonly lost: string | undefined;
  /** Payloads of this run that are not in Snapshot/. */
  readonly unsent: readonly string[];
  /** Payloads of this run that are in Snapshot/ and wait to be moved. */
  readonly unmovedCount: number;
}

/**
 * Lists the host's folder and compares it with what it must hold.
 *
 * @param freshIn where payloads of this run may lie: in Snapshot/ while files are sent, in either place while they are
 *   moved, in their own place at the end.
 * @throws {AgentError} @throws {HostGone}
 */
export async function checkFolder(
  link: HostLink,
  folder: BackupFolder,
  ledger: Ledger,
  freshIn: 'snapshot' | 'either' | 'place',
): Promise<FolderCheck> {
  const lister = new FolderLister(link, folder);
  const unsent: string[] = [];
  let unmovedCount = 0;
  for (const prefix of PREFIXES) {
    const payloads = ledger.payloads(prefix);
    if (payloads.length === 0) continue;
    const settled = await lister.payloads(prefix, false);
    const inSnapshot = freshIn === 'place' ? NOTHING : await lister.payloads(prefix, true);
    for (const { id, isFresh } of payloads) {
      if (isFresh && inSnapshot.has(id)) unmovedCount++;
      else if (isFresh && freshIn === 'snapshot') unsent.push(id);
      else if (!settled.has(id)) return { lost: id, unsent, unmovedCount };
    }
  }
  return { lost: undefined, unsent, unmovedCount };
}

/** Every payload in the folder, whoever put it there. @throws {AgentError} @throws {HostGone} */
export async function* payloadsIn(link: HostLink, folder: BackupFolder): AsyncGenerator<string> {
  const lister = new FolderLister(link, folder);
  for (const prefix of folder.layout.isFlat ? [''] : PREFIXES) {
    for (const name of (await lister.payloads(prefix, false)).keys()) if (isPayloadId(name)) yield name;
  }
}

const NOTHING: Listing = new Map();

/** Lists directories once, and only those that their parent names. */
class FolderLister {
  readonly #link: HostLink;
  readonly #folder: BackupFolder;
  #root: Listing | undefined;
  #snapshot: Listing | undefined;

  constructor(link: HostLink, folder: BackupFolder) {
    this.#link = link;
    this.#folder = folder;
  }

  async payloads(prefix: string, inSnapshot: boolean): Promise<Listing> {
    const parent = inSnapshot ? await this.#snapshotListing() : await this.#rootListing();
    if (this.#folder.layout.isFlat) return parent;
    if (parent.get(prefix)?.isDirectory !== true) return NOTHING;
    return listDirectory(this.#link, this.#folder.directory(prefix, inSnapshot));
  }

  async #rootListing(): Promise<Listing> {
    this.#root ??= await listDirectory(this.#link, this.#folder.root);
    return this.#root;
  }

  async #snapshotListing(): Promise<Listing> {
    const isThere = (await this.#rootListing()).get('Snapshot')?.isDirectory === true;
    this.#snapshot ??= isThere ? await listDirectory(this.#link, this.#folder.snapshot) : NOTHING;
    return this.#snapshot;
  }
}
