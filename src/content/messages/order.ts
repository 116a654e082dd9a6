import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf } from '../source/row-values.ts';
import { joinTables, NO_CHAT } from './conversations.ts';
import type { Conversation } from './message.ts';
import { forEachInSlices } from '../../shared/flow/in-slices.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

/** Only what was sent from here until before there. */
export interface TimeRange {
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** In seconds, which phones before iOS 11 counted, this would be the year 33,658. */
const NANOSECONDS_FROM = 1e12;

/** The rows of a conversation with their times, the oldest first, for going to any place in it. */
export interface Timeline {
  readonly rowIds: Float64Array;
  /** Milliseconds since 1970; what has no time stands first. */
  readonly timesMs: Float64Array;
}

/** Sixteen bytes a message. */
export async function timelineOf(database: ContentDatabase, conversation: Conversation): Promise<Timeline> {
  const rows = new Rows(conversation.messageCount);
  await forEachInSlices(rowTimes(database, conversation), ([id, at]) => rows.add(id, at));
  const { ids, times } = rows.sorted();
  return { rowIds: ids, timesMs: times.map((at) => at / 1e6 + EPOCH_2001_MS) };
}

/** The row of the newest message that is no reaction; undefined where there is none. */
export function newestRows(database: ContentDatabase, { chats }: Conversation, count: number): number[] {
  const ids = JSON.stringify(chats.map(({ rowId }) => rowId));
  const newest = joinTables(database).flatMap((table) => {
    const isDated = hasDates(database, table, ids);
    const [join, date] = isDated ? ['', 'j.message_date'] : ['JOIN message m ON m.ROWID = j.message_id', 'm.date'];
    const sql = `SELECT j.message_id AS id, CAST(${date} AS REAL) AS date FROM ${table} j ${join}
      WHERE j.chat_id IN (SELECT value FROM json_each(?)) ORDER BY ${date} DESC LIMIT ${count}`;
    return database.all(sql, ids).map((row) => ({ id: numberOf(row['id']) ?? 0, at: numberOf(row['date']) ?? 0 }));
  });
  return newest.toSorted((a, b) => b.at - a.at).map(({ id }) => id);
}

/**
 * The rows of a conversation, the oldest first: numbers only, so that a million of them are eight megabytes. Sorted
 * here and not by SQLite, which would hold them all several times over.
 */
export function orderOf(database: ContentDatabase, conversation: Conversation, range: TimeRange = {}): Float64Array {
  return rowsOf(database, conversation, range).sorted().ids;
}

function rowsOf(database: ContentDatabase, conversation: Conversation, range: TimeRange = {}): Rows {
  const [from = -Infinity, until = Infinity] = [range.from, range.until].map(
    (date) => date && (date.getTime() - EPOCH_2001_MS) * 1e6,
  );
  const rows = new Rows(conversation.messageCount);
  for (const [id, at] of rowTimes(database, conversation)) if (at >= from && at < until) rows.add(id, at);
  return rows;
}

/** Each row with its time in nanoseconds since 2001, in no order. */
function* rowTimes(
  database: ContentDatabase,
  conversation: Conversation,
): Generator<readonly [id: number, at: number], undefined> {
  for (const [sql, parameters] of queriesFor(database, conversation)) {
    for (const [id, time] of database.arrays(sql, parameters)) {
      const date = numberOf(time) ?? 0;
      yield [numberOf(id) ?? 0, Math.abs(date) < NANOSECONDS_FROM ? date * 1e9 : date];
    }
  }
}

function queriesFor(database: ContentDatabase, { key, chats }: Conversation): [sql: string, parameters: string[]][] {
  const tables = joinTables(database);
  const select = 'SELECT m.ROWID, CAST(m.date AS REAL) FROM';
  if (key === NO_CHAT && chats.length === 0) {
    const isStray = tables.map(
      (table) =>
        `m.ROWID NOT IN (SELECT message_id FROM ${table} WHERE message_id IS NOT NULL AND chat_id IN (SELECT ROWID FROM chat))`,
    );
    return [[`${select} message m WHERE ${isStray.join(' AND ') || '1'}`, []]];
  }
  const ids = JSON.stringify(chats.map(({ rowId }) => rowId));
  const inChats = 'j.chat_id IN (SELECT value FROM json_each(?))';
  return tables.map((table) => [
    hasDates(database, table, ids)
      ? `SELECT j.message_id, CAST(j.message_date AS REAL) FROM ${table} j WHERE ${inChats}`
      : `${select} ${table} j JOIN message m ON m.ROWID = j.message_id WHERE ${inChats}`,
    [ids],
  ]);
}

/**
 * Since iOS 11 the dates of messages stand in the join as well, kept the same by a trigger, and can be read without
 * looking up each message. Databases made by other tools have the column and nothing in it.
 */
function hasDates(database: ContentDatabase, table: string, ids: string): boolean {
  if (!database.has(table, 'message_date')) return false;
  const sql = `SELECT 1 FROM ${table} WHERE chat_id IN (SELECT value FROM json_each(?)) AND coalesce(message_date, 0) = 0 LIMIT 1`;
  return database.get(sql, ids) === undefined;
}

/** Row numbers with their times, growing. */
class Rows {
  #ids: Float64Array;
  #times: Float64Array;
  #count = 0;

  constructor(expected: number) {
    this.#ids = new Float64Array(Math.max(16, expected));
    this.#times = new Float64Array(Math.max(16, expected));
  }

  add(id: number, at: number): void {
    if (this.#count === this.#ids.length) {
      this.#ids = grown(this.#ids);
      this.#times = grown(this.#times);
    }
    this.#ids[this.#count] = id;
    this.#times[this.#count++] = at;
  }

  /** Each once: a message may be in several chats of a conversation. */
  sorted(): { ids: Float64Array; times: Float64Array } {
    const [ids, times] = [this.#ids, this.#times];
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i);
    // Most are in order already: they were added as they came.
    if (!isAscending(times, this.#count))
      order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || (ids[a] ?? 0) - (ids[b] ?? 0));
    const [sorted, sortedTimes] = [new Float64Array(this.#count), new Float64Array(this.#count)];
    let count = 0;
    for (const i of order) {
      const id = ids[i] ?? 0;
      if (count > 0 && sorted[count - 1] === id) continue;
      sortedTimes[count] = times[i] ?? 0;
      sorted[count++] = id;
    }
    return { ids: sorted.subarray(0, count), times: sortedTimes.subarray(0, count) };
  }
}

function isAscending(values: Float64Array, count: number): boolean {
  for (let i = 1; i < count; i++) if ((values[i] ?? 0) <= (values[i - 1] ?? 0)) return false;
  return true;
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
