import type { WhatsAppMessage } from '../../content/index.ts';
import { WallTimes } from '../messages/wall-times.ts';
import { fileAddress, html, pageEnd, pageStart, safeLink, type Markup } from '../text/html.ts';
import type { Conversation } from './selection.ts';
import type { MediaCopy } from './media-copies.ts';
import type { TakenMessage } from './tables.ts';
import { authorOf, missingWords, wordsOf } from './words.ts';

const STYLE = `
main { max-width: 44rem; } :root { --mine: #d7f8d0; --theirs: #f1f1f4; }
@media (prefers-color-scheme: dark) { :root { --mine: #14532d; --theirs: #28282d; } }
.day { text-align: center; margin: 1.75rem 0 .75rem; } .day span { font-size: .8rem; color: var(--quiet); background: var(--soft); border-radius: 99px; padding: .2rem .8rem; }
.event { text-align: center; color: var(--quiet); font-size: .8rem; margin: .5rem 2rem; }
.row { display: flex; margin: .15rem 0; break-inside: avoid; } .row.mine { justify-content: flex-end; } .row.first { margin-top: .6rem; }
.bubble { max-width: 78%; min-width: 5rem; background: var(--theirs); border-radius: 14px; padding: .4rem .7rem .3rem; position: relative; }
.mine .bubble { background: var(--mine); } .who { font-size: .8rem; font-weight: 600; color: var(--accent); } .text { white-space: pre-wrap; }
.foot { font-size: .7rem; color: var(--quiet); text-align: right; margin-top: .1rem; } .gone { color: var(--quiet); font-style: italic; }
.quote { border-left: 3px solid var(--accent); background: rgb(127 127 127 / .12); border-radius: 6px; padding: .25rem .5rem; margin: .15rem 0 .3rem; font-size: .875rem; display: block; color: inherit; text-decoration: none; }
.reactions { display: flex; gap: .25rem; flex-wrap: wrap; margin: .2rem 0 .1rem; } .reactions span { background: var(--page); border: 1px solid var(--line); border-radius: 99px; font-size: .75rem; padding: 0 .4rem; }
.bubble img, .bubble video { display: block; max-height: 26rem; border-radius: 8px; margin: .2rem 0; } .sticker img { max-height: 9rem; } .bubble audio { display: block; width: 17rem; margin: .2rem 0; }
.file { display: inline-block; padding: .3rem 0; } .mark { color: var(--accent); }
@media print { .bubble { border: 1px solid var(--line); background: none !important; } audio { display: none !important; } }
`;

/** A conversation as a page that looks like one: one's own words on the right, those of others on the left. */
export async function* conversationPage(
  conversation: Conversation,
  messages: AsyncIterable<TakenMessage>,
  times: WallTimes,
): AsyncGenerator<string, undefined> {
  const { title, chat, account } = conversation;
  yield pageStart({ title: `${title} – ${account.app}`, style: STYLE });
  yield header(conversation).text;
  let day = '';
  let lastAuthor = '';
  for await (const { message, copy } of messages) {
    const itsDay = message.sentAt ? times.day(message.sentAt) : day;
    let text = '';
    if (itsDay !== day) {
      text = html`<div class="day"><span>${WallTimes.dayTitle(itsDay)}</span></div>\n`.text;
      day = itsDay;
      lastAuthor = '';
    }
    if (message.kind === 'event') {
      lastAuthor = '';
      yield text + html`<div class="event">${wordsOf(message)}</div>\n`.text;
      continue;
    }
    const author = authorOf(message);
    const isFirst = author !== lastAuthor;
    lastAuthor = author;
    yield text + bubble(message, copy, { isFirst, isGroup: chat?.kind !== 'private', times }).text;
  }
  yield pageEnd;
}

function header({ title, chat, account }: Conversation): Markup {
  const members = chat?.members.filter(({ isActive }) => isActive).map(({ person }) => person.shownName) ?? [];
  const other = chat?.kind === 'private' && chat.jid !== undefined ? account.people.person(chat.jid).phone : undefined;
  const facts = [account.app, other, members.length > 0 && members.join(', ')].filter(Boolean);
  return html`<p class="quiet"><a href="index.html">All conversations</a></p><h1>${title}</h1><p class="quiet">${facts.join(' · ')}</p>\n`;
}

interface BubbleOptions {
  /** Whether somebody else wrote before. */
  readonly isFirst: boolean;
  readonly isGroup: boolean;
  readonly times: WallTimes;
}

function bubble(message: WhatsAppMessage, copy: MediaCopy | undefined, options: BubbleOptions): Markup {
  const { isFirst, isGroup, times } = options;
  const { isFromMe, kind, key, reactions, isStarred, isForwarded, sentAt } = message;
  const words = wordsOf(message);
  const isGone = kind === 'deleted' || kind === 'unknown';
  const classes = ['row', isFromMe && 'mine', isFirst && 'first'].filter(Boolean).join(' ');
  const foot = [isStarred === true && '★', isForwarded === true && 'forwarded', sentAt && times.time(sentAt)].filter(
    Boolean,
  );
  return html`<div class="${classes}"${key === undefined ? undefined : html` id="${anchor(key)}"`}><div class="bubble ${kind}">${
    isGroup && isFirst && !isFromMe && html`<div class="who">${authorOf(message)}</div>`
  }${quote(message)}${mediaMarkup(message, copy)}${
    words !== '' && html`<div class="text${isGone ? ' gone' : ''}">${linked(words)}</div>`
  }${
    reactions.length > 0 &&
    html`<div class="reactions">${reactions.map(({ emoji, from }) => html`<span title="${from?.shownName ?? 'Me'}">${emoji}</span>`)}</div>`
  }<div class="foot">${foot.join(' · ')}</div></div></div>\n`;
}

function quote({ quoted }: WhatsAppMessage): Markup | undefined {
  if (quoted === undefined) return undefined;
  const text = quoted.text ?? 'a message';
  return html`<a class="quote" href="#${anchor(quoted.key)}">${quoted.from && html`<div class="who">${quoted.from.shownName}</div>`}${shortened(text)}</a>`;
}

const anchor = (key: string): string => `m${key.replaceAll(/[^\w-]/g, '_')}`;

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

function mediaMarkup(message: WhatsAppMessage, copy: MediaCopy | undefined): Markup | undefined {
  const { kind, media } = message;
  if (kind === 'location') return place(message);
  if (copy === undefined) return undefined;
  if (copy.path === undefined) return html`<div class="gone">${missingWords(message, copy)}</div>`;
  const address = fileAddress(copy.path);
  if (kind === 'image' || kind === 'sticker') {
    return html`<a href="${address}"><img src="${address}" alt="${media?.title ?? ''}" loading="lazy"></a>`;
  }
  if (kind === 'video' || kind === 'gif') return html`<video src="${address}" controls preload="none"></video>`;
  if (kind === 'audio') return html`<audio src="${address}" controls preload="none"></audio>`;
  return html`<a class="file" href="${address}">${media?.title ?? copy.path.split('/').at(-1) ?? kind}</a>`;
}

function place({ media }: WhatsAppMessage): Markup | undefined {
  const { latitude, longitude } = media ?? {};
  if (latitude === undefined || longitude === undefined) return undefined;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return html`<a class="file" href="${address}" rel="noreferrer">Location ${latitude.toFixed(5)}, ${longitude.toFixed(5)}</a>`;
}

/** Addresses in a text can be followed; everything else in it is text. */
function linked(text: string): Markup[] {
  return text.split(/(https?:\/\/[^\s<>"]+)/g).map((part, i) => {
    const address = i % 2 === 1 ? safeLink(part) : undefined;
    return address === undefined ? html`${part}` : html`<a href="${address}" rel="noreferrer">${part}</a>`;
  });
}
