import type { ContentItem } from '../source/content-item.ts';
import { eventWords } from './event-words.ts';
import type { Conversation, Message } from './message.ts';
import type { Messages } from './messages.ts';

/** For searching and for following messages from backup to backup. Reactions are not listed by themselves. */
export function* messageItems(messages: Messages): Generator<ContentItem, undefined> {
  for (const conversation of messages.conversations) {
    for (const message of messages.messages(conversation)) {
      if (message.type === 'reaction') continue;
      yield {
        kind: 'messages',
        key: message.guid,
        at: message.sentAt ?? undefined,
        title: titleOf(message, conversation),
        text: textOf(message),
      };
    }
  }
}

function titleOf({ isFromMe, sender }: Message, { title, isGroup }: Conversation): string {
  const from = isFromMe ? 'You' : (sender?.name ?? sender?.address ?? 'Unknown');
  if (isGroup) return `${from} in ${title}`;
  return isFromMe ? `You to ${title}` : from;
}

function textOf(message: Message): string {
  if (message.event !== undefined) return eventWords(message);
  const { subject, text, app, attachments, edits } = message;
  const words = [
    subject,
    text,
    app?.title,
    app?.subtitle,
    app?.summary,
    app?.url,
    ...attachments.filter(({ isHidden }) => isHidden !== true).flatMap(({ name, transcript }) => [name, transcript]),
    // The last wording is the text itself.
    ...edits.map((edit) => edit.text).filter((wording) => wording !== text),
  ];
  return words.filter((each) => typeof each === 'string' && each !== '').join('\n');
}
