import { EPOCH_2001_MS, fromCocoaTime } from '../../shared/time/apple-time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, numberOf } from '../source/row-values.ts';
import { wordsOf } from './body.ts';
import type { DeletedPart } from './message.ts';

/** What is in Recently Deleted (since iOS 16), by row of `message`. */
export interface Deletions {
  /** When, by message. */
  readonly messages: ReadonlyMap<number, Date>;
  /** The chat each was in. */
  readonly chatOf: ReadonlyMap<number, number>;
  readonly parts: ReadonlyMap<number, readonly DeletedPart[]>;
}

const NOTHING: Deletions = { messages: new Map(), chatOf: new Map(), parts: new Map() };
/** For a deletion without a time: the oldest that Messages can mean. */
const LONG_AGO = new Date(EPOCH_2001_MS);

/** All of it at once: it holds a month's deletions at most. */
export function readDeletions(database: ContentDatabase): Deletions {
  if (!database.has('chat_recoverable_message_join', 'message_id')) return NOTHING;
  const [messages, chatOf] = [new Map<number, Date>(), new Map<number, number>()];
  const sql = 'SELECT message_id, chat_id, CAST(delete_date AS REAL) AS at FROM chat_recoverable_message_join';
  for (const row of database.rows(sql)) {
    const id = numberOf(row['message_id']) ?? 0;
    messages.set(id, fromCocoaTime(row['at']) ?? LONG_AGO);
    chatOf.set(id, numberOf(row['chat_id']) ?? 0);
  }
  return { messages, chatOf, parts: readParts(database) };
}

function readParts(database: ContentDatabase): Map<number, DeletedPart[]> {
  const parts = new Map<number, DeletedPart[]>();
  if (!database.has('recoverable_message_part', 'part_text')) return parts;
  const sql = `SELECT message_id, CAST(part_index AS REAL) AS part, CAST(delete_date AS REAL) AS at, part_text
    FROM recoverable_message_part ORDER BY message_id, part_index`;
  for (const row of database.rows(sql)) {
    const id = numberOf(row['message_id']) ?? 0;
    const list = parts.get(id) ?? [];
    parts.set(id, list);
    list.push({
      part: numberOf(row['part']) ?? 0,
      at: fromCocoaTime(row['at']) ?? null,
      text: wordsOf(bytesOf(row['part_text'])),
    });
  }
  return parts;
}
