/**
 * A `-wal` file put into the database it belongs to, in memory: what SQLite does at a checkpoint, for databases out of
 * backups, beside which nothing may be written.
 *
 * Layout (https://www.sqlite.org/fileformat2.html#walformat): a header of 32 bytes (magic, version, page size,
 * checkpoint number, two salts, two checksums), then frames: page number, size of the database in pages where the
 * frame ends a transaction (else 0), salts, checksums, and the page. All big-endian; the checksums are counted in the
 * byte order that the magic names. Frames of an earlier use of the file follow the last: their salts differ.
 */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
/** No database of a phone is larger; the size is claimed by a frame, and would be allocated. */
const MAX_BYTES = 4 * 1024 ** 3;

/**
 * The database with every committed transaction of the log applied. The bytes given are not changed; where the log
 * holds nothing that is whole and committed they are the result.
 */
export function withWriteAheadLog(database: Uint8Array, log: Uint8Array): Uint8Array {
  const committed = committedPages(log);
  if (committed === undefined) return database;
  const { pageBytes, pages, pageCount } = committed;
  const sizeBytes = pageCount * pageBytes;
  if (sizeBytes > MAX_BYTES || sizeBytes > database.length + pages.size * pageBytes) return database;
  const result = Buffer.alloc(sizeBytes);
  result.set(database.subarray(0, sizeBytes));
  for (const [page, offset] of pages) {
    if (page <= pageCount) result.set(log.subarray(offset, offset + pageBytes), (page - 1) * pageBytes);
  }
  return result;
}

interface CommittedPages {
  readonly pageBytes: number;
  /** Where the newest content of each page begins in the log, by page number from 1. */
  readonly pages: ReadonlyMap<number, number>;
  readonly pageCount: number;
}

function committedPages(log: Uint8Array): CommittedPages | undefined {
  if (log.length < HEADER_BYTES) return undefined;
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const magic = view.getUint32(0);
  if ((magic & ~1) >>> 0 !== MAGIC) return undefined;
  const pageBytes = view.getUint32(8);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return undefined;
  const sum = new Checksum(view, (magic & 1) === 0);
  sum.add(0, HEADER_BYTES - 8);
  if (!sum.equals(view.getUint32(24), view.getUint32(28))) return undefined;

  const pages = new Map<number, number>();
  const pending = new Map<number, number>();
  let pageCount = 0;
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES + pageBytes <= log.length; at += FRAME_HEADER_BYTES + pageBytes) {
    if (view.getUint32(at + 8) !== view.getUint32(16) || view.getUint32(at + 12) !== view.getUint32(20)) break;
    sum.add(at, 8);
    sum.add(at + FRAME_HEADER_BYTES, pageBytes);
    if (!sum.equals(view.getUint32(at + 16), view.getUint32(at + 20))) break;
    const page = view.getUint32(at);
    if (page === 0) break;
    pending.set(page, at + FRAME_HEADER_BYTES);
    const sizeAfterCommit = view.getUint32(at + 4);
    if (sizeAfterCommit === 0) continue;
    pageCount = sizeAfterCommit;
    for (const [each, offset] of pending) pages.set(each, offset);
    pending.clear();
  }
  return pageCount === 0 ? undefined : { pageBytes, pages, pageCount };
}

/** The running checksum of a log: two sums over pairs of 32-bit words, each feeding the other. */
class Checksum {
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(view: DataView, littleEndian: boolean) {
    this.#view = view;
    this.#littleEndian = littleEndian;
  }

  add(offset: number, length: number): void {
    for (let at = offset; at < offset + length; at += 8) {
      this.#first = (this.#first + this.#view.getUint32(at, this.#littleEndian) + this.#second) >>> 0;
      this.#second = (this.#second + this.#view.getUint32(at + 4, this.#littleEndian) + this.#first) >>> 0;
    }
  }

  equals(first: number, second: number): boolean {
    return this.#first === first && this.#second === second;
  }
}
