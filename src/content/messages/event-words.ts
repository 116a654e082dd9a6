import type { Correspondent, GroupEvent, Message, ReactionKind } from './message.ts';

/** What people call somebody; their number or address when nobody gave them a name. */
export const nameOf = (person: Correspondent | undefined): string => person?.name ?? person?.address ?? 'Somebody';

/** Who sent a message, as a word in a sentence: "You", "Anna". */
export const senderName = ({ isFromMe, sender }: Pick<Message, 'isFromMe' | 'sender'>): string =>
  isFromMe ? 'You' : nameOf(sender);

/** What happened, as a sentence without a full stop: "Anna named the conversation “Holidays”". */
export function eventWords(message: Message): string {
  const { event } = message;
  const who = senderName(message);
  const whom = nameOf(event?.whom);
  const name = event?.name ?? null;
  const sentences: Readonly<Record<GroupEvent['kind'], string>> = {
    'member-added': `${who} added ${whom} to the conversation`,
    'member-removed': `${who} removed ${whom} from the conversation`,
    'member-left': `${who} left the conversation`,
    'name-changed':
      name === null ? `${who} removed the name from the conversation` : `${who} named the conversation “${name}”`,
    'photo-changed': `${who} changed the group photo`,
    'photo-removed': `${who} removed the group photo`,
    'background-changed': `${who} changed the background of the conversation`,
    'background-removed': `${who} removed the background of the conversation`,
    'location-shared': `${who} started sharing location`,
    'location-stopped': `${who} stopped sharing location`,
    'audio-kept': `${who} kept an audio message`,
    shareplay: `${who} started SharePlay`,
    other: `${who} changed something that has no name here`,
  };
  return sentences[event?.kind ?? 'other'];
}

const VERBS: Readonly<Record<ReactionKind, string>> = {
  love: 'loved',
  like: 'liked',
  dislike: 'disliked',
  laugh: 'laughed at',
  emphasis: 'emphasised',
  question: 'questioned',
  emoji: 'reacted to',
  sticker: 'put a sticker on',
};

/** "Anna loved", "You took back 👍 from": what stands before the quoted message. */
export function reactionWords({ reaction, ...message }: Message): string {
  const who = senderName(message);
  if (reaction === undefined) return who;
  const { kind, emoji, isRemoval } = reaction;
  if (isRemoval) return `${who} took back ${emoji ?? 'a sticker'} from`;
  return kind === 'emoji' ? `${who} reacted ${emoji ?? ''} to` : `${who} ${VERBS[kind]}`;
}
