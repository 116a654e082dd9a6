import {
  byIdentifier,
  isInline,
  type Note,
  type NoteAttachment,
  type NoteParagraph,
  type NoteSpan,
  type TextLook,
} from '../../content/index.ts';
import { blocksOf, type Block, type ListItem } from './blocks.ts';
import {
  escapeLineStart,
  escapeMarkdown,
  fenced,
  linkedMarkdown,
  marked,
  markdownAddress,
  markdownFile,
} from './markdown-text.ts';
import type { TakenFile, TakenFiles } from './taken-files.ts';
import { ATTACHMENT_PROBLEMS, attachmentTitle, problemWords } from './words.ts';

export interface MarkdownOptions {
  readonly files: ReadonlyMap<string, TakenFiles>;
  /** Where a file that was taken out lies, from the note. */
  readonly address: (path: string) => string;
}

const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|heic)$/i;

/** A note as Markdown in the flavour of GitHub: tables, tasks, files linked; its facts in front. */
export function markdownOf(note: Note, options: MarkdownOptions): string {
  const writer = new MarkdownWriter(byIdentifier(note.attachments), options);
  const paragraphs = note.document?.paragraphs ?? [];
  const problem = problemWords(note);
  const loose = note.attachments.filter(({ isInText, kind }) => !isInText && !isInline(kind));
  const parts = [
    paragraphs[0]?.style === 'title' ? '' : `# ${escapeMarkdown(oneLine(note.title))}`,
    problem === undefined ? '' : `> ${escapeMarkdown(oneLine(problem))}`,
    writer.blocks(blocksOf(withoutRepeatedTitle(note, paragraphs))),
    ...loose.map((attachment) => writer.attachment(attachment)),
  ].filter((part) => part !== '');
  return `${facts(note)}\n${parts.join('\n\n')}\n`;
}

/** The title becomes the heading: a first line that only says it again is left out. */
function withoutRepeatedTitle(note: Note, paragraphs: readonly NoteParagraph[]): readonly NoteParagraph[] {
  const [first] = paragraphs;
  const text = first?.spans
    .map((span) => ('text' in span ? span.text : '\uFFFC'))
    .join('')
    .trim();
  return first?.style === 'body' && text === note.title ? paragraphs.slice(1) : paragraphs;
}

/** Facts as YAML, each value in quotes, which JSON and YAML have in common. */
function facts(note: Note): string {
  const tags = note.attachments.filter(({ kind }) => kind === 'hashtag').map(({ text }) => text?.replace(/^#/, ''));
  const lines = Object.entries({
    title: note.title,
    folder: note.folder?.path.join(' / '),
    account: note.account?.name,
    created: note.createdAt?.toISOString(),
    modified: note.modifiedAt?.toISOString(),
    pinned: note.isPinned === true || undefined,
    locked: note.lock !== undefined || undefined,
    deleted: note.isDeleted || undefined,
    tags: tags.length > 0 ? [...new Set(tags)] : undefined,
    id: note.key,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${quotedValue(value)}`]));
  return `---\n${lines.join('\n')}\n---\n`;
}

/** What is not read as YAML but as text must hold no tags either. */
const quotedValue = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

class MarkdownWriter {
  readonly #attachments: ReadonlyMap<string, NoteAttachment>;
  readonly #options: MarkdownOptions;

  constructor(attachments: ReadonlyMap<string, NoteAttachment>, options: MarkdownOptions) {
    this.#attachments = attachments;
    this.#options = options;
  }

  blocks(blocks: readonly Block[]): string {
    const parts: string[] = [];
    let lines: string[] = [];
    const endLines = (): void => {
      // Lines that follow each other stay lines: a backslash or two spaces at the end break them.
      if (lines.length > 0) parts.push(lines.join('  \n'));
      lines = [];
    };
    for (const block of blocks) {
      const isLine =
        block.kind === 'paragraph' && (block.paragraph.style === 'body' || block.paragraph.style === 'monospaced');
      const text = this.#block(block);
      if (isLine && text !== '' && !block.paragraph.spans.some((span) => this.#standsAlone(span))) lines.push(text);
      else {
        endLines();
        if (text !== '') parts.push(text);
      }
    }
    endLines();
    return parts.join('\n\n');
  }

  attachment(attachment: NoteAttachment): string {
    const { kind, table, parts, target, transcript } = attachment;
    if (isInline(kind)) return '';
    if (table) return this.#table(table);
    const title = escapeMarkdown(oneLine(attachmentTitle(attachment)));
    const files = this.#options.files.get(attachment.identifier);
    if (kind === 'link' || kind === 'map')
      return linkTo(title, target) ?? `${title} ${escapeMarkdown(oneLine(target ?? ''))}`.trim();
    const own = kind === 'gallery' && parts.length > 0 ? [] : [this.#files(attachment, title, files)];
    const said = transcript?.turns.map(({ speaker, text }) =>
      quoted(escapeLines(speaker ? `${speaker}: ${text}` : text)),
    );
    return [...own, ...parts.map((part) => this.attachment(part)), ...(said ?? [])]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  #files(attachment: NoteAttachment, title: string, files: TakenFiles | undefined): string {
    const all = [files?.file, files?.pages, files?.picture];
    const written = all.flatMap((file) => (file?.state === 'written' ? [this.#fileLink(title, file)] : []));
    // A preview says nothing that the file itself does not.
    if (files?.file?.state === 'written') return written[0] ?? '';
    if (written.length > 0) return written.join(' ');
    const state = stateOf(all) ?? attachment.problem ?? 'not-in-backup';
    return `*${title}* (${ATTACHMENT_PROBLEMS[state]})`;
  }

  #fileLink(title: string, { path }: { path: string }): string {
    const address = markdownFile(this.#options.address(path));
    return PICTURE.test(path) ? `![${title}](${address})` : `[${title}](${address})`;
  }

  #block(block: Block): string {
    if (block.kind === 'paragraph') return this.#paragraph(block.paragraph);
    if (block.kind === 'quote') return quoted(this.blocks(block.blocks));
    if (block.kind === 'code') return fenced(block.lines.map(textOf).join('\n'));
    let number = block.start - 1;
    const items = block.items.map((item) =>
      this.#item(item, item.paragraph === undefined ? '-' : markOf(block.style, item, ++number)),
    );
    return items.join('\n');
  }

  #item({ paragraph, blocks }: ListItem, mark: string): string {
    const text = paragraph === undefined ? '' : this.#spans(paragraph.spans);
    const inside = blocks.map((block) => this.#block(block)).join('\n');
    const indent = ' '.repeat(mark.indexOf(' ') === -1 ? mark.length + 1 : mark.indexOf(' ') + 1);
    const all = [escapeLineStart(text), inside].filter((each) => each !== '').join('\n');
    return `${mark} ${all.replaceAll('\n', `\n${indent}`)}`.trimEnd();
  }

  #paragraph({ style, spans }: NoteParagraph): string {
    const text = this.#spans(spans).replaceAll(/\n{3,}/g, '\n\n');
    if (text.trim() === '') return '';
    if (spans.some((span) => this.#standsAlone(span))) return text.trim();
    const level = style === 'title' ? '#' : style === 'heading' ? '##' : style === 'subheading' ? '###' : undefined;
    return level === undefined
      ? text.split('\n').map(escapeLineStart).join('\n')
      : `${level} ${text.replaceAll(/\s*\n\s*/g, ' ').trim()}`;
  }

  #spans(spans: readonly NoteSpan[]): string {
    return spans.map((span) => this.#span(span)).join('');
  }

  #span(span: NoteSpan): string {
    if ('text' in span) {
      const text = span.link === undefined ? linkedMarkdown(span.text) : escapeMarkdown(span.text);
      return looked(text.replaceAll('\n', '  \n'), span);
    }
    const attachment = this.#attachments.get(span.object);
    if (attachment === undefined) return '';
    if (!isInline(attachment.kind)) return `\n\n${this.attachment(attachment)}\n\n`;
    return looked(escapeMarkdown(oneLine(attachment.text ?? attachment.title ?? '')), span);
  }

  /** Pictures, tables, files; a word in the line does not. */
  #standsAlone(span: NoteSpan): boolean {
    return 'object' in span && !isInline(this.#attachments.get(span.object)?.kind ?? 'hashtag');
  }

  /** The first row becomes the heading: Markdown has no table without one. */
  #table({ rows, columns }: NonNullable<NoteAttachment['table']>): string {
    if (rows.length === 0 || columns === 0) return '';
    const lines = rows.map((row) => {
      const cells = row.map(({ paragraphs }) =>
        paragraphs
          .map(({ spans }) =>
            this.#spans(spans)
              .trim()
              .replaceAll(/\s*\n\s*/g, '<br>'),
          )
          .join('<br>'),
      );
      return `| ${cells.join(' | ')} |`;
    });
    const [head = '', ...rest] = lines;
    return [head, `|${' --- |'.repeat(columns)}`, ...rest].join('\n');
  }
}

const textOf = ({ spans }: NoteParagraph): string => spans.map((span) => ('text' in span ? span.text : '')).join('');

function stateOf(files: readonly (TakenFile | undefined)[]): Exclude<TakenFile['state'], 'written'> | undefined {
  return files.map((file) => file?.state).find((state) => state !== undefined && state !== 'written');
}

function markOf(style: string, { paragraph }: ListItem, number: number): string {
  if (style === 'numbered') return `${number}.`;
  return style === 'checklist' ? `- [${paragraph?.checked === true ? 'x' : ' '}]` : style === 'dashed' ? '*' : '-';
}

/** Marks from the inside out. What Markdown has no mark for is written as HTML has it. */
function looked(text: string, look: TextLook): string {
  let result = text;
  if (look.raised)
    result = look.raised === 'superscript' ? marked(result, '<sup>', '</sup>') : marked(result, '<sub>', '</sub>');
  if (look.underlined) result = marked(result, '<u>', '</u>');
  if (look.highlight) result = marked(result, '<mark>', '</mark>');
  if (look.struck) result = marked(result, '~~');
  if (look.bold || look.italic) result = marked(result, look.bold ? (look.italic ? '***' : '**') : '*');
  if (look.link === undefined) return result;
  const address = markdownAddress(look.link);
  return address === undefined ? result : marked(result, '[', `](${address})`);
}

function linkTo(title: string, target: string | null | undefined): string | undefined {
  const address = target ? markdownAddress(target) : undefined;
  return address === undefined ? undefined : `[${title}](${address})`;
}

const escapeLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => escapeLineStart(escapeMarkdown(line)))
    .join('\n');
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
