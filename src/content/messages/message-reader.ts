import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { readApp } from './apps.ts';
import type { AttachmentFiles } from './attachments.ts';
import { plainText, readBody, wordsOf } from './body.ts';
import type { Correspondents } from './correspondents.ts';
import { readDeletions, type Deletions } from './deletions.ts';
import { effectName } from './effects.ts';
import { readEvent } from './group-events.ts';
import type { Attachment, Chat, Conversation, Correspondent, Message, Quote, Reaction, Reply } from './message.ts';
import { messageColumns, MessageRow, type MessageColumns } from './message-columns.ts';
import { isPollApp, POLL_VOTE, readPoll, type Poll } from './polls.ts';
import { isReaction, parseTarget, readReaction, readReactionRows, settle, type ReactionRows } from './reactions.ts';
import { readSummary } from './summary-info.ts';

/** Everything that the messages of one batch refer to, looked up at once. */
interface Context {
  readonly attachments: ReadonlyMap<number, readonly Attachment[]>;
  readonly reactions: ReadonlyMap<string, readonly Reaction[]>;
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly chatOf: ReadonlyMap<number, Chat>;
  readonly partner: Correspondent | undefined;
}

const SEND_LATER = 2;
/** `item_type` of a location that is shared, or no longer. */
const LOCATION = 4;

/** Reads rows of `message`, some hundred at a time. */
export class MessageReader {
  readonly #database: ContentDatabase;
  readonly #files: AttachmentFiles;
  readonly #correspondents: Correspondents;
  readonly #columns: MessageColumns;
  readonly #deletions: Deletions;
  #reactionRows: ReactionRows | undefined;

  constructor(database: ContentDatabase, files: AttachmentFiles, correspondents: Correspondents) {
    this.#database = database;
    this.#files = files;
    this.#correspondents = correspondents;
    this.#columns = messageColumns(database);
    this.#deletions = readDeletions(database);
  }

  /** @param rowIds in the order wanted; rows that are gone are left out. */
  read(rowIds: readonly number[], conversation: Conversation): Message[] {
    const rows = this.#rows(rowIds);
    const partner = conversation.isGroup ? undefined : conversation.participants[0];
    const context: Context = {
      attachments: this.#files.of(rowIds),
      reactions: this.#reactions(rows, partner),
      quotes: this.#quotes(rows, partner),
      chatOf: chatsOf(this.#database, rowIds, conversation, this.#deletions),
      partner,
    };
    return rows.map((row) => this.#message(row, context));
  }

  /** In the order of `rowIds`. */
  #rows(rowIds: readonly number[]): MessageRow[] {
    const sql = `SELECT ${this.#columns.sql} FROM message m WHERE m.ROWID IN (SELECT value FROM json_each(?))`;
    const byId = new Map<number, MessageRow>();
    for (const values of this.#database.arrays(sql, [JSON.stringify(rowIds)])) {
      const row = new MessageRow(values, this.#columns);
      byId.set(row.id, row);
    }
    return rowIds.map((id) => byId.get(id)).filter((row) => row !== undefined);
  }

  #message(row: MessageRow, context: Context): Message {
    const guid = row.text('guid') ?? `row-${row.id}`;
    const rowId = row.id;
    const attachments = context.attachments.get(rowId) ?? [];
    const summary = readSummary(row.bytes('message_summary_info'));
    const bundleId = row.text('balloon_bundle_id') ?? '';
    const isFromMe = isFromOwner(row);
    const body = readBody({
      text: row.text('text') ?? null,
      attributed: row.bytes('attributedBody') ?? null,
      summary,
      attachments,
      isApp: bundleId !== '',
    });
    const event = readEvent({
      itemType: row.count('item_type'),
      actionType: row.count('group_action_type'),
      shareStatus: row.count('share_status'),
      groupTitle: row.text('group_title') ?? null,
      whom: this.#correspondents.byRow(row.count('other_handle')),
    });
    const reaction = this.#ownReaction(row, guid, context);
    const effect = row.text('expressive_send_style_id');
    const error = row.number('error');
    return {
      rowId,
      guid,
      type: reaction !== undefined ? 'reaction' : event !== undefined ? 'event' : 'message',
      sentAt: row.date('date') ?? null,
      isFromMe,
      sender: this.#sender(row, isFromMe, context.partner),
      service: row.text('service'),
      chatGuid: context.chatOf.get(rowId)?.guid,
      text: body.text,
      subject: emptyAsNull(row.text('subject')),
      parts: body.parts,
      attachments,
      app:
        bundleId === ''
          ? undefined
          : readApp(bundleId, row.bytes('payload_data') ?? null, body.text, this.#poll(row, bundleId)),
      event,
      reaction,
      reactions: reaction === undefined ? (context.reactions.get(guid) ?? []) : [],
      replyTo: replyOf(row, context.quotes),
      edits: summary?.edits ?? [],
      effect: effect === undefined || effect === null || effect === '' ? emptyAsNull(effect) : effectName(effect),
      readAt: row.date('date_read'),
      deliveredAt: row.date('date_delivered'),
      playedAt: row.date('date_played'),
      editedAt: row.date('date_edited'),
      unsentAt: row.date('date_retracted'),
      deletedAt: this.#deletions.messages.get(rowId),
      deletedParts: this.#deletions.parts.get(rowId) ?? [],
      isAudio: row.flag('is_audio_message'),
      isRead: row.flag('is_read'),
      isSpam: row.flag('is_spam'),
      isScheduled: isScheduled(row),
      sendError: error === 0 ? null : error,
      ownAddress: emptyAsNull(row.text('destination_caller_id')),
      problem: body.problem,
    };
  }

  #sender(row: MessageRow, isFromMe: boolean, partner: Correspondent | undefined): Correspondent | undefined {
    if (isFromMe) return undefined;
    const handle = row.count('handle_id');
    return handle === 0 ? partner : this.#correspondents.byRow(handle);
  }

  /** A vote names its poll; the poll is who knows what its options say. */
  #poll(row: MessageRow, bundleId: string): Poll | undefined {
    if (!isPollApp(bundleId)) return undefined;
    const own = readPoll(row.bytes('payload_data'));
    if (own === undefined || row.count('associated_message_type') !== POLL_VOTE) return own;
    const asked = this.#database.get(
      'SELECT payload_data FROM message WHERE guid = ?',
      parseTarget(row.text('associated_message_guid') ?? '').guid,
    );
    return { ...own, ...readPoll(bytesOf(asked?.['payload_data'])), votes: own.votes };
  }

  #ownReaction(row: MessageRow, guid: string, { reactions }: Context): Reaction | undefined {
    if (!isReaction(row.count('associated_message_type'))) return undefined;
    const target = parseTarget(row.text('associated_message_guid') ?? '');
    return reactions.get(target.guid)?.find((each) => each.guid === guid);
  }

  /** All reactions to the messages of a batch, and to what the reactions in it are about, by that message. */
  #reactions(rows: readonly MessageRow[], partner: Correspondent | undefined): Map<string, Reaction[]> {
    const reactionsTo = (this.#reactionRows ??= readReactionRows(this.#database));
    const byTarget = new Map<string, Reaction[]>();
    const own = rows.map((row) => row.text('guid') ?? '');
    const others = rows.filter((row) => isReaction(row.count('associated_message_type')));
    const targets = others.map((row) => parseTarget(row.text('associated_message_guid') ?? '').guid);
    const wanted = new Set([...own, ...targets].filter((guid) => reactionsTo.has(guid)));
    if (wanted.size === 0) return byTarget;
    const ids = [...wanted].flatMap((guid) => reactionsTo.get(guid) ?? []);
    const attachments = this.#files.of(ids);
    const present = this.#present([...wanted]);
    for (const row of this.#rows(ids)) {
      const target = parseTarget(row.text('associated_message_guid') ?? '');
      const isFromMe = isFromOwner(row);
      const list = byTarget.get(target.guid) ?? [];
      byTarget.set(target.guid, list);
      const reaction = readReaction({
        guid: row.text('guid') ?? `row-${row.id}`,
        type: row.count('associated_message_type'),
        emoji: row.text('associated_message_emoji') ?? null,
        target,
        isFromMe,
        hasTarget: present.has(target.guid),
        sender: this.#sender(row, isFromMe, partner),
        at: row.date('date') ?? null,
        attachments: attachments.get(row.id) ?? [],
      });
      list.push(reaction);
    }
    for (const [guid, list] of byTarget) byTarget.set(guid, settle(list));
    return byTarget;
  }

  #present(guids: readonly string[]): Set<string> {
    const sql = 'SELECT guid FROM message WHERE guid IN (SELECT value FROM json_each(?))';
    return new Set([...this.#database.rows(sql, [JSON.stringify(guids)])].map(({ guid }) => textOf(guid) ?? ''));
  }

  /** What the replies of a batch are replies to. */
  #quotes(rows: readonly MessageRow[], partner: Correspondent | undefined): Map<string, Quote> {
    const quotes = new Map<string, Quote>();
    const guids = new Set(rows.map((row) => row.text('thread_originator_guid') ?? '').filter((guid) => guid !== ''));
    if (guids.size === 0) return quotes;
    const sql = `SELECT ${this.#columns.sql} FROM message m WHERE m.guid IN (SELECT value FROM json_each(?))`;
    for (const values of this.#database.arrays(sql, [JSON.stringify([...guids])])) {
      const row = new MessageRow(values, this.#columns);
      const isFromMe = isFromOwner(row);
      quotes.set(row.text('guid') ?? '', {
        isFromMe,
        sender: this.#sender(row, isFromMe, partner),
        sentAt: row.date('date') ?? null,
        text:
          wordsOf(row.bytes('attributedBody')) ??
          plainText(row.text('text') ?? '') ??
          readSummary(row.bytes('message_summary_info'))?.lastText ??
          null,
      });
    }
    return quotes;
  }
}

/** That somebody shares their location is written without a sender: which way it goes tells whose it is. */
function isFromOwner(row: MessageRow): boolean {
  if (row.flag('is_from_me') === true) return true;
  return row.count('item_type') === LOCATION && row.count('other_handle') !== 0 && row.number('share_direction') === 0;
}

function replyOf(row: MessageRow, quotes: ReadonlyMap<string, Quote>): Reply | undefined {
  const guid = row.text('thread_originator_guid') ?? '';
  if (guid === '') return undefined;
  // "1:0:12": the part, and from where to where in it.
  const part = /^\d{1,9}/.exec(row.text('thread_originator_part') ?? '')?.[0];
  return { guid, part: part === undefined ? undefined : Number(part), original: quotes.get(guid) };
}

function isScheduled(row: MessageRow): Recorded<boolean> {
  const type = row.number('schedule_type');
  return type === undefined ? undefined : type === SEND_LATER && row.flag('is_sent') !== true;
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

const emptyAsNull = (text: Recorded<string>): Recorded<string> => (text === '' ? null : text);
