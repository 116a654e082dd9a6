import { createHash } from 'node:crypto';
import { recoveringRows, type Fragment, type SqlValue, type TableShape } from '../../database/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { inSlices } from '../../shared/flow/in-slices.ts';
import type { Backup } from '../../snapshot/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem, ContentKind } from '../source/content-item.ts';
import { openLeftovers } from './leftovers.ts';
import { FRAGMENT_SOURCES, type FragmentSource } from './fragment-sources.ts';

/** What is left of a row that a database no longer has. Undated: nothing says when it was deleted or replaced. */
export interface RecoveredFragment {
  readonly kind: ContentKind;
  readonly table: string;
  readonly foundIn: Fragment['foundIn'];
  /** A later state of the same row is still there: this is what it was before. */
  readonly isEarlierState: boolean;
  readonly at: Date | undefined;
  readonly title: string;
  readonly text: string;
  /** All columns that could be read. */
  readonly values: ReadonlyMap<string, SqlValue>;
}

/**
 * Looks for rows that are gone in the free space of the databases people care about. Phones overwrite much of it, so
 * this finds little; comparing with earlier versions finds more, and dates it.
 */
export async function* recoverFragments(backup: Backup): AsyncGenerator<RecoveredFragment, undefined> {
  for (const source of FRAGMENT_SOURCES) {
    try {
      using leftovers = await openLeftovers(backup, source.places);
      if (leftovers === undefined || !leftovers.live.has(source.table)) continue;
      const { live, bytes, log } = leftovers;
      const found = fragmentsOf(source, live, recoveringRows(bytes, log, [shapeOf(source, live)]));
      // A gigabyte of messages is looked through byte by byte: others may work in between.
      for await (const fragment of inSlices(found)) if (fragment !== undefined) yield fragment;
    } catch (error) {
      // A database that is damaged is told where it is read; here it has just nothing to give.
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    }
  }
}

/** For searching: nothing gives them a name of their own, so what they hold is their key. */
export async function* fragmentItems(backup: Backup): AsyncGenerator<ContentItem, undefined> {
  for await (const { kind, at, title, text } of recoverFragments(backup)) {
    if (text === '') continue;
    const key = createHash('sha256')
      .update(`${kind}\0${at?.getTime() ?? ''}\0${text}`)
      .digest('hex')
      .slice(0, 32);
    yield { kind: 'fragments', key, at, title: `Fragment: ${title}`, text };
  }
}

function* fragmentsOf(
  source: FragmentSource,
  live: ContentDatabase,
  rows: Iterable<Fragment | undefined>,
): Generator<RecoveredFragment | undefined, undefined> {
  const seen = new Set<string>();
  for (const row of rows) {
    if (row === undefined) {
      yield undefined;
      continue;
    }
    const { values, foundIn } = row;
    const text = source.text(values);
    const at = source.at(values);
    const summary = `${text}\0${at?.getTime() ?? ''}\0${source.title(values)}`;
    if (seen.has(summary)) continue;
    seen.add(summary);
    const state = stateOf(source, live, values);
    if (state === 'unchanged') continue;
    yield {
      kind: source.kind,
      table: source.table,
      foundIn,
      isEarlierState: state === 'earlier',
      at,
      title: source.title(values),
      text,
      values,
    };
  }
}

/** Pages are rewritten as a whole: most of what lies in free space is a copy of a row that is still there. */
function stateOf(source: FragmentSource, live: ContentDatabase, values: ReadonlyMap<string, SqlValue>) {
  const { identity, table, telling } = source;
  const columns =
    identity !== undefined && values.has(identity) ? [identity] : telling.filter((each) => values.has(each));
  const condition = columns.map((each) => `${quoted(each)} = ?`).join(' AND ');
  const known = columns.map((each) => values.get(each) ?? null);
  // Only what is compared: other columns may hold numbers that JavaScript has not.
  const wanted =
    telling
      .filter((each) => live.has(table, each))
      .map(quoted)
      .join(', ') || '1';
  const row = live.get(`SELECT ${wanted} FROM ${quoted(table)} WHERE ${condition} LIMIT 1`, ...known);
  if (row === undefined) return 'gone';
  const same = telling.every((each) => !values.has(each) || row[each] === values.get(each));
  return same ? 'unchanged' : 'earlier';
}

function shapeOf(source: FragmentSource, live: ContentDatabase): TableShape {
  const columns = live.all('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', source.table).map((row) => {
    const type = String(row['type']).toUpperCase();
    return {
      name: String(row['name']),
      isRowId: row['pk'] === 1 && type === 'INTEGER',
      isNotNull: row['notnull'] === 1,
      affinity: affinityOf(type),
    };
  });
  return { name: source.table, columns, telling: source.telling };
}

/** By the words in the declared type: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityOf(type: string): TableShape['columns'][number]['affinity'] {
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type.includes('BLOB')) return 'blob';
  return /REAL|FLOA|DOUB/.test(type) ? 'real' : 'numeric';
}
