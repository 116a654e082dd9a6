import type { Row } from '../../database/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, cocoaDateOf, flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { mediaMetadataOf, reactionsIn, type MediaMetadata } from './blobs.ts';
import { pollText } from './poll.ts';
import type { WhatsAppChat } from './chat.ts';
import { mediaIn, type MediaFinder, type WhatsAppMedia } from './media.ts';
import { eventText, kindOf, type WhatsAppMessageKind } from './message-kinds.ts';
import type { WhatsAppPeople, WhatsAppPerson } from './people.ts';

export interface WhatsAppReaction {
  readonly emoji: string;
  /** Undefined for one of the phone's owner. */
  readonly from: WhatsAppPerson | undefined;
  readonly at: Date | undefined;
}

export interface WhatsAppQuote {
  /** Id of the message replied to. */
  readonly key: string;
  readonly from: WhatsAppPerson | undefined;
  readonly text: string | undefined;
}

export interface WhatsAppMessage {
  readonly row: number;
  /** WhatsApp's own id of it, the same on all devices; undefined for what has none. */
  readonly key: string | undefined;
  readonly chat: WhatsAppChat | undefined;
  readonly kind: WhatsAppMessageKind;
  readonly kindNumber: number;
  readonly eventNumber: Recorded<number>;
  /** When it was written. */
  readonly sentAt: Recorded<Date>;
  /** When this phone got it; for one's own, when the server had it. */
  readonly receivedAt: Recorded<Date>;
  readonly isFromMe: boolean;
  /** Who wrote it; undefined for one's own, and where nothing says it. */
  readonly sender: WhatsAppPerson | undefined;
  readonly fromJid: Recorded<string>;
  readonly toJid: Recorded<string>;
  readonly text: Recorded<string>;
  /** Words for an event that is known; `text` may name what it concerns. */
  readonly event: string | undefined;
  readonly media: WhatsAppMedia | undefined;
  readonly quoted: WhatsAppQuote | undefined;
  readonly reactions: readonly WhatsAppReaction[];
  readonly isStarred: Recorded<boolean>;
  readonly isForwarded: boolean | undefined;
  readonly forwardCount: number | undefined;
  /** Of one's own: how far it got. */
  readonly status: 'sent' | 'delivered' | 'read' | 'failed' | undefined;
  /** What of it could not be read. */
  readonly problem: 'reactions' | 'metadata' | 'date' | undefined;
}

export const MESSAGES = 'ZWAMESSAGE';
const MEDIA = 'ZWAMEDIAITEM';
const INFO = 'ZWAMESSAGEINFO';
const MEMBERS = 'ZWAGROUPMEMBER';

const MESSAGE_COLUMNS = [
  ['Z_PK', 'row'],
  'ZCHATSESSION',
  'ZMESSAGETYPE',
  'ZGROUPEVENTTYPE',
  'ZMESSAGEDATE',
  'ZSENTDATE',
  'ZISFROMME',
  'ZFROMJID',
  'ZTOJID',
  'ZTEXT',
  'ZSTANZAID',
  'ZSTARRED',
  'ZFLAGS',
  'ZMESSAGESTATUS',
] as const;

const MEDIA_COLUMNS = [
  ['Z_PK', 'mediaRow'],
  'ZMEDIALOCALPATH',
  'ZXMPPTHUMBPATH',
  'ZTHUMBNAILLOCALPATH',
  'ZFILESIZE',
  'ZMOVIEDURATION',
  'ZLATITUDE',
  'ZLONGITUDE',
  'ZTITLE',
  'ZAUTHORNAME',
  'ZVCARDNAME',
  'ZVCARDSTRING',
  'ZMEDIAURL',
  'ZMETADATA',
] as const;

/** The start of a statement for messages, `m`, with all that belongs to each of them. */
export function selectMessages(database: ContentDatabase): string {
  database.require(MESSAGES, 'Z_PK', 'ZMESSAGEDATE');
  const parts = [database.select(MESSAGES, 'm', MESSAGE_COLUMNS)];
  let joins = '';
  const join = (table: string, alias: string, key: string, columns: Parameters<ContentDatabase['select']>[2]): void => {
    // What a message has one of points back to it.
    const ways = [
      ...(database.has(table, 'Z_PK') && database.has(MESSAGES, key) ? [`${alias}.Z_PK = m.${key}`] : []),
      ...(database.has(table, 'ZMESSAGE') ? [`${alias}.ZMESSAGE = m.Z_PK`] : []),
    ];
    if (ways[0] === undefined) return;
    parts.push(database.select(table, alias, columns));
    joins += ` LEFT JOIN ${table} AS ${alias} ON ${ways[0]}`;
  };
  join(MEDIA, 'f', 'ZMEDIAITEM', MEDIA_COLUMNS);
  join(INFO, 'i', 'ZMESSAGEINFO', ['ZRECEIPTINFO']);
  join(MEMBERS, 'g', 'ZGROUPMEMBER', ['ZMEMBERJID']);
  return `SELECT ${parts.join(', ')} FROM ${MESSAGES} AS m${joins}`;
}

/** Columns that this version of the app does not have. */
export function missingMessageColumns(database: ContentDatabase): string[] {
  const missing = (table: string, wanted: readonly (string | readonly [string, string])[]): string[] =>
    wanted.map((each) => (typeof each === 'string' ? each : each[0])).filter((column) => !database.has(table, column));
  return [...missing(MESSAGES, MESSAGE_COLUMNS), ...missing(MEDIA, MEDIA_COLUMNS), ...missing(INFO, ['ZRECEIPTINFO'])];
}

/** What messages are made of besides their rows. */
export interface MessageContext {
  readonly chats: ReadonlyMap<number, WhatsAppChat>;
  readonly people: WhatsAppPeople;
  readonly files: MediaFinder;
}

const FORWARDED = 1 << 7;

export function messageOf(row: Row, { chats, people, files }: MessageContext): WhatsAppMessage {
  const chat = chats.get(Number(row['ZCHATSESSION'] ?? -1));
  const kindNumber = numberOf(row['ZMESSAGETYPE']) ?? 0;
  const text = textOf(row['ZTEXT']);
  const [path, type] = [textOf(row['ZMEDIALOCALPATH']), textOf(row['ZVCARDSTRING'])];
  const kind = kindOf(kindNumber, path ?? '', type ?? '', Boolean(text));
  const eventNumber = numberOf(row['ZGROUPEVENTTYPE']);
  const isFromMe = flagOf(row['ZISFROMME']) === true;
  const sentAt = cocoaDateOf(row['ZMESSAGEDATE']);
  const [metadata, metadataProblem] = reading(bytesOf(row['ZMETADATA']), mediaMetadataOf, NO_METADATA);
  const [reactions, reactionsProblem] = reading(bytesOf(row['ZRECEIPTINFO']), reactionsIn, []);
  const [poll, pollProblem] =
    kind === 'poll' ? reading(bytesOf(row['ZRECEIPTINFO']), pollText, undefined) : [undefined];
  const flags = numberOf(row['ZFLAGS']);
  const { quoted, forwardCount } = metadata;
  return {
    row: Number(row['row']),
    key: textOf(row['ZSTANZAID']) || undefined,
    chat,
    kind,
    kindNumber,
    eventNumber,
    sentAt,
    receivedAt: cocoaDateOf(row['ZSENTDATE']),
    isFromMe,
    sender: isFromMe ? undefined : senderOf(row, chat, people),
    fromJid: textOf(row['ZFROMJID']),
    toJid: textOf(row['ZTOJID']),
    text: poll ?? text,
    event: kind === 'event' ? eventText(kindNumber, eventNumber) : undefined,
    media: mediaIn(row, kind, files),
    quoted: quoted && {
      key: quoted.key,
      from: quoted.fromJid === undefined ? undefined : people.person(quoted.fromJid),
      text: quoted.text,
    },
    reactions: reactions.map(({ emoji, fromJid, at }) => ({
      emoji,
      from: fromJid === undefined ? undefined : people.person(fromJid),
      at,
    })),
    isStarred: flagOf(row['ZSTARRED']),
    isForwarded:
      flags === undefined || flags === null ? undefined : (flags & FORWARDED) !== 0 || (forwardCount ?? 0) > 0,
    forwardCount,
    status: isFromMe && kind !== 'event' ? STATUS[numberOf(row['ZMESSAGESTATUS']) ?? -1] : undefined,
    problem: metadataProblem
      ? 'metadata'
      : reactionsProblem || pollProblem
        ? 'reactions'
        : sentAt === null
          ? 'date'
          : undefined,
  };
}

const NO_METADATA: MediaMetadata = { quoted: undefined, forwardCount: undefined, forwardedFromJid: undefined };

const STATUS: Readonly<Record<number, WhatsAppMessage['status']>> = {
  1: 'sent',
  6: 'delivered',
  8: 'read',
  9: 'failed',
};

/** A group names itself as the sender of what its members wrote: who it was is in the row of the member. */
function senderOf(row: Row, chat: WhatsAppChat | undefined, people: WhatsAppPeople): WhatsAppPerson | undefined {
  const member = textOf(row['ZMEMBERJID']);
  if (member) return people.person(member);
  const from = textOf(row['ZFROMJID']) || (chat?.kind === 'private' ? chat.jid : undefined);
  return from && !from.endsWith('@g.us') ? people.person(from) : undefined;
}

/** What a blob says; a damaged one takes nothing away from the message but itself. */
function reading<T>(bytes: Recorded<Uint8Array>, read: (bytes: Uint8Array) => T, otherwise: T): [T, boolean] {
  if (!bytes || bytes.length === 0) return [otherwise, false];
  try {
    return [read(bytes), false];
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return [otherwise, true];
    throw error;
  }
}
