import type { MessageSpan } from '../../../content/index.ts';
import { html, safeLink, type Markup } from '../../text/html.ts';

/** Addresses in plain text that people expect to be able to follow. What ends a sentence does not belong to them. */
const ADDRESS = /https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?')\]]/g;

/** Words with what is special about them: links, mentions, bold and the like. */
export function textWithSpans(text: string, spans: readonly MessageSpan[]): readonly Markup[] {
  if (spans.length === 0) return withLinks(text);
  const pieces: Markup[] = [];
  let end = 0;
  for (const span of spans) {
    if (span.start < end || span.end > text.length) continue;
    pieces.push(...withLinks(text.slice(end, span.start)), marked(text.slice(span.start, span.end), span));
    end = span.end;
  }
  pieces.push(...withLinks(text.slice(end)));
  return pieces;
}

function marked(text: string, span: MessageSpan): Markup {
  const link = span.link === undefined ? undefined : safeLink(span.link);
  let markup = link === undefined ? html`${text}` : html`<a href="${link}" rel="noreferrer noopener">${text}</a>`;
  if (span.mention !== undefined) markup = html`<span class="at">${markup}</span>`;
  if (span.bold === true) markup = html`<b>${markup}</b>`;
  if (span.italic === true) markup = html`<i>${markup}</i>`;
  if (span.underline === true) markup = html`<u>${markup}</u>`;
  if (span.strikethrough === true) markup = html`<s>${markup}</s>`;
  return span.animation === undefined ? markup : html`<span title="Text effect: ${span.animation}">${markup}</span>`;
}

function withLinks(text: string): Markup[] {
  if (!text.includes('://')) return text === '' ? [] : [html`${text}`];
  const pieces: Markup[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    pieces.push(html`${text.slice(end, index)}<a href="${safeLink(address)}" rel="noreferrer noopener">${address}</a>`);
    end = index + address.length;
  }
  pieces.push(html`${text.slice(end)}`);
  return pieces;
}
