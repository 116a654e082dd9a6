import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { translateError, type ErrorContext } from './errors.ts';

export type SqlValue = null | number | bigint | string | Uint8Array;
type SqlParameter = SqlValue;
export type Row = Record<string, SqlValue>;

export interface StatementOptions {
  /** Integers come as bigints. Without it, one beyond 2^53 throws: cast such columns in SQL, or ask for bigints. */
  bigints?: boolean;
  /** Rows come as arrays of values in column order: three times as fast for bulk reading. */
  arrays?: boolean;
}

interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/** A compiled statement. Parameters are positional (`?`). */
export interface Statement<R = Row> {
  run(...parameters: SqlParameter[]): RunResult;
  get(...parameters: SqlParameter[]): R | undefined;
  all(...parameters: SqlParameter[]): R[];
  /** One row at a time; the statement must not be used again before the loop has ended. */
  iterate(...parameters: SqlParameter[]): IterableIterator<R>;
}

/**
 * A connection to one SQLite database. Everything is synchronous; expected failures are AppErrors: OUT_OF_SPACE,
 * STORAGE_FAILED, VAULT_BUSY (as `DatabaseBusyError`) and FORMAT_INVALID for a damaged file.
 */
export class Database implements Disposable {
  readonly #connection: DatabaseSync;
  readonly #context: ErrorContext;
  #isOpen = true;

  /** For the `open…` functions of this folder. */
  constructor(connection: DatabaseSync, context: ErrorContext) {
    this.#connection = connection;
    this.#context = context;
  }

  /** Runs one or several statements without parameters, dropping any rows. */
  exec(sql: string): void {
    guarded(this.#context, () => this.#connection.exec(sql));
  }

  prepare(sql: string, options: StatementOptions & { arrays: true }): Statement<SqlValue[]>;
  prepare(sql: string, options?: StatementOptions & { arrays?: false }): Statement;
  prepare(sql: string, options: StatementOptions = {}): Statement | Statement<SqlValue[]> {
    const statement = guarded(this.#context, () =>
      this.#connection.prepare(sql, { readBigInts: options.bigints === true, returnArrays: options.arrays === true }),
    );
    return new GuardedStatement<Row>(statement, this.#context);
  }

  /**
   * Runs `work` in a write transaction: all of it happens, or nothing when it throws. Does not nest, and `work` must
   * not be asynchronous.
   */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** The bytes of the whole database, as its file would hold them. */
  serialize(): Buffer {
    const bytes = guarded(this.#context, () => this.#connection.serialize());
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * From now on what can be read of a damaged list of tables is read, and a file shorter than it says it is, is one that
   * ends early. For databases of others, in which nothing is changed.
   */
  tolerateDamage(): void {
    guarded(this.#context, () => {
      this.#connection.enableDefensive(false);
      this.#connection.exec('PRAGMA writable_schema = ON');
    });
  }

  /** Closing twice is harmless. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    guarded(this.#context, () => this.#connection.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A full disk or an I/O error has already ended the transaction; then there is nothing left to roll back. */
  #rollBack(): void {
    if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
  }
}

class GuardedStatement<R> implements Statement<R> {
  readonly #statement: StatementSync;
  readonly #context: ErrorContext;

  constructor(statement: StatementSync, context: ErrorContext) {
    this.#statement = statement;
    this.#context = context;
  }

  // Each catches for itself: a closure for every row would cost as much as the row.

  run(...parameters: SqlParameter[]): RunResult {
    try {
      const { changes, lastInsertRowid } = this.#statement.run(...parameters);
      return { changes: Number(changes), lastInsertRowid };
    } catch (error) {
      throw translateError(error, this.#context);
    }
  }

  get(...parameters: SqlParameter[]): R | undefined {
    try {
      // node:sqlite types rows as objects even for statements that return arrays.
      return this.#statement.get(...parameters) as R | undefined;
    } catch (error) {
      throw translateError(error, this.#context);
    }
  }

  all(...parameters: SqlParameter[]): R[] {
    try {
      return this.#statement.all(...parameters) as R[];
    } catch (error) {
      throw translateError(error, this.#context);
    }
  }

  *iterate(...parameters: SqlParameter[]): Generator<R, undefined> {
    try {
      for (const row of this.#statement.iterate(...parameters)) yield row as R;
    } catch (error) {
      throw translateError(error, this.#context);
    }
  }
}

function guarded<T>(context: ErrorContext, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateError(error, context);
  }
}
