import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessageAttachment } from '../../../content/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { isNotFound } from '../../../shared/target/backup-target.ts';
import { isShown, type TakeOut } from '../take-out.ts';
import { bodyLines } from '../text.ts';
import { correspondents, fileNameParameter, mailbox, messageId, textHeader, threadId } from './headers.ts';

/** Lines of base64 have 76 characters, which are 57 bytes; read in pieces of a whole number of lines. */
const LINE_BYTES = 57;
const PIECE_BYTES = LINE_BYTES * 1024;
const LINE_CHARACTERS = 76;

/**
 * A mail for each message, in a folder for each conversation: what Apple Mail, Thunderbird and Outlook all take by
 * dragging. They thread: every mail refers to its conversation, a reply to what it answers.
 */
export async function writeEml(out: TakeOut): Promise<undefined> {
  const { folder } = out.request;
  for (const conversation of out.selection.conversations) {
    for (const message of out.selection.of(conversation)) {
      if (!isShown(message)) continue;
      const stamp = message.sentAt === null ? 'no date' : out.times.stamp(message.sentAt).replaceAll(':', '.');
      const files = message.attachments.filter((each) => each.isHidden !== true && each.entry !== undefined);
      const { sentAt } = message;
      const content =
        files.length === 0 ? (await head(out, conversation, message)).text : mail(out, conversation, message, files);
      await folder.write([conversation.title, `${stamp}.eml`], content, sentAt === null ? {} : { modifiedAt: sentAt });
    }
  }
}

async function* mail(
  out: TakeOut,
  conversation: Conversation,
  message: Message,
  files: readonly MessageAttachment[],
): AsyncGenerator<string, undefined> {
  const boundary = `=_${randomUUID()}`;
  yield (await head(out, conversation, message, boundary)).text;
  for (const file of files) {
    yield `--${boundary}\r\n${fileHeaders(file)}`;
    yield* encoded(out, file);
  }
  yield `--${boundary}--\r\n`;
}

async function head(
  out: TakeOut,
  conversation: Conversation,
  message: Message,
  boundary?: string,
): Promise<{ text: string }> {
  const { from, to } = correspondents(message, conversation);
  const thread = threadId(conversation);
  const reply = message.replyTo && messageId(message.replyTo.guid);
  const lines = await bodyLines(out, conversation, message, { copies: false });
  const body = Buffer.from(lines.join('\r\n')).toString('base64').replace(/.{76}/g, '$&\r\n');
  const text = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;
  const headers = [
    `From: ${mailbox(from)}\r\n`,
    `To: ${to.map(mailbox).join(',\r\n ')}\r\n`,
    message.sentAt === null ? '' : `Date: ${out.times.mail(message.sentAt)}\r\n`,
    textHeader('Subject', message.subject ?? conversation.title),
    `Message-ID: ${messageId(message.guid)}\r\n`,
    `References: ${[thread, reply].filter((each) => each !== undefined).join('\r\n ')}\r\n`,
    `In-Reply-To: ${reply ?? thread}\r\n`,
    textHeader('X-Message-Service', message.service ?? ''),
    'MIME-Version: 1.0\r\n',
  ].join('');
  if (boundary === undefined) return { text: `${headers}${text}` };
  return {
    text: `${headers}Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n${text}`,
  };
}

/** What a mail may hold as base64: parts of mails, and mails themselves, may not be encoded (RFC 2046 §5). */
const ENCODABLE_TYPE = /^(?!multipart\/|message\/)[\w.+-]+\/[\w.+-]+$/i;

function fileHeaders({ mimeType, name }: MessageAttachment): string {
  const type = ENCODABLE_TYPE.test(mimeType ?? '') ? mimeType : 'application/octet-stream';
  return `Content-Type: ${type};\r\n ${fileNameParameter(name, 'name')}\r\nContent-Disposition: attachment;\r\n ${fileNameParameter(name, 'filename')}\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
}

/** The content of a file as lines of base64, never all of it in memory. */
async function* encoded(out: TakeOut, { entry, name }: MessageAttachment): AsyncGenerator<string, undefined> {
  if (entry === undefined) return;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of out.request.backup.chunks(entry)) {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % LINE_BYTES);
      for (let at = 0; at < whole; at += PIECE_BYTES)
        yield linesOf(bytes.subarray(at, Math.min(whole, at + PIECE_BYTES)));
      rest = Buffer.from(bytes.subarray(whole));
    }
  } catch (error) {
    if (!isNotFound(error) && !isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) throw error;
    out.notes.push(`The file ${name} could not be read in full; its mail ends early.`);
  }
  if (rest.length > 0) yield linesOf(rest);
}

function linesOf(bytes: Buffer): string {
  const text = bytes.toString('base64');
  let lines = '';
  for (let at = 0; at < text.length; at += LINE_CHARACTERS) lines += `${text.slice(at, at + LINE_CHARACTERS)}\r\n`;
  return lines;
}
