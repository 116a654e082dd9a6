import type { ContentDatabase } from '../source/content-database.ts';
import type { Contact } from './contact.ts';

export interface ContactPhoto {
  readonly bytes: Buffer;
  /** "image/jpeg"; "application/octet-stream" for what is no known picture. */
  readonly mediaType: string;
  readonly extension: string;
}

/** Pictures are filed under the row of a card; a person of several cards has the preferred one's, else the first. */
export class ContactPhotos implements Disposable {
  readonly #database: ContentDatabase;

  constructor(database: ContentDatabase) {
    this.#database = database;
  }

  /** As large as there is one. */
  full({ rows, preferredImageRow }: Pick<Contact, 'rows' | 'preferredImageRow'>): ContactPhoto | undefined {
    return this.#first(
      rows,
      preferredImageRow,
      (row) => this.#largest('ABFullSizeImage', row) ?? this.#thumbnail(row, 'DESC'),
    );
  }

  /** Small and square, as lists show it. */
  thumbnail({ rows, preferredImageRow }: Pick<Contact, 'rows' | 'preferredImageRow'>): ContactPhoto | undefined {
    return this.#first(
      rows,
      preferredImageRow,
      (row) => this.#thumbnail(row, 'ASC') ?? this.#largest('ABFullSizeImage', row),
    );
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #first(
    rows: readonly number[],
    preferred: number | undefined,
    read: (row: number) => Buffer | undefined,
  ): ContactPhoto | undefined {
    for (const row of preferred === undefined ? rows : [preferred, ...rows]) {
      const bytes = read(row);
      if (bytes !== undefined) return { bytes, ...pictureType(bytes) };
    }
    return undefined;
  }

  /** Newer releases keep a thumbnail in several sizes. */
  #thumbnail(row: number, order: 'ASC' | 'DESC'): Buffer | undefined {
    return this.#largest('ABThumbnailImage', row, order);
  }

  #largest(table: string, row: number, order: 'ASC' | 'DESC' = 'DESC'): Buffer | undefined {
    if (!this.#database.has(table, 'data') || !this.#database.has(table, 'record_id')) return undefined;
    const sql = `SELECT data FROM ${table} WHERE record_id = ? AND length(data) > 0 ORDER BY length(data) ${order} LIMIT 1`;
    const data = this.#database.get(sql, row)?.['data'];
    return data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.length) : undefined;
  }
}

/** What the first bytes say a picture is. */
function pictureType(bytes: Buffer): { mediaType: string; extension: string } {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\xFF\xD8\xFF')) return { mediaType: 'image/jpeg', extension: 'jpg' };
  if (start.startsWith('\x89PNG\r\n')) return { mediaType: 'image/png', extension: 'png' };
  if (start.startsWith('GIF8')) return { mediaType: 'image/gif', extension: 'gif' };
  if (/^(?:II\*\0|MM\0\*)/.test(start)) return { mediaType: 'image/tiff', extension: 'tiff' };
  if (/^....ftyp(?:hei[cx]|mif1|heim)/s.test(start)) return { mediaType: 'image/heic', extension: 'heic' };
  return { mediaType: 'application/octet-stream', extension: 'bin' };
}
