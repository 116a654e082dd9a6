import type {
  MessagesQuery,
  PageQuery,
  WhatsAppChat as ToldChat,
  WhatsAppChats,
  WhatsAppMessage as ToldMessage,
  WhatsAppPage,
} from '../../../contract/index.ts';
import {
  whatsappChatKey,
  whatsappKey,
  type WhatsAppAccount,
  type WhatsAppChat,
  type WhatsAppMessage,
  type WhatsAppPerson,
} from '../../../content/index.ts';
import { inSlices } from '../../../shared/flow/in-slices.ts';
import { fileRef } from '../files/file-ref.ts';
import { fileToken } from '../files/file-token.ts';
import { whatsAppIn } from '../kinds.ts';
import { firstAtOrAfter, neighboursOf, readPage, type LongList } from '../messages/page-reader.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, orNone, pageFrom, shortId, textOrNone } from '../values.ts';

interface Found {
  readonly account: WhatsAppAccount;
  readonly chat: WhatsAppChat;
}

/** Conversations of both apps, the latest talked in first. */
export async function listWhatsAppChats(unlocked: Unlocked, query: PageQuery): Promise<WhatsAppChats> {
  const chats = await chatsIn(unlocked);
  const counts = await countsIn(unlocked);
  return pageFrom(chats, query, (found) => tellChat(found, counts));
}

/** A page of a conversation, the oldest of it first. @throws {AppError} CONTENT_NOT_FOUND */
export async function readWhatsAppChat(unlocked: Unlocked, id: string, query: MessagesQuery): Promise<WhatsAppPage> {
  const found = await findChat(unlocked, id);
  const { account } = found;
  const timeline = await timelineOf(unlocked, found);
  const list = rowsOf(account, timeline.rowIds);
  const wanted = placeOf(list, timeline.timesMs, query);
  const page = readPage(list, { ...query, wanted });
  return {
    chat: tellChat(found, await countsIn(unlocked)),
    messages: page.items.map(({ item, n }) => tellMessage(item, n)),
    ...neighboursOf(page, list),
    ...(wanted !== undefined && { wanted }),
  };
}

/** In which chat a message is, and where: for what a search has found. @throws {AppError} CONTENT_NOT_FOUND */
export async function placeOfWhatsAppMessage(unlocked: Unlocked, key: string): Promise<{ chat: string; n: number }> {
  for (const found of await chatsIn(unlocked)) {
    const { account, chat } = found;
    if (!key.startsWith(`${account.app}:`)) continue;
    for await (const message of inSlices(account.messagesOf(chat), unlocked.signal)) {
      if (whatsappKey(account, message) !== key) continue;
      const { rowIds } = await timelineOf(unlocked, found);
      return { chat: idOf(found), n: Math.max(0, rowIds.indexOf(message.row)) };
    }
  }
  return demandItem<{ chat: string; n: number }>(undefined, 'message');
}

/** By what an export knows it. @throws {AppError} CONTENT_NOT_FOUND */
export async function keyOfWhatsAppChat(unlocked: Unlocked, id: string): Promise<string> {
  const { account, chat } = await findChat(unlocked, id);
  return whatsappChatKey(account, chat);
}

async function findChat(unlocked: Unlocked, id: string): Promise<Found> {
  return demandItem(
    (await chatsIn(unlocked)).find((each) => idOf(each) === id),
    'conversation',
  );
}

const timelineOf = (unlocked: Unlocked, found: Found): Promise<ReturnType<WhatsAppAccount['timeline']>> =>
  unlocked.once(`whatsapp ${idOf(found)}`, () => Promise.resolve(found.account.timeline(found.chat)));

function placeOf(
  list: LongList<WhatsAppMessage>,
  timesMs: Float64Array,
  { around, at, message }: MessagesQuery,
): number | undefined {
  const last = Math.max(0, list.length - 1);
  if (message !== undefined) {
    for (let start = 0; start < list.length; start += 500) {
      const found = list.read(start, Math.min(start + 500, list.length)).find(({ item }) => item.key === message);
      if (found !== undefined) return found.n;
    }
    return demandItem(undefined, 'message');
  }
  if (around !== undefined) return Math.min(firstAtOrAfter(timesMs, Date.parse(around)), last);
  return at === undefined ? undefined : Math.min(at, last);
}

function rowsOf(account: WhatsAppAccount, rowIds: Float64Array): LongList<WhatsAppMessage> {
  return {
    length: rowIds.length,
    read(start, end) {
      const wanted = [...rowIds.subarray(start, end)];
      const places = new Map(wanted.map((row, i) => [row, start + i]));
      return account.read(wanted).map((item) => ({ item, n: places.get(item.row) ?? start, isTold: true }));
    },
  };
}

const chatsIn = (unlocked: Unlocked): Promise<Found[]> =>
  unlocked.once('whatsapp chats', async () => {
    const { accounts } = demandKind(await whatsAppIn(unlocked), 'conversations of WhatsApp');
    const all = accounts.flatMap((account) => account.chats.map((chat) => ({ account, chat })));
    return all.toSorted((a, b) => timeOf(b) - timeOf(a));
  });

const timeOf = ({ chat }: Found): number => chat.lastMessageAt?.getTime() ?? 0;

type Counts = ReadonlyMap<WhatsAppAccount, ReadonlyMap<number, number>>;

const countsIn = (unlocked: Unlocked): Promise<Counts> =>
  unlocked.once('whatsapp counts', async () => {
    const { accounts } = demandKind(await whatsAppIn(unlocked), 'conversations of WhatsApp');
    return new Map(accounts.map((account) => [account, account.counts()]));
  });

const idOf = ({ account, chat }: Found): string => shortId(whatsappChatKey(account, chat));
const person = ({ shownName, phone }: WhatsAppPerson): { name: string; address: string | undefined } => ({
  name: shownName,
  address: phone,
});

function tellChat(found: Found, counts: Counts): ToldChat {
  const { account, chat } = found;
  return {
    id: idOf(found),
    app: account.app,
    kind: chat.kind,
    title: chat.title,
    messages: counts.get(account)?.get(chat.row) ?? 0,
    lastAt: isoOf(chat.lastMessageAt),
    members: chat.members.filter(({ isActive }) => isActive).map((member) => person(member.person)),
    isArchived: chat.isArchived === true ? true : undefined,
  };
}

function tellMessage(message: WhatsAppMessage, n: number): ToldMessage {
  const { media, sender, quoted } = message;
  const { latitude, longitude } = media ?? {};
  const name = textOrNone(media?.path)?.split('/').at(-1) ?? message.kind;
  return {
    id: message.key ?? `row ${message.row}`,
    n,
    kind: message.kind,
    at: isoOf(message.sentAt),
    fromMe: message.isFromMe,
    sender: sender && person(sender),
    text: textOrNone(message.text),
    event: message.event,
    file: media?.state && fileRef(media.file, { name, state: media.state }),
    thumbnail: media?.thumbnail && fileToken(media.thumbnail),
    title: textOrNone(media?.title),
    place: latitude === undefined || longitude === undefined ? undefined : { latitude, longitude },
    contacts: media?.vcards.length ?? 0,
    quoted: quoted && { sender: quoted.from?.shownName, text: quoted.text },
    reactions: message.reactions.map(({ emoji, from, at }) => ({ emoji, sender: from?.shownName, at: isoOf(at) })),
    isStarred: message.isStarred === true ? true : undefined,
    isForwarded: orNone(message.isForwarded) === true ? true : undefined,
    status: message.status,
  };
}
