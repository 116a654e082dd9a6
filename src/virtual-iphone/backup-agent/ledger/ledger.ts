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
  /** A Status.plist with its UUID may lie in the folder. Before that nobody will ever ask for the ledger. */
  readonly isAnnounced: boolean;
  /** Of the keybag whose keys wrap those of the files; a new password keeps it, other keys have another. */
  readonly keybagUuid: string;
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

/** A file the host has kept. */
export interface ConfirmedFile {
  readonly id: string;
  /** Absent when the manifest's entry is right already. */
  readonly row?: ManifestRow;
}

const ROWS_PER_COMMIT = 4096;

/** The manifest, and what the phone knows besides. */
export const LEDGER_FILES = ['Manifest.db', 'ledger.db'] as const;

const LEDGER_SCHEMA = `
  CREATE TABLE ledger.held (
    domain TEXT NOT NULL, path TEXT NOT NULL, version INTEGER NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (domain, path)
  ) WITHOUT ROWID;
  CREATE TABLE ledger.payloads (id TEXT PRIMARY KEY, isFresh INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE ledger.gone (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE ledger.facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/**
 * What the phone remembers of one backup folder, by the UUID of its Status.plist: the manifest it has written there,
 * which version of every file lies in it, and, while a run is under way, what waits to be moved and removed.
 *
 * The manifest is the file that is sent, updated in place from backup to backup. Everything survives the phone being
 * killed; of the files the host has confirmed, the last few may be sent again.
 */
export class Ledger implements Disposable {
  readonly uuid: string;
  readonly manifestPath: string;
  readonly database: Database;
  readonly #putRow: Statement;
  readonly #putHeld: Statement;
  readonly #putPayload: Statement;
  readonly #putGone: Statement;
  readonly #deleteRow: Statement;
  readonly #deleteHeld: Statement;
  readonly #deletePayload: Statement;
  readonly #selectPayloads: Statement<SqlValue[]>;
  readonly #selectFresh: Statement<SqlValue[]>;
  #findPayload: Statement<SqlValue[]> | undefined;
  #isOpen = true;
  #unkeptRows = 0;

  /**
   * For `LedgerShelf`.
   *
   * @param dir an existing folder of this ledger alone.
   * @param uuid of the Status.plist it belongs to.
   */
  constructor(dir: string, uuid: string, isNew: boolean) {
    this.uuid = uuid;
    this.manifestPath = join(dir, LEDGER_FILES[0]);
    this.database = openDatabase(this.manifestPath, { create: true });
    this.database.prepare('ATTACH ? AS ledger').run(join(dir, LEDGER_FILES[1]));
    // Without fsync a killed process still loses nothing: what it wrote is the kernel's to keep.
    for (const name of ['main', 'ledger']) {
      this.database.exec(
        `PRAGMA ${name}.journal_mode = WAL; PRAGMA ${name}.synchronous = OFF; PRAGMA ${name}.cache_size = -64000`,
      );
    }
    // The default brings a thousand pages at a time into the file, most of them many times over.
    this.database.exec('PRAGMA wal_autocheckpoint = 16384');
    // Also where a table exists already, this would count as a change of the file.
    if (isNew) this.database.exec(MANIFEST_SCHEMA + LEDGER_SCHEMA);
    this.#putRow = this.database.prepare('INSERT OR REPLACE INTO Files VALUES (?, ?, ?, ?, ?)');
    this.#putHeld = this.database.prepare('INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)');
    this.#putPayload = this.database.prepare('INSERT OR REPLACE INTO payloads VALUES (?, 1)');
    this.#putGone = this.database.prepare('INSERT OR IGNORE INTO gone VALUES (?)');
    this.#deleteRow = this.database.prepare('DELETE FROM Files WHERE fileID = ?');
    this.#deleteHeld = this.database.prepare('DELETE FROM held WHERE domain = ? AND path = ?');
    this.#selectPayloads = this.database.prepare(
      'SELECT id, isFresh FROM payloads WHERE id >= ? AND id < ? ORDER BY id',
      { arrays: true },
    );
    this.#selectFresh = this.database.prepare(
      'SELECT id FROM payloads WHERE id > ? AND isFresh = 1 ORDER BY id LIMIT ?',
      { arrays: true },
    );
    this.#deletePayload = this.database.prepare('DELETE FROM payloads WHERE id = ?');
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

  /**
   * Enters files that the host has confirmed. They are kept from time to time and at the latest by `flush` or `close`:
   * ids are random, so every few files touch every page of the index on them, and keeping each batch would write the
   * whole index anew.
   */
  enter(files: readonly ConfirmedFile[]): void {
    if (files.length === 0) return;
    if (this.#unkeptRows === 0) this.database.exec('BEGIN IMMEDIATE');
    this.#unkeptRows += files.length;
    for (const { id, row } of files) {
      if (row !== undefined) this.put(row);
      this.#putPayload.run(id);
    }
    if (this.#unkeptRows >= ROWS_PER_COMMIT) this.flush();
  }

  /** Keeps everything entered so far. */
  flush(): void {
    if (this.#unkeptRows > 0) this.database.exec('COMMIT');
    this.#unkeptRows = 0;
  }

  put(row: ManifestRow): void {
    this.#putRow.run(row.id, row.domain, row.path, row.flags, row.file);
    this.#putHeld.run(row.domain, row.path, row.version, row.meta);
  }

  /** Takes an entry out of the manifest. Its payload, if it has one, is to be removed at the end of the run. */
  delete(entry: { readonly domain: string; readonly path: string }, id: string): void {
    this.#deleteRow.run(id);
    this.#deleteHeld.run(entry.domain, entry.path);
    this.dropPayload(id);
  }

  /** The payload is no part of the backup any more. */
  dropPayload(id: string): void {
    if (this.#deletePayload.run(id).changes > 0) this.putGone(id);
  }

  /** The folder of this run holds nothing yet. */
  forgetPayloads(): void {
    this.database.exec('DELETE FROM payloads; DELETE FROM gone');
  }

  /** A payload of the folder that is to be removed at the end of the run, unless a file with its id is sent again. */
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
    // 'g' sorts after every hexadecimal digit.
    const rows = this.#selectPayloads.all(prefix, `${prefix}g`);
    return rows.map(([id, isFresh]) => ({ id: String(id), isFresh: isFresh === 1 }));
  }

  /** Payloads sent in this run, in order, after `id`; at most `limit`. */
  freshAfter(id: string, limit: number): string[] {
    return this.#selectFresh.all(id, limit).map(([each]) => String(each));
  }

  /** Payloads to be removed, in order: those noted as gone that no entry of the manifest has claimed again. */
  goneAfter(id: string, limit: number): string[] {
    const sql = `SELECT id FROM gone WHERE id > ? AND id NOT IN (SELECT payloads.id FROM payloads)
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

  /** The MBFile archives of all entries, in the order of (domain, path). */
  *entries(): Generator<{ domain: string; file: Uint8Array }> {
    const sql = 'SELECT domain, file FROM Files ORDER BY domain, relativePath';
    for (const { domain, file } of this.database.prepare(sql).iterate()) {
      if (file instanceof Uint8Array) yield { domain: String(domain), file };
    }
  }

  /** The run is over: nothing waits to be moved or removed any more. */
  settle(): void {
    this.transaction(() => {
      this.database.exec('UPDATE payloads SET isFresh = 0 WHERE isFresh = 1; DELETE FROM gone');
      this.setFacts({ ...this.facts, state: 'finished' });
    });
    this.checkpoint();
  }

  /** Whether the file's content lies in the folder. */
  hasPayload(id: string): boolean {
    this.#findPayload ??= this.database.prepare('SELECT 1 FROM payloads WHERE id = ?', { arrays: true });
    return this.#findPayload.get(id) !== undefined;
  }

  /** Makes the manifest ready to be sent: files that could not be sent are taken out, the indexes made. */
  complete(): void {
    this.database.exec(MANIFEST_INDEXES);
    const listed = this.#count('Files WHERE flags = 1');
    if (listed !== this.#count('payloads')) this.transaction(() => this.#deleteUnsent());
    this.checkpoint();
  }

  #deleteUnsent(): void {
    const sql =
      'SELECT fileID, domain, relativePath FROM Files WHERE flags = 1 AND fileID NOT IN (SELECT id FROM payloads)';
    for (const { fileID, domain, relativePath } of this.database.prepare(sql).all()) {
      this.delete({ domain: String(domain), path: String(relativePath) }, String(fileID));
    }
  }

  #count(what: string): number {
    return Number(this.database.prepare(`SELECT count(*) AS n FROM ${what}`).get()?.['n']);
  }

  /** Brings all changes into the manifest's file itself, so that it can be copied and sent. */
  checkpoint(): void {
    this.database.exec('PRAGMA main.wal_checkpoint(TRUNCATE); PRAGMA ledger.wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.flush();
    this.database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
