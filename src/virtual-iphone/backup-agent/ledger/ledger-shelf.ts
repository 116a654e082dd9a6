import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ledger, LEDGER_FILES, type LedgerFacts } from './ledger.ts';

/** Folders the phone remembers: the computers it is backed up to, and their last few backups. */
const LEDGERS_KEPT = 4;

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
    const ledger = new Ledger(this.#emptyDir(uuid), uuid, true);
    ledger.setFacts(facts);
    return ledger;
  }

  /** A copy to go on from, for an incremental backup: the base stays, in case the host goes back to it. */
  fork(base: Ledger, uuid: string, facts: LedgerFacts): Ledger {
    base.checkpoint();
    const dir = this.#emptyDir(uuid);
    for (const name of LEDGER_FILES) {
      copyFileSync(join(dirname(base.manifestPath), name), join(dir, name), constants.COPYFILE_FICLONE);
    }
    const ledger = new Ledger(dir, uuid, false);
    ledger.setFacts(facts);
    return ledger;
  }

  /** Forgets all but the newest: folders that were not written to for that many backups start anew. */
  prune(): void {
    for (const dir of this.#newestFirst().slice(LEDGERS_KEPT)) rmSync(dir, { recursive: true, force: true });
  }

  /** The last used first. */
  #newestFirst(): string[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root)
      .map((name) => ({ path: join(this.#root, name), usedAtMs: statSync(join(this.#root, name)).mtimeMs }))
      .toSorted((a, b) => b.usedAtMs - a.usedAtMs)
      .map(({ path }) => path);
  }

  #emptyDir(uuid: string): string {
    const dir = this.#dirOf(uuid);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    return dir;
  }

  /** The UUID comes out of a file the host keeps: hashed, it cannot name another folder. */
  #dirOf(uuid: string): string {
    return join(this.#root, createHash('sha1').update(uuid).digest('hex').slice(0, 32));
  }
}

function openAt(dir: string, uuid: string): Ledger | undefined {
  return LEDGER_FILES.every((name) => existsSync(join(dir, name))) ? new Ledger(dir, uuid, false) : undefined;
}
