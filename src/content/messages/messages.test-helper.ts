import { openMemoryDatabase, type Database, type SqlValue } from '../../database/index.ts';
import type { ManifestEntry } from '../../snapshot/index.ts';
import { ContentDatabase } from '../source/content-database.ts';
import type { AddressBookLookup } from './correspondents.ts';
import type { Message } from './message.ts';
import { StoredMessages, type Messages } from './messages.ts';

/** What iOS 6 had, which is the least there is. */
const OLD = {
  message:
    'ROWID INTEGER PRIMARY KEY, guid TEXT UNIQUE, text TEXT, handle_id INTEGER, attributedBody BLOB, service TEXT, date INTEGER, is_from_me INTEGER',
  chat: 'ROWID INTEGER PRIMARY KEY, guid TEXT, style INTEGER, chat_identifier TEXT, service_name TEXT',
  handle: 'ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT',
  attachment: 'ROWID INTEGER PRIMARY KEY, guid TEXT, filename TEXT, mime_type TEXT',
};

const NEW = {
  message: `${OLD.message}, date_read INTEGER, item_type INTEGER, group_action_type INTEGER, group_title TEXT,
    other_handle INTEGER, share_status INTEGER, associated_message_guid TEXT, associated_message_type INTEGER, associated_message_emoji TEXT,
    balloon_bundle_id TEXT, payload_data BLOB, expressive_send_style_id TEXT, message_summary_info BLOB,
    thread_originator_guid TEXT, thread_originator_part TEXT, date_edited INTEGER, date_retracted INTEGER`,
  chat: `${OLD.chat}, display_name TEXT, is_archived INTEGER`,
  handle: `${OLD.handle}, person_centric_id TEXT`,
  attachment: `${OLD.attachment}, transfer_name TEXT, total_bytes INTEGER, is_sticker INTEGER, hide_attachment INTEGER`,
};

const JOINS = `
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);`;

/** A small sms.db in memory. */
export class Phone implements Disposable {
  readonly database: Database = openMemoryDatabase();
  #messages = 0;

  constructor(tables: 'old' | 'new' = 'new') {
    for (const [table, columns] of Object.entries(tables === 'old' ? OLD : NEW)) {
      this.database.exec(`CREATE TABLE ${table} (${columns})`);
    }
    this.database.exec(JOINS);
    if (tables === 'old') return;
    this.database
      .exec(`CREATE TABLE chat_recoverable_message_join (chat_id INTEGER, message_id INTEGER, delete_date INTEGER);
      CREATE TABLE recoverable_message_part (chat_id INTEGER, message_id INTEGER, part_index INTEGER, delete_date INTEGER, part_text BLOB)`);
  }

  add(table: string, values: Readonly<Record<string, SqlValue>>): number {
    const names = Object.keys(values);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    return Number(this.database.prepare(sql).run(...Object.values(values)).lastInsertRowid);
  }

  chat(guid: string, handles: readonly number[], values: Readonly<Record<string, SqlValue>> = {}): number {
    const style = handles.length > 1 ? 43 : 45;
    const chatId = this.add('chat', { guid, style, chat_identifier: guid, service_name: 'iMessage', ...values });
    for (const handle of handles) this.add('chat_handle_join', { chat_id: chatId, handle_id: handle });
    return chatId;
  }

  /** A message a minute after the last; in no chat where that is 0. */
  message(chatId: number, values: Readonly<Record<string, SqlValue>>): number {
    const count = ++this.#messages;
    const date = BigInt(count) * 60_000_000_000n + 600_000_000_000_000_000n;
    const id = this.add('message', { guid: `M${count}`, date, is_from_me: 0, handle_id: 1, ...values });
    if (chatId !== 0) this.add('chat_message_join', { chat_id: chatId, message_id: id });
    return id;
  }

  attach(messageId: number, values: Readonly<Record<string, SqlValue>>): void {
    const attachmentId = this.add('attachment', values);
    this.add('message_attachment_join', { message_id: messageId, attachment_id: attachmentId });
  }

  /** @param files the paths of the files that the backup has, "Domain/path". */
  open(files: readonly string[] = [], contacts?: AddressBookLookup): Messages {
    return openMessagesOf(this.database, files, contacts);
  }

  all(files: readonly string[] = []): Message[] {
    const messages = this.open(files);
    return messages.conversations.flatMap((each) => [...messages.messages(each)]);
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}

export function openMessagesOf(
  database: Database,
  files: readonly string[] = [],
  contacts?: AddressBookLookup,
): Messages {
  const find = (domain: string, relativePath: string): ManifestEntry | undefined =>
    files.includes(`${domain}/${relativePath}`) ? entryOf(domain, relativePath) : undefined;
  return new StoredMessages(
    new ContentDatabase({ domain: 'HomeDomain', relativePath: 'sms.db' }, database),
    { find },
    contacts,
  );
}

function entryOf(domain: string, relativePath: string): ManifestEntry {
  return { fileId: '0'.repeat(40), domain, relativePath, kind: 'file', details: notNeeded, outline: notNeeded };
}

function notNeeded(): never {
  throw new TypeError('not needed here');
}

/** An archived text of one part, as Messages writes it. */
export function archived(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length =
    bytes.length < 0x80 ? Buffer.from([bytes.length]) : Buffer.from([0x81, bytes.length & 0xff, bytes.length >> 8]);
  const before =
    '040b73747265616d747970656481e803840140848484194e534d757461626c6541747472696275746564537472696e67008484124e5341747472696275746564537472696e67008484084e534f626a656374008592848484084e53537472696e67019484012b';
  return Buffer.concat([Buffer.from(before, 'hex'), length, bytes, Buffer.from('8686', 'hex')]);
}
