import type { AppError } from '../../shared/errors.ts';
import { ProgressLine } from './progress-line.ts';
import { formatTable } from './table.ts';

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
  table(header: readonly string[], rows: readonly (readonly string[])[]): void;
  /** One object on a line of its own; nothing without `--json`. */
  record(value: object): void;
  /** The moving last line of a terminal, plain lines in a pipe, nothing under `--json`. */
  progress(): ProgressLine;
  /** A remark that is not the result: standard error. */
  note(text: string): void;
  error(error: AppError): void;
}

/** Results go to `out`, remarks and errors to `err`, so that a pipe carries results alone. */
export function createOutput(out: TextSink, err: TextSink, options: { json: boolean }): Output {
  const { json } = options;
  return {
    json,
    line: (text = '') => void (json || out.write(`${text}\n`)),
    table: (header, rows) => void (json || out.write(formatTable(header, rows))),
    record: (value) => void (json && out.write(`${JSON.stringify(value)}\n`)),
    progress: () => new ProgressLine(json ? undefined : out),
    note: (text) => void err.write(`${text}\n`),
    error: (error) => void err.write(json ? errorRecord(error) : errorText(error)),
  };
}

function errorText(error: AppError): string {
  const shown = [`Error: ${error.message}`];
  if (error.hint !== undefined) shown.push(error.hint);
  const details = Object.entries(error.details).map(([key, value]) => `${key}=${String(value)}`);
  if (details.length > 0) shown.push(`(${[error.code, ...details].join(', ')})`);
  return `${shown.join('\n  ')}\n`;
}

function errorRecord({ code, message, hint, details, exitCode }: AppError): string {
  return `${JSON.stringify({ event: 'error', code, message, hint, details, exitCode })}\n`;
}
