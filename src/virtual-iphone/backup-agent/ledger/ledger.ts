import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type Database, type SqlValue, type Statement } from '../../../database/index.ts';
import { MANIFEST_INDEXES, MANIFEST_SCHEMA } from './manifest-schema.ts';

/** Where a run stands; the words of Status.plist. */
export type SnapshotState = 'uploading' | 'moving' | 'removing' | 'finished';

/** What the phone remembers about a run besides its files. */
export interface LedgerFacts {
  readonly state: SnapshotState;
  /** Every file was or will be sent, whatever the folder held before. */
  readonly isFull: boolean;
  /** SHA-1 of the keybag the files are wrapped with: another keybag makes all of them useless. */
  readonly keybagDigest: string;
  /** SHA-1 of the manifest as it lies in the folder; known once it was sent. */
  readonly manifestDigest?: string;
}

/** What was sent of one entry of the disk: enough to tell whether it is still the same. */
export interface HeldEntry {
  readonly domain: string;
  readonly path: string;
  /** The disk's `contentVersion`. */
  readonly version: number;
  /** Times, permissions and the like: another text when any of them is another. */
  readonly meta: string;
}

export interface ManifestRow extends HeldEntry {
  /** 40 hexadecimal digits: SHA-1 of "domain-path". */
  readonly id: string;
  /** 1 file, 2 directory, 4 symbolic link. */
  readonly flags: number;
  /** The MBFile archive. */
  readonly file: Uint8Array;
}

const LEDGER_SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger.held (
    domain TEXT NOT NULL, path TEXT NOT NULL, version INTEGER NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (domain, path)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger.fresh (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger.gone (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger.facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/**
 * What the phone remembers of one backup folder, by the UUID of its Status.plist: the manifest it has written there,
 * which version of every file lies in it, and, while a run is under way, what waits to be moved and removed.
 *
 * The manifest is the file that is sent, updated in place from backup to backup. Everything survives the phone being
 * killed; a batch of files is in it as soon as the host has confirmed it.
 */
export class Ledger implements Disposable {
  readonly uuid: string;
  readonly manifestPath: string;
  readonly database: Database;
  readonly #putRow: Statement;
  readonly #putHeld: Statement;
  readonly #putFresh: Statement;
  readonly #putGone: Statement;
  readonly #deleteRow: Statement;
  readonly #deleteHeld: Statement;
  readonly #deleteFresh: Statement;
  #payloads: Statement<SqlValue[]> | undefined;
  #isOpen = true;
  #inBatch = false;

  private constructor(dir: string, uuid: string) {
    this.uuid = uuid;
    this.manifestPath = join(dir, 'Manifest.db');
    this.database = openDatabase(this.manifestPath, { create: true });
    this.database.prepare('ATTACH ? AS ledger').run(join(dir, 'ledger.db'));
    // Without fsync a killed process still loses nothing: what it wrote is the kernel's to keep.
    for (const name of ['main', 'ledger']) {
      this.database.exec(`PRAGMA ${name}.journal_mode = WAL; PRAGMA ${name}.synchronous = OFF`);
    }
    this.database.exec('PRAGMA cache_size = -16000');
    this.database.exec(MANIFEST_SCHEMA + LEDGER_SCHEMA);
    this.#putRow = this.database.prepare('INSERT OR REPLACE INTO Files VALUES (?, ?, ?, ?, ?)');
    this.#putHeld = this.database.prepare('INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)');
    this.#putFresh = this.database.prepare('INSERT OR IGNORE INTO fresh VALUES (?)');
    this.#putGone = this.database.prepare('INSERT OR IGNORE INTO gone VALUES (?)');
    this.#deleteRow = this.database.prepare('DELETE FROM Files WHERE fileID = ?');
    this.#deleteHeld = this.database.prepare('DELETE FROM held WHERE domain = ? AND path = ?');
    this.#deleteFresh = this.database.prepare('DELETE FROM fresh WHERE id = ?');
  }

  /** An empty one, for a full backup. */
  static create(stateDir: string, uuid: string, facts: LedgerFacts): Ledger {
    const dir = ledgerDir(stateDir, uuid);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const ledger = new Ledger(dir, uuid);
    ledger.setFacts(facts);
    return ledger;
  }

  /** The one of a folder whose Status.plist has this UUID, if this phone wrote it and still remembers. */
  static open(stateDir: string, uuid: string): Ledger | undefined {
    const dir = ledgerDir(stateDir, uuid);
    return existsSync(join(dir, 'ledger.db')) ? new Ledger(dir, uuid) : undefined;
  }

  /** A copy to go on from, for an incremental backup: the base stays, in case the host goes back to it. */
  fork(stateDir: string, uuid: string, facts: LedgerFacts): Ledger {
    this.checkpoint();
    const from = ledgerDir(stateDir, this.uuid);
    const dir = ledgerDir(stateDir, uuid);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    for (const name of ['Manifest.db', 'ledger.db']) {
      copyFileSync(join(from, name), join(dir, name), constants.COPYFILE_FICLONE);
    }
    const ledger = new Ledger(dir, uuid);
    ledger.setFacts(facts);
    return ledger;
  }

  get facts(): LedgerFacts {
    const value = this.database.prepare("SELECT value FROM facts WHERE name = 'facts'").get()?.['value'];
    return JSON.parse(String(value)) as LedgerFacts; // written by setFacts
  }

  setFacts(facts: LedgerFacts): void {
    this.database.prepare("INSERT OR REPLACE INTO facts VALUES ('facts', ?)").run(JSON.stringify(facts));
  }

  /** Runs changes that are kept together, or not at all. */
  transaction<T>(work: () => T): T {
    return this.database.transaction(work);
  }

  /** Begins changes that are kept by `commitBatch` and forgotten when the ledger is closed before. */
  beginBatch(): void {
    this.database.exec('BEGIN IMMEDIATE');
    this.#inBatch = true;
  }

  commitBatch(): void {
    this.database.exec('COMMIT');
    this.#inBatch = false;
  }

  put(row: ManifestRow): void {
    this.#putRow.run(row.id, row.domain, row.path, row.flags, row.file);
    this.#putHeld.run(row.domain, row.path, row.version, row.meta);
  }

  /** The file's content was sent in this run and lies in Snapshot/. */
  putFresh(id: string): void {
    this.#putFresh.run(id);
  }

  /** Takes an entry out of the manifest. */
  delete(entry: { readonly domain: string; readonly path: string }, id: string): void {
    this.#deleteRow.run(id);
    this.#deleteHeld.run(entry.domain, entry.path);
    this.#deleteFresh.run(id);
  }

  /** A payload of the folder that is to be removed at the end of the run. */
  putGone(id: string): void {
    this.#putGone.run(id);
  }

  /** The MBFile archive of an entry. */
  fileOf(id: string): Uint8Array | undefined {
    const file = this.database.prepare('SELECT file FROM Files WHERE fileID = ?').get(id)?.['file'];
    return file instanceof Uint8Array ? file : undefined;
  }

  /** The payloads the manifest names whose ids begin so, in order, and whether each was sent in this run. */
  payloads(prefix: string): { id: string; isFresh: boolean }[] {
    this.#payloads ??= this.database.prepare(
      `SELECT fileID, fresh.id IS NOT NULL FROM Files LEFT JOIN fresh ON fresh.id = fileID
       WHERE fileID >= ? AND fileID < ? AND flags = 1 ORDER BY fileID`,
      { arrays: true },
    );
    // 'g' sorts after every hexadecimal digit.
    const rows = this.#payloads.all(prefix, `${prefix}g`);
    return rows.map(([id, isFresh]) => ({ id: String(id), isFresh: isFresh === 1 }));
  }

  /** Payloads sent in this run, in order, after `id`; at most `limit`. */
  freshAfter(id: string, limit: number): string[] {
    const rows = this.database.prepare('SELECT id FROM fresh WHERE id > ? ORDER BY id LIMIT ?').all(id, limit);
    return rows.map((row) => String(row['id']));
  }

  /** Payloads to be removed, in order: those noted as gone that no entry of the manifest has claimed again. */
  goneAfter(id: string, limit: number): string[] {
    const sql = `SELECT id FROM gone WHERE id > ? AND NOT EXISTS (SELECT 1 FROM Files WHERE fileID = id AND flags = 1)
      ORDER BY id LIMIT ?`;
    return this.database
      .prepare(sql)
      .all(id, limit)
      .map((row) => String(row['id']));
  }

  /** Forgets that a payload was sent: the host has lost it. */
  unsend(id: string): void {
    const row = this.database.prepare('SELECT domain, relativePath FROM Files WHERE fileID = ?').get(id);
    if (row !== undefined) this.delete({ domain: String(row['domain']), path: String(row['relativePath']) }, id);
  }

  /** The run is over: nothing waits to be moved or removed any more. */
  settle(): void {
    this.transaction(() => {
      this.database.exec('DELETE FROM fresh; DELETE FROM gone');
      this.setFacts({ ...this.facts, state: 'finished' });
    });
    this.checkpoint();
  }

  createIndexes(): void {
    this.database.exec(MANIFEST_INDEXES);
  }

  /** Brings all changes into the manifest's file itself, so that it can be copied and sent. */
  checkpoint(): void {
    this.database.exec('PRAGMA main.wal_checkpoint(TRUNCATE); PRAGMA ledger.wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#inBatch) this.database.exec('ROLLBACK');
    this.database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** SHA-1 of a keybag, by which ledgers know it. */
export function keybagDigestOf(keybag: Uint8Array): string {
  return createHash('sha1').update(keybag).digest('hex');
}

/** Forgets all but the newest ledgers: folders that were not written to for that many backups start anew. */
export function pruneLedgers(stateDir: string, keep: number): void {
  const root = join(stateDir, 'backups');
  const newestFirst = readdirSync(root)
    .map((name) => ({ path: join(root, name), usedAtMs: statSync(join(root, name)).mtimeMs }))
    .toSorted((a, b) => b.usedAtMs - a.usedAtMs);
  for (const { path } of newestFirst.slice(keep)) rmSync(path, { recursive: true, force: true });
}

function ledgerDir(stateDir: string, uuid: string): string {
  // The UUID comes out of a file the host keeps: hashed, it cannot name another folder.
  return join(stateDir, 'backups', createHash('sha1').update(uuid).digest('hex').slice(0, 32));
}
