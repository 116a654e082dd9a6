import type { Database } from '../../database/index.ts';
import { isAppError } from '../../shared/errors.ts';

export interface DatabaseVerdict {
  readonly state: 'intact' | 'damaged' | 'partly-checked';
  /** SQLite's words for what is damaged, or what was left unchecked. */
  readonly details: readonly string[];
}

/** More of the same tells nobody more. */
const MAX_MESSAGES = 10;
const SQLITE_ERROR = 1;

/**
 * Whether a database of a phone is intact.
 *
 * `PRAGMA integrity_check` cannot be believed as it is. It does not run at all where an index sorts by a rule, or a
 * full-text table splits words by a tokenizer, that only the phone's own SQLite has (AddressBook.sqlitedb since ever):
 * then each table is checked by itself, and what still cannot be is walked. And some of what it reports is no damage:
 * a full-text index made with another table of letters than ours, a column that holds what its schema rules out.
 */
export function checkDatabase(database: Database): DatabaseVerdict {
  database.exec('PRAGMA ignore_check_constraints = ON');
  const outcome = run(database, `PRAGMA integrity_check(${MAX_MESSAGES})`);
  if (outcome !== 'cannot-run') return verdictOf(outcome, []);
  return checkTables(database);
}

function checkTables(database: Database): DatabaseVerdict {
  const messages: string[] = [];
  const unchecked: string[] = [];
  const tables = readTables(database);
  if (tables === undefined) return { state: 'damaged', details: ['the list of its tables cannot be read'] };
  for (const { name, isVirtual } of tables) {
    if (isVirtual) {
      unchecked.push(`the full-text or virtual table ${name}`);
      continue;
    }
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const whole = run(database, `PRAGMA integrity_check(${quoted})`);
    if (whole !== 'cannot-run') {
      messages.push(...whole);
      continue;
    }
    unchecked.push(`the indexes of ${name}`);
    const walked = run(database, `SELECT 'ok' FROM (SELECT count(*) FROM ${quoted} NOT INDEXED)`);
    if (walked !== 'cannot-run') messages.push(...walked);
  }
  return verdictOf(messages, unchecked);
}

function verdictOf(messages: readonly string[], unchecked: readonly string[]): DatabaseVerdict {
  const damage = [...new Set(messages)].filter((message) => message !== 'ok' && !isHarmless(message));
  if (damage.length > 0) return { state: 'damaged', details: damage.slice(0, MAX_MESSAGES) };
  // Virtual tables hold nothing themselves: their content lies in tables that were checked.
  const lacking = unchecked.filter((each) => each.startsWith('the indexes'));
  if (lacking.length === 0) return { state: 'intact', details: [] };
  return { state: 'partly-checked', details: [`only the phone’s own SQLite can check ${lacking.join(', ')}`] };
}

/** What is not in the structure of the file: see `checkDatabase`. The index of FTS5 can be made anew. */
const HARMLESS = [
  /^\*\*\* in database/,
  /inverted index/,
  /^fts\d: checksum/,
  /^CHECK constraint/,
  /^(?:NULL|TEXT|INT|REAL|BLOB|NUMERIC|non-\w+) value (?:missing )?(?:in|from) /,
];

function isHarmless(message: string): boolean {
  return HARMLESS.some((pattern) => pattern.test(message));
}

/** Table content and schema are hostile, so are their names. */
function readTables(database: Database): { name: string; isVirtual: boolean }[] | undefined {
  try {
    const rows = database.prepare("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'").all();
    return rows.map(({ name, rootpage }) => ({ name: String(name), isVirtual: Number(rootpage) === 0 }));
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/** The messages, or that the statement does not fit this SQLite. Damage that stops it is one of the messages. */
function run(database: Database, sql: string): string[] | 'cannot-run' {
  try {
    return database
      .prepare(sql, { arrays: true })
      .all()
      .flatMap(([message]) => String(message).split('\n'));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    if (Number(error.details['sqliteCode'] ?? 0) % 256 === SQLITE_ERROR) return 'cannot-run';
    return [error.cause instanceof Error ? error.cause.message : error.message];
  }
}
