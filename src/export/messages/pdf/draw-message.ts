import {
  eventWords,
  nameOf,
  reactionWords,
  type Conversation,
  type Message,
  type MessageAttachment,
} from '../../../content/index.ts';
import type { Backup, ManifestEntry } from '../../../snapshot/index.ts';
import { isNotFound } from '../../../shared/target/backup-target.ts';
import { isAppError } from '../../../shared/errors.ts';
import { capital } from '../../../shared/text/sentence.ts';
import type { WallTimes } from '../wall-times.ts';
import {
  absenceWords,
  earlierWordings,
  kindOfFile,
  reactionsWords,
  remarks,
  sizeWords,
  UNREADABLE,
  UNSENT,
} from '../words.ts';
import type { HeicViews } from '../heic-views.ts';
import { INK, Sheet, type DrawnText } from './sheet.ts';

const SIZE = { text: 10, small: 7.5, name: 8, day: 8.5 };
const PAD = { x: 8, y: 4.5 };
/** How much of the width a bubble may take. */
const SHARE = 0.72;
const COLORS = { mine: '#dcebfb', sms: '#dff0e5', theirs: '#efeff1' };
const MAX_PICTURE = { width: 240, height: 260, bytes: 30 * 1024 * 1024 };
const PICTURE = /\.(?:jpe?g|png)$/i;

export interface Drawing {
  readonly sheet: Sheet;
  readonly backup: Backup;
  readonly views: HeicViews;
  readonly conversation: Conversation;
  readonly times: WallTimes;
}

/** A day, in the middle, never alone at the foot of a page. */
export function drawDay({ sheet }: Drawing, words: string): void {
  sheet.need(60);
  sheet.y += 10;
  const text = sheet.set(words, { size: SIZE.day, isBold: true }, sheet.width);
  sheet.draw(text, { x: sheet.left, width: sheet.width, align: 'center', color: INK.quiet }, sheet.y);
  sheet.y += Sheet.heightOf(text) + 4;
}

/** A message: theirs on the left, the owner's on the right, events in the middle. */
export async function drawMessage(drawing: Drawing, message: Message): Promise<void> {
  const { sheet, times, conversation } = drawing;
  const time = message.sentAt === null ? 'no date' : times.time(message.sentAt);
  if (message.event !== undefined || message.reaction !== undefined) {
    const words = message.event ? eventWords(message) : `${reactionWords(message)} a message that is not here`;
    block(drawing, `${words} · ${time}`, 'center', SIZE.small + 0.5);
    return;
  }
  sheet.y += 5;
  const side = message.isFromMe ? 'right' : 'left';
  if (!message.isFromMe && (conversation.isGroup || conversation.chats.length === 0)) {
    sheet.need(40);
    block(drawing, nameOf(message.sender), side, SIZE.name);
  }
  const { replyTo, subject, app, deletedParts } = message;
  if (replyTo) block(drawing, quoteWords(replyTo), side, SIZE.small + 0.5);
  if (subject) bubble(drawing, message, subject, true);
  let isEmpty = !subject && app === undefined;
  for (const part of message.parts) {
    isEmpty = false;
    // The address of a link stands on its card.
    if (part.kind === 'text' && part.text.trim() === app?.url) continue;
    if (part.kind === 'text') bubble(drawing, message, part.text);
    else if (part.kind === 'unsent') card(drawing, message, [UNSENT]);
    else await drawFile(drawing, message, part.attachment);
  }
  if (app) card(drawing, message, [app.title ?? app.name, app.subtitle, app.summary, app.url ?? app.name]);
  for (const { text } of deletedParts) card(drawing, message, [`In Recently Deleted: ${text ?? 'unreadable'}`]);
  if (message.problem === 'body unreadable') card(drawing, message, [UNREADABLE]);
  else if (isEmpty) card(drawing, message, ['Empty message']);
  for (const { at, text } of earlierWordings(message)) {
    block(drawing, `${at ? times.time(at) : 'Before'}: “${text ?? 'unreadable'}”`, side, SIZE.small);
  }
  const service = conversation.services.length > 1 && message.service ? [message.service] : [];
  const words = [time, ...reactionsWords(message.reactions), ...service, ...remarks(message, times)];
  block(drawing, words.join(' · '), side, SIZE.small);
}

function quoteWords({ original }: NonNullable<Message['replyTo']>): string {
  if (original === undefined) return 'In reply to a message that is not here';
  const text = (original.text ?? 'a message without words').replaceAll(/\s+/g, ' ');
  const short = text.length > 160 ? `${text.slice(0, 159).toWellFormed().trimEnd()}…` : text;
  return `In reply to ${original.isFromMe ? 'You' : nameOf(original.sender)}: “${short}”`;
}

/** Lines without anything around them. */
function block({ sheet }: Drawing, words: string, align: 'left' | 'right' | 'center', size: number): void {
  const width = align === 'center' ? sheet.width : sheet.width * SHARE;
  const text = sheet.set(words, { size }, width);
  const x = align === 'right' ? sheet.right - width - PAD.x : align === 'left' ? sheet.left + PAD.x : sheet.left;
  if (align === 'center') sheet.y += 5;
  for (const part of inRoom(sheet, text, 0)) {
    sheet.draw(part, { x, width, align, color: INK.quiet }, sheet.y);
    sheet.y += Sheet.heightOf(part) + 1;
  }
}

/** Words on a coloured ground; over the foot of a page it goes on on the next one. */
function bubble({ sheet }: Drawing, message: Message, words: string, isBold = false): void {
  const style = { size: SIZE.text, isBold };
  const text = sheet.set(words, style, sheet.width * SHARE - 2 * PAD.x);
  const width = Math.max(...text.lines.map((line) => line.width), 8) + 2 * PAD.x;
  const x = message.isFromMe ? sheet.right - width : sheet.left;
  const isSms = /^(?:SMS|RCS)/i.test(message.service ?? '');
  for (const part of inRoom(sheet, text, 2 * PAD.y)) {
    const height = Sheet.heightOf(part) + 2 * PAD.y;
    const ground = message.isFromMe ? (isSms ? COLORS.sms : COLORS.mine) : COLORS.theirs;
    sheet.document.roundedRect(x, sheet.y, width, height, 8).fill(ground);
    sheet.draw(part, { x: x + PAD.x, width: width - 2 * PAD.x }, sheet.y + PAD.y);
    sheet.y += height + 2;
  }
}

/** What is no words of anybody: a file, an app, a gap. */
function card({ sheet }: Drawing, message: Message, lines: readonly (string | undefined)[]): void {
  const style = { size: SIZE.small + 1 };
  const unique = lines.filter((line, i) => line !== undefined && line !== '' && lines.indexOf(line) === i);
  const text = sheet.set(unique.join('\n'), style, sheet.width * SHARE - 2 * PAD.x);
  const width = Math.max(...text.lines.map((line) => line.width)) + 2 * PAD.x;
  const x = message.isFromMe ? sheet.right - width : sheet.left;
  for (const part of inRoom(sheet, text, 2 * PAD.y)) {
    const height = Sheet.heightOf(part) + 2 * PAD.y;
    sheet.document.roundedRect(x, sheet.y, width, height, 6).lineWidth(0.6).strokeColor(INK.line).stroke();
    sheet.draw(part, { x: x + PAD.x, width: width - 2 * PAD.x, color: INK.quiet }, sheet.y + PAD.y);
    sheet.y += height + 2;
  }
}

/** Cuts text where the page ends, and turns the page in between. */
function* inRoom(sheet: Sheet, text: DrawnText, around: number): Generator<DrawnText, undefined> {
  const lineHeight = Sheet.heightOf({ ...text, lines: text.lines.slice(0, 1) });
  // What fits on one page is not torn apart; only what is longer than half of one is.
  if (Sheet.heightOf(text) + around < sheet.fullRoom / 2) sheet.need(Sheet.heightOf(text) + around);
  for (let at = 0; at < text.lines.length;) {
    let count = Math.floor((sheet.room - around) / lineHeight);
    if (count < 1) {
      sheet.nextPage();
      count = Math.max(1, Math.floor((sheet.room - around) / lineHeight));
    }
    yield { ...text, lines: text.lines.slice(at, at + count) };
    at += count;
  }
}

async function drawFile(drawing: Drawing, message: Message, attachment: MessageAttachment): Promise<void> {
  const { name, transcript, sizeBytes } = attachment;
  const what = `${kindOfFile(attachment)}: ${name}`;
  if (attachment.state !== 'in-backup') return card(drawing, message, [what, capital(absenceWords(attachment.state))]);
  if (await drawPicture(drawing, message, attachment)) return;
  card(drawing, message, [what, sizeWords(sizeBytes), transcript && `“${transcript}”`]);
}

/** @returns whether it could be drawn. */
async function drawPicture(
  { sheet, backup, views }: Drawing,
  { isFromMe }: Message,
  { entry, isSticker }: MessageAttachment,
): Promise<boolean> {
  if (entry === undefined) return false;
  const bytes = PICTURE.test(entry.relativePath) ? await bytesOf(backup, entry) : await views.jpegOf(entry);
  const picture = bytes && sheet.openPicture(bytes);
  if (picture === undefined || picture.width === 0 || picture.height === 0) return false;
  const most = isSticker === true ? 0.35 : 1;
  const scale = Math.min((MAX_PICTURE.width * most) / picture.width, (MAX_PICTURE.height * most) / picture.height, 1);
  const [width, height] = [picture.width * scale, picture.height * scale];
  sheet.need(height + 4);
  sheet.document.image(picture.image, isFromMe ? sheet.right - width : sheet.left, sheet.y, { width, height });
  sheet.y += height + 4;
  return true;
}

async function bytesOf(backup: Backup, entry: ManifestEntry): Promise<Buffer | undefined> {
  try {
    return await backup.bytes(entry, MAX_PICTURE.bytes);
  } catch (error) {
    if (isNotFound(error) || isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
    throw error;
  }
}
