import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { textOf } from '../source/row-values.ts';
import { readCalls, type WhatsAppCall } from './calls.ts';
import { readChats, type WhatsAppChat } from './chat.ts';
import { MediaFinder } from './media.ts';
import {
  MESSAGES,
  messageOf,
  missingMessageColumns,
  selectMessages,
  type MessageContext,
  type WhatsAppMessage,
} from './message.ts';
import { readPeople, type WhatsAppPeople } from './people.ts';
import { databasePlaces, WHATSAPP_PLACES, type WhatsAppPlaces } from './places.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

/** One of the two apps: its conversations, calls and people. Dispose it to let go of its database. */
export class WhatsAppAccount implements Disposable {
  readonly app: WhatsAppPlaces['app'];
  /** The latest talked in first. */
  readonly chats: readonly WhatsAppChat[];
  readonly calls: readonly WhatsAppCall[];
  readonly people: WhatsAppPeople;
  /** Fields that this version of the app does not record. */
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase | undefined;
  readonly #context: MessageContext;

  constructor(
    app: WhatsAppPlaces['app'],
    context: MessageContext,
    calls: readonly WhatsAppCall[],
    database?: ContentDatabase,
  ) {
    this.app = app;
    this.people = context.people;
    this.calls = calls;
    this.chats = [...context.chats.values()].toSorted((a, b) => timeOf(b) - timeOf(a));
    this.notAvailable = database ? missingMessageColumns(database) : [];
    this.#database = database;
    this.#context = context;
  }

  /** All messages; conversation by conversation, the oldest first within each. */
  *messages(): Generator<WhatsAppMessage, undefined> {
    for (const chat of this.chats) yield* this.messagesOf(chat);
    yield* this.strayMessages();
  }

  /** The messages of a conversation, the oldest first. */
  *messagesOf(chat: WhatsAppChat): Generator<WhatsAppMessage, undefined> {
    if (this.#database?.has(MESSAGES, 'ZCHATSESSION') !== true) return;
    yield* this.#select(this.#database, 'm.ZCHATSESSION = ?', chat.row);
  }

  /** Where each message of a conversation stands, the oldest first: rows, and times in milliseconds since 1970. */
  timeline(chat: WhatsAppChat): { readonly rowIds: Float64Array; readonly timesMs: Float64Array } {
    const database = this.#database;
    if (database?.has(MESSAGES, 'ZCHATSESSION') !== true) return { rowIds: NO_ROWS, timesMs: NO_ROWS };
    const sql = `SELECT m.Z_PK, CAST(m.ZMESSAGEDATE AS REAL) FROM ${MESSAGES} AS m WHERE m.ZCHATSESSION = ? ORDER BY ${orderOf(database)}`;
    const [rows, times]: [number[], number[]] = [[], []];
    for (const [row, seconds] of database.arrays(sql, [chat.row])) {
      rows.push(Number(row));
      times.push(Number(seconds ?? 0) * 1000 + EPOCH_2001_MS);
    }
    return { rowIds: Float64Array.from(rows), timesMs: Float64Array.from(times) };
  }

  /** Messages by their rows, in the order of their conversation. For a few hundred at a time. */
  read(rowIds: readonly number[]): WhatsAppMessage[] {
    if (this.#database === undefined) return [];
    return [...this.#select(this.#database, 'm.Z_PK IN (SELECT value FROM json_each(?))', JSON.stringify(rowIds))];
  }

  /** How many messages each conversation has, by its row. */
  counts(): ReadonlyMap<number, number> {
    const database = this.#database;
    if (database?.has(MESSAGES, 'ZCHATSESSION') !== true) return new Map();
    const sql = `SELECT ZCHATSESSION AS chat, count(*) AS n FROM ${MESSAGES} WHERE ZCHATSESSION IS NOT NULL GROUP BY 1`;
    return new Map(database.all(sql).map(({ chat, n }) => [Number(chat), Number(n)]));
  }

  /** Messages of conversations that are gone. */
  *strayMessages(): Generator<WhatsAppMessage, undefined> {
    const database = this.#database;
    if (database === undefined) return;
    const where = database.has(MESSAGES, 'ZCHATSESSION')
      ? 'm.ZCHATSESSION IS NULL OR m.ZCHATSESSION NOT IN (SELECT Z_PK FROM ZWACHATSESSION)'
      : 'TRUE';
    yield* this.#select(database, where);
  }

  [Symbol.dispose](): void {
    this.#database?.[Symbol.dispose]();
  }

  *#select(
    database: ContentDatabase,
    where: string,
    ...parameters: (number | string)[]
  ): Generator<WhatsAppMessage, undefined> {
    const sql = `${selectMessages(database)} WHERE ${where} ORDER BY ${orderOf(database)}`;
    for (const row of database.rows(sql, parameters)) yield messageOf(row, this.#context);
  }
}

const NO_ROWS = new Float64Array();

const orderOf = (database: ContentDatabase): string =>
  database.has(MESSAGES, 'ZSORT') ? 'm.ZSORT, m.ZMESSAGEDATE, m.Z_PK' : 'm.ZMESSAGEDATE, m.Z_PK';

/** WhatsApp and WhatsApp Business, as far as a backup has them. */
export class WhatsApp implements Disposable {
  readonly accounts: readonly WhatsAppAccount[];

  constructor(accounts: readonly WhatsAppAccount[]) {
    this.accounts = accounts;
  }

  [Symbol.dispose](): void {
    for (const account of this.accounts) account[Symbol.dispose]();
  }
}

/**
 * Opens the conversations of WhatsApp.
 *
 * @returns undefined when the backup has none of its databases.
 * @throws {FormatError} when all there are are damaged, or laid out in a way that is not known.
 */
export async function openWhatsApp(backup: Backup): Promise<WhatsApp | undefined> {
  const accounts: WhatsAppAccount[] = [];
  let failure: FormatError | undefined;
  for (const places of WHATSAPP_PLACES) {
    try {
      const account = await openAccount(backup, places);
      if (account !== undefined) accounts.push(account);
    } catch (error) {
      if (!(error instanceof FormatError)) {
        for (const account of accounts) account[Symbol.dispose]();
        throw error;
      }
      failure = error;
      backup.noteDamage(`${places.app} could not be read: ${error.message}.`);
    }
  }
  if (accounts.length === 0 && failure !== undefined) throw failure;
  return accounts.length === 0 ? undefined : new WhatsApp(accounts);
}

async function openAccount(backup: Backup, places: WhatsAppPlaces): Promise<WhatsAppAccount | undefined> {
  const people = await readPeople(backup, places);
  const database = await openContentDatabase(backup, databasePlaces(places, 'ChatStorage.sqlite'));
  try {
    // Who somebody is, is looked up once: all names have to be known before.
    if (database) readPushNames(database, people);
    const chats = database ? readChats(database, people) : new Map<number, WhatsAppChat>();
    const calls = await readIfPossible(backup, `CallHistory.sqlite of ${places.app}`, async () => {
      using list = await openContentDatabase(backup, databasePlaces(places, 'CallHistory.sqlite'));
      return list && readCalls(list, people);
    });
    if (database === undefined && calls === undefined && people.contacts.length === 0) return undefined;
    const context = { chats, people, files: new MediaFinder(backup, places) };
    if (database) selectMessages(database);
    return new WhatsAppAccount(places.app, context, calls ?? [], database);
  } catch (error) {
    database?.[Symbol.dispose]();
    throw error;
  }
}

function readPushNames(database: ContentDatabase, people: WhatsAppPeople): void {
  const table = 'ZWAPROFILEPUSHNAME';
  if (!database.has(table, 'ZJID') || !database.has(table, 'ZPUSHNAME')) return;
  for (const { jid, name } of database.rows(`SELECT ZJID AS jid, ZPUSHNAME AS name FROM ${table}`)) {
    if (typeof jid === 'string') people.addPushName(jid, textOf(name));
  }
}

const timeOf = (chat: WhatsAppChat): number => chat.lastMessageAt?.getTime() ?? 0;

/** For searching, and for following messages from backup to backup. */
export function* whatsappItems({ accounts }: WhatsApp): Generator<ContentItem, undefined> {
  for (const account of accounts) {
    for (const message of account.messages()) {
      const { media, text, event, chat } = message;
      const from = message.isFromMe ? 'Me' : (message.sender?.shownName ?? chat?.title ?? '');
      const words = [text, media?.title, event].filter((each) => typeof each === 'string' && each !== '');
      yield {
        kind: 'whatsapp',
        key: whatsappKey(account, message),
        at: message.sentAt ?? undefined,
        title: chat === undefined || chat.kind === 'private' ? from : `${from} · ${chat.title}`,
        text: words.join('\n'),
      };
    }
  }
}

/** What a message is called in what a search finds: the same in every backup. */
export function whatsappKey({ app }: WhatsAppAccount, { key, chat, sentAt, row }: WhatsAppMessage): string {
  return `${app}:${key ?? `${chat?.jid ?? ''}:${sentAt?.toISOString() ?? row}`}`;
}

/** What a chat is called by: the same in every backup, where it has a JID. */
export const whatsappChatKey = ({ app }: WhatsAppAccount, { jid, row }: WhatsAppChat): string => `${app} ${jid ?? row}`;
