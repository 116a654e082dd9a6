import type { ChatFilter, Conversation, Message, MessageAttachment } from '../../../content/index.ts';
import { fileAddress, html, pageEnd, pageStart, type Markup } from '../../text/html.ts';
import type { Copy } from '../attachment-copies.ts';
import { isShown, participantsWords, periodWords, sourceWords, type TakeOut } from '../take-out.ts';
import { WallTimes } from '../wall-times.ts';
import { bubble } from './bubble.ts';
import type { PagePlan } from './pages.ts';
import { CONVERSATION_STYLE } from './style.ts';

const CHUNK_CHARACTERS = 64 * 1024;

export interface PagePlace {
  /** From the page to the export folder: '' or '../'. */
  readonly root: string;
  /** The page before this one, and the one with the list of them. */
  readonly previous: string | undefined;
}

/** A page of a conversation, piece by piece; the files in it are copied as it comes to them. */
export async function* conversationPage(
  out: TakeOut,
  conversation: Conversation,
  plan: PagePlan,
  place: PagePlace,
): AsyncGenerator<string, undefined> {
  const { title } = conversation;
  const { times } = out;
  const period = plan.name === undefined ? '' : WallTimes.monthWords(plan.name);
  yield pageStart({ title: period === '' ? title : `${title}, ${period}`, style: CONVERSATION_STYLE });
  let text = header(out, conversation, plan, place).text;
  let day = '';
  let before: Message | undefined;
  let firstAt: number | undefined;
  for (const message of plan.messages) {
    if (!isShown(message)) continue;
    const { sentAt } = message;
    const today = sentAt === null ? day : times.day(sentAt);
    if (today !== day) {
      text += html`<h2 class="day">${WallTimes.dayTitle(today)}</h2>\n`.text;
      [day, before] = [today, undefined];
    }
    firstAt ??= sentAt?.getTime();
    const since = firstAt ?? Infinity;
    text += bubble(message, {
      conversation,
      times,
      before,
      root: place.root,
      copies: await copiesOf(out, conversation, message),
      isOnPage: (at) => plan.name === undefined || (at !== null && at.getTime() >= since),
    }).text;
    before = message;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield `${text}${pageLinks(plan.next(), place)?.text ?? ''}${pageEnd}`;
}

const NO_COPIES: ReadonlyMap<MessageAttachment, Copy> = new Map();

async function copiesOf(
  { copies, views }: TakeOut,
  { title }: Conversation,
  { parts, reactions }: Message,
): Promise<ReadonlyMap<MessageAttachment, Copy>> {
  let made: Map<MessageAttachment, Copy> | undefined;
  for (const part of parts) {
    if (part.kind === 'attachment')
      (made ??= new Map()).set(part.attachment, await copies.copy(part.attachment, title, views));
  }
  for (const { sticker } of reactions) {
    if (sticker !== undefined) (made ??= new Map()).set(sticker, await copies.copy(sticker, title, views));
  }
  return made ?? NO_COPIES;
}

const FILTER_WORDS: Readonly<Record<ChatFilter | 'none', string>> = {
  none: '',
  'unknown-sender': 'among unknown senders',
  junk: 'in the junk',
  promotion: 'among promotions',
  transaction: 'among transactions',
  other: 'sorted out by a filter',
};

function header(out: TakeOut, conversation: Conversation, { name }: PagePlan, { root, previous }: PagePlace): Markup {
  const { title, messageCount, services, chats } = conversation;
  const { times } = out;
  const people = participantsWords(conversation);
  const filters = new Set(chats.map(({ filteredAs }) => filteredAs ?? 'none'));
  const state = [
    ...services,
    `${messageCount.toLocaleString('en')} messages`,
    ...(chats.some(({ isArchived }) => isArchived === true) ? ['archived'] : []),
    ...(filters.has('none') ? [] : Array.from(filters, (filter) => FILTER_WORDS[filter])),
  ];
  return html`<header>
<nav class="back"><a href="${root}index.html">All conversations</a>${name !== undefined && html`<a href="index.html">All of ${title}</a>`}${pageLink(previous, 'Earlier')}</nav>
<h1>${title}${name !== undefined && `, ${WallTimes.monthWords(name)}`}</h1>
${people !== '' && html`<p class="quiet">${people}</p>`}
<p class="quiet">${[...state, periodWords(conversation, times)].filter((each) => each !== '').join(', ')}.</p>
<p class="quiet">${sourceWords(out)}. Times are those of ${times.zone}.</p>
</header>
`;
}

function pageLinks(next: string | undefined, { previous }: PagePlace): Markup | undefined {
  if (next === undefined && previous === undefined) return undefined;
  return html`<nav>${pageLink(previous, 'Earlier')}${pageLink(next, 'Later')}</nav>\n`;
}

const pageLink = (name: string | undefined, word: string): Markup | false =>
  name !== undefined && html`<a href="${fileAddress(name)}.html">${word}: ${WallTimes.monthWords(name)}</a>`;
