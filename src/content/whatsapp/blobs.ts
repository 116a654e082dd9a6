/**
 * The two protobuf blobs beside a message. Nobody documents them; what is read here is what real databases show.
 *
 *   ZWAMESSAGEINFO.ZRECEIPTINFO   7: reactions { 1: of others { 1 key, 2 sender, 3 emoji, 4 ms }, 2: mine { 1 key, 2 emoji, 3 ms } }
 *   ZWAMEDIAITEM.ZMETADATA        5: id of the message replied to, 6: who wrote it, 19: what it said { 1 text },
 *                                 17: how often it was forwarded, 21: from whom
 */
import { decodeProtobuf, type ProtobufMessage } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';

export interface RawReaction {
  readonly emoji: string;
  /** Undefined for one of the phone's owner. */
  readonly fromJid: string | undefined;
  readonly at: Date | undefined;
}

export interface QuotedMessage {
  /** WhatsApp's id of the message replied to. */
  readonly key: string;
  readonly fromJid: string | undefined;
  readonly text: string | undefined;
}

export interface MediaMetadata {
  readonly quoted: QuotedMessage | undefined;
  readonly forwardCount: number | undefined;
  readonly forwardedFromJid: string | undefined;
}

/** Longest emoji sequence with room to spare: what is longer is something else. */
const MAX_EMOJI_BYTES = 64;

/**
 * The reactions a message has: the latest of each person, none that was taken back.
 *
 * @throws {FormatError} when the blob is damaged.
 */
export function reactionsIn(receiptInfo: Uint8Array): RawReaction[] {
  const latest = new Map<string, RawReaction>();
  const keep = (reaction: RawReaction): void => {
    const from = reaction.fromJid ?? '';
    const known = latest.get(from)?.at?.getTime() ?? -1;
    if ((reaction.at?.getTime() ?? 0) >= known) latest.set(from, reaction);
  };
  for (const group of decodeProtobuf(receiptInfo).messages(7)) {
    for (const entry of group.messages(1)) {
      const fromJid = entry.text(2);
      // Some versions keep one's own reaction in the list of others, without a sender.
      keep({ emoji: emojiOf(entry, 3), fromJid: fromJid === '' ? undefined : fromJid, at: msDate(entry.unsigned(4)) });
    }
    for (const entry of group.messages(2)) {
      keep({ emoji: emojiOf(entry, 2), fromJid: undefined, at: msDate(entry.unsigned(3)) });
    }
  }
  return [...latest.values()].filter(({ emoji }) => emoji !== '');
}

/** @throws {FormatError} when the blob is damaged. */
export function mediaMetadataOf(metadata: Uint8Array): MediaMetadata {
  const message = decodeProtobuf(metadata);
  const key = textIn(message, 5);
  // The same field means an address elsewhere: ids of messages are letters and digits.
  const isId = key !== undefined && /^[\dA-Za-z_.-]{8,64}$/.test(key);
  return {
    quoted: isId ? { key, fromJid: textIn(message, 6), text: quotedText(message) } : undefined,
    forwardCount: message.unsigned(17),
    forwardedFromJid: textIn(message, 21),
  };
}

/** What was quoted is a message of WhatsApp's protocol; its first field is its text, where it has only text. */
function quotedText(message: ProtobufMessage): string | undefined {
  try {
    return message.message(19) && textIn(message.message(19), 1);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function textIn(message: ProtobufMessage | undefined, field: number): string | undefined {
  const text = message?.text(field);
  return text === '' ? undefined : text;
}

function emojiOf(entry: ProtobufMessage, field: number): string {
  const bytes = entry.bytes(field);
  return bytes === undefined || bytes.length > MAX_EMOJI_BYTES ? '' : bytes.toString('utf8');
}

function msDate(ms: number | undefined): Date | undefined {
  const date = ms === undefined ? undefined : new Date(ms);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
