import type { Conversation, Message } from '../../../content/index.ts';
import type { WallTimes } from '../wall-times.ts';

/** Conversations with more messages than this have a page for each year. */
const ONE_PAGE = 5000;
/** A page that has so many ends with the month. */
const FULL_PAGE = 10_000;

/** A stretch of a conversation that stands on one page. */
export interface PagePlan {
  /** "2023", "2023-07", or undefined where everything is on one page. */
  readonly name: string | undefined;
  /** To be read to its end before the next page is asked for. */
  readonly messages: Generator<Message, undefined>;
  /** The name of the page after it; known when `messages` has ended. */
  readonly next: () => string | undefined;
}

/** Cuts a conversation into pages as it is read, so that no page takes a browser's breath away. */
export function* planPages(
  conversation: Conversation,
  messages: Iterator<Message>,
  times: WallTimes,
): Generator<PagePlan, undefined> {
  let pending = messages.next();
  const isCut = conversation.messageCount > ONE_PAGE;
  let month = monthOf(pending.value, times);
  let name = isCut ? month.slice(0, 4) : undefined;
  while (pending.done !== true) {
    let following: string | undefined;
    yield { name, messages: stretch(), next: () => following };
    name = following;

    function* stretch(): Generator<Message, undefined> {
      let count = 0;
      while (pending.done !== true) {
        const message = pending.value;
        const here = monthOf(message, times) || month;
        const isNewYear = here.slice(0, 4) !== month.slice(0, 4);
        if (isCut && count > 0 && (isNewYear || (here !== month && count >= FULL_PAGE))) {
          following = isNewYear ? here.slice(0, 4) : here;
          month = here;
          return;
        }
        month = here;
        count++;
        pending = messages.next();
        yield message;
      }
    }
  }
}

const monthOf = (message: Message | undefined, times: WallTimes): string =>
  message?.sentAt ? times.day(message.sentAt).slice(0, 7) : '';
