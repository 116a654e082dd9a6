import type { SqlValue } from '../database.ts';

/**
 * One row as SQLite stores it (https://www.sqlite.org/fileformat2.html#record_format): the size of the header, a serial
 * type for every column, then the values. Here they are read from where rows are no longer, so nothing is trusted.
 */

interface Varint {
  readonly value: number;
  readonly next: number;
}

/** Up to nine bytes, seven bits each, the highest first. Undefined beyond the end and beyond 2^53. */
export function varintAt(bytes: Uint8Array, offset: number): Varint | undefined {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    if (i === 8) value = value * 256 + byte;
    else value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    if (i === 8 || byte < 0x80) return { value, next: offset + i + 1 };
  }
  return undefined;
}

/** How many bytes a value of a serial type takes. Undefined for the two types that are never stored. */
export function sizeOfType(type: number): number | undefined {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
}

/** What a column of a table may hold, as far as its declaration tells. */
export interface ColumnShape {
  readonly name: string;
  /** INTEGER PRIMARY KEY: stored as NULL, its value is the number of the row. */
  readonly isRowId: boolean;
  readonly isNotNull: boolean;
  readonly affinity: 'integer' | 'real' | 'text' | 'blob' | 'numeric';
}

/** Whether a value of this serial type would be in this column. SQLite allows nearly anything; phones do not use it. */
export function fits(type: number, column: ColumnShape): boolean {
  if (column.isRowId) return type === 0;
  if (type === 0) return !column.isNotNull;
  const isText = type >= 13 && type % 2 === 1;
  const isBlob = type >= 12 && type % 2 === 0;
  if (column.affinity === 'text') return isText;
  if (column.affinity === 'blob') return isBlob || isText;
  if (column.affinity === 'integer') return (type >= 1 && type <= 6) || type === 8 || type === 9;
  return !isBlob && !isText;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The value at an offset, or undefined when it cannot be what its type says. */
export function valueAt(bytes: Uint8Array, offset: number, type: number): SqlValue | undefined {
  const size = sizeOfType(type);
  if (size === undefined || offset + size > bytes.length) return undefined;
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset + offset, size);
  if (type === 7) return piece.readDoubleBE(0);
  if (type === 6) {
    const value = piece.readBigInt64BE(0);
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (type < 6) return piece.readIntBE(0, size);
  if (type % 2 === 0) return Buffer.from(piece);
  try {
    const text = utf8.decode(piece);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
