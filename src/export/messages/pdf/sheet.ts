import Pdf from 'pdfkit';
import { flatPng, isPng } from './flat-png.ts';
import { Typefaces } from './typefaces.ts';
import { Typesetter, type Line, type TextStyle } from './typesetting.ts';

/** Points, of which an inch has 72. A4 with margins for a hole punch. */
const MARGIN = { left: 56, right: 50, top: 62, bottom: 56 };
const HEAD_SIZE = 8;
const LINE_HEIGHT = 1.32;

export const INK = { text: '#1d1d1f', quiet: '#5f5f64', line: '#d5d5d9' } as const;

export interface DrawnText {
  readonly lines: readonly Line[];
  readonly style: TextStyle;
}

export interface TextPlace {
  readonly x: number;
  readonly width: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly color?: string;
}

export interface Picture {
  readonly image: PDFKit.Mixins.ImageSrc & { width: number; height: number; orientation?: number };
  readonly width: number;
  readonly height: number;
}

/** Pages one after the other, written from the top down, each with what it is a page of and its number. */
export class Sheet {
  readonly document: PDFKit.PDFDocument;
  readonly typefaces: Typefaces;
  readonly typesetter: Typesetter;
  readonly left = MARGIN.left;
  readonly right: number;
  /** How far down the page is written. */
  y = MARGIN.top;
  readonly #head: string;
  readonly #bottom: number;
  #pages = 0;

  /** @param head stands at the top of every page. */
  constructor(head: string, facts: { title: string; createdAt: Date; language?: string }) {
    this.document = new Pdf({
      size: 'A4',
      autoFirstPage: false,
      // What is beyond the margin does not begin a new page by itself.
      margin: 0,
      lang: facts.language ?? 'en',
      info: { Title: facts.title, Creator: 'Holdfast', CreationDate: facts.createdAt },
    });
    this.typefaces = new Typefaces(this.document);
    this.typesetter = new Typesetter(this.document, this.typefaces);
    this.#head = head;
    this.document.addPage();
    this.right = this.document.page.width - MARGIN.right;
    this.#bottom = this.document.page.height - MARGIN.bottom;
    this.#dress();
  }

  get width(): number {
    return this.right - this.left;
  }

  /** What is left of the page. */
  get room(): number {
    return this.#bottom - this.y;
  }

  /** The most that fits on a page. */
  get fullRoom(): number {
    return this.#bottom - MARGIN.top;
  }

  /** Goes on on a new page unless there is room for this height. */
  need(height: number): void {
    if (height > this.room && this.y > MARGIN.top) this.nextPage();
  }

  nextPage(): void {
    this.document.addPage();
    this.y = MARGIN.top;
    this.#dress();
  }

  set(text: string, style: TextStyle, width: number): DrawnText {
    return { lines: this.typesetter.lines(text, style, width), style };
  }

  static heightOf({ lines, style }: DrawnText): number {
    return lines.length * style.size * LINE_HEIGHT;
  }

  /** Draws lines at a place; `y` is where they begin. The page is not turned. */
  draw({ lines, style }: DrawnText, place: TextPlace, y: number): void {
    const { document } = this;
    const lineHeight = style.size * LINE_HEIGHT;
    document.fillColor(place.color ?? INK.text);
    lines.forEach(({ pieces, width, fromRight }, i) => {
      const align = place.align ?? (fromRight ? 'right' : 'left');
      const free = place.width - width;
      let x = place.x + (align === 'left' ? 0 : align === 'right' ? free : free / 2);
      for (const piece of pieces) {
        // Fonts differ in height; their baselines have to meet.
        const font = document.font(piece.font, style.size);
        const top = y + i * lineHeight;
        font.text(piece.text, x, top + style.size * 0.95, { lineBreak: false, baseline: 'alphabetic' });
        x += piece.width;
      }
    });
  }

  /** A picture to be drawn, and its size the right way up; undefined when it is no JPEG or PNG, or damaged. */
  openPicture(bytes: Buffer): Picture | undefined {
    const safe = isPng(bytes) ? flatPng(bytes) : bytes;
    if (safe === undefined) return undefined;
    try {
      // Public and documented, but missing from the types of pdfkit.
      const opener = this.document as unknown as { openImage(bytes: Buffer): Picture['image'] };
      const image = opener.openImage(safe);
      const isTurned = (image.orientation ?? 1) > 4;
      return { image, width: isTurned ? image.height : image.width, height: isTurned ? image.width : image.height };
    } catch {
      // It throws errors, but also plain strings, on pictures it cannot read.
      return undefined;
    }
  }

  #dress(): void {
    const style = { size: HEAD_SIZE };
    const { page } = this.document;
    const width = this.right - this.left || page.width - MARGIN.left - MARGIN.right;
    const head = { x: this.left, width, color: INK.quiet };
    const [line] = this.set(this.#head, style, width).lines;
    if (line !== undefined) this.draw({ lines: [line], style }, head, 30);
    const number = this.set(String(++this.#pages), style, 60);
    this.draw(number, { ...head, align: 'center' }, page.height - 36);
    this.document
      .moveTo(this.left, 45)
      .lineTo(this.left + width, 45)
      .lineWidth(0.5)
      .strokeColor(INK.line)
      .stroke();
  }
}
