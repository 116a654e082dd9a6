import type { Database, Statement } from '../../database/index.ts';

/** JSON values by name that survive a restart of the phone. */
export class DiskSettings {
  readonly #select: Statement;
  readonly #upsert: Statement;
  readonly #delete: Statement;

  constructor(database: Database) {
    this.#select = database.prepare('SELECT value FROM settings WHERE name = ?');
    this.#upsert = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM settings WHERE name = ?');
  }

  /** What was last set; undefined when nothing was. */
  get(name: string): unknown {
    const value = this.#select.get(name)?.['value'];
    return typeof value === 'string' ? JSON.parse(value) : undefined;
  }

  /** @param value anything JSON holds; undefined deletes. */
  set(name: string, value: unknown): void {
    if (value === undefined) this.delete(name);
    else this.#upsert.run(name, JSON.stringify(value));
  }

  delete(name: string): void {
    this.#delete.run(name);
  }
}
