/** What the numbers of ZMESSAGETYPE and ZGROUPEVENTTYPE mean, as far as real databases have shown it. */

export type WhatsAppMessageKind =
  | 'text'
  | 'image'
  | 'video'
  | 'audio'
  | 'contact'
  | 'location'
  | 'link'
  | 'document'
  | 'gif'
  | 'sticker'
  /** A question with answers to choose from: they are its text. */
  | 'poll'
  /** Deleted for everybody: nothing of it is left but that it was. */
  | 'deleted'
  /** Something that happened: somebody joined, a call was missed. */
  | 'event'
  /** The number is in `kindNumber`. */
  | 'unknown';

const KINDS: Readonly<Record<number, WhatsAppMessageKind>> = {
  0: 'text',
  1: 'image',
  2: 'video',
  3: 'audio',
  4: 'contact',
  5: 'location',
  6: 'event',
  7: 'link',
  8: 'document',
  10: 'event',
  11: 'gif',
  14: 'deleted',
  15: 'sticker',
  // To be seen once; their files are gone as a rule.
  38: 'image',
  39: 'video',
  46: 'poll',
  53: 'audio',
  // A film in a circle.
  54: 'video',
  59: 'event',
  66: 'event',
};

/** What a file is of by its name or type: newer kinds of pictures and films have numbers of their own. */
const KINDS_OF_FILES: readonly (readonly [RegExp, WhatsAppMessageKind])[] = [
  [/\.webp$|^image\/webp/i, 'sticker'],
  [/\.(?:jpe?g|png|heic)$|^image\//i, 'image'],
  [/\.(?:mp4|mov|m4v|3gp)$|^video\//i, 'video'],
  [/\.(?:opus|m4a|aac|ogg|mp3|amr|caf)$|^audio\//i, 'audio'],
  [/^application\//i, 'document'],
];

const WITH_FILE: ReadonlySet<WhatsAppMessageKind> = new Set(['image', 'video', 'audio', 'document', 'gif', 'sticker']);

const kindOfFile = (told: string): WhatsAppMessageKind | undefined =>
  KINDS_OF_FILES.find(([name]) => name.test(told))?.[1];

/**
 * @param path of the file that came with it.
 * @param type of that file, such as "image/jpeg".
 * @param hasText whether it says anything: what does not, and comes with a file, is that file.
 */
export function kindOf(kindNumber: number, path = '', type = '', hasText = false): WhatsAppMessageKind {
  const known = KINDS[kindNumber];
  if (known !== undefined && (known !== 'text' || hasText)) return known;
  return kindOfFile(path) ?? kindOfFile(type) ?? known ?? 'unknown';
}

/** Whether such a message comes with a file, downloaded or not. */
export const hasFile = (kind: WhatsAppMessageKind): boolean => WITH_FILE.has(kind);

/** In a group: who did it is the sender of the message. */
const GROUP_EVENTS: Readonly<Record<number, string>> = {
  1: 'changed the subject',
  2: 'joined the group',
  3: 'left the group',
  4: 'changed the picture of the group',
  5: 'removed the picture of the group',
  7: 'was removed from the group',
  9: 'has a new number',
  10: 'became an administrator',
  11: 'is no longer an administrator',
  12: 'created the group',
  15: 'joined the group by a link',
  17: 'changed the description of the group',
  22: 'removed the description of the group',
  23: 'joined the group by an invitation',
  26: 'changed when messages disappear',
  50: 'joined the group',
  56: 'changed the subject',
};

const CALL = 59;
/** Votes themselves stand with their poll. */
const POLL_VOTE = 66;

const SYSTEM_EVENTS: Readonly<Record<number, string>> = {
  1: 'Missed voice call',
  2: 'Messages are end-to-end encrypted',
  3: 'The security code changed',
  4: 'Missed video call',
  21: 'Missed group voice call',
  22: 'Missed group video call',
  25: 'This is a business account',
  26: 'This is a business account',
  30: 'This is no longer a business account',
  34: 'The contact was blocked',
  35: 'The contact was unblocked',
  36: 'The security code changed',
  38: 'This is a business account',
  40: 'Call',
  41: 'Call',
  45: 'Missed voice call',
  46: 'Missed video call',
};

/** @returns words for an event; undefined for other messages, and for events whose number nobody knows. */
export function eventText(kindNumber: number, eventNumber: number | null | undefined): string | undefined {
  if (kindNumber === POLL_VOTE) return 'A vote in a poll';
  if (kindNumber === CALL) return 'Call';
  if (kindNumber === 6) return GROUP_EVENTS[eventNumber ?? -1];
  return kindNumber === 10 ? SYSTEM_EVENTS[eventNumber ?? -1] : undefined;
}
