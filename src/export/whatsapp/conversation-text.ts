import type { WallTimes } from '../messages/wall-times.ts';
import type { TakenMessage } from './tables.ts';
import { authorOf, missingWords, wordsOf } from './words.ts';

/** A conversation as WhatsApp itself exports it, so that what reads its exports reads these: "[date, time] name: text". */
export async function* conversationText(
  messages: AsyncIterable<TakenMessage>,
  times: WallTimes,
): AsyncGenerator<string, undefined> {
  for await (const { message, copy } of messages) {
    const when = message.sentAt ? times.stamp(message.sentAt).replace(' ', ', ') : 'no date';
    const parts = [wordsOf(message)];
    if (copy?.path !== undefined) parts.push(`<attached: ${copy.path}>`);
    else if (copy !== undefined) parts.push(`<${missingWords(message, copy)}>`);
    const { latitude, longitude } = message.media ?? {};
    if (latitude !== undefined && longitude !== undefined) parts.push(`Location: ${latitude}, ${longitude}`);
    const text = parts.filter((part) => part !== '').join('\n');
    yield message.kind === 'event' ? `[${when}] ${text}\n` : `[${when}] ${authorOf(message)}: ${text}\n`;
  }
}
