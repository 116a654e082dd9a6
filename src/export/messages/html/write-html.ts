import type { Conversation } from '../../../content/index.ts';
import { fileAddress, html, page, type Markup } from '../../text/html.ts';
import { participantsWords, sourceWords, type TakeOut } from '../take-out.ts';
import { WallTimes } from '../wall-times.ts';
import { conversationPage } from './conversation-page.ts';
import { planPages } from './pages.ts';
import { CONVERSATION_STYLE, INDEX_STYLE } from './style.ts';

/** A conversation that was written, and where. */
interface Written {
  readonly conversation: Conversation;
  readonly path: string;
}

/** A page for each conversation, or for each of its years where it is long; and one that leads to all of them. */
export async function writeHtml(out: TakeOut): Promise<string> {
  const written: Written[] = [];
  for (const conversation of out.selection.conversations) {
    const path = await writeConversation(out, conversation);
    if (path !== undefined) written.push({ conversation, path });
  }
  return (await out.request.folder.write(['index.html'], indexPage(out, written))).path;
}

/** @returns where it begins; undefined when nothing of it was asked for. */
async function writeConversation(out: TakeOut, conversation: Conversation): Promise<string | undefined> {
  const { folder } = out.request;
  const pages: string[] = [];
  let own: typeof folder | undefined;
  for (const plan of planPages(conversation, out.selection.of(conversation), out.times)) {
    if (plan.name === undefined) {
      const content = conversationPage(out, conversation, plan, { root: '', previous: undefined });
      return (await folder.write([`${conversation.title}.html`], content)).path;
    }
    own ??= folder.within(conversation.title);
    const place = { root: '../', previous: pages.at(-1) };
    await own.write([`${plan.name}.html`], conversationPage(out, conversation, plan, place));
    pages.push(plan.name);
  }
  if (own === undefined) return undefined;
  const { path } = await own.write(['index.html'], yearsPage(out, conversation, pages));
  return `${own.dir.slice(folder.dir.length + 1).replaceAll('\\', '/')}/${path}`;
}

function yearsPage(out: TakeOut, conversation: Conversation, pages: readonly string[]): string {
  const { title } = conversation;
  const links = pages.map((name) => html`<li><a href="${name}.html">${WallTimes.monthWords(name)}</a></li>\n`);
  const content = html`<header>
<nav class="back"><a href="../index.html">All conversations</a></nav>
<h1>${title}</h1>
<p class="quiet">${participantsWords(conversation)}</p>
<p class="quiet">${sourceWords(out)}. Times are those of ${out.times.zone}.</p>
</header>
<ul class="chats">${links}</ul>`;
  return page({ title, style: CONVERSATION_STYLE + INDEX_STYLE }, content);
}

function indexPage(out: TakeOut, written: readonly Written[]): string {
  const { selection } = out;
  const { from, until } = out.request.options;
  const span = [from && `from ${out.times.words(from)}`, until && `until ${out.times.words(until)}`].filter(
    (each) => each !== undefined,
  );
  const content = html`<h1>Messages</h1>
<p class="quiet">${sourceWords(out)}. Times are those of ${out.times.zone}.${span.length > 0 && ` Only ${span.join(' ')}.`}</p>
<ul class="chats">
${written.map((each) => conversationItem(out, each))}</ul>
${selection.leftOut > 0 && html`<p class="notes quiet">${selection.leftOut.toLocaleString('en')} in Recently Deleted are left out.</p>`}`;
  return page({ title: 'Messages', style: INDEX_STYLE }, content);
}

function conversationItem({ times }: TakeOut, { conversation, path }: Written): Markup {
  const { title, lastAt, messageCount, services } = conversation;
  const people = participantsWords(conversation);
  return html`<li><a href="${fileAddress(path)}">${title}</a><span class="when">${lastAt && WallTimes.dayWords(times.day(lastAt))}</span>
<p class="quiet">${[people, services.join(', ')].filter((each) => each !== '').join(' · ')}</p><span class="quiet count">${messageCount.toLocaleString('en')}</span></li>\n`;
}
