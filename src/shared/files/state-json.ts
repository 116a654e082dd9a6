import { readFileSync } from 'node:fs';
import { isAppError, systemErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { replaceFile } from './write-file.ts';

/** Says what a file may hold: one of zod, or `schemaOf` a shape. */
export interface Schema<T> {
  /** @throws when the value is none. */
  parse(value: unknown): T;
}

/**
 * A small file of the service's own: read once, written whole when it changes. What cannot be read, or written, is told
 * in the log and otherwise as if there were nothing: none of it is worth a backup.
 */
export class StateJson<T> {
  readonly #file: string;
  readonly #logger: Logger;
  #value: T;
  #written: string | undefined;

  constructor(file: string, schema: Schema<T>, nothing: T, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
    this.#value = this.#read(schema) ?? nothing;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    const text = `${JSON.stringify(value, undefined, 2)}\n`;
    if (text === this.#written) return;
    try {
      replaceFile(this.#file, Buffer.from(text));
      this.#written = text;
    } catch (error) {
      const systemCode = systemErrorCode(error);
      if (systemCode === undefined && !isAppError(error)) throw error;
      this.#logger.warn('a file of the service cannot be written', { file: this.#file, systemCode });
    }
  }

  #read(schema: Schema<T>): T | undefined {
    try {
      const text = readFileSync(this.#file, 'utf8');
      const value = schema.parse(JSON.parse(text));
      this.#written = text;
      return value;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') {
        this.#logger.warn('a file of the service cannot be read, and is begun anew', { file: this.#file });
      }
      return undefined;
    }
  }
}
