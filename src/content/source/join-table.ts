import { quoted, type ContentDatabase } from './content-database.ts';

/** A table by which Core Data relates many things to many, and its two columns. */
interface JoinTable {
  readonly table: string;
  readonly left: string;
  readonly right: string;
}

/**
 * Core Data puts the numbers of entities into the names of such a table and its columns
 * (`Z_2REMOTEPARTICIPANTHANDLES`), and they differ between releases: it is found by the rest of its name.
 *
 * @param names what follows the numbers: of the table, of the column to come from, of the column to get to.
 */
export function findJoinTable(
  database: ContentDatabase,
  names: { readonly table: string; readonly left: string; readonly right: string },
): JoinTable | undefined {
  for (const table of database.tables().filter((name) => isNamed(name, names.table))) {
    const columns = [...database.columns(table)];
    const left = columns.find((name) => isNamed(name, names.left));
    const right = columns.find((name) => isNamed(name, names.right) && name !== left);
    if (left !== undefined && right !== undefined) return { table, left, right };
  }
  return undefined;
}

const isNamed = (name: string, rest: string): boolean => name.replace(/^Z_\d+/, '') === rest;

/** Everything in such a table: the keys on the right by the key on the left. */
export function readJoinTable(database: ContentDatabase, join: JoinTable | undefined): Map<number, number[]> {
  const related = new Map<number, number[]>();
  if (join === undefined) return related;
  const [left, right] = [quoted(join.left), quoted(join.right)];
  for (const row of database.rows(`SELECT ${left} AS l, ${right} AS r FROM ${quoted(join.table)} ORDER BY l, r`)) {
    const keys = related.get(Number(row['l']));
    if (keys === undefined) related.set(Number(row['l']), [Number(row['r'])]);
    else keys.push(Number(row['r']));
  }
  return related;
}
