import type { Row, SqlValue } from '../../database/index.ts';
import { fromCocoaTime } from '../../shared/apple-time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { readApp } from './apps.ts';
import type { AttachmentFiles } from './attachments.ts';
import { plainText, readBody, wordsOf } from './body.ts';
import type { Correspondents } from './correspondents.ts';
import { readDeletions, type Deletions } from './deletions.ts';
import { effectName } from './effects.ts';
import { readEvent } from './group-events.ts';
import type { Attachment, Chat, Conversation, Correspondent, Message, Quote, Reaction, Reply } from './message.ts';
import { messageColumns } from './message-columns.ts';
import { isReaction, parseTarget, readReaction, settle } from './reactions.ts';
import { readSummary } from './summary-info.ts';

/** Everything that the messages of one batch refer to, looked up at once. */
interface Context {
  readonly attachments: ReadonlyMap<number, readonly Attachment[]>;
  readonly reactions: ReadonlyMap<string, readonly Reaction[]>;
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly deletions: Deletions;
  readonly chatOf: ReadonlyMap<number, Chat>;
  readonly partner: Correspondent | undefined;
}

const SEND_LATER = 2;

/** Reads rows of `message`, some hundred at a time. */
export class MessageReader {
  readonly #database: ContentDatabase;
  readonly #files: AttachmentFiles;
  readonly #correspondents: Correspondents;
  readonly #columns: string;

  constructor(database: ContentDatabase, files: AttachmentFiles, correspondents: Correspondents) {
    this.#database = database;
    this.#files = files;
    this.#correspondents = correspondents;
    this.#columns = messageColumns(database);
  }

  /** @param rowIds in the order wanted; rows that are gone are left out. */
  read(
    rowIds: readonly number[],
    conversation: Conversation,
    reactionsTo: ReadonlyMap<string, readonly number[]>,
  ): Message[] {
    const rows = this.#rows(rowIds);
    const partner = conversation.isGroup ? undefined : conversation.participants[0];
    const deletions = readDeletions(this.#database, rowIds);
    const context: Context = {
      attachments: this.#files.of(rows.filter(mayHaveFiles).map(idOf)),
      reactions: this.#reactions(rows, reactionsTo, partner),
      quotes: this.#quotes(rows, partner),
      deletions,
      chatOf: chatsOf(this.#database, rowIds, conversation, deletions),
      partner,
    };
    return rows.map((row) => this.#message(row, context));
  }

  /** In the order of `rowIds`. */
  #rows(rowIds: readonly number[]): Row[] {
    const sql = `SELECT ${this.#columns} FROM message m WHERE m.ROWID IN (SELECT value FROM json_each(?))`;
    const byId = new Map<number, Row>();
    for (const row of this.#database.rows(sql, [JSON.stringify(rowIds)])) byId.set(idOf(row), row);
    return rowIds.map((id) => byId.get(id)).filter((row) => row !== undefined);
  }

  #message(row: Row, context: Context): Message {
    const guid = textOf(row['guid']) ?? `row-${idOf(row)}`;
    const rowId = idOf(row);
    const attachments = context.attachments.get(rowId) ?? [];
    const summary = readSummary(bytesOf(row['message_summary_info']));
    const bundleId = textOf(row['balloon_bundle_id']) ?? '';
    const isFromMe = flagOf(row['is_from_me']) === true;
    const body = readBody({
      text: textOf(row['text']) ?? null,
      attributed: bytesOf(row['attributedBody']) ?? null,
      summary,
      attachments,
      isApp: bundleId !== '',
    });
    const event = readEvent({
      itemType: numberOf(row['item_type']) ?? 0,
      actionType: numberOf(row['group_action_type']) ?? 0,
      shareStatus: numberOf(row['share_status']) ?? 0,
      groupTitle: textOf(row['group_title']) ?? null,
      whom: this.#correspondents.byRow(numberOf(row['other_handle']) ?? 0),
    });
    const reaction = this.#ownReaction(row, guid, context);
    const effect = textOf(row['expressive_send_style_id']);
    const error = numberOf(row['error']);
    return {
      rowId,
      guid,
      type: reaction !== undefined ? 'reaction' : event !== undefined ? 'event' : 'message',
      sentAt: dateOf(row['date']) ?? null,
      isFromMe,
      sender: this.#sender(row, isFromMe, context.partner),
      service: textOf(row['service']),
      chatGuid: context.chatOf.get(rowId)?.guid,
      text: body.text,
      subject: emptyAsNull(textOf(row['subject'])),
      parts: body.parts,
      attachments,
      app: bundleId === '' ? undefined : readApp(bundleId, bytesOf(row['payload_data']) ?? null, body.text),
      event,
      reaction,
      reactions: reaction === undefined ? (context.reactions.get(guid) ?? []) : [],
      replyTo: replyOf(row, context.quotes),
      edits: summary?.edits ?? [],
      effect: effect === undefined || effect === null || effect === '' ? emptyAsNull(effect) : effectName(effect),
      readAt: dateOf(row['date_read']),
      deliveredAt: dateOf(row['date_delivered']),
      playedAt: dateOf(row['date_played']),
      editedAt: dateOf(row['date_edited']),
      unsentAt: dateOf(row['date_retracted']),
      deletedAt: context.deletions.messages.get(rowId),
      deletedParts: context.deletions.parts.get(rowId) ?? [],
      isAudio: flagOf(row['is_audio_message']),
      isRead: flagOf(row['is_read']),
      isSpam: flagOf(row['is_spam']),
      isScheduled: isScheduled(row),
      sendError: error === 0 ? null : error,
      ownAddress: emptyAsNull(textOf(row['destination_caller_id'])),
      problem: body.problem,
    };
  }

  #sender(row: Row, isFromMe: boolean, partner: Correspondent | undefined): Correspondent | undefined {
    if (isFromMe) return undefined;
    const handle = numberOf(row['handle_id']) ?? 0;
    return handle === 0 ? partner : this.#correspondents.byRow(handle);
  }

  #ownReaction(row: Row, guid: string, { reactions }: Context): Reaction | undefined {
    if (!isReaction(numberOf(row['associated_message_type']) ?? 0)) return undefined;
    const target = parseTarget(textOf(row['associated_message_guid']) ?? '');
    return reactions.get(target.guid)?.find((each) => each.guid === guid);
  }

  /** All reactions to the messages of a batch, and to what the reactions in it are about, by that message. */
  #reactions(
    rows: readonly Row[],
    reactionsTo: ReadonlyMap<string, readonly number[]>,
    partner: Correspondent | undefined,
  ): Map<string, Reaction[]> {
    const byTarget = new Map<string, Reaction[]>();
    const own = rows.map((row) => textOf(row['guid']) ?? '');
    const others = rows.filter((row) => isReaction(numberOf(row['associated_message_type']) ?? 0));
    const targets = others.map((row) => parseTarget(textOf(row['associated_message_guid']) ?? '').guid);
    const wanted = new Set([...own, ...targets].filter((guid) => reactionsTo.has(guid)));
    if (wanted.size === 0) return byTarget;
    const ids = [...wanted].flatMap((guid) => reactionsTo.get(guid) ?? []);
    const attachments = this.#files.of(ids);
    const present = this.#present([...wanted]);
    for (const row of this.#rows(ids)) {
      const target = parseTarget(textOf(row['associated_message_guid']) ?? '');
      const isFromMe = flagOf(row['is_from_me']) === true;
      const list = byTarget.get(target.guid) ?? [];
      byTarget.set(target.guid, list);
      const reaction = readReaction({
        guid: textOf(row['guid']) ?? `row-${idOf(row)}`,
        type: numberOf(row['associated_message_type']) ?? 0,
        emoji: textOf(row['associated_message_emoji']) ?? null,
        target,
        isFromMe,
        hasTarget: present.has(target.guid),
        sender: this.#sender(row, isFromMe, partner),
        at: dateOf(row['date']) ?? null,
        attachments: attachments.get(idOf(row)) ?? [],
      });
      list.push(reaction);
    }
    for (const [guid, list] of byTarget) byTarget.set(guid, settle(list));
    return byTarget;
  }

  #present(guids: readonly string[]): Set<string> {
    const sql = 'SELECT guid FROM message WHERE guid IN (SELECT value FROM json_each(?))';
    return new Set([...this.#database.rows(sql, [JSON.stringify(guids)])].map(({ guid = null }) => textOf(guid) ?? ''));
  }

  /** What the replies of a batch are replies to. */
  #quotes(rows: readonly Row[], partner: Correspondent | undefined): Map<string, Quote> {
    const quotes = new Map<string, Quote>();
    const guids = new Set(rows.map((row) => textOf(row['thread_originator_guid']) ?? '').filter((guid) => guid !== ''));
    if (guids.size === 0) return quotes;
    const sql = `SELECT ${this.#columns} FROM message m WHERE m.guid IN (SELECT value FROM json_each(?))`;
    for (const row of this.#database.rows(sql, [JSON.stringify([...guids])])) {
      const isFromMe = flagOf(row['is_from_me']) === true;
      quotes.set(textOf(row['guid']) ?? '', {
        isFromMe,
        sender: this.#sender(row, isFromMe, partner),
        sentAt: dateOf(row['date']) ?? null,
        text:
          wordsOf(bytesOf(row['attributedBody'])) ??
          plainText(textOf(row['text']) ?? '') ??
          readSummary(bytesOf(row['message_summary_info']))?.lastText ??
          null,
      });
    }
    return quotes;
  }
}

const idOf = (row: Row): number => numberOf(row['row_id']) ?? 0;

/** Every message may: `cache_has_attachments` is only a cache, and old phones lack it. Events never have any. */
const mayHaveFiles = (row: Row): boolean => (numberOf(row['item_type']) ?? 0) === 0;

function replyOf(row: Row, quotes: ReadonlyMap<string, Quote>): Reply | undefined {
  const guid = textOf(row['thread_originator_guid']) ?? '';
  if (guid === '') return undefined;
  // "1:0:12": the part, and from where to where in it.
  const part = /^\d{1,9}/.exec(textOf(row['thread_originator_part']) ?? '')?.[0];
  return { guid, part: part === undefined ? undefined : Number(part), original: quotes.get(guid) };
}

function isScheduled(row: Row): Recorded<boolean> {
  const type = numberOf(row['schedule_type']);
  return type === undefined ? undefined : type === SEND_LATER && flagOf(row['is_sent']) !== true;
}

/** Which of several chats each message is in; of a single one there is nothing to look up. */
function chatsOf(
  database: ContentDatabase,
  rowIds: readonly number[],
  { chats }: Conversation,
  deletions: Deletions,
): ReadonlyMap<number, Chat> {
  const [first, second] = chats;
  const byMessage = new Map<number, Chat>();
  if (first === undefined) return byMessage;
  if (second === undefined) return new Map(rowIds.map((id) => [id, first]));
  const byRow = new Map(chats.map((chat) => [chat.rowId, chat]));
  for (const [messageId, chatId] of deletions.chatOf) {
    const chat = byRow.get(chatId);
    if (chat !== undefined) byMessage.set(messageId, chat);
  }
  const sql = `SELECT message_id, chat_id FROM chat_message_join WHERE message_id IN (SELECT value FROM json_each(?))`;
  for (const row of database.rows(sql, [JSON.stringify(rowIds)])) {
    const chat = byRow.get(numberOf(row['chat_id']) ?? 0);
    if (chat !== undefined) byMessage.set(numberOf(row['message_id']) ?? 0, chat);
  }
  return byMessage;
}

/** Zero is how Messages writes "not". */
function dateOf(value: SqlValue | undefined): Recorded<Date> {
  if (value === undefined) return undefined;
  return value === 0 ? null : (fromCocoaTime(value) ?? null);
}

const emptyAsNull = (text: Recorded<string>): Recorded<string> => (text === '' ? null : text);
