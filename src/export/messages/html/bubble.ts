import {
  eventWords,
  nameOf,
  reactionWords,
  type Conversation,
  type Message,
  type MessageAttachment,
  type MessagePart,
} from '../../../content/index.ts';
import { capital } from '../../../shared/text/sentence.ts';
import { fileAddress, html, safeLink, type Markup } from '../../text/html.ts';
import type { Copy } from '../attachment-copies.ts';
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
import { textWithSpans } from './spans.ts';

/** What a message needs to know about the page it stands on. */
export interface Surroundings {
  readonly conversation: Conversation;
  readonly times: WallTimes;
  /** The message before it, when that is on the same page and day. */
  readonly before: Message | undefined;
  /** From the page to the export folder: '' or '../'. */
  readonly root: string;
  readonly copies: ReadonlyMap<MessageAttachment, Copy>;
  /** Whether the message with this time is on the same page, so that a link can lead to it. */
  readonly isOnPage: (sentAt: Date | null) => boolean;
}

/** Messages closer together than this stand as one block. */
const CLOSE_MS = 3 * 60_000;

/** A message as it stands on a page: on the left theirs, on the right the owner's, events in the middle. */
export function bubble(message: Message, around: Surroundings): Markup {
  const { times, before } = around;
  const time = message.sentAt === null ? 'no date' : times.time(message.sentAt);
  if (message.event !== undefined)
    return html`<p class="note">${eventWords(message)} <span class="gap">·</span> ${time}</p>\n`;
  if (message.reaction !== undefined) {
    return html`<p class="note">${reactionWords(message)} a message that is not here <span class="gap">·</span> ${time}</p>\n`;
  }
  const isNext = before !== undefined && isContinued(before, message);
  const isGroup = around.conversation.isGroup || around.conversation.chats.length === 0;
  const side = message.isFromMe ? 'out' : 'in';
  const classes = `m ${side}${/^(?:SMS|RCS)/i.test(message.service ?? '') ? ' sms' : ''}${isNext ? ' next' : ''}${message.deletedAt ? ' deleted' : ''}`;
  const who = message.isFromMe ? 'You' : nameOf(message.sender);
  return html`<article class="${classes}" id="m-${message.guid}" aria-label="${who}, ${time}">
${isGroup && !message.isFromMe && !isNext && html`<p class="who">${who}</p>\n`}${quote(message, around)}${content(message, around)}${reactions(message, around)}${history(message, times)}<p class="meta">${meta(message, around, time)}</p>
</article>\n`;
}

/** The same person goes on: no name again, less space. */
function isContinued(before: Message, { isFromMe, sender, sentAt }: Message): boolean {
  if (before.event !== undefined || before.isFromMe !== isFromMe || before.sender?.person !== sender?.person)
    return false;
  return before.sentAt !== null && sentAt !== null && sentAt.getTime() - before.sentAt.getTime() < CLOSE_MS;
}

function quote({ replyTo }: Message, { isOnPage }: Surroundings): Markup | false {
  if (replyTo === undefined) return false;
  const { original } = replyTo;
  if (original === undefined)
    return html`<blockquote class="re"><p>In reply to a message that is not here</p></blockquote>\n`;
  const words = html`<p>${original.isFromMe ? 'You' : nameOf(original.sender)}: ${original.text ?? 'a message without words'}</p>`;
  const link = isOnPage(original.sentAt) ? html`<a href="#m-${encodeURIComponent(replyTo.guid)}">${words}</a>` : words;
  return html`<blockquote class="re">${link}</blockquote>\n`;
}

function content(message: Message, around: Surroundings): Markup[] {
  const { parts, subject, app, problem, deletedParts } = message;
  const shown = parts.map((part) => partOf(part, message, around));
  if (subject) shown.unshift(html`<p class="b"><span class="subject">${subject}</span></p>\n`);
  if (app) shown.push(appCard(message, app));
  for (const { text } of deletedParts)
    shown.push(html`<p class="b gone">In Recently Deleted: ${text ?? 'unreadable'}</p>\n`);
  if (problem === 'body unreadable') shown.push(html`<p class="b gone">${UNREADABLE}</p>\n`);
  return shown.length === 0 ? [html`<p class="b gone">Empty message</p>\n`] : shown;
}

/** Up to three emoji and nothing else stand large, as on the phone. */
const ONLY_EMOJI = /^(?:\p{RGI_Emoji}\s?){1,3}$/v;

function partOf(part: MessagePart, { app }: Message, around: Surroundings): Markup {
  if (part.kind === 'attachment') return file(part.attachment, around);
  if (part.kind === 'unsent') return html`<p class="b gone">${UNSENT}</p>\n`;
  // The address of a link stands on its card.
  if (app?.url !== undefined && part.text.trim() === app.url) return html``;
  const isBig = part.text.length < 50 && part.text.charCodeAt(0) > 0x7f && ONLY_EMOJI.test(part.text);
  return html`<p class="b${isBig ? ' big' : ''}">${textWithSpans(part.text, part.spans)}</p>\n`;
}

/** What every browser shows; a HEIC would only be a broken picture in most. SVG may refer to things elsewhere. */
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|bmp)$/i;
const FILM = /\.(?:mov|mp4|m4v)$/i;
const SOUND = /\.(?:m4a|mp3|caf|aac|wav|amr)$/i;

function file(attachment: MessageAttachment, { copies, root }: Surroundings): Markup {
  const { name, transcript, isSticker } = attachment;
  const copy = copies.get(attachment);
  const what = kindOfFile(attachment);
  if (copy?.path === undefined) {
    const why = absenceWords(copy?.state ?? attachment.state);
    return html`<p class="file away">${what}: ${name}<span class="quiet">${capital(why)}</span></p>\n`;
  }
  const address = `${root}${fileAddress(copy.path)}`;
  const said = transcript !== undefined && html` “${transcript}”`;
  const film = copy.filmPath !== undefined && html` · <a href="${root}${fileAddress(copy.filmPath)}">Live</a>`;
  const link = html`<a href="${address}">${name}</a>`;
  const view = copy.viewPath ?? (PICTURE.test(copy.path) ? copy.path : undefined);
  if (view !== undefined) {
    const caption = isSticker !== true && html`<figcaption>${link}${film}</figcaption>`;
    return html`<figure class="pic image${isSticker === true ? ' sticker' : ''}"><a href="${address}"><img src="${root}${fileAddress(view)}" alt="${what}: ${name}" loading="lazy"></a>${caption}</figure>\n`;
  }
  if (FILM.test(copy.path)) {
    return html`<figure class="pic"><video src="${address}" controls preload="none" aria-label="${name}"></video><figcaption>${link}</figcaption></figure>\n`;
  }
  if (SOUND.test(copy.path)) {
    return html`<figure class="pic"><audio src="${address}" controls preload="none" aria-label="${name}"></audio><figcaption>${link}${said}</figcaption></figure>\n`;
  }
  return html`<p class="file">${link}<span class="quiet">${[what, sizeWords(attachment.sizeBytes)].filter((each) => each !== '').join(', ')}${film}</span></p>\n`;
}

function appCard({ attachments }: Message, app: NonNullable<Message['app']>): Markup {
  const url = app.url === undefined ? undefined : safeLink(app.url);
  const title = app.title ?? app.url ?? app.name;
  const lines = [app.subtitle, app.summary].filter(
    (each, i, all) => each !== undefined && each !== title && all.indexOf(each) === i,
  );
  const isUnreadable = app.problem !== undefined && app.title === undefined;
  return html`<p class="file app"><strong>${url === undefined ? title : html`<a href="${url}" rel="noreferrer noopener">${title}</a>`}</strong>${lines.map((line) => html`<span class="quiet">${line}</span>`)}<span class="quiet">${url !== undefined && title !== app.url ? `${app.name}: ${app.url}` : title === app.name && attachments.length === 0 ? 'Made by an app; only the app can show it' : app.name}${isUnreadable && ' (its content could not be read)'}</span></p>\n`;
}

function reactions({ reactions: all }: Message, { copies, root }: Surroundings): Markup | false {
  const words = all.length === 0 ? [] : reactionsWords(all.filter(({ kind }) => kind !== 'sticker'));
  const pills = words.map((each) => html`<span>${each}</span>`);
  for (const { sticker, stands, isFromMe, sender } of all) {
    const copy = sticker && copies.get(sticker);
    const path = copy?.viewPath ?? copy?.path;
    const who = isFromMe ? 'You' : nameOf(sender);
    if (!stands || sticker === undefined) continue;
    const picture =
      path === undefined ? 'Sticker' : html`<img src="${root}${fileAddress(path)}" alt="Sticker" loading="lazy">`;
    pills.push(html`<span>${picture} ${who}</span>`);
  }
  return pills.length > 0 && html`<p class="taps">${pills}</p>\n`;
}

/** Earlier wordings, oldest first; the last one is the message itself. */
function history(message: Message, times: WallTimes): Markup | false {
  const earlier = earlierWordings(message);
  if (earlier.length === 0) return false;
  const lines = earlier.map(
    ({ at, text }) => html`<li>${at ? times.time(at) : 'Before'}: <q>${text ?? 'unreadable'}</q></li>`,
  );
  return html`<ol class="was" aria-label="Before it was edited">${lines}</ol>\n`;
}

function meta(message: Message, { times, conversation }: Surroundings, time: string): Markup[] {
  const isMixed = conversation.services.length > 1;
  const service = isMixed && message.service ? [message.service] : [];
  const parts = [html`<time${message.sentAt && html` datetime="${times.iso(message.sentAt)}"`}>${time}</time>`];
  for (const remark of [...service, ...remarks(message, times)]) parts.push(html` · ${remark}`);
  return parts;
}
