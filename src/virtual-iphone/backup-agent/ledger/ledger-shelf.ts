import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ledger, LEDGER_FILES, type LedgerFacts } from './ledger.ts';
import { makeFolders } from '../../../shared/files/make-folders.ts';

/** Folders the phone remembers: the computers it is backed up to, and their last few backups. */
const LEDGERS_KEPT = 5;
/** Ends the name of a copy under way. */
const UNFINISHED = '.unfinished';

/** Where the phone keeps its ledgers, one folder each. */
export class LedgerShelf {
  readonly #root: string;

  /** @param stateDir the phone's folder on this computer. */
  constructor(stateDir: string) {
    this.#root = join(stateDir, 'backups');
  }

  /** The one of a folder whose Status.plist has this UUID, if this phone wrote it and still remembers. */
  open(uuid: string): Ledger | undefined {
    return openAt(this.#dirOf(uuid), uuid);
  }

  /**
   * For a full backup. What the phone wrote down for other folders with the same keys is right for this one, too, but
   * for the payloads, of which this folder has none: only what changed since has to be described anew.
   */
  create(uuid: string, facts: LedgerFacts): Ledger {
    for (const dir of this.#newestFirst()) {
      using candidate = openAt(dir, '');
      if (candidate?.facts.keybagUuid !== facts.keybagUuid) continue;
      const copy = this.fork(candidate, uuid, facts);
      copy.forgetPayloads();
      return copy;
    }
    return this.#place(uuid, facts, (dir) => new Ledger(dir, uuid, true));
  }

  /** A copy to go on from, for an incremental backup: the base stays, in case the host goes back to it. */
  fork(base: Ledger, uuid: string, facts: LedgerFacts): Ledger {
    base.checkpoint();
    const from = dirname(base.manifestPath);
    return this.#place(uuid, facts, (dir) => {
      for (const name of LEDGER_FILES) copyFileSync(join(from, name), join(dir, name), constants.COPYFILE_FICLONE);
      return new Ledger(dir, uuid, false);
    });
  }

  /** Closes a ledger at the end of a run, well or not; one that no folder can refer to is forgotten. */
  putBack(ledger: Ledger): void {
    const { isAnnounced } = ledger.facts;
    ledger.close();
    if (!isAnnounced) rmSync(this.#dirOf(ledger.uuid), { recursive: true, force: true });
  }

  /** Forgets all but the newest: folders that were not written to for that many backups start anew. */
  prune(): void {
    const halves = readdirSync(this.#root).filter((name) => name.endsWith(UNFINISHED));
    for (const name of halves) rmSync(join(this.#root, name), { recursive: true, force: true });
    for (const dir of this.#newestFirst().slice(LEDGERS_KEPT)) rmSync(dir, { recursive: true, force: true });
  }

  /** Forgets all: every folder starts anew. */
  clear(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Makes the files of a ledger under another name first: a phone that is killed meanwhile leaves none half made. */
  #place(uuid: string, facts: LedgerFacts, make: (dir: string) => Ledger): Ledger {
    const dir = this.#dirOf(uuid);
    const half = `${dir}${UNFINISHED}`;
    rmSync(half, { recursive: true, force: true });
    makeFolders(half);
    {
      using ledger = make(half);
      ledger.setFacts(facts);
    }
    renameSync(half, dir);
    return new Ledger(dir, uuid, false);
  }

  /** The last written to first. Looking into a ledger does not count, although SQLite touches the folder then. */
  #newestFirst(): string[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root)
      .filter((name) => !name.endsWith(UNFINISHED))
      .map((name) => join(this.#root, name))
      .map((dir) => ({
        dir,
        writtenAtMs: statSync(join(dir, LEDGER_FILES[1]), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      }))
      .toSorted((a, b) => b.writtenAtMs - a.writtenAtMs)
      .map(({ dir }) => dir);
  }

  /** The UUID comes out of a file the host keeps: hashed, it cannot name another folder. */
  #dirOf(uuid: string): string {
    return join(this.#root, createHash('sha1').update(uuid).digest('hex').slice(0, 32));
  }
}

function openAt(dir: string, uuid: string): Ledger | undefined {
  return LEDGER_FILES.every((name) => existsSync(join(dir, name))) ? new Ledger(dir, uuid, false) : undefined;
}
