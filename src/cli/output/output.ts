import type { AppError } from '../../shared/errors.ts';
import { isPlain, jsonLine, printable } from './format.ts';
import { ProgressLine } from './progress-line.ts';
import { formatTable, type TableOptions } from './table.ts';

/** The part of a writable stream that the command line needs; tests give an array. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Output {
  readonly json: boolean;
  /** One line for people; nothing under `--json`. */
  line(text?: string): void;
  /** Very many lines for people, written many at a time; nothing under `--json`. */
  lines(texts: Iterable<string>): void;
  /** A table for people; nothing under `--json`. */
  table(header: readonly string[], rows: readonly (readonly string[])[], options?: TableOptions): void;
  /** One object on a line of its own; nothing without `--json`. */
  record(value: object): void;
  /** Very many objects, each on a line of its own, written many at a time; nothing without `--json`. */
  records(values: Iterable<object>): void;
  /** The moving last line of a terminal, plain lines in a pipe, nothing under `--json`. */
  progress(): ProgressLine;
  /** A remark that is not the result: standard error. */
  note(text: string): void;
  error(error: AppError): void;
}

/**
 * Results go to `out`, remarks and errors to `err`, so that a pipe carries results alone.
 *
 * Any text may hold a name that came from a phone. So nothing reaches a terminal as it is: here, for all commands,
 * control characters lose their power. A moving line is cleared before anything else is written.
 */
export function createOutput(out: TextSink, err: TextSink, options: { json: boolean }): Output {
  const { json } = options;
  let moving: ProgressLine | undefined;
  const write = (sink: TextSink, text: string): void => {
    moving?.end();
    sink.write(text);
  };
  return {
    json,
    line: (text = '') => void (json || write(out, `${printable(text)}\n`)),
    lines: (texts) => {
      if (!json) for (const text of joined(texts, (each) => `${printable(each)}\n`)) write(out, text);
    },
    table: (header, rows, tableOptions) => {
      if (json) return;
      // Nearly every row is letters and digits: one look at all of it is cheaper than one at every cell.
      const cells = rows.map((row) => (isPlain(row.join('')) ? row : row.map(printable)));
      write(out, formatTable(header, cells, { ...tableOptions, ...(out.isTTY && { columns: out.columns }) }));
    },
    record: (value) => void (json && write(out, jsonLine(value))),
    records: (values) => {
      if (json) for (const text of joined(values, jsonLine)) write(out, text);
    },
    progress: () => (moving = new ProgressLine(json ? undefined : out)),
    note: (text) => write(err, `${printable(text)}\n`),
    error: (error) => write(err, json ? errorRecord(error) : errorText(error)),
  };
}

const CHUNK_LENGTH = 32 * 1024;

/** Few long texts of many short ones: each write costs as much as making a hundred lines. */
function* joined<T>(values: Iterable<T>, lineOf: (value: T) => string): Generator<string, undefined> {
  let text = '';
  for (const value of values) {
    text += lineOf(value);
    if (text.length < CHUNK_LENGTH) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function errorText(error: AppError): string {
  const shown = [`Error: ${error.message}`];
  if (error.hint !== undefined) shown.push(error.hint);
  const details = Object.entries(error.details).map(([key, value]) => `${key}=${String(value)}`);
  if (details.length > 0) shown.push(`(${[error.code, ...details].join(', ')})`);
  return `${shown.map(printable).join('\n  ')}\n`;
}

function errorRecord({ code, message, hint, details, exitCode }: AppError): string {
  return jsonLine({ event: 'error', code, message, hint, details, exitCode });
}
