import { runInSlices } from '../../shared/flow/in-slices.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase } from '../source/content-database.ts';
import { ATTACHMENT_FIELDS, AttachmentFiles } from './attachments.ts';
import { conversationsOf, countingMessages, joinTables, NO_CHAT, readChats, type Extents } from './conversations.ts';
import { Correspondents, type AddressBookLookup } from './correspondents.ts';
import { EarlyMessages } from './early/early-messages.ts';
import type { Chat, Conversation, Message } from './message.ts';
import { fieldsNotAvailable } from './message-columns.ts';
import { MessageReader } from './message-reader.ts';
import { newestRows, orderOf, timelineOf, type TimeRange, type Timeline } from './order.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' }];
/** How many messages are read at once: what belongs to them is looked up together. */
const BATCH = 200;
/** The newest rows of a conversation may be reactions; a message that has more of them than this is told without words. */
const MOST_REACTIONS = 30;

export interface OpenMessagesOptions {
  /** Gives names to numbers, and tells which of them are one person's. */
  readonly contacts?: AddressBookLookup | undefined;
}

/** The messages of a phone. Dispose it to let go of the database. */
export interface Messages extends Disposable {
  /** Threads as the phone shows them, the one with the newest message first. */
  readonly conversations: readonly Conversation[];
  /** Chats as they are stored. */
  readonly chats: readonly Chat[];
  /** Fields that this iOS does not record. */
  readonly notAvailable: readonly string[];
  /** Rows in all conversations: one that is in two of them counts twice. */
  readonly count: number;
  /** The messages of a conversation, the oldest first. A few hundred are in memory at a time. */
  messages(conversation: Conversation, range?: TimeRange): Generator<Message, undefined>;
  /** Where each message of a conversation stands; keep it for reading more than once. */
  timeline(conversation: Conversation): Promise<Timeline>;
  /** Messages by their rows, in this order; rows that are gone are left out. For a few hundred at a time. */
  read(conversation: Conversation, rowIds: readonly number[]): Message[];
  /** The newest that is no reaction. */
  newest(conversation: Conversation): Message | undefined;
  /** Where a message is; undefined when there is none of this GUID. */
  whereIs(guid: string): { readonly rowId: number; readonly conversation: Conversation } | undefined;
}

/** @throws {FormatError} when it is laid out in a way that is not known. */
function demandTables(database: ContentDatabase): void {
  database.require('message', 'guid', 'text', 'date', 'is_from_me');
  database.require('chat', 'guid');
  database.require('chat_message_join', 'chat_id', 'message_id');
}

function countMessages(database: ContentDatabase): Extents {
  demandTables(database);
  const counting = countingMessages(database);
  for (;;) {
    const { done, value } = counting.next();
    if (done === true) return value;
  }
}

/** Those of iOS 6 and later, and of Macs. */
export class StoredMessages implements Messages {
  readonly conversations: readonly Conversation[];
  readonly chats: readonly Chat[];
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #reader: MessageReader;

  constructor(
    database: ContentDatabase,
    backup: Pick<Backup, 'find'>,
    contacts: AddressBookLookup | undefined,
    extents: Extents = countMessages(database),
  ) {
    this.#database = database;
    const correspondents = new Correspondents(database, contacts);
    this.#reader = new MessageReader(database, new AttachmentFiles(backup, database), correspondents);
    this.chats = readChats(database, correspondents);
    this.conversations = conversationsOf(this.chats, extents);
    this.notAvailable = [
      ...fieldsNotAvailable(database),
      ...ATTACHMENT_FIELDS.filter(([column]) => !database.has('attachment', column)).map(([, field]) => field),
    ];
  }

  get count(): number {
    return this.conversations.reduce((sum, { messageCount }) => sum + messageCount, 0);
  }

  *messages(conversation: Conversation, range?: TimeRange): Generator<Message, undefined> {
    const rowIds = orderOf(this.#database, conversation, range);
    for (let start = 0; start < rowIds.length; start += BATCH) {
      yield* this.#reader.read([...rowIds.subarray(start, start + BATCH)], conversation);
    }
  }

  timeline(conversation: Conversation): Promise<Timeline> {
    return timelineOf(this.#database, conversation);
  }

  read(conversation: Conversation, rowIds: readonly number[]): Message[] {
    return this.#reader.read(rowIds, conversation);
  }

  newest(conversation: Conversation): Message | undefined {
    const rowIds = newestRows(this.#database, conversation, MOST_REACTIONS);
    return this.#reader.read(rowIds, conversation).find(({ type }) => type !== 'reaction');
  }

  whereIs(guid: string): { readonly rowId: number; readonly conversation: Conversation } | undefined {
    const row = this.#database.get('SELECT ROWID AS id FROM message WHERE guid = ?', guid);
    if (row === undefined) return undefined;
    const rowId = Number(row['id']);
    const chats = joinTables(this.#database).flatMap((table) =>
      this.#database
        .all(`SELECT chat_id FROM ${table} WHERE message_id = ?`, rowId)
        .map((each) => Number(each['chat_id'])),
    );
    const conversation =
      this.conversations.find((each) => each.chats.some((chat) => chats.includes(chat.rowId))) ??
      this.conversations.find(({ key }) => key === NO_CHAT);
    return conversation && { rowId, conversation };
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/**
 * Opens the messages of a backup: iMessage, SMS and RCS.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when the database is damaged, or laid out in a way that is not known.
 */
export async function openMessages(backup: Backup, options: OpenMessagesOptions = {}): Promise<Messages | undefined> {
  const database = await openContentDatabase(backup, PLACES);
  if (database === undefined) return undefined;
  try {
    const isEarly = !database.has('chat', 'guid') && database.has('message', 'address');
    if (isEarly) return new EarlyMessages(database, backup, options.contacts);
    demandTables(database);
    return new StoredMessages(database, backup, options.contacts, await runInSlices(countingMessages(database)));
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}
