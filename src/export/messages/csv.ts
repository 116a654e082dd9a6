import { eventWords, nameOf, type Conversation, type Message } from '../../content/index.ts';
import { csv, csvCell, type CsvValue } from '../text/csv.ts';
import type { TakeOut } from './take-out.ts';
import { reactionsWords } from './words.ts';

const COLUMNS = [
  'Conversation',
  'Conversation key',
  'Chat',
  'Type',
  'Sent at',
  'Direction',
  'Sender',
  'Sender address',
  'Own address',
  'Service',
  'Subject',
  'Text',
  'Event',
  'App',
  'App title',
  'Link',
  'Attachments',
  'Attachment files',
  'Attachments missing',
  'Reactions',
  'Reaction',
  'Reaction to',
  'Reply to',
  'Replied text',
  'Effect',
  'Edits',
  'Delivered at',
  'Read at',
  'Played at',
  'Edited at',
  'Unsent at',
  'Deleted at',
  'Audio message',
  'Junk',
  'Send later',
  'Send error',
  'Problem',
  'GUID',
  'Row',
];

/** One table with a row for every message, reaction and event. */
export async function writeCsv(out: TakeOut): Promise<string> {
  const { path } = await out.request.folder.write(['messages.csv'], table(out));
  return path;
}

async function* table(out: TakeOut): AsyncGenerator<string, undefined> {
  yield* csv(COLUMNS, []);
  let lines = '';
  for (const conversation of out.selection.conversations) {
    for (const message of out.selection.of(conversation)) {
      const files: Files = message.attachments.length === 0 ? NO_FILES : await filesOf(out, conversation, message);
      lines += `${cells(out, conversation, message, files).map(csvCell).join(',')}\r\n`;
      if (lines.length < CHUNK_CHARACTERS) continue;
      yield lines;
      lines = '';
    }
  }
  yield lines;
}

const CHUNK_CHARACTERS = 64 * 1024;

interface Files {
  readonly copied: readonly string[];
  readonly missing: readonly string[];
}

const NO_FILES: Files = { copied: [], missing: [] };

async function filesOf({ copies }: TakeOut, { title }: Conversation, { attachments }: Message): Promise<Files> {
  const [copied, missing]: [string[], string[]] = [[], []];
  for (const attachment of attachments) {
    const { path, filmPath, state } = await copies.copy(attachment, title);
    copied.push(...[path, filmPath].filter((each) => each !== undefined));
    if (path === undefined) missing.push(`${attachment.name} (${state})`);
  }
  return { copied, missing };
}

function cells({ times }: TakeOut, conversation: Conversation, message: Message, files: Files): CsvValue[] {
  const { app, sender, reaction, replyTo, edits, attachments } = message;
  const at = (date: Date | null | undefined): CsvValue => date && times.iso(date);
  return [
    conversation.title,
    conversation.key,
    message.chatGuid,
    message.type,
    at(message.sentAt),
    message.isFromMe ? 'sent' : 'received',
    message.isFromMe ? 'You' : nameOf(sender),
    sender?.address,
    message.ownAddress,
    message.service,
    message.subject,
    message.text,
    message.event && eventWords(message),
    app?.name,
    app?.title,
    app?.url,
    attachments.map(({ name }) => name).join('; '),
    files.copied.join('; '),
    files.missing.join('; '),
    reactionsWords(message.reactions).join('; '),
    reaction &&
      `${reaction.isRemoval ? 'removed ' : ''}${reaction.kind}${reaction.emoji === undefined ? '' : ` ${reaction.emoji}`}`,
    reaction?.targetGuid,
    replyTo?.guid,
    replyTo?.original?.text,
    message.effect,
    edits.map(({ at: when, text }) => `${when ? `${times.stamp(when)}: ` : ''}${text ?? ''}`).join('\n'),
    at(message.deliveredAt),
    at(message.readAt),
    at(message.playedAt),
    at(message.editedAt),
    at(message.unsentAt),
    at(message.deletedAt),
    message.isAudio,
    message.isSpam,
    message.isScheduled,
    message.sendError,
    message.problem,
    message.guid,
    message.rowId,
  ];
}
