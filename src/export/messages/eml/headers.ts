/** Headers of mail (RFC 5322, RFC 2047, RFC 2231): lines of ASCII, whatever is in them. */
import type { Conversation, Message } from '../../../content/index.ts';

/** Addresses that are no mail addresses get a domain that never is one (RFC 2606). */
const NO_DOMAIN = 'messages.invalid';
const MAX_WORD_BYTES = 42;

/** "Subject: …" folded and encoded; text from a backup cannot begin a header of its own. */
export function textHeader(name: string, value: string): string {
  return `${name}: ${encodedWords(value)}\r\n`;
}

/** Plain words as they are, all others as "=?UTF-8?B?…?=", several of them where it is long. */
function encodedWords(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (/^[\x20-\x7e]*$/.test(plain) && plain.length < 60 && !plain.includes('=?')) return plain;
  const words: string[] = [];
  let word = '';
  for (const { segment } of new Intl.Segmenter('en').segment(plain)) {
    if (word !== '' && Buffer.byteLength(word + segment) > MAX_WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += segment;
  }
  words.push(word);
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

export interface Person {
  readonly name: string | undefined;
  readonly address: string;
}

/** "Anna <anna@example.org>"; a number becomes the local part of an address that leads nowhere. */
export function mailbox({ name, address }: Person): string {
  const bare = address.trim();
  const isMail = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+$/i.test(bare);
  const local = bare.replace(/[^\w+.-]/g, '').replace(/^\.+|\.+$|\.(?=\.)/g, '');
  const mail = isMail ? bare : `${local === '' ? 'unknown' : local}@${NO_DOMAIN}`;
  const label = name ?? (isMail ? undefined : bare);
  return label === undefined || label === '' ? `<${mail}>` : `${quotedName(label)} <${mail}>`;
}

function quotedName(name: string): string {
  const words = encodedWords(name);
  return /^[\w .-]*$/.test(words) || words.startsWith('=?') ? words : `"${words.replace(/["\\]/g, String.raw`\$&`)}"`;
}

/** Ids by which mail programs know what belongs together. */
export const messageId = (guid: string): string => `<${guid.replace(/[^\w.-]/g, '_')}@${NO_DOMAIN}>`;

/** The first of a conversation, which all others refer to: it need not exist. */
export const threadId = ({ key }: Conversation): string =>
  messageId(`conversation.${Buffer.from(key).toString('hex')}`);

/** A name of a file in a header, for old and new readers. */
export function fileNameParameter(name: string, parameter: string): string {
  const clean = name.replace(/[\r\n"\\]/g, '_');
  if (/^[\x20-\x7e]*$/.test(clean)) return `${parameter}="${clean}"`;
  const encoded = encodeURIComponent(clean.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${parameter}*=UTF-8''${encoded}`;
}

/** From and to whom: the owner stands under the number or address that was used. */
export function correspondents(
  { isFromMe, sender, ownAddress }: Message,
  { participants, chats }: Conversation,
): { from: Person; to: readonly Person[] } {
  const own = ownAddress ?? chats.map((chat) => chat.ownAddress).find((each) => typeof each === 'string') ?? 'me';
  const owner = { name: 'Me', address: own };
  if (isFromMe)
    return { from: owner, to: participants.length === 0 ? [{ name: undefined, address: 'unknown' }] : participants };
  const others = participants.filter(({ person }) => person !== sender?.person);
  return { from: sender ?? { name: 'Unknown', address: 'unknown' }, to: [owner, ...others] };
}
