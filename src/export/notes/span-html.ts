import type { NoteAttachment, NoteSpan, TextLook } from '../../content/index.ts';
import { html, Markup, safeLink } from '../text/html.ts';

/** Where a page finds what stands in its text. */
export interface PageLinks {
  /** The address of an attachment's block, or undefined for what stands in the line. */
  readonly attachments: ReadonlyMap<string, NoteAttachment>;
  /** The address of another note, by its identifier. */
  readonly note: (identifier: string) => string | undefined;
}

const NOTE_LINK = /^(?:applenotes|mobilenotes|notes):.*?([0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12})/i;

/** Text of one line, with its looks. */
export function spanHtml(span: NoteSpan, links: PageLinks): Markup {
  if ('text' in span) return looked(lines(span.text), span, links);
  const attachment = links.attachments.get(span.object);
  return attachment === undefined ? html`` : looked(inlineHtml(attachment, links), span, links);
}

function inlineHtml(attachment: NoteAttachment, links: PageLinks): Markup {
  const text = attachment.text?.trim() || attachment.title?.trim() || '';
  if (attachment.kind === 'note-link') return linked(html`${text || 'Note'}`, attachment.target ?? '', links);
  return html`<span class="${attachment.kind}">${text}</span>`;
}

const lines = (text: string): Markup =>
  html`${text.split('\n').map((line, i) => (i === 0 ? line : html`<br>${line}`))}`;

function looked(content: Markup, look: TextLook, links: PageLinks): Markup {
  let markup = content;
  if (look.raised) markup = look.raised === 'superscript' ? html`<sup>${markup}</sup>` : html`<sub>${markup}</sub>`;
  if (look.bold) markup = html`<b>${markup}</b>`;
  if (look.italic) markup = html`<i>${markup}</i>`;
  if (look.underlined) markup = html`<u>${markup}</u>`;
  if (look.struck) markup = html`<s>${markup}</s>`;
  if (look.highlight) markup = html`<mark class="${look.highlight}">${markup}</mark>`;
  if (look.colour && /^#[0-9A-F]{6}$/.test(look.colour) && !isInk(look.colour)) {
    markup = html`<span style="color:${look.colour}">${markup}</span>`;
  }
  return look.link === undefined ? markup : linked(markup, look.link, links);
}

/** Black and white are how text looks anyway, in the light and in the dark. */
const isInk = (colour: string): boolean => colour === '#000000' || colour === '#FFFFFF';

function linked(content: Markup, address: string, links: PageLinks): Markup {
  const note = NOTE_LINK.exec(address)?.[1];
  const target = note === undefined ? safeLink(address) : links.note(note.toUpperCase());
  return target === undefined ? content : html`<a href="${target}">${content}</a>`;
}
