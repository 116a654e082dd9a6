import type { WhatsAppCall } from '../../content/index.ts';
import type { WallTimes } from '../messages/wall-times.ts';
import { fileAddress, html, page, type Markup } from '../text/html.ts';
import { durationInWords } from '../text/times.ts';
import type { Conversation } from './selection.ts';

export interface IndexEntry {
  readonly conversation: Conversation;
  /** Name of the page, beside the index. */
  readonly name: string;
  readonly count: number;
}

/** The list of conversations, and of calls. */
export function indexPage(entries: readonly IndexEntry[], calls: readonly WhatsAppCall[], times: WallTimes): string {
  const rows = entries.map(({ conversation: { title, chat, account }, name, count }) => {
    const last = chat?.lastMessageAt ? times.words(chat.lastMessageAt) : '';
    const facts = [
      account.app === 'WhatsApp' ? undefined : account.app,
      chat?.kind === 'private' ? undefined : chat?.kind,
    ];
    return html`<tr><td><a href="${fileAddress(name)}">${title}</a> <span class="quiet">${facts.filter(Boolean).join(' · ')}</span></td><td>${count}</td><td class="quiet">${last}</td></tr>\n`;
  });
  const content = html`<h1>WhatsApp</h1>
<table><thead><tr><th>Conversation</th><th>Messages</th><th>Last</th></tr></thead><tbody>${rows}</tbody></table>
${
  calls.length > 0 &&
  html`<h2>Calls</h2>
<table><tbody>${calls.toReversed().map((call) => callRow(call, times))}</tbody></table>`
}`;
  return page({ title: 'WhatsApp' }, content);
}

function callRow(call: WhatsAppCall, times: WallTimes): Markup {
  const { startedAt, durationSeconds, outcome, participants } = call;
  const direction = call.isIncoming === undefined ? '' : call.isIncoming ? 'from' : 'to';
  const length =
    outcome === 'ended' && typeof durationSeconds === 'number' ? durationInWords(durationSeconds) : outcome;
  const who = participants.map(({ shownName }) => shownName).join(', ') || 'unknown';
  return html`<tr><td>${call.isVideo === true ? 'Video call' : 'Call'} ${direction} ${who}</td><td>${length}</td><td class="quiet">${startedAt && times.words(startedAt)}</td></tr>\n`;
}
