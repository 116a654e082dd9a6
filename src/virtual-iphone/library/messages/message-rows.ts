/** One row of `message` at a time: what Messages writes for a text, a tapback, an edit, a photo. */
import type { Database } from '../../../database/index.ts';
import { encodeBinaryPlist, PlistReal } from '../../../formats/index.ts';
import { after, cocoaNanoseconds, cocoaSeconds } from '../apple-time.ts';
import type { Random } from '../random.ts';
import { insert, type RowValues } from '../sqlite.ts';
import { encodeAttributedString, type AttributeRun } from './typedstream.ts';

export interface Chat {
  readonly id: number;
  readonly guid: string;
  readonly service: 'iMessage' | 'SMS' | 'RCS';
  readonly handleIds: readonly number[];
  readonly account: string;
}

export interface NewMessage {
  readonly chat: Chat;
  readonly sentAt: Date;
  /** Row of the sender; 0 for the owner. */
  readonly handleId: number;
  readonly text?: string;
  readonly runs?: readonly AttributeRun[];
  /** Columns beyond the usual. */
  readonly more?: RowValues;
}

/** Text that stands for an attachment. */
const ATTACHMENT_MARK = '\uFFFC';
const PART = '__kIMMessagePartAttributeName';

export interface Written {
  readonly id: number;
  readonly guid: string;
}

/** Writes a message and its place in the chat. */
export function addMessage(database: Database, random: Random, message: NewMessage): Written {
  const { chat, sentAt, handleId, text, more } = message;
  const guid = random.uuid();
  const date = cocoaNanoseconds(sentAt);
  const isMine = handleId === 0;
  const read = isMine && random.chance(0.3) ? 0n : cocoaNanoseconds(after(sentAt, random.between(2, 4000) * 1000));
  const body = text === undefined ? undefined : archived(text, message.runs);
  const id = insert(database, 'message', {
    guid,
    // Since iOS 16 the text often is only in the archive.
    text: body !== undefined && random.chance(0.3) ? null : (text ?? null),
    attributedBody: body,
    handle_id: handleId,
    version: 10,
    service: chat.service,
    account: chat.account,
    account_guid: '6B1B1F4C-2F6E-4B53-9C0E-000000000001',
    date,
    date_read: isMine && chat.service === 'SMS' ? 0n : read,
    date_delivered: isMine ? cocoaNanoseconds(after(sentAt, 900)) : 0n,
    is_delivered: true,
    is_finished: true,
    is_from_me: isMine,
    is_read: !isMine,
    is_sent: isMine,
    is_prepared: isMine,
    destination_caller_id: chat.account.slice(2),
    part_count: 1,
    ...more,
  });
  insert(database, 'chat_message_join', { chat_id: chat.id, message_id: id, message_date: date });
  return { id, guid };
}

/** A reaction to a message: 2000 love … 2005 question, 2006 any emoji; 3000 and more take it back. */
export function addTapback(
  database: Database,
  random: Random,
  message: Omit<NewMessage, 'text'> & { readonly target: Written; readonly kind: number; readonly quoted: string },
): Written {
  const { target, kind, quoted } = message;
  const emoji = kind === 2006 ? '🦭' : undefined;
  const verb = ['Loved', 'Liked', 'Disliked', 'Laughed at', 'Emphasized', 'Questioned'][kind - 2000];
  return addMessage(database, random, {
    ...message,
    text: verb === undefined ? `Reacted ${emoji ?? ''} to “${quoted}”` : `${verb} “${quoted}”`,
    more: {
      associated_message_guid: `p:0/${target.guid}`,
      associated_message_type: kind,
      associated_message_range_length: quoted.length,
      associated_message_emoji: emoji,
      message_summary_info: encodeBinaryPlist({ amc: 1, ams: quoted }),
    },
  });
}

/** A message whose words were changed after it was sent; every version stays in the summary. */
export function addEdited(
  database: Database,
  random: Random,
  message: NewMessage & { readonly first: string },
): Written {
  const { first, text = '', sentAt } = message;
  const editedAt = after(sentAt, 95_000);
  const history = [
    { d: new PlistReal(cocoaSeconds(sentAt)), t: archived(first) },
    { d: new PlistReal(cocoaSeconds(editedAt)), t: archived(text), bcg: random.uuid() },
  ];
  const summary = { ec: { 0: history }, ep: [0], otr: { 0: { lo: 0, le: first.length } }, ust: true };
  return addMessage(database, random, {
    ...message,
    more: { date_edited: cocoaNanoseconds(editedAt), message_summary_info: encodeBinaryPlist(summary) },
  });
}

/** A message taken back within two minutes: nothing but the fact is left. */
export function addUnsent(database: Database, random: Random, message: Omit<NewMessage, 'text'>): Written {
  const at = cocoaNanoseconds(after(message.sentAt, 60_000));
  const summary = encodeBinaryPlist({ rp: [0], otr: { 0: { lo: 0, le: 12 } }, ust: true });
  return addMessage(database, random, {
    ...message,
    more: { date_edited: at, date_retracted: at, message_summary_info: summary, is_empty: true },
  });
}

export interface NewAttachment {
  readonly guid: string;
  /** As the database has it: "~/Library/SMS/Attachments/…"; undefined when it was never downloaded. */
  readonly path: string | undefined;
  readonly name: string;
  readonly uti: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly isSticker?: boolean;
  /** The phone knows where it was, and keeps it in iCloud only. */
  readonly isInCloud?: boolean;
}

/** A message that carries a file, with or without words after it. */
export function addWithAttachment(
  database: Database,
  random: Random,
  message: NewMessage & { readonly attachment: NewAttachment; readonly transcript?: string | undefined },
): Written {
  const { attachment, text = '', handleId, sentAt } = message;
  const mark = {
    [PART]: 0,
    __kIMFileTransferGUIDAttributeName: attachment.guid,
    __kIMBaseWritingDirectionAttributeName: -1,
    ...(message.transcript !== undefined && { IMAudioTranscription: message.transcript }),
  };
  const runs = [
    { length: 1, attributes: mark },
    ...(text === '' ? [] : [{ length: text.length, attributes: { [PART]: 1 } }]),
  ];
  const written = addMessage(database, random, { ...message, text: ATTACHMENT_MARK + text, runs });
  const attachmentId = insert(database, 'attachment', {
    guid: attachment.guid,
    original_guid: attachment.guid,
    created_date: BigInt(Math.floor(cocoaSeconds(sentAt))),
    filename: attachment.path ?? null,
    uti: attachment.uti,
    mime_type: attachment.mimeType,
    transfer_state: attachment.path === undefined || attachment.isInCloud === true ? 0 : 5,
    is_outgoing: handleId === 0,
    transfer_name: attachment.name,
    total_bytes: attachment.sizeBytes,
    is_sticker: attachment.isSticker === true,
  });
  insert(database, 'message_attachment_join', { message_id: written.id, attachment_id: attachmentId });
  return written;
}

function archived(text: string, runs?: readonly AttributeRun[]): Buffer {
  return encodeAttributedString(text, runs ?? [{ length: text.length, attributes: { [PART]: 0 } }]);
}
