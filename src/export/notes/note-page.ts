import { isInline, type Note, type NoteParagraph, type NoteSpan } from '../../content/index.ts';
import { html, page, type Markup } from '../text/html.ts';
import { attachmentHtml, type AttachmentPage } from './attachment-html.ts';
import { blocksOf, type Block, type ListItem } from './blocks.ts';
import { spanHtml } from './span-html.ts';
import { NOTE_STYLE } from './style.ts';
import { momentWords, problemWords } from './words.ts';

export interface NotePage extends AttachmentPage {
  readonly timeZone: string;
  /** The address of the page that lists all notes. */
  readonly index: string;
}

/** A note as a page: its date on top, as on the phone, then what it says. */
export function notePage(note: Note, options: NotePage): string {
  const paragraphs = note.document?.paragraphs ?? [];
  const problem = problemWords(note);
  const loose = note.attachments.filter(({ isInText, kind }) => !isInText && !isInline(kind));
  const where = [note.account?.name, ...(note.folder?.path ?? [])].filter((name) => name !== undefined);
  const content = html`<nav class="quiet"><a href="${options.index}">Notes</a>${where.map((name) => html` › <span dir="auto">${name}</span>`)}</nav>
<article>
<p class="date">${dates(note, options.timeZone)}</p>
${!startsWithTitle(paragraphs) && (note.document === undefined || paragraphs.length === 0) && html`<h1 dir="auto">${note.title}</h1>`}
${problem && html`<p class="problem">${problem}</p>`}
${blocksOf(paragraphs).map((block) => blockHtml(block, options))}
${loose.length > 0 && html`<section class="loose">${loose.map((attachment) => attachmentHtml(attachment, options))}</section>`}
</article>`;
  return page({ title: note.title, style: NOTE_STYLE }, content);
}

const startsWithTitle = (paragraphs: readonly NoteParagraph[]): boolean => paragraphs[0]?.style === 'title';

function dates({ createdAt, modifiedAt }: Note, timeZone: string): Markup {
  const shown = modifiedAt ?? createdAt;
  if (!shown) return html``;
  const created = createdAt && modifiedAt && `Created ${momentWords(createdAt, timeZone)}`;
  return html`<time datetime="${shown.toISOString()}"${created && html` title="${created}"`}>${momentWords(shown, timeZone)}</time>`;
}

function blockHtml(block: Block, options: NotePage): Markup {
  if (block.kind === 'paragraph') return paragraphHtml(block.paragraph, options);
  if (block.kind === 'quote') {
    return html`<blockquote>${block.blocks.map((each) => blockHtml(each, options))}</blockquote>\n`;
  }
  if (block.kind === 'code') {
    const lines = block.lines.map(
      (line, i) => html`${i > 0 && '\n'}${line.spans.map((span) => spanHtml(span, options))}`,
    );
    return html`<pre dir="auto">${lines}</pre>\n`;
  }
  const items = block.items.map((item) => itemHtml(item, options));
  if (block.style !== 'numbered') return html`<ul class="${block.style}">${items}</ul>\n`;
  return html`<ol${block.start !== 1 && html` start="${block.start}"`}>${items}</ol>\n`;
}

function itemHtml({ paragraph, blocks }: ListItem, options: NotePage): Markup {
  const inside = blocks.map((block) => blockHtml(block, options));
  if (paragraph === undefined) return html`<li class="none">${inside}</li>`;
  const content = spansHtml(paragraph.spans, options);
  if (paragraph.style !== 'checklist') return html`<li dir="auto">${content}${inside}</li>\n`;
  const box = html`<input type="checkbox" disabled${paragraph.checked === true && html` checked`}>`;
  return html`<li dir="auto"${paragraph.checked === true && html` class="done"`}><label>${box}<span>${content}</span></label>${inside}</li>\n`;
}

function paragraphHtml(paragraph: NoteParagraph, options: NotePage): Markup {
  const { style, spans, alignment, indent } = paragraph;
  const content = spansHtml(spans, options);
  const classes = [
    style === 'monospaced' && 'mono',
    alignment,
    indent > 0 && `in${Math.min(indent, 8)}`,
    spans.length === 0 && 'blank',
  ].filter(Boolean);
  const attributes = html` dir="auto"${classes.length > 0 && html` class="${classes.join(' ')}"`}`;
  if (spans.length === 0) return html`<p${attributes}><br></p>\n`;
  if (spans.some((span) => standsAlone(span, options))) return html`<div${attributes}>${content}</div>\n`;
  if (style === 'title') return html`<h1${attributes}>${content}</h1>\n`;
  if (style === 'heading') return html`<h2${attributes}>${content}</h2>\n`;
  if (style === 'subheading') return html`<h3${attributes}>${content}</h3>\n`;
  return html`<p${attributes}>${content}</p>\n`;
}

function spansHtml(spans: readonly NoteSpan[], options: NotePage): Markup {
  return html`${spans.map((span) => {
    const attachment = 'object' in span ? options.attachments.get(span.object) : undefined;
    return attachment && standsAlone(span, options) ? attachmentHtml(attachment, options) : spanHtml(span, options);
  })}`;
}

/** Pictures, tables, cards; a word in the line does not. */
function standsAlone(span: NoteSpan, { attachments }: NotePage): boolean {
  const attachment = 'object' in span ? attachments.get(span.object) : undefined;
  return attachment !== undefined && !isInline(attachment.kind);
}
