import type { Conversation, Messages, MessageTimeline } from '../../../content/index.ts';

/** 16 bytes each. */
const MAX_MESSAGES = 2_000_000;

/** The timelines of the conversations that were looked at last. */
export class TimelineShelf {
  readonly #messages: Messages;
  /** The one used longest ago first. */
  readonly #timelines = new Map<string, MessageTimeline>();

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  async of(conversation: Conversation): Promise<MessageTimeline> {
    const timeline = this.#timelines.get(conversation.key) ?? (await this.#messages.timeline(conversation));
    this.#timelines.delete(conversation.key);
    this.#timelines.set(conversation.key, timeline);
    let held = [...this.#timelines.values()].reduce((sum, { rowIds }) => sum + rowIds.length, 0);
    for (const [key, { rowIds }] of this.#timelines) {
      if (held <= MAX_MESSAGES || key === conversation.key) break;
      this.#timelines.delete(key);
      held -= rowIds.length;
    }
    return timeline;
  }
}
