import type { WhatsAppMessage } from '../../content/index.ts';
import { parseObject } from '../../shared/json-shape.ts';
import type { MediaCopy } from './media-copies.ts';

/** Who wrote a message, for people. */
export function authorOf({ isFromMe, sender, chat }: WhatsAppMessage): string {
  if (isFromMe) return 'Me';
  return sender?.shownName ?? (chat?.kind === 'private' ? chat.title : 'Unknown');
}

/** What a message says; for one without words, what it is. */
export function wordsOf(message: WhatsAppMessage): string {
  const { kind, text, media, kindNumber } = message;
  switch (kind) {
    case 'text':
      return text ?? '';
    case 'deleted':
      return 'This message was deleted';
    case 'event':
      return eventWords(message);
    case 'location':
      return [text, media?.title].filter(Boolean).join('\n');
    case 'image':
    case 'video':
    case 'audio':
    case 'gif':
    case 'sticker':
    case 'document':
      // Without a row of its own nothing else says that there was one.
      return text ?? captionOf(message) ?? (media === undefined ? (KIND_WORDS[kind] ?? '') : '');
    case 'link':
      return text ?? '';
    case 'poll':
      return text ?? 'A poll';
    case 'contact':
      return `Contact: ${contactNames(message).join(', ') || (text ?? '')}`;
    case 'unknown':
      return text ?? `A message of a kind that is not known (${kindNumber})`;
  }
  return '';
}

/** The title of media is the caption, except where the app keeps a key there. */
function captionOf({ media, kind }: WhatsAppMessage): string | undefined {
  if (!media?.title || kind === 'document' || kind === 'link' || kind === 'audio') return undefined;
  return media.title;
}

function eventWords(message: WhatsAppMessage): string {
  const { event, text, kindNumber, eventNumber } = message;
  // What a number that nobody knows means is not guessed; its text is shown if it is one for people.
  if (event === undefined) return `An event (${kindNumber}/${eventNumber ?? '?'})`;
  const told = newSubjectIn(text ?? '') ?? text;
  const subject = told && !/@(?:s\.whatsapp\.net|lid|g\.us)/.test(told) && kindNumber === 6 ? ` “${told}”` : '';
  return kindNumber === 6 ? `${authorOf(message)} ${event}${subject}` : event;
}

/** Newer groups keep both their names: `{"previous_subject":"A","new_subject":"B"}`. */
function newSubjectIn(text: string): string | undefined {
  const subject = text.startsWith('{') ? parseObject(text)?.['new_subject'] : undefined;
  return typeof subject === 'string' ? subject : undefined;
}

/** The names on cards that were sent. */
function contactNames({ media }: WhatsAppMessage): string[] {
  return (media?.vcards ?? []).flatMap((card) => {
    const name = /^FN[^:\r\n]*:(.*)$/m.exec(card)?.[1]?.trim();
    return name ? [name.replaceAll(/\\([,;\\])/g, '$1')] : [];
  });
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Voice message',
  document: 'Document',
  gif: 'GIF',
  sticker: 'Sticker',
};

/** In the place of a file that there is no copy of. */
export function missingWords({ kind }: WhatsAppMessage, { state }: MediaCopy): string {
  const what = KIND_WORDS[kind] ?? 'File';
  const why = {
    'in-backup': '',
    'not-in-backup': 'not in this backup',
    'not-downloaded': 'never downloaded to the phone',
    unreadable: 'cannot be read',
  }[state];
  return `${what}, ${why}`;
}
