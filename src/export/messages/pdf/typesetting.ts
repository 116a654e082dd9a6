import { runsFromRight, visualOrder } from './reading-order.ts';
import { BOLD, TEXT, type FontRun, type Typefaces } from './typefaces.ts';

/** A piece of a line: letters of one font. */
interface Piece extends FontRun {
  readonly width: number;
}

export interface Line {
  /** From left to right, as they stand on the page. */
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly fromRight: boolean;
}

export interface TextStyle {
  readonly size: number;
  readonly isBold?: boolean;
}

/** What measures text: the document, by the font that is set. */
export interface Measurer {
  font(name: string, size: number): Measurer;
  widthOfString(text: string): number;
}

/** Words and what is between them; where a break is allowed in scripts without spaces, too. */
const words = new Intl.Segmenter('en', { granularity: 'word' });
const letters = new Intl.Segmenter('en');

/** Breaks text into lines of at most a width, in the order of reading. Measures and never draws. */
export class Typesetter {
  readonly #measurer: Measurer;
  readonly #typefaces: Typefaces;

  constructor(measurer: Measurer, typefaces: Typefaces) {
    this.#measurer = measurer;
    this.#typefaces = typefaces;
  }

  lines(text: string, style: TextStyle, maxWidth: number): Line[] {
    return text
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .flatMap((paragraph) => this.#paragraph(paragraph.replaceAll('\t', '    '), style, maxWidth));
  }

  #paragraph(text: string, style: TextStyle, maxWidth: number): Line[] {
    const whole = this.#pieces(text, style);
    const fromRight = runsFromRight(text);
    if (widthOf(whole) <= maxWidth && (whole.length < 2 || !fromRight)) {
      return [lineOf(this.#ordered(text, whole, style, fromRight), fromRight)];
    }
    const lines: Line[] = [];
    let line: Piece[] = [];
    let width = 0;
    for (const { segment } of words.segment(text)) {
      for (const pieces of this.#fitting(segment, style, maxWidth)) {
        const added = widthOf(pieces);
        if (width + added > maxWidth && line.length > 0 && segment.trim() !== '') {
          lines.push(this.#line(line, fromRight));
          [line, width] = [[], 0];
        }
        if (line.length === 0 && lines.length > 0 && segment.trim() === '') continue;
        line.push(...pieces);
        width += added;
      }
    }
    lines.push(this.#line(line, fromRight));
    return lines;
  }

  /** A text that fits keeps its runs, unless the order of its words is not that of their letters. */
  #ordered(text: string, whole: readonly Piece[], style: TextStyle, fromRight: boolean): readonly Piece[] {
    const single = [...words.segment(text)].flatMap(({ segment }) => this.#pieces(segment, style));
    const ordered = visualOrder(single, fromRight);
    return ordered.every((piece, i) => piece === single[i]) ? whole : ordered;
  }

  #line(pieces: readonly Piece[], fromRight: boolean): Line {
    const end = pieces.findLastIndex(({ text }) => text.trim() !== '');
    return lineOf(visualOrder(pieces.slice(0, end + 1), fromRight), fromRight);
  }

  /** A word that is wider than a line, an address say, is cut between letters. */
  #fitting(word: string, style: TextStyle, maxWidth: number): Piece[][] {
    const pieces = this.#pieces(word, style);
    if (widthOf(pieces) <= maxWidth) return [pieces];
    const cut: Piece[][] = [];
    let part = '';
    for (const { segment } of letters.segment(word)) {
      if (part !== '' && widthOf(this.#pieces(part + segment, style)) > maxWidth) {
        cut.push(this.#pieces(part, style));
        part = '';
      }
      part += segment;
    }
    cut.push(this.#pieces(part, style));
    return cut;
  }

  #pieces(text: string, { size, isBold }: TextStyle): Piece[] {
    const runs = this.#typefaces.runs(text, isBold === true ? BOLD : TEXT);
    return runs.map((run) => ({ ...run, width: this.#measurer.font(run.font, size).widthOfString(run.text) }));
  }
}

const widthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { width }) => sum + width, 0);

const lineOf = (pieces: readonly Piece[], fromRight: boolean): Line => ({ pieces, width: widthOf(pieces), fromRight });
