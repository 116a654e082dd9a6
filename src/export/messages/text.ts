import {
  eventWords,
  nameOf,
  reactionWords,
  senderName,
  type Conversation,
  type Message,
  type MessageAttachment,
} from '../../content/index.ts';
import { isShown, participantsWords, sourceWords, type TakeOut } from './take-out.ts';
import { absenceWords, earlierWordings, kindOfFile, reactionsWords, remarks, UNREADABLE, UNSENT } from './words.ts';

const CHUNK_CHARACTERS = 64 * 1024;
const INDENT = '    ';

/** A file for each conversation: date, sender, words, one message after the other. */
export async function writeText(out: TakeOut): Promise<undefined> {
  const { folder } = out.request;
  for (const conversation of out.selection.conversations) {
    await folder.write([`${conversation.title}.txt`], transcript(out, conversation));
  }
}

async function* transcript(out: TakeOut, conversation: Conversation): AsyncGenerator<string, undefined> {
  // The mark by which Windows knows UTF-8.
  let lines = `\uFEFF${headLines(out, conversation).join('\n')}\n\n`;
  for (const message of out.selection.of(conversation)) {
    if (!isShown(message)) continue;
    lines += `${(await messageLines(out, conversation, message)).join('\n')}\n`;
    if (lines.length < CHUNK_CHARACTERS) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

function headLines(out: TakeOut, conversation: Conversation): string[] {
  const { title, firstAt, lastAt, services, messageCount } = conversation;
  const { times } = out;
  return [
    title,
    '='.repeat(Math.min(72, Math.max(8, title.length))),
    participantsWords(conversation),
    firstAt && lastAt ? `From ${times.words(firstAt)} to ${times.words(lastAt)}` : '',
    `${services.join(', ')}, ${messageCount.toLocaleString('en')} messages`,
    `${sourceWords(out)}. Times are those of ${times.zone}.`,
  ].filter((line) => line !== '');
}

async function messageLines(out: TakeOut, conversation: Conversation, message: Message): Promise<string[]> {
  const when = message.sentAt === null ? 'no date' : out.times.stamp(message.sentAt);
  const lines = await bodyLines(out, conversation, message, { copies: true });
  if (message.event !== undefined || message.reaction !== undefined) return [`[${when}] * ${lines.join(' ')}`];
  const [first = '', ...rest] = lines;
  return [`[${when}] ${senderName(message)}: ${first}`, ...rest.map((line) => INDENT + line)];
}

/**
 * Everything there is to say about a message, line by line.
 *
 * @param copies whether files that were sent are copied beside the text; otherwise they are only named.
 */
export async function bodyLines(
  out: TakeOut,
  conversation: Conversation,
  message: Message,
  { copies }: { copies: boolean },
): Promise<string[]> {
  const { times } = out;
  if (message.event !== undefined) return [eventWords(message)];
  if (message.reaction !== undefined) return [`${reactionWords(message)} a message that is not here`];
  const lines: string[] = [];
  const { replyTo, subject, app, reactions, deletedParts } = message;
  if (replyTo) lines.push(quoteLine(out, replyTo));
  if (subject) lines.push(`Subject: ${subject}`);
  for (const part of message.parts) {
    if (part.kind === 'text') lines.push(part.text);
    else if (part.kind === 'unsent') lines.push(`[${UNSENT}]`);
    else lines.push(...(await fileLines(out, conversation, part.attachment, copies)));
  }
  if (app)
    lines.push(`[${[app.name, app.title, app.subtitle, app.url].filter((each) => each !== undefined).join(': ')}]`);
  if (message.problem === 'body unreadable') lines.push(`[${UNREADABLE}]`);
  if (lines.length === 0) lines.push('[Empty message]');
  for (const { at, text } of earlierWordings(message)) {
    lines.push(`[Before it was edited${at ? `, ${times.stamp(at)}` : ''}: ${text ?? 'unreadable'}]`);
  }
  for (const { text } of deletedParts) lines.push(`[In Recently Deleted: ${text ?? 'unreadable'}]`);
  const more = [...reactionsWords(reactions), ...remarks(message, times)];
  if (more.length > 0) lines.push(`(${more.join(' · ')})`);
  return lines.flatMap((line) => line.split(/\r\n|[\n\r\u2028\u2029]/));
}

function quoteLine({ times }: TakeOut, { original }: NonNullable<Message['replyTo']>): string {
  if (original === undefined) return '[Reply to a message that is not here]';
  const text = (original.text ?? 'a message without words').replaceAll(/\s+/g, ' ');
  const short = text.length > 80 ? `${text.slice(0, 79).trimEnd()}…` : text;
  return `[Reply to ${original.isFromMe ? 'You' : nameOf(original.sender)}${original.sentAt ? `, ${times.stamp(original.sentAt)}` : ''}: “${short}”]`;
}

async function fileLines(
  out: TakeOut,
  { title }: Conversation,
  attachment: MessageAttachment,
  isCopied: boolean,
): Promise<string[]> {
  const { path, state } = isCopied ? await out.copies.copy(attachment, title) : out.copies.lookUp(attachment);
  const isHere = state === 'in-backup';
  const where = path !== undefined ? ` → ${path}` : isHere ? '' : ` (${absenceWords(state)})`;
  const what = `[${kindOfFile(attachment)}: ${attachment.name}${where}]`;
  return attachment.transcript === undefined ? [what] : [what, `“${attachment.transcript}”`];
}
