import {
  whatsappChatKey,
  type WhatsApp,
  type WhatsAppAccount,
  type WhatsAppChat,
  type WhatsAppMessage,
} from '../../content/index.ts';
import type { ExportRequest } from '../kind.ts';
import { isAbout, isWithin } from '../text/times.ts';

/** A conversation to take out; `chat` is undefined for messages whose conversation is gone. */
export interface Conversation {
  readonly account: WhatsAppAccount;
  readonly chat: WhatsAppChat | undefined;
  readonly title: string;
  messages(): Generator<WhatsAppMessage, undefined>;
}

const PROGRESS_EVERY = 1_000;

/** What is taken out of WhatsApp, and how much of it has been. */
export class Selection {
  readonly conversations: readonly Conversation[];
  /** Messages taken out so far. */
  taken = 0;
  /** Messages of which not all could be read. */
  damaged = 0;
  readonly #request: ExportRequest;

  constructor(whatsapp: WhatsApp, request: ExportRequest) {
    this.#request = request;
    this.conversations = whatsapp.accounts.flatMap((account) => this.#conversationsOf(account));
  }

  #conversationsOf(account: WhatsAppAccount): Conversation[] {
    const { people: wanted, chats: keys } = this.#request.options;
    const chats = account.chats
      .filter((chat) => keys === undefined || keys.includes(whatsappChatKey(account, chat)))
      .filter((chat) => isAbout(namesOf(chat, account), wanted) && this.#hasAny(account.messagesOf(chat)))
      .map((chat) => ({ account, chat, title: chat.title, messages: () => this.#counted(account.messagesOf(chat)) }));
    const stray = {
      account,
      chat: undefined,
      title: 'Without a conversation',
      messages: () => this.#counted(account.strayMessages()),
    };
    const hasStray = wanted === undefined && keys === undefined && this.#hasAny(account.strayMessages());
    return hasStray ? [...chats, stray] : chats;
  }

  #hasAny(messages: Iterable<WhatsAppMessage>): boolean {
    for (const { sentAt } of messages) if (isWithin(sentAt, this.#request.options)) return true;
    return false;
  }

  *#counted(messages: Iterable<WhatsAppMessage>): Generator<WhatsAppMessage, undefined> {
    const { signal, options, onProgress } = this.#request;
    for (const message of messages) {
      if (!isWithin(message.sentAt, options)) continue;
      if (message.problem !== undefined) this.damaged++;
      if (++this.taken % PROGRESS_EVERY === 0) {
        signal.throwIfAborted();
        onProgress?.(this.taken, undefined);
      }
      yield message;
    }
  }
}

function namesOf({ jid, title, members }: WhatsAppChat, { people }: WhatsAppAccount): (string | undefined)[] {
  const other = jid === undefined ? undefined : people.person(jid);
  const everybody = [...(other ? [other] : []), ...members.map(({ person }) => person)];
  return [
    title,
    jid,
    ...everybody.flatMap((person) => [person.contactName, person.pushName, person.phone, person.jid]),
  ];
}
