import type { ContentKind } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { html, pageEnd, pageStart, type Markup } from '../text/html.ts';
import { jsonArray } from '../text/json.ts';
import { timesIn, type Times } from '../text/times.ts';

/** Content that is a plain list: one table on a page, the same with all its columns for spreadsheets, data. */
export interface ListOfRows<T> {
  readonly rows: Iterable<T>;
  /** Asked for when all rows were read. */
  readonly notes?: () => readonly string[];
  readonly close?: () => void;
}

export interface ListColumn<T> {
  readonly title: string;
  /** What the page calls it, where that differs. */
  readonly pageTitle?: string;
  readonly value: (row: T, times: Times) => CsvValue;
  /** How the page says it, where that differs; `false` keeps it to the other formats. */
  readonly page?: false | ((row: T, times: Times) => string | undefined | null);
}

export interface ListExportOptions<T> {
  readonly kind: ContentKind;
  readonly title: string;
  /** One sentence on the page, after the count. */
  readonly about: string;
  readonly columns: readonly ListColumn<T>[];
  /** The whole row for data; the row itself where it is left out. */
  readonly data?: (row: T) => unknown;
  readonly open: (request: ExportRequest) => Promise<ListOfRows<T> | undefined>;
}

/** An export of such a list: html, csv and json. */
export function listExport<T>(options: ListExportOptions<T>): ContentExport {
  const { kind, title, open } = options;
  return {
    kind,
    title,
    formats: ['html', 'csv', 'json'],
    async run(request: ExportRequest): Promise<ExportSummary | undefined> {
      const list = await open(request);
      if (list === undefined) return undefined;
      try {
        const counter = { count: 0 };
        const rows = counted(list.rows, counter, request);
        const { path } = await request.folder.write([`${title}.${request.format}`], contentOf(rows, options, request));
        const notes = list.notes?.() ?? [];
        return { items: counter.count, notes, ...(request.format === 'html' && { startPage: path }) };
      } finally {
        list.close?.();
      }
    },
  };
}

function* counted<T>(
  rows: Iterable<T>,
  counter: { count: number },
  { signal, onProgress }: ExportRequest,
): Generator<T, undefined> {
  for (const row of rows) {
    signal.throwIfAborted();
    yield row;
    if (++counter.count % 1000 === 0) onProgress?.(counter.count, undefined);
  }
}

function contentOf<T>(
  rows: Iterable<T>,
  options: ListExportOptions<T>,
  { format, timeZone }: ExportRequest,
): Iterable<string> | AsyncIterable<string> {
  const times = timesIn(timeZone);
  if (format === 'json') return jsonArray(mapped(rows, options.data ?? ((row) => row)));
  const { columns } = options;
  if (format === 'html') return listPage(rows, options, times);
  return csv(
    columns.map(({ title }) => title),
    mapped(rows, (row) => columns.map(({ value }) => value(row, times))),
  );
}

function* mapped<T, R>(rows: Iterable<T>, map: (row: T) => R): Generator<R, undefined> {
  for (const row of rows) yield map(row);
}

const STYLE = 'main { max-width: 60rem; } td { white-space: pre-line; }';

function* listPage<T>(
  rows: Iterable<T>,
  { title, about, columns }: ListExportOptions<T>,
  times: Times,
): Generator<string, undefined> {
  const shown = columns.filter(({ page }) => page !== false);
  yield pageStart({ title, style: STYLE });
  yield html`<h1>${title}</h1><p class="quiet">${about}</p>
<table><thead><tr>${shown.map((column) => html`<th>${column.pageTitle ?? column.title}</th>`)}</tr></thead><tbody>\n`
    .text;
  for (const row of rows) yield html`<tr>${shown.map((column) => cell(column, row, times))}</tr>\n`.text;
  yield '</tbody></table>\n';
  yield pageEnd;
}

function cell<T>({ value, page }: ListColumn<T>, row: T, times: Times): Markup {
  const content = page ? page(row, times) : value(row, times);
  const text = content instanceof Date ? times.moment(content) : String(content ?? '');
  return html`<td dir="auto">${text}</td>`;
}
