import { isPlain } from './format.ts';

export interface TableOptions {
  /** Columns of numbers, counted from 0, which end flush on the right. */
  readonly numeric?: readonly number[];
  /** Width of the terminal; a table that does not fit is written one value a line. Any width when left out. */
  readonly columns?: number | undefined;
}

const GAP = 2;
const GAP_TEXT = ' '.repeat(GAP);

/** Columns padded to their widest cell, two spaces between them; the header in its own first line. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { numeric = [], columns = Infinity }: TableOptions = {},
): string {
  const widths = header.map(displayWidth);
  const lines = [header, ...rows];
  // Most rows are letters and digits: one look at all of it is cheaper than one at every cell.
  const measures = lines.map((row) => (isPlain(row.join('')) ? lengthOf : displayWidth));
  for (const [line, row] of lines.entries()) {
    const measure = measures[line] ?? displayWidth;
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, measure(cell));
  }
  const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  if (total > columns) return rows.map((row) => formatBlock(header, row)).join('\n');
  const isNumeric = header.map((_, column) => numeric.includes(column));
  return lines.map((row, line) => `${formatRow(row, widths, isNumeric, measures[line] ?? displayWidth)}\n`).join('');
}

function formatRow(
  row: readonly string[],
  widths: readonly number[],
  isNumeric: readonly boolean[],
  measure: (cell: string) => number,
): string {
  let line = '';
  for (let column = 0; column < row.length; column++) {
    const cell = row[column] ?? '';
    // What `padStart` counts are characters, of which some take two cells and some none.
    const length = (widths[column] ?? 0) - measure(cell) + cell.length;
    if (column > 0) line += GAP_TEXT;
    line += isNumeric[column] === true ? cell.padStart(length) : cell.padEnd(length);
  }
  return line.trimEnd();
}

const lengthOf = (cell: string): number => cell.length;

/** One row of a table that is too wide: its values below each other. */
function formatBlock(header: readonly string[], row: readonly string[]): string {
  const widest = Math.max(...header.map(displayWidth));
  return row.map((cell, column) => `${(header[column] ?? '').padEnd(widest + GAP)}${cell}\n`).join('');
}

/** Made when first needed: that takes longer than all else a short command does. */
let segmenter: Intl.Segmenter | undefined;
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]*$/u;

/** Terminal cells a text takes: two for East Asian wide characters and emoji, one for anything else seen. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length;
  segmenter ??= new Intl.Segmenter();
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : INVISIBLE.test(segment) ? 0 : 1;
  return width;
}
