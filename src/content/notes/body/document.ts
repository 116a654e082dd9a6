/** What a note says, free of the format it was stored in: paragraphs of text and of objects that stand in the text. */

export type ParagraphStyle =
  | 'title'
  | 'heading'
  | 'subheading'
  | 'body'
  | 'monospaced'
  | 'bulleted'
  | 'dashed'
  | 'numbered'
  | 'checklist';

/** The colours a marker has, since iOS 18. */
export type Highlight = 'purple' | 'pink' | 'orange' | 'mint' | 'blue';

/** How text looks. What is not there is as usual. */
export interface TextLook {
  readonly bold?: true;
  readonly italic?: true;
  readonly underlined?: true;
  readonly struck?: true;
  readonly raised?: 'superscript' | 'subscript';
  readonly highlight?: Highlight;
  /** "#RRGGBB" */
  readonly colour?: string;
  /** Where it leads, as it was stored: check it before making a link of it. */
  readonly link?: string;
}

export interface TextSpan extends TextLook {
  /** Line breaks within a paragraph are `\n`. */
  readonly text: string;
}

/** Something that stands in the text: a picture, a table, a hashtag. */
export interface ObjectSpan extends TextLook {
  /** The identifier of the attachment. */
  readonly object: string;
  /** Its uniform type identifier, as the text has it. */
  readonly uti: string | undefined;
}

export type NoteSpan = TextSpan | ObjectSpan;

export interface NoteParagraph {
  readonly style: ParagraphStyle;
  /** How far it is moved in, in steps; 0 is not at all. */
  readonly indent: number;
  /** A block quote, since iOS 17. */
  readonly quoted?: true;
  readonly alignment?: 'center' | 'right' | 'justified';
  /** Of items of a checklist. */
  readonly checked?: boolean;
  /** Of the first item of a numbered list that does not begin with 1. */
  readonly startsAt?: number;
  readonly spans: readonly NoteSpan[];
}

export interface NoteDocument {
  readonly paragraphs: readonly NoteParagraph[];
  /** Why the formatting is not all there: the text is. */
  readonly problem?: 'formatting-damaged';
}

export const EMPTY_DOCUMENT: NoteDocument = { paragraphs: [] };

/** The identifiers of the objects in a document, in order, each once. */
export function objectsIn({ paragraphs }: NoteDocument): string[] {
  const found = new Set<string>();
  for (const { spans } of paragraphs) {
    for (const span of spans) if ('object' in span) found.add(span.object);
  }
  return [...found];
}
