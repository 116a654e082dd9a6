import type { Database, Statement } from '../../database/index.ts';

/** Content files by number, and how to remove one. */
interface BlobRemover {
  removeBlob(id: number): void;
}

/**
 * What makes a change to the disk whole: one transaction for the database, content files removed only after it is
 * kept (or, those it made, after it failed), and numbers that are never given twice.
 */
export class Changes {
  readonly #database: Database;
  readonly #blobs: BlobRemover;
  readonly #onFailure: () => void;
  readonly #saveCounter: Statement;
  #nextInode: number;
  #nextVersion: number;
  #depth = 0;
  #dropped: number[] = [];
  #made: number[] = [];

  /** @param onFailure is called after a change was undone: whatever was remembered of it is wrong. */
  constructor(database: Database, blobs: BlobRemover, onFailure: () => void) {
    this.#database = database;
    this.#blobs = blobs;
    this.#onFailure = onFailure;
    this.#saveCounter = database.prepare('INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)');
    this.#nextInode = counterIn(database, 'inode', 1_000_000);
    this.#nextVersion = counterIn(database, 'version', 1);
  }

  newInode(): number {
    return this.#nextInode++;
  }

  newVersion(): number {
    return this.#nextVersion++;
  }

  /** A content file that belongs to the change under way: it goes if the change fails. */
  madeBlob(id: number): void {
    this.#made.push(id);
  }

  /** A content file that nothing will name once the change under way is kept. */
  droppedBlob(id: number): void {
    this.#dropped.push(id);
  }

  /** Runs a change in a transaction of its own, or in the one under way. */
  run<T>(change: () => T): T {
    if (this.#depth > 0) return change();
    this.#depth++;
    try {
      const result = this.#database.transaction(() => {
        const value = change();
        this.#saveCounter.run('inode', this.#nextInode);
        this.#saveCounter.run('version', this.#nextVersion);
        return value;
      });
      for (const id of this.#dropped) this.#blobs.removeBlob(id);
      return result;
    } catch (error) {
      for (const id of this.#made) this.#blobs.removeBlob(id);
      this.#onFailure();
      throw error;
    } finally {
      this.#dropped = [];
      this.#made = [];
      this.#depth--;
    }
  }
}

function counterIn(database: Database, name: string, first: number): number {
  const row = database.prepare('SELECT value FROM counters WHERE name = ?').get(name);
  return Number(row?.['value'] ?? first);
}
