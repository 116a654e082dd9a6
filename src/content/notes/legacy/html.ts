/**
 * The HTML of notes before iOS 9 and of mail accounts as a document. Nothing of the source survives as markup: what is
 * known becomes paragraphs and looks, all else is left out, so that no script runs and nothing is loaded later.
 */
import type { NoteDocument, NoteParagraph, NoteSpan, ParagraphStyle, TextLook } from '../body/document.ts';
import { htmlTokens } from './html-tokens.ts';

/** Elements that begin a paragraph, and the style it has. */
const BLOCKS: ReadonlyMap<string, ParagraphStyle> = new Map(
  Object.entries({
    div: 'body',
    p: 'body',
    blockquote: 'body',
    table: 'body',
    tr: 'body',
    ul: 'body',
    ol: 'body',
    li: 'body',
    body: 'body',
    html: 'body',
    center: 'body',
    section: 'body',
    article: 'body',
    header: 'body',
    footer: 'body',
    dl: 'body',
    dt: 'body',
    dd: 'body',
    hr: 'body',
    h1: 'title',
    h2: 'heading',
    h3: 'subheading',
    h4: 'subheading',
    h5: 'subheading',
    h6: 'subheading',
    pre: 'monospaced',
  } as const),
);
const LOOKS: ReadonlyMap<string, TextLook> = new Map(
  Object.entries({
    b: { bold: true },
    strong: { bold: true },
    i: { italic: true },
    em: { italic: true },
    u: { underlined: true },
    ins: { underlined: true },
    s: { struck: true },
    strike: { struck: true },
    del: { struck: true },
    sup: { raised: 'superscript' },
    sub: { raised: 'subscript' },
  } as const),
);
/** Elements that are left out with all that is in them. */
const IGNORED = new Set(['head', 'object', 'applet', 'svg', 'math', 'template', 'select', 'audio', 'video', 'canvas']);
const EMPTY = new Set([
  'br',
  'img',
  'hr',
  'input',
  'meta',
  'link',
  'base',
  'col',
  'embed',
  'wbr',
  'source',
  'area',
  'param',
]);
/** Nobody nests deeper; a hostile note would otherwise make every step slower than the one before. */
const MAX_OPEN = 200;

/** Reads a note of HTML. Whatever it is, something comes out: at worst its text. */
export function documentFromHtml(source: string): NoteDocument {
  const reader = new HtmlReader();
  for (const token of htmlTokens(source)) {
    if (token.kind === 'text') reader.text(token.text);
    else if (token.kind === 'open') reader.open(token.name, token.attributes);
    else reader.close(token.name);
  }
  return { paragraphs: reader.finish() };
}

interface OpenElement {
  readonly name: string;
  readonly look: TextLook;
  readonly style: ParagraphStyle;
  readonly list: 'bulleted' | 'numbered' | undefined;
  readonly indent: number;
  readonly quoted: boolean;
  readonly isIgnored: boolean;
}

const ROOT: OpenElement = {
  name: '',
  look: {},
  style: 'body',
  list: undefined,
  indent: -1,
  quoted: false,
  isIgnored: false,
};

class HtmlReader {
  readonly #paragraphs: NoteParagraph[] = [];
  readonly #elements: OpenElement[] = [ROOT];
  /** Those that stand in the text already: each stands there once. */
  readonly #objects = new Set<string>();
  #spans: NoteSpan[] = [];
  /** The style of the paragraph begun: that of the element its first text is in. */
  #block: OpenElement = ROOT;

  text(text: string): void {
    const element = this.#current();
    if (element.isIgnored) return;
    const isPre = element.style === 'monospaced';
    const lines = isPre ? text.split(/\r\n?|\n/) : [text.replace(/[ \t\r\n\f]+/g, ' ')];
    lines.forEach((line, i) => {
      if (i > 0) this.#end(true);
      this.#add(line.replaceAll('\u00A0', ' '), element);
    });
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const parent = this.#current();
    if (parent.isIgnored && EMPTY.has(name)) return;
    if (name === 'br') return this.#end(true);
    if (BLOCKS.has(name)) this.#end(false);
    else if (name === 'td' || name === 'th') this.#add(this.#spans.length > 0 ? '\t' : '', parent);
    if (name === 'img' || name === 'object') this.#object(attributes, parent);
    if (EMPTY.has(name) || this.#elements.length >= MAX_OPEN) return;
    this.#elements.push(elementOf(name, attributes, parent));
  }

  close(name: string): void {
    if (name === 'br') return this.#end(true);
    if (BLOCKS.has(name)) this.#end(false);
    const at = this.#elements.findLastIndex((element) => element.name === name);
    if (at > 0) this.#elements.length = at;
  }

  finish(): NoteParagraph[] {
    this.#end(false);
    return this.#paragraphs;
  }

  #current(): OpenElement {
    return this.#elements.at(-1) ?? ROOT;
  }

  #add(text: string, element: OpenElement): void {
    const isPre = element.style === 'monospaced';
    const last = this.#spans.at(-1);
    const endsInSpace = last === undefined || ('text' in last && /[ \t\n]$/.test(last.text));
    const kept = !isPre && endsInSpace ? text.replace(/^ +/, '') : text;
    if (kept === '') return;
    if (this.#spans.length === 0) this.#block = element;
    this.#spans.push({ ...element.look, text: kept });
  }

  /** A picture that came with the note. What lies elsewhere is not loaded, so that nobody learns who reads it. */
  #object(attributes: ReadonlyMap<string, string>, element: OpenElement): void {
    const address = attributes.get('src') ?? attributes.get('data') ?? '';
    const identifier = /^cid:(.+)$/i.exec(address.trim())?.[1];
    if (identifier === undefined || this.#objects.has(identifier)) return;
    this.#objects.add(identifier);
    if (this.#spans.length === 0) this.#block = element;
    this.#spans.push({ ...element.look, object: identifier, uti: undefined });
  }

  /** Ends the paragraph; one without content counts only where a line break has made it. */
  #end(isBreak: boolean): void {
    const spans = this.#trimmed();
    if (spans.length === 0 && !isBreak) return;
    const { style, list, indent, quoted } = spans.length === 0 ? this.#current() : this.#block;
    const isItem = list !== undefined && style === 'body';
    this.#paragraphs.push({
      style: isItem ? list : style,
      indent: isItem ? Math.max(0, indent) : 0,
      ...(quoted && { quoted: true }),
      spans,
    });
    this.#spans = [];
  }

  #trimmed(): NoteSpan[] {
    const spans = this.#spans;
    this.#spans = [];
    for (let last = spans.at(-1); last !== undefined && 'text' in last; last = spans.at(-1)) {
      const text = last.text.replace(/[ \t\n]+$/, '');
      if (text === last.text) break;
      if (text === '') spans.pop();
      else spans[spans.length - 1] = { ...last, text };
    }
    return spans;
  }
}

function elementOf(name: string, attributes: ReadonlyMap<string, string>, parent: OpenElement): OpenElement {
  const isList = name === 'ul' || name === 'ol';
  const link = name === 'a' ? attributes.get('href')?.trim() : undefined;
  const style = BLOCKS.get(name);
  return {
    name,
    look: { ...parent.look, ...LOOKS.get(name), ...(link && { link }) },
    style: style !== undefined && style !== 'body' ? style : parent.style,
    list: isList ? (name === 'ol' ? 'numbered' : 'bulleted') : parent.list,
    indent: parent.indent + (isList ? 1 : 0),
    quoted: parent.quoted || name === 'blockquote',
    isIgnored: parent.isIgnored || IGNORED.has(name),
  };
}
