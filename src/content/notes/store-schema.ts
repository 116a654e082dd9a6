/**
 * NoteStore.sqlite keeps accounts, folders, notes, attachments and media as rows of one wide table. Core Data numbers
 * its columns: where several kinds of rows have an attribute of one name, they are ZTITLE, ZTITLE1, ZTITLE2, and which
 * belongs to which kind changes with every release. In a row of one kind the columns of all others are empty.
 */
import type { SqlValue } from '../../database/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';

export const OBJECTS = 'ZICCLOUDSYNCINGOBJECT';
export const NOTE_DATA = 'ZICNOTEDATA';

/** Kinds of rows, as Core Data calls them. */
export type NoteEntity =
  | 'ICAccount'
  | 'ICFolder'
  | 'ICNote'
  | 'ICAttachment'
  | 'ICInlineAttachment'
  | 'ICMedia'
  | 'ICAttachmentPreviewImage';

/** How rows of a kind are told where Z_PRIMARYKEY does not say: by what only they have. */
const SIGNS: Readonly<Record<NoteEntity, readonly string[]>> = {
  ICAccount: ['ZNAME'],
  ICFolder: ['ZTITLE2'],
  ICNote: ['ZTITLE1', 'ZNOTEDATA'],
  ICAttachment: ['ZTYPEUTI'],
  ICInlineAttachment: ['ZTYPEUTI1'],
  ICMedia: ['ZFILENAME'],
  ICAttachmentPreviewImage: [],
};

export class StoreSchema {
  readonly #database: ContentDatabase;
  readonly #numbers = new Map<string, number>();

  constructor(database: ContentDatabase) {
    this.#database = database;
    if (!database.has('Z_PRIMARYKEY', 'Z_NAME')) return;
    for (const { number, name } of database.all('SELECT Z_ENT AS number, Z_NAME AS name FROM Z_PRIMARYKEY')) {
      if (typeof name === 'string') this.#numbers.set(name, Number(number));
    }
  }

  /** Columns of one attribute: the ones named, in that order, then all others that differ by their number only. */
  columns(base: string, preferred: readonly string[] = []): string[] {
    const all = this.#database.columns(OBJECTS);
    const numbered = new RegExp(`^${base}\\d*$`);
    const others = [...all].filter((column) => numbered.test(column)).toSorted();
    return [...new Set([...preferred.filter((column) => all.has(column)), ...others])];
  }

  /** SQL for the value of an attribute, whatever its column is numbered; undefined when there is none. */
  value(alias: string, base: string, preferred: readonly string[] = []): string | undefined {
    const columns = this.columns(base, preferred).map((column) => `${alias}.${quoted(column)}`);
    return columns.length <= 1 ? columns[0] : `COALESCE(${columns.join(', ')})`;
  }

  /** SQL that is true for rows of one of the kinds. */
  isOf(alias: string, ...entities: readonly NoteEntity[]): string {
    const conditions = entities.map((entity) => {
      const number = this.#numbers.get(entity);
      if (number !== undefined && this.#database.has(OBJECTS, 'Z_ENT')) return `${alias}.Z_ENT = ${number}`;
      const signs = SIGNS[entity].filter((column) => this.#database.has(OBJECTS, column));
      return signs.map((column) => `${alias}.${quoted(column)} IS NOT NULL`).join(' OR ') || '0';
    });
    return `(${conditions.join(' OR ')})`;
  }

  /**
   * The select list for rows of the wide table: names in the rows, and the attribute each stands for. What this
   * release does not have is absent from the rows.
   */
  select(alias: string, wanted: Readonly<Record<string, readonly [base: string, ...preferred: string[]]>>): string {
    return Object.entries(wanted)
      .flatMap(([name, [base, ...preferred]]) => {
        const value = this.value(alias, base, preferred);
        return value === undefined ? [] : [`${value} AS ${quoted(name)}`];
      })
      .concat(`${alias}.Z_PK AS pk`)
      .join(', ');
  }

  /** The first of several columns that refers to one of the rows given. */
  referenceAmong<T>(
    row: Readonly<Record<string, SqlValue>>,
    names: readonly string[],
    rows: ReadonlyMap<number, T>,
  ): T | undefined {
    for (const name of names) {
      const found = rows.get(Number(row[name] ?? 0));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
