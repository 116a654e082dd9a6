import { FormatError } from '../../../shared/errors.ts';
import { decodeNoteText } from './body.ts';
import { EMPTY_DOCUMENT, type NoteDocument } from './document.ts';
import {
  decodeObjectGraph,
  entryOf,
  identityOf,
  membersOf,
  objectOf,
  pairsOf,
  scalarOf,
  type GraphObject,
  type ObjectGraph,
  type SetMember,
} from './object-graph.ts';

/** A table in a note: rows of cells, each with text that has looks of its own. */
export interface NoteTable {
  readonly columns: number;
  readonly rows: readonly (readonly NoteDocument[])[];
  /** Its first column is the rightmost. */
  readonly isRightToLeft: boolean;
}

/** Notes becomes unusable long before. A few bytes can claim to be any number of cells. */
const MAX_CELLS = 100_000;
/** Cells may have been written by several devices; a table of a few bytes may claim that each was, for ever. */
const MAX_ENTRIES = 4 * MAX_CELLS;

/**
 * Reads a table: what is in `ZMERGEABLEDATA1` of an attachment of type `com.apple.notes.table`. Its object has the
 * fields crRows and crColumns, ordered sets; cellColumns, a dictionary from column to a dictionary from row to text;
 * and crTableColumnDirection.
 *
 * @throws {FormatError} when it is no table.
 */
export function decodeTable(bytes: Uint8Array): NoteTable {
  const graph = decodeObjectGraph(bytes);
  const table = tableOf(graph);
  const rows = membersOf(graph, entryOf(graph, table.fields.get('crRows')));
  const columns = membersOf(graph, entryOf(graph, table.fields.get('crColumns')));
  if (rows.length * columns.length > MAX_CELLS) throw new FormatError('a table has too many cells');
  const cells = rows.map(() => Array.from({ length: columns.length }, () => EMPTY_DOCUMENT));
  fill(graph, table, cells, { rows: indexesOf(rows), columns: indexesOf(columns) });
  const direction = scalarOf(graph, table.fields.get('crTableColumnDirection'));
  return {
    columns: columns.length,
    rows: cells,
    isRightToLeft: typeof direction === 'string' && direction.endsWith('RightToLeft'),
  };
}

/** The object that is the table; it comes first, but nothing says that it must. */
function tableOf(graph: ObjectGraph): GraphObject {
  for (const entry of graph.entries) {
    const object = objectOf(graph, entry);
    if (object?.fields.has('crRows') && object.fields.has('crColumns')) return object;
  }
  throw new FormatError('this is not a table of a note');
}

function indexesOf(members: readonly SetMember[]): ReadonlyMap<string, number> {
  return new Map(members.flatMap(({ names }, index) => names.map((name) => [name, index] as const)));
}

function fill(
  graph: ObjectGraph,
  table: GraphObject,
  cells: NoteDocument[][],
  at: { rows: ReadonlyMap<string, number>; columns: ReadonlyMap<string, number> },
): void {
  const texts = new Map<number, NoteDocument | undefined>();
  let entries = 0;
  for (const column of pairsOf(entryOf(graph, table.fields.get('cellColumns'))?.message(6))) {
    const columnIndex = at.columns.get(identityOf(graph, column.key) ?? '');
    if (columnIndex === undefined) continue;
    for (const row of pairsOf(entryOf(graph, column.value)?.message(6))) {
      if (++entries > MAX_ENTRIES) throw new FormatError('a table has too many cells');
      const cellsOfRow = cells[at.rows.get(identityOf(graph, row.key) ?? '') ?? -1];
      const index = row.value?.unsigned(6);
      if (cellsOfRow === undefined || index === undefined) continue;
      if (!texts.has(index)) texts.set(index, textAt(graph, index));
      cellsOfRow[columnIndex] = texts.get(index) ?? EMPTY_DOCUMENT;
    }
  }
}

function textAt(graph: ObjectGraph, index: number): NoteDocument | undefined {
  const text = graph.entries[index]?.message(10);
  return text && decodeNoteText(text);
}
