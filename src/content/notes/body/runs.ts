import { decodeProtobuf, type ProtobufMessage } from '../../../formats/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import type { Highlight, NoteParagraph, ParagraphStyle, TextLook } from './document.ts';

/** How a stretch of the text looks. */
export interface Run {
  /** In UTF-16 units, as NSString counts. */
  readonly length: number;
  readonly look: TextLook;
  readonly paragraph: ParagraphLook;
  readonly object: { readonly identifier: string; readonly uti: string | undefined } | undefined;
}

export type ParagraphLook = Omit<NoteParagraph, 'spans'>;

export const PLAIN_LOOK: TextLook = {};
export const PLAIN_PARAGRAPH: ParagraphLook = { style: 'body', indent: 0 };

const STYLES: ReadonlyMap<number, ParagraphStyle> = new Map([
  [0, 'title'],
  [1, 'heading'],
  [2, 'subheading'],
  [4, 'monospaced'],
  [100, 'bulleted'],
  [101, 'dashed'],
  [102, 'numbered'],
  [103, 'checklist'],
]);
const ALIGNMENTS: ReadonlyMap<number, NonNullable<NoteParagraph['alignment']>> = new Map([
  [1, 'center'],
  [2, 'right'],
  [3, 'justified'],
]);
const HIGHLIGHTS: ReadonlyMap<number, Highlight> = new Map([
  [1, 'purple'],
  [2, 'pink'],
  [3, 'orange'],
  [4, 'mint'],
  [5, 'blue'],
]);
const BOLD = 1;
const ITALIC = 2;
/** Notes itself stops at a handful; what is beyond would only be moved off the page. */
const MAX_INDENT = 32;

/** Reads runs. One that is damaged ends the reading: where the next begins is not known then. */
export function runsOf(encoded: Iterable<Uint8Array>): { runs: Run[]; isDamaged: boolean } {
  const runs: Run[] = [];
  try {
    for (const bytes of encoded) runs.push(runOf(decodeProtobuf(bytes)));
    return { runs, isDamaged: false };
  } catch (error) {
    if (error instanceof FormatError) return { runs, isDamaged: true };
    throw error;
  }
}

function runOf(run: ProtobufMessage): Run {
  const attachment = run.message(12);
  const identifier = attachment?.text(1);
  const object = identifier === undefined ? undefined : { identifier, uti: attachment?.text(2) };
  return {
    length: Math.max(0, run.signed(1) ?? 0),
    look: lookOf(run),
    paragraph: paragraphLookOf(run.message(2)),
    object,
  };
}

function lookOf(run: ProtobufMessage): TextLook {
  const weight = run.signed(5) ?? run.message(3)?.signed(3) ?? 0;
  const raised = run.signed(8) ?? 0;
  const highlight = HIGHLIGHTS.get(run.signed(14) ?? 0);
  const colour = colourOf(run.message(10));
  const link = run.text(9);
  return {
    ...(weight & BOLD && { bold: true }),
    ...(weight & ITALIC && { italic: true }),
    ...(run.signed(6) && { underlined: true }),
    ...(run.signed(7) && { struck: true }),
    ...(raised !== 0 && { raised: raised > 0 ? 'superscript' : 'subscript' }),
    ...(highlight && { highlight }),
    ...(colour && { colour }),
    ...(link && { link }),
  };
}

/** Four reals from 0 to 1: red, green, blue and how opaque it is. */
function colourOf(colour: ProtobufMessage | undefined): string | undefined {
  if (colour === undefined) return undefined;
  const parts = [1, 2, 3].map((field) => {
    const level = colour.float(field) ?? 0;
    const byte = Number.isFinite(level) ? Math.round(Math.min(1, Math.max(0, level)) * 255) : 0;
    return byte.toString(16).toUpperCase().padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** Style (1), alignment (2), indent (4), checklist item (5: id, done), number to begin with (7), block quote (8). */
function paragraphLookOf(paragraph: ProtobufMessage | undefined): ParagraphLook {
  if (paragraph === undefined) return PLAIN_PARAGRAPH;
  const style = STYLES.get(paragraph.signed(1) ?? -1) ?? 'body';
  const alignment = ALIGNMENTS.get(paragraph.signed(2) ?? 0);
  const startsAt = paragraph.signed(7) ?? 0;
  return {
    style,
    indent: Math.min(MAX_INDENT, Math.max(0, paragraph.signed(4) ?? 0)),
    ...((paragraph.signed(8) ?? 0) > 0 && { quoted: true }),
    ...(alignment && { alignment }),
    ...(style === 'checklist' && { checked: (paragraph.message(5)?.signed(2) ?? 0) !== 0 }),
    ...(style === 'numbered' && startsAt > 1 && { startsAt }),
  };
}
