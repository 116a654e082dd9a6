/**
 * Reading values of rows by name, whatever is in them: `undefined` stays where the schema lacks the column, `null`
 * where it is there and holds nothing of use.
 */
import type { Row } from '../../database/index.ts';
import { bytesOf, cocoaDateOf, numberOf, textOf, uuidOf, type Recorded } from '../source/row-values.ts';

export const numberIn = (row: Row, column: string): Recorded<number> => numberOf(row[column]);

export const dateIn = (row: Row, column: string): Recorded<Date> => cocoaDateOf(row[column]);

/** Empty text counts as none. */
export function textIn(row: Row, column: string): Recorded<string> {
  const text = textOf(row[column]);
  return text === '' ? null : text;
}

/** False also where the column is empty: Core Data leaves a flag that was never set so. */
export function flagIn(row: Row, column: string): boolean | undefined {
  const value = numberOf(row[column]);
  return value === undefined ? undefined : value !== null && value !== 0;
}

export function bytesIn(row: Row, column: string): Recorded<Uint8Array> {
  const bytes = bytesOf(row[column]);
  return bytes?.length === 0 ? null : bytes;
}

/** A UUID that says something: text since iOS 7, 16 bytes before. */
export function uuidIn(row: Row, column: string): string | undefined {
  const uuid = uuidOf(row[column]);
  return uuid === null || uuid === '' ? undefined : uuid;
}
