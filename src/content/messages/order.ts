import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf, textOf } from '../source/row-values.ts';
import { joinTables, NO_CHAT } from './conversations.ts';
import type { Conversation } from './message.ts';
import { isReaction, parseTarget } from './reactions.ts';

/** Only what was sent from here until before there. */
export interface TimeRange {
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

export interface Order {
  /** Rows of `message`, the oldest first. */
  readonly rowIds: Float64Array;
  /** Rows of reactions, by the GUID of what they react to. */
  readonly reactionsTo: ReadonlyMap<string, readonly number[]>;
}

const EPOCH_2001_MS = 978_307_200_000;
/** Dates are nanoseconds, on phones before iOS 11 seconds: in one unit they can be compared. */
const NANOSECONDS = 'CASE WHEN abs(m.date) < 1e12 THEN m.date * 1e9 ELSE m.date * 1.0 END';

/**
 * Which rows are in a conversation and in what order: numbers only, so that a million of them are eight megabytes.
 * Sorted here and not by SQLite, which would hold them all several times over.
 */
export function orderOf(database: ContentDatabase, conversation: Conversation, range: TimeRange = {}): Order {
  const reactionsTo = new Map<string, number[]>();
  const hasReactions = database.has('message', 'associated_message_type');
  const target = hasReactions
    ? ', CASE WHEN m.associated_message_type >= 1000 THEN CAST(m.associated_message_type AS REAL) END, CASE WHEN m.associated_message_type >= 1000 THEN m.associated_message_guid END'
    : '';
  const [where, parameters] = whereIn(database, conversation);
  const sql = `SELECT m.ROWID, ${NANOSECONDS}${target} FROM message m WHERE ${where}`;
  const [from, until] = [range.from, range.until].map((date) => date && (date.getTime() - EPOCH_2001_MS) * 1e6);
  const found = new Rows(conversation.messageCount);
  const reactions: { rowId: number; at: number; guid: string }[] = [];
  for (const [id, time, type, about] of database.arrays(sql, parameters)) {
    const [rowId, at] = [numberOf(id) ?? 0, numberOf(time) ?? 0];
    if (isReaction(numberOf(type) ?? 0)) {
      const { guid } = parseTarget(textOf(about) ?? '');
      if (guid !== '') reactions.push({ rowId, at, guid });
    }
    if ((from === undefined || at >= from) && (until === undefined || at < until)) found.add(rowId, at);
  }
  for (const { guid, rowId } of reactions.toSorted((a, b) => a.at - b.at || a.rowId - b.rowId)) {
    const list = reactionsTo.get(guid);
    if (list === undefined) reactionsTo.set(guid, [rowId]);
    else list.push(rowId);
  }
  return { rowIds: found.sorted(), reactionsTo };
}

function whereIn(database: ContentDatabase, { key, chats }: Conversation): [where: string, parameters: string[]] {
  const tables = joinTables(database);
  if (key === NO_CHAT && chats.length === 0) {
    return [tables.map((table) => `m.ROWID NOT IN (SELECT message_id FROM ${table})`).join(' AND ') || '1', []];
  }
  const ids = JSON.stringify(chats.map(({ rowId }) => rowId));
  const joins = tables.map(
    (table) => `SELECT message_id FROM ${table} WHERE chat_id IN (SELECT value FROM json_each(?))`,
  );
  return [`m.ROWID IN (${joins.join(' UNION ALL ')})`, tables.map(() => ids)];
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

  sorted(): Float64Array {
    const [ids, times] = [this.#ids, this.#times];
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i);
    order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || (ids[a] ?? 0) - (ids[b] ?? 0));
    return Float64Array.from(order, (i) => ids[i] ?? 0);
  }
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
