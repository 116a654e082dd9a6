import type { ContentDatabase } from '../source/content-database.ts';
import { quoted } from '../source/content-database.ts';

/** Columns of `message` that are read as they are: texts and blobs. */
const TEXTS = [
  'guid',
  'text',
  'attributedBody',
  'service',
  'subject',
  'message_summary_info',
  'payload_data',
  'balloon_bundle_id',
  'expressive_send_style_id',
  'associated_message_guid',
  'associated_message_emoji',
  'thread_originator_guid',
  'thread_originator_part',
  'group_title',
  'destination_caller_id',
];

/** Columns that hold numbers. Dates are nanoseconds, which only fit as reals; the others may be anything when damaged. */
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
  'is_audio_message',
  'is_read',
  'is_sent',
  'is_spam',
  'schedule_type',
  'error',
  'associated_message_type',
];

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

/** What to select from `message m`; what this schema lacks is absent from the rows. */
export function messageColumns(database: ContentDatabase): string {
  const columns = database.columns('message');
  return [
    'm.ROWID AS row_id',
    ...TEXTS.filter((name) => columns.has(name)).map((name) => `m.${quoted(name)}`),
    ...NUMBERS.filter((name) => columns.has(name)).map((name) => `CAST(m.${quoted(name)} AS REAL) AS ${quoted(name)}`),
  ].join(', ');
}

/** Fields of messages that this schema has no columns for. */
export function fieldsNotAvailable(database: ContentDatabase): string[] {
  const missing = FIELDS.filter(([column]) => !database.has('message', column)).map(([, field]) => field);
  return database.has('chat_recoverable_message_join') ? missing : [...missing, 'deletedAt'];
}
