import type { SqlValue } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { quoted } from '../source/content-database.ts';
import { bytesOf, flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { fromCocoaTime } from '../../shared/time/apple-time.ts';

const BLOBS = ['attributedBody', 'message_summary_info', 'payload_data'] as const;

const TEXTS = [
  'guid',
  'text',
  'service',
  'subject',
  'balloon_bundle_id',
  'expressive_send_style_id',
  'associated_message_guid',
  'associated_message_emoji',
  'thread_originator_guid',
  'thread_originator_part',
  'group_title',
  'destination_caller_id',
] as const;

/** Dates are nanoseconds, which fit as reals only. */
const NUMBERS = [
  'handle_id',
  'other_handle',
  'is_from_me',
  'date',
  'date_read',
  'date_delivered',
  'date_played',
  'date_edited',
  'date_retracted',
  'item_type',
  'group_action_type',
  'share_status',
  'share_direction',
  'is_audio_message',
  'is_read',
  'is_sent',
  'is_spam',
  'schedule_type',
  'error',
  'associated_message_type',
] as const;

type Column = (typeof BLOBS)[number] | (typeof TEXTS)[number] | (typeof NUMBERS)[number];

export interface MessageColumns {
  /** What to select from `message m`. */
  readonly sql: string;
  /** Where each column is in a row; -1, and so `undefined` in every row, for one that this schema lacks. */
  readonly at: Readonly<Record<Column, number>>;
}

/** Whatever a damaged row holds, every value comes as what its column is for. */
const KINDS = [
  ['TEXT', TEXTS],
  ['BLOB', BLOBS],
  ['REAL', NUMBERS],
] as const;

export function messageColumns(database: ContentDatabase): MessageColumns {
  const known = database.columns('message');
  const all = KINDS.flatMap(([type, names]) => names.map((name) => [name, type] as const));
  const present = all.filter(([name]) => known.has(name));
  // The row number comes before all others.
  const at = all.map(([name]) => [name, present.findIndex(([each]) => each === name) + 1 || -1] as const);
  return {
    sql: ['m.ROWID', ...present.map(([name, type]) => `CAST(m.${quoted(name)} AS ${type})`)].join(', '),
    // Every column is in the list, whether the schema has it or not.
    at: Object.fromEntries(at) as Record<Column, number>,
  };
}

/** A row of `message`: values in the order of the select list, which is read three times as fast as an object. */
export class MessageRow {
  readonly id: number;
  readonly #values: readonly SqlValue[];
  readonly #at: MessageColumns['at'];

  constructor(values: readonly SqlValue[], { at }: MessageColumns) {
    this.id = numberOf(values[0]) ?? 0;
    this.#values = values;
    this.#at = at;
  }

  text(column: Column): Recorded<string> {
    return textOf(this.#values[this.#at[column]]);
  }

  number(column: Column): Recorded<number> {
    return numberOf(this.#values[this.#at[column]]);
  }

  /** Zero where there is none. */
  count(column: Column): number {
    return numberOf(this.#values[this.#at[column]]) ?? 0;
  }

  flag(column: Column): Recorded<boolean> {
    return flagOf(this.#values[this.#at[column]]);
  }

  bytes(column: Column): Recorded<Uint8Array> {
    return bytesOf(this.#values[this.#at[column]]);
  }

  /** Zero is how Messages writes that something did not happen. */
  date(column: Column): Recorded<Date> {
    const value = this.#values[this.#at[column]];
    if (value === undefined) return undefined;
    return value === 0 ? null : (fromCocoaTime(value) ?? null);
  }
}

/** Fields that are missing where a column is: what this iOS does not record. */
const FIELDS: readonly (readonly [column: string, field: string])[] = [
  ['service', 'service'],
  ['subject', 'subject'],
  ['date_read', 'readAt'],
  ['date_delivered', 'deliveredAt'],
  ['date_played', 'playedAt'],
  ['date_edited', 'editedAt'],
  ['date_retracted', 'unsentAt'],
  ['message_summary_info', 'edits'],
  ['associated_message_type', 'reactions'],
  ['thread_originator_guid', 'replyTo'],
  ['expressive_send_style_id', 'effect'],
  ['balloon_bundle_id', 'app'],
  ['item_type', 'event'],
  ['is_audio_message', 'isAudio'],
  ['is_read', 'isRead'],
  ['is_spam', 'isSpam'],
  ['schedule_type', 'isScheduled'],
  ['error', 'sendError'],
  ['destination_caller_id', 'ownAddress'],
];

/** Fields of messages that this schema has no columns for. */
export function fieldsNotAvailable(database: ContentDatabase): string[] {
  const missing = FIELDS.filter(([column]) => !database.has('message', column)).map(([, field]) => field);
  return database.has('chat_recoverable_message_join') ? missing : [...missing, 'deletedAt'];
}
