import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase } from '../source/content-database.ts';
import { ATTACHMENT_FIELDS, AttachmentFiles } from './attachments.ts';
import { conversationsOf, readChats } from './conversations.ts';
import { Correspondents, type AddressBookLookup } from './correspondents.ts';
import { EarlyMessages } from './early/early-messages.ts';
import type { Chat, Conversation, Message } from './message.ts';
import { fieldsNotAvailable } from './message-columns.ts';
import { MessageReader } from './message-reader.ts';
import { orderOf, type TimeRange } from './order.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' }];
/** How many messages are read at once: what belongs to them is looked up together. */
const BATCH = 200;

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
}

/** Those of iOS 6 and later, and of Macs. */
export class StoredMessages implements Messages {
  readonly conversations: readonly Conversation[];
  readonly chats: readonly Chat[];
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #reader: MessageReader;

  constructor(database: ContentDatabase, backup: Pick<Backup, 'find'>, contacts: AddressBookLookup | undefined) {
    database.require('message', 'guid', 'text', 'date', 'is_from_me');
    database.require('chat', 'guid');
    database.require('chat_message_join', 'chat_id', 'message_id');
    this.#database = database;
    const correspondents = new Correspondents(database, contacts);
    this.#reader = new MessageReader(database, new AttachmentFiles(backup, database), correspondents);
    this.chats = readChats(database, correspondents);
    this.conversations = conversationsOf(database, this.chats);
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
    return new (isEarly ? EarlyMessages : StoredMessages)(database, backup, options.contacts);
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}
