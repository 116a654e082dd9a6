import type { AppError } from '../../shared/errors.ts';
import { jsonLine, printable } from './format.ts';
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
  /** A table for people; nothing under `--json`. */
  table(header: readonly string[], rows: readonly (readonly string[])[], options?: TableOptions): void;
  /** One object on a line of its own; nothing without `--json`. */
  record(value: object): void;
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
    table: (header, rows, tableOptions) => {
      if (json) return;
      const cells = rows.map((row) => row.map(printable));
      write(out, formatTable(header, cells, { ...tableOptions, ...(out.isTTY && { columns: out.columns }) }));
    },
    record: (value) => void (json && write(out, jsonLine(value))),
    progress: () => (moving = new ProgressLine(json ? undefined : out)),
    note: (text) => write(err, `${printable(text)}\n`),
    error: (error) => write(err, json ? errorRecord(error) : errorText(error)),
  };
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
