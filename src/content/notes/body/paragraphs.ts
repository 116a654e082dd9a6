import type { NoteParagraph, NoteSpan, TextLook, TextSpan } from './document.ts';
import { PLAIN_LOOK, PLAIN_PARAGRAPH, type ParagraphLook, type Run } from './runs.ts';

/** The character that stands for an object. */
const OBJECT = '\uFFFC';
/** What ends a paragraph, as NSString has it. */
const PARAGRAPH_END = /\r\n|[\n\r\u2029]/g;
/** What breaks a line within a paragraph. */
const LINE_BREAK = /[\u2028\u0085\v\f]/g;
/** Characters that belong to the one before them: marks, joiners, variation selectors, skin tones. */
const BELONGS_TO_PREVIOUS = /^[\p{M}\p{Emoji_Modifier}\u200D]/u;

/**
 * Cuts a text into its paragraphs and these into stretches that look the same. Text that no run covers is plain. An
 * object stands in the text once: where it is named again, a hostile note asks for it a million times.
 */
export function paragraphsOf(text: string, runs: readonly Run[]): NoteParagraph[] {
  const stretches = stretchesOf(text, runs);
  const paragraphs: NoteParagraph[] = [];
  const objects = new Set<string>();
  let next = 0;
  for (const { start, end, resume } of linesOf(text)) {
    while ((stretches[next]?.end ?? Number.POSITIVE_INFINITY) <= start && next + 1 < stretches.length) next++;
    const look = stretches[next]?.run?.paragraph ?? PLAIN_PARAGRAPH;
    const spans = new SpanList(objects);
    for (let i = next; i < stretches.length; i++) {
      const stretch = stretches[i];
      if (stretch === undefined || stretch.start >= end) break;
      spans.add(text.slice(Math.max(start, stretch.start), Math.min(end, stretch.end)), stretch.run);
    }
    paragraphs.push(paragraphOf(look, spans.spans));
    if (resume >= text.length) break;
  }
  return paragraphs;
}

const paragraphOf = (look: ParagraphLook, spans: readonly NoteSpan[]): NoteParagraph => ({ ...look, spans });

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly run: Run | undefined;
}

/** Runs by where they begin and end. A border within a character that is seen as one moves behind it. */
function stretchesOf(text: string, runs: readonly Run[]): Stretch[] {
  const stretches: Stretch[] = [];
  let counted = 0;
  let start = 0;
  for (const run of runs) {
    counted = Math.min(text.length, counted + run.length);
    if (counted <= start) continue;
    const end = borderAt(text, counted);
    stretches.push({ start, end, run });
    start = end;
  }
  if (start < text.length) stretches.push({ start, end: text.length, run: undefined });
  return stretches;
}

function borderAt(text: string, wanted: number): number {
  let border = wanted;
  while (border > 0 && border < text.length && isWithinCharacter(text, border)) border++;
  return border;
}

function isWithinCharacter(text: string, border: number): boolean {
  const code = text.charCodeAt(border);
  if (code < 0x300) return false;
  const previous = text.charCodeAt(border - 1);
  if (previous >= 0xd800 && previous <= 0xdbff && code >= 0xdc00 && code <= 0xdfff) return true;
  // A joiner takes the emoji after it along.
  return previous === 0x200d || BELONGS_TO_PREVIOUS.test(text.slice(border, border + 2));
}

/** Where each line begins, where its text ends and where the next one begins. */
function* linesOf(text: string): Generator<{ start: number; end: number; resume: number }, undefined> {
  let start = 0;
  for (const match of text.matchAll(PARAGRAPH_END)) {
    yield { start, end: match.index, resume: match.index + match[0].length };
    start = match.index + match[0].length;
  }
  if (start < text.length) yield { start, end: text.length, resume: text.length };
}

/** Spans of one paragraph; what looks like the one before it is joined to it. */
class SpanList {
  readonly spans: NoteSpan[] = [];
  readonly #objects: Set<string>;

  /** @param objects those that stand in the text already. */
  constructor(objects: Set<string>) {
    this.#objects = objects;
  }

  add(text: string, run: Run | undefined): void {
    const look = run?.look ?? PLAIN_LOOK;
    const object = run?.object;
    const parts = text.split(OBJECT);
    parts.forEach((part, i) => {
      if (i > 0 && object && !this.#objects.has(object.identifier)) {
        this.#objects.add(object.identifier);
        this.spans.push({ ...look, object: object.identifier, uti: object.uti });
      }
      if (part !== '') this.#addText(part.replaceAll(LINE_BREAK, '\n'), look);
    });
  }

  #addText(text: string, look: TextLook): void {
    const last = this.spans.at(-1);
    if (last !== undefined && 'text' in last && looksLike(last, look)) {
      this.spans[this.spans.length - 1] = { ...look, text: last.text + text };
    } else this.spans.push({ ...look, text });
  }
}

function looksLike(span: TextSpan, look: TextLook): boolean {
  return (
    span.bold === look.bold &&
    span.italic === look.italic &&
    span.underlined === look.underlined &&
    span.struck === look.struck &&
    span.raised === look.raised &&
    span.highlight === look.highlight &&
    span.colour === look.colour &&
    span.link === look.link
  );
}
