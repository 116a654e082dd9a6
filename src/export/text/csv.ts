/** Tables for spreadsheets: RFC 4180, with the mark by which Excel knows UTF-8. */

/** `undefined` and `null` both come out empty: a table has no other way to say either. */
export type CsvValue = string | number | bigint | boolean | Date | null | undefined;

const BYTE_ORDER_MARK = '\uFEFF';
/** A cell that begins so is run as a formula, by Excel, LibreOffice and Google alike. */
const FORMULA_START = /^[\t\r\n ]*[=+\-@\t\r]/;
/** What only looks like one: a number, a telephone number, an amount. */
const HARMLESS = /^[+-]?[\d\s().,/:-]*\d[\d\s().,/:-]*$/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
const ROWS_PER_CHUNK = 256;

/** The text of a table, a few hundred rows at a time. */
export function* csv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): Generator<string, undefined> {
  let lines = BYTE_ORDER_MARK + line(header);
  let count = 0;
  for (const row of rows) {
    lines += line(row);
    if (++count % ROWS_PER_CHUNK === 0) {
      yield lines;
      lines = '';
    }
  }
  yield lines;
}

const line = (cells: readonly CsvValue[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** One cell. Text that a spreadsheet would run as a formula gets an apostrophe before it, which makes it text. */
export function csvCell(value: CsvValue): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = FORMULA_START.test(value) && !HARMLESS.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
