import { fileURLToPath } from 'node:url';
import { openSync } from 'fontkit';
import { systemFonts } from './system-fonts.ts';

/** A stretch of text that one font can show. */
export interface FontRun {
  readonly text: string;
  readonly font: string;
}

/** The font that most text is set in. */
export const TEXT = 'text';
export const BOLD = 'bold';
const EMOJI = 'emoji';

/** Where the fonts that come along lie; written out, so that tools see what is needed. */
const PACKAGED = {
  [TEXT]: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
  [BOLD]: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
  [EMOJI]: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf')),
};

/** Text that DejaVu shows as a whole: Latin, Greek, Cyrillic and the punctuation between. */
const SIMPLE =
  /^[\x20-\x7E\u00A0-\u024F\u0370-\u0373\u0376\u0377\u037A-\u037F\u0384-\u03CE\u0400-\u045F\u2010-\u2022\u2026\u20AC]*$/;
/** What is not seen by itself: marks of direction, joiners, choices between forms of an emoji. */
const INVISIBLE = /\p{Cf}|[\uFE00-\uFE0F]/gu;
/** Holds together what is one emoji: the font needs it. */
const JOINER = '\u200D';
const IS_EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}|\uFE0F|[\u{1F1E6}-\u{1F1FF}]/u;
/** Stands for what no font can show. DejaVu has it. */
const MISSING = '□';
const segmenter = new Intl.Segmenter('en');

interface Face {
  readonly name: string;
  readonly has: (codePoint: number) => boolean;
}

/** Who takes fonts by name: a PDF document. */
export interface FontRegistry {
  registerFont(name: string, path: string, family?: string): unknown;
}

/** Chooses the font for each letter: those that come along, then those of this computer. */
export class Typefaces {
  /** Scripts of which something could not be shown. */
  readonly missing = new Set<string>();
  readonly #registry: FontRegistry;
  readonly #fontsHere: () => readonly string[];
  readonly #faces: Face[] = [];
  readonly #emoji: Face;
  /** The fonts of this computer that were not opened yet: few texts need them. */
  #others: string[] | undefined;
  readonly #chosen = new Map<string, Face | undefined>();

  /** @param fontsHere paths of the fonts of this computer. */
  constructor(registry: FontRegistry, fontsHere: () => readonly string[] = systemFonts) {
    this.#registry = registry;
    this.#fontsHere = fontsHere;
    const [text, emoji] = [this.#open(TEXT, PACKAGED[TEXT]), this.#open(EMOJI, PACKAGED[EMOJI])];
    this.#registry.registerFont(BOLD, PACKAGED[BOLD]);
    this.#faces.push(...text);
    const [face] = emoji;
    if (face === undefined) throw new TypeError('the font for emoji is damaged');
    this.#emoji = face;
  }

  /** Cuts text where the font changes. @param preferred for what it has: `TEXT` or `BOLD`. */
  runs(text: string, preferred: string = TEXT): FontRun[] {
    if (SIMPLE.test(text)) return text === '' ? [] : [{ text, font: preferred }];
    const runs: { text: string; font: string }[] = [];
    for (const { segment } of segmenter.segment(text)) {
      const shown = segment.replace(INVISIBLE, (each) => (each === JOINER ? each : ''));
      if (shown === '' || shown === JOINER) continue;
      const face = this.#faceFor(shown);
      const font = face === undefined ? preferred : face.name === TEXT ? preferred : face.name;
      const letters = face === undefined ? MISSING : shown;
      const last = runs.at(-1);
      if (last !== undefined && last.font === font) last.text += letters;
      else runs.push({ text: letters, font });
    }
    return runs;
  }

  #faceFor(letter: string): Face | undefined {
    if (this.#chosen.has(letter)) return this.#chosen.get(letter);
    const face = this.#find(letter);
    if (face === undefined) this.missing.add(scriptOf(letter));
    if (this.#chosen.size < 100_000) this.#chosen.set(letter, face);
    return face;
  }

  #find(letter: string): Face | undefined {
    const codePoints = Array.from(letter.replaceAll(JOINER, ''), (each) => each.codePointAt(0) ?? 0);
    const canShow = ({ has }: Face): boolean => codePoints.every(has);
    if (IS_EMOJI.test(letter) && canShow(this.#emoji)) return this.#emoji;
    const known = this.#faces.find(canShow) ?? (canShow(this.#emoji) ? this.#emoji : undefined);
    if (known !== undefined) return known;
    this.#others ??= [...this.#fontsHere()];
    for (let path = this.#others.shift(); path !== undefined; path = this.#others.shift()) {
      const opened = this.#open(`other ${this.#faces.length}`, path);
      this.#faces.push(...opened);
      const face = opened.find(canShow);
      if (face !== undefined) return face;
    }
    return undefined;
  }

  #open(name: string, path: string): Face[] {
    const font = coverageOf(path);
    if (font === undefined) return [];
    this.#registry.registerFont(name, path, font.nameInCollection);
    return [{ name, has: font.has }];
  }
}

interface Coverage {
  readonly has: (codePoint: number) => boolean;
  /** Of a collection the first font speaks for all: they have the same letters. */
  readonly nameInCollection: string | undefined;
}

/** By path: the same few fonts serve all conversations. */
const coverages = new Map<string, Coverage | undefined>();

/** What a font can show; undefined when it is damaged. */
function coverageOf(path: string): Coverage | undefined {
  if (!coverages.has(path)) coverages.set(path, readCoverage(path));
  return coverages.get(path);
}

function readCoverage(path: string): Coverage | undefined {
  try {
    const opened = openSync(path);
    const font = 'fonts' in opened ? opened.fonts[0] : opened;
    if (font === undefined) return undefined;
    const nameInCollection = 'fonts' in opened ? (font.postscriptName ?? undefined) : undefined;
    const letters = new Set(font.characterSet);
    return { has: (codePoint) => letters.has(codePoint), nameInCollection };
  } catch {
    // Whatever a font of this computer does wrong, there may be another.
    return undefined;
  }
}

const SCRIPTS = (
  'Arabic Hebrew Devanagari Bengali Tamil Telugu Thai Khmer Georgian Armenian Ethiopic Han Hiragana Katakana Hangul ' +
  'Gujarati Gurmukhi Kannada Malayalam Sinhala Lao Tibetan Myanmar'
)
  .split(' ')
  .map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);

const scriptOf = (letter: string): string =>
  IS_EMOJI.test(letter) ? 'emoji' : (SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? 'symbols');
