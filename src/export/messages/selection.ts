import type { Conversation, Message, Messages } from '../../content/index.ts';
import type { ExportRequest } from '../kind.ts';

/** What of the messages is taken out, and how much of it has been. */
export class Selection {
  readonly conversations: readonly Conversation[];
  /** Messages in Recently Deleted that were left out. */
  leftOut = 0;
  /** Messages of which not all could be read. */
  damaged = 0;
  /** Messages taken out so far. */
  taken = 0;
  readonly #messages: Messages;
  readonly #request: ExportRequest;
  readonly #withDeleted: boolean;
  readonly #total: number;
  #done = 0;

  /** @param withDeleted whether what is in Recently Deleted comes as well. */
  constructor(messages: Messages, request: ExportRequest, withDeleted: boolean) {
    this.#messages = messages;
    this.#request = request;
    this.#withDeleted = withDeleted;
    const { people, conversations } = request.options;
    this.conversations = messages.conversations.filter(
      (each) =>
        each.messageCount > 0 &&
        (conversations === undefined || conversations.includes(each.key)) &&
        (people === undefined || people.some((wish) => isWith(each, wish))),
    );
    this.#total = this.conversations.reduce((sum, { messageCount }) => sum + messageCount, 0);
  }

  /** The messages of one conversation, the oldest first. */
  *of(conversation: Conversation): Generator<Message, undefined> {
    const { signal, options, onProgress } = this.#request;
    for (const message of this.#messages.messages(conversation, { from: options.from, until: options.until })) {
      if (this.#done++ % 1000 === 0) {
        signal.throwIfAborted();
        onProgress?.(this.#done, this.#total);
      }
      if (message.deletedAt !== undefined && !this.#withDeleted) {
        this.leftOut++;
        continue;
      }
      this.taken++;
      if (message.problem !== undefined) this.damaged++;
      yield message;
    }
  }
}

/** Parts of names, numbers (spaces do not matter), addresses, and of the name of a group. */
function isWith({ title, chats, participants }: Conversation, wish: string): boolean {
  const wanted = folded(wish);
  const digits = wish.replace(/\D/g, '').replace(/^0+/, '');
  const texts = [title, ...participants.flatMap(({ name, address }) => [name ?? '', address])];
  const addresses = chats.flatMap((chat) => [chat.identifier, ...chat.participants.map(({ address }) => address)]);
  if ([...texts, ...addresses].some((text) => wanted !== '' && folded(text).includes(wanted))) return true;
  const isNumber = digits.length >= 3 && !/\p{L}|@/u.test(wish);
  return isNumber && addresses.some((address) => address.replace(/\D/g, '').includes(digits));
}

const folded = (text: string): string => text.normalize('NFKC').toLocaleLowerCase('en').trim();
