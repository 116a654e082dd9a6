/** What stands in all formats that people read. */
import { nameOf, type Message, type MessageAttachment, type Reaction } from '../../content/index.ts';
import { formatSize } from '../../shared/text/size.ts';
import type { Copy } from './attachment-copies.ts';
import type { WallTimes } from './wall-times.ts';

/** What a file is, in a word, where its type says so. */
export function kindOfFile({ mimeType, uti, name, isSticker }: MessageAttachment): string {
  if (isSticker === true) return 'Sticker';
  const type = mimeType ?? '';
  if (type.startsWith('image/')) return 'Photo';
  if (type.startsWith('video/')) return 'Video';
  if (type.startsWith('audio/')) return 'Audio';
  if (/\.loc\.vcf$/i.test(name)) return 'Location';
  return type.includes('vcard') || uti === 'public.vcard' ? 'Contact card' : 'File';
}

/** Why a file is not there. */
export function absenceWords(state: Copy['state']): string {
  if (state === 'not-downloaded') return 'never downloaded to this phone';
  if (state === 'unreadable') return 'in this backup, but damaged';
  return 'not in this backup: kept in iCloud, or removed from the phone';
}

/** "120 kB"; nothing where the size is not known. */
export function sizeWords(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined || bytes <= 0 ? '' : formatSize(bytes);
}

/** Those that still stand, the same ones together: "❤️ Anna, You". */
export function reactionsWords(reactions: readonly Reaction[]): string[] {
  const byEmoji = new Map<string, string[]>();
  for (const { emoji, stands, isFromMe, sender } of reactions) {
    if (!stands) continue;
    const key = emoji ?? 'Sticker';
    const names = byEmoji.get(key) ?? [];
    byEmoji.set(key, names);
    names.push(isFromMe ? 'You' : nameOf(sender));
  }
  return [...byEmoji].map(([emoji, names]) => `${emoji} ${names.join(', ')}`);
}

/** How a message was worded before its last edit, oldest first. */
export function earlierWordings({ edits }: Message): Message['edits'] {
  return edits.filter((edit, i) => edits.slice(i + 1).some(({ part }) => part === edit.part));
}

/** What is to be said about a message beside its words: when it was read, how it was sent. */
export function remarks(message: Message, times: WallTimes): string[] {
  const { isFromMe, sentAt } = message;
  const when = (at: Date): string =>
    sentAt !== null && times.day(sentAt) === times.day(at) ? times.time(at) : times.words(at);
  const happened = (word: string, at: Date | null | undefined): string | undefined =>
    at ? `${word} ${when(at)}` : undefined;
  return [
    message.effect ? `Sent with ${message.effect}` : undefined,
    happened('Edited', message.editedAt && message.edits.length > 0 ? message.editedAt : null),
    message.isScheduled === true ? 'To be sent later' : undefined,
    message.sendError ? `Not sent (error ${message.sendError})` : undefined,
    isFromMe ? (happened('Read', message.readAt) ?? happened('Delivered', message.deliveredAt)) : undefined,
    happened('Played', message.playedAt),
    message.isSpam === true ? 'Marked as junk' : undefined,
    message.deletedAt && `Put into Recently Deleted on ${times.words(message.deletedAt)}`,
    message.problem === 'formatting unreadable' ? 'Its formatting could not be read' : undefined,
    message.problem === 'text and archive differ' ? 'The database holds two wordings of it' : undefined,
  ].filter((each) => each !== undefined && each !== '') as string[]; // filtered to strings
}

export const UNREADABLE = 'The text of this message could not be read';
export const UNSENT = 'This message was unsent';
