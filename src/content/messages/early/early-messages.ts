import type { Backup } from '../../../snapshot/index.ts';
import type { ContentDatabase } from '../../source/content-database.ts';
import { numberOf, textOf } from '../../source/row-values.ts';
import { plainText, readBody } from '../body.ts';
import { makeConversation, mergeChats } from '../conversations.ts';
import { Correspondents, type AddressBookLookup } from '../correspondents.ts';
import type { Chat, Conversation, Correspondent, Message } from '../message.ts';
import type { Messages } from '../messages.ts';
import type { TimeRange, Timeline } from '../order.ts';
import { earlyFiles, type EarlyFiles } from './early-files.ts';
import { earlyRows, type EarlyRow } from './early-rows.ts';
import { EPOCH_2001_MS } from '../../../shared/time/apple-time.ts';

const BATCH = 500;

interface Place {
  readonly rowId: number;
  readonly atMs: number;
}

/**
 * The messages of iOS 3 to 5, which had no chats: they are made here out of whom each message was from and to. The
 * phones of that time hold so few that their numbers and times are all kept.
 */
export class EarlyMessages implements Messages {
  readonly conversations: readonly Conversation[];
  readonly chats: readonly Chat[];
  readonly notAvailable: readonly string[] = (
    'reactions replyTo edits effect app event unsentAt deletedAt playedAt isAudio isSpam isScheduled ownAddress ' +
    'attachments.uti attachments.sizeBytes attachments.createdAt'
  ).split(' ');
  readonly #database: ContentDatabase;
  readonly #correspondents: Correspondents;
  readonly #files: EarlyFiles;
  /** Messages by the GUID of their chat, the oldest first. */
  readonly #places = new Map<string, Place[]>();

  constructor(
    database: ContentDatabase,
    backup: Pick<Backup, 'find' | 'manifest'>,
    contacts: AddressBookLookup | undefined,
  ) {
    database.require('message', 'address', 'date', 'text', 'flags');
    this.#database = database;
    this.#correspondents = new Correspondents(database, contacts);
    this.#files = earlyFiles(database, backup);
    this.chats = this.#makeChats();
    this.conversations = mergeChats(this.chats)
      .map((merged) =>
        makeConversation(
          merged,
          merged.flatMap(({ guid }) => this.#extentOf(guid)),
        ),
      )
      .toSorted((a, b) => (b.lastAt?.getTime() ?? 0) - (a.lastAt?.getTime() ?? 0));
  }

  get count(): number {
    return this.conversations.reduce((sum, { messageCount }) => sum + messageCount, 0);
  }

  *messages(conversation: Conversation, { from, until }: TimeRange = {}): Generator<Message, undefined> {
    const wanted = this.#placesIn(conversation)
      .filter(
        ({ atMs }) => (from === undefined || atMs >= from.getTime()) && (until === undefined || atMs < until.getTime()),
      )
      .map(({ rowId }) => rowId);
    for (let start = 0; start < wanted.length; start += BATCH) {
      yield* this.read(conversation, wanted.slice(start, start + BATCH));
    }
  }

  async timeline(conversation: Conversation): Promise<Timeline> {
    const places = this.#placesIn(conversation);
    return {
      rowIds: Float64Array.from(places, ({ rowId }) => rowId),
      timesMs: Float64Array.from(places, ({ atMs }) => atMs),
    };
  }

  read({ chats }: Conversation, rowIds: readonly number[]): Message[] {
    const rows = new Map(Array.from(earlyRows(this.#database, rowIds), (row) => [row.rowId, row]));
    const chatOf = new Map(
      chats.flatMap(({ guid }) => (this.#places.get(guid) ?? []).map(({ rowId }) => [rowId, guid] as const)),
    );
    return rowIds.flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [this.#message(row, chatOf.get(id))];
    });
  }

  newest(conversation: Conversation): Message | undefined {
    const last = this.#placesIn(conversation).at(-1);
    return last && this.read(conversation, [last.rowId])[0];
  }

  whereIs(guid: string): { readonly rowId: number; readonly conversation: Conversation } | undefined {
    for (const conversation of this.conversations) {
      for (const { rowId, guid: own } of this.messages(conversation)) if (own === guid) return { rowId, conversation };
    }
    return undefined;
  }

  #placesIn({ chats }: Conversation): Place[] {
    const places = chats.flatMap(({ guid }) => this.#places.get(guid) ?? []);
    return places.toSorted((a, b) => a.atMs - b.atMs || a.rowId - b.rowId);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #makeChats(): Chat[] {
    const members = this.#groupMembers();
    const people = new Map<string, Set<string>>();
    const services = new Map<string, string>();
    for (const row of earlyRows(this.#database)) {
      const service = row.isMessage ? 'iMessage' : 'SMS';
      const known = row.group === undefined ? undefined : members.get(row.group);
      const isGroup = row.group !== undefined && (row.isMessage || (known?.length ?? 0) > 1);
      const guid = isGroup ? `${service};+;${row.group}` : `${service};-;${known?.[0] ?? row.address}`;
      services.set(guid, service);
      const addresses = people.get(guid) ?? new Set(known);
      people.set(guid, addresses);
      if (row.address !== '' && known === undefined) addresses.add(row.address);
      const places = this.#places.get(guid) ?? [];
      this.#places.set(guid, places);
      places.push({ rowId: row.rowId, atMs: row.at?.getTime() ?? 0 });
    }
    return [...people].map(([guid, addresses], i) => ({
      rowId: i + 1,
      guid,
      identifier: guid.split(';').slice(2).join(';'),
      service: services.get(guid) ?? 'SMS',
      isGroup: guid.includes(';+;'),
      participants: Array.from(addresses, (address) => this.#correspondents.at(address)),
      displayName: undefined,
      isArchived: undefined,
      filteredAs: undefined,
      ownAddress: undefined,
    }));
  }

  #groupMembers(): Map<string, string[]> {
    const members = new Map<string, string[]>();
    if (!this.#database.has('group_member', 'address')) return members;
    for (const row of this.#database.all('SELECT group_id, address FROM group_member ORDER BY ROWID')) {
      const group = `group ${numberOf(row['group_id']) ?? 0}`;
      members.set(group, [...(members.get(group) ?? []), textOf(row['address']) ?? '']);
    }
    return members;
  }

  #extentOf(guid: string): { count: number; first: number; last: number }[] {
    const places = this.#places.get(guid) ?? [];
    const times = places.map(({ atMs }) => atMs / 1000 - EPOCH_2001_MS / 1000);
    return [{ count: places.length, first: Math.min(...times), last: Math.max(...times) }];
  }

  #message(row: EarlyRow, chatGuid: string | undefined): Message {
    const attachments = this.#files.attachments.get(row.rowId) ?? [];
    const text = row.text ?? this.#files.texts.get(row.rowId) ?? null;
    const body = readBody({ text, attributed: row.attributed, summary: undefined, attachments, isApp: false });
    return {
      rowId: row.rowId,
      guid: row.guid,
      type: 'message',
      sentAt: row.at,
      isFromMe: row.isFromMe,
      sender: row.isFromMe || row.address === '' ? undefined : this.#sender(row.address),
      service: row.isMessage ? 'iMessage' : 'SMS',
      chatGuid,
      text: body.text,
      subject: row.subject === null || plainText(row.subject) === null ? null : row.subject,
      parts: body.parts,
      attachments,
      app: undefined,
      event: undefined,
      reaction: undefined,
      reactions: [],
      replyTo: undefined,
      edits: [],
      effect: undefined,
      readAt: row.readAt,
      deliveredAt: row.deliveredAt,
      playedAt: undefined,
      editedAt: undefined,
      unsentAt: undefined,
      deletedAt: undefined,
      deletedParts: [],
      isAudio: undefined,
      isRead: row.isRead,
      isSpam: undefined,
      isScheduled: undefined,
      sendError: row.error,
      ownAddress: undefined,
      problem: body.problem,
    };
  }

  #sender(address: string): Correspondent {
    return this.#correspondents.at(address);
  }
}
