import { corruptList } from '../lists/list-errors.ts';
import { giveBack } from '../zstd-frame.ts';
import type { OwnedText } from '../lists/list-source.ts';
import { compareKeys } from './diff-lines.ts';
import { NamedObjectsBuilder, type NamedObjects } from './named-objects.ts';

const NEWLINE = 0x0a;

/** What a list names that the one before it in the chain does not. */
export interface ListReferences extends NamedObjects {
  readonly sha256: string;
}

/** Lines of a list that follow each other, and which of them the list before does not have. */
export interface Stretch extends OwnedText {
  /** Where in the text that lists are packed against the lines end that are likely to be like the last of these. */
  readonly end: number;
  /** Where lines begin that the list before does not have, in order. */
  readonly added: readonly number[] | 'all';
}

/** A list that waits to be compared with the next one. Every line is taken out of it once. */
export class OpenList {
  readonly sha256: string;
  /** The list whose text `end` of every stretch is a place in. */
  readonly base: string;
  #stretches: Stretch[] = [];
  readonly #found = new NamedObjectsBuilder();

  constructor(sha256: string, base: string) {
    this.sha256 = sha256;
    this.base = base;
  }

  /** @throws {AppError} SNAPSHOT_CORRUPT when the lines do not end with a line */
  add(stretch: Stretch): void {
    const { text } = stretch;
    if (text.at(-1) !== NEWLINE) throw corruptList(this.sha256, 'it is cut in the middle of a line');
    this.#stretches.push(stretch);
  }

  /** Where stretches end in the text of a base; none where it is another one. */
  placesIn(base: string): number[] {
    return base === this.base ? this.#stretches.map(({ end }) => end) : [];
  }

  /**
   * Hands over the lines that are to be compared with a text of the next list, as one. Of a list with the same base those up
   * to the same place of it, of others all that do not sort after the text's last line.
   *
   * @returns undefined where that cannot be told: more of the next list is to be compared with more of this one.
   */
  takeLike({ text, end }: Pick<Stretch, 'text' | 'end'>, base: string): Stretch | undefined {
    if (base !== this.base) return this.#takeUpTo(text);
    const count = this.#stretches.findIndex((stretch) => stretch.end >= end) + 1;
    const last = this.#stretches[count - 1];
    return last && this.#take(count, last.text.length - (last.end - end));
  }

  /** @param other a text whose last line is the last to be compared. */
  #takeUpTo(other: Buffer): Stretch | undefined {
    for (const [whole, { text }] of this.#stretches.entries()) {
      const bytes = linesUpTo(text, other);
      if (bytes === text.length) continue;
      return bytes === 0
        ? this.#take(whole, this.#stretches[whole - 1]?.text.length ?? 0)
        : this.#take(whole + 1, bytes);
    }
    return this.takeAll();
  }

  /** @param at where the last of so many stretches is to be cut: only the very text of a base can be. */
  #take(count: number, at: number): Stretch | undefined {
    const last = this.#stretches[count - 1];
    if (last === undefined || at <= 0 || at > last.text.length) return undefined;
    if (at === last.text.length) return joined(this.#stretches.splice(0, count));
    if (last.isOwn || last.text[at - 1] !== NEWLINE) return undefined;
    const [head, tail] = splitAt(last, at);
    return joined([...this.#stretches.splice(0, count, tail).slice(0, -1), head]);
  }

  takeAll(): Stretch | undefined {
    return this.#stretches.length === 0 ? undefined : joined(this.#stretches.splice(0));
  }

  /**
   * Tells what lines name that have been taken out, and gives their memory back.
   *
   * @param gone where lines begin that the next list does not have, in order.
   * @throws {AppError} SNAPSHOT_CORRUPT
   */
  tell(stretch: Stretch, gone: readonly number[] | 'all'): void {
    const { text, added } = stretch;
    // It would look like a list that names nothing, and what it names like garbage.
    if (text.buffer instanceof ArrayBuffer && text.buffer.detached) throw new Error('memory was given back too early');
    let atGone = 0;
    const isGone = (start: number): boolean => {
      if (gone === 'all') return true;
      while ((gone[atGone] ?? Infinity) < start) atGone++;
      return gone[atGone] === start;
    };
    const add = (start: number): number => {
      const next = this.#found.addLine(text, start, isGone(start));
      if (next === undefined) throw corruptList(this.sha256, 'a line names no object');
      return next;
    };
    if (added === 'all') for (let start = 0; start < text.length;) start = add(start);
    else for (const start of added) add(start);
    release(stretch);
  }

  /** What is left has no counterpart in the next list. @throws {AppError} SNAPSHOT_CORRUPT */
  finish(): ListReferences {
    for (const stretch of this.#stretches.splice(0)) this.tell(stretch, 'all');
    return { ...this.#found.finish(), sha256: this.sha256 };
  }
}

function joined(stretches: readonly Stretch[]): Stretch {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('there is nothing to be put together');
  if (first === last) return first;
  const text = joinedText(stretches);
  const added = stretches.every((each) => each.added === 'all') ? 'all' : allAdded(stretches);
  for (const each of stretches) release(each);
  return { text, isOwn: true, end: last.end, added };
}

/** Text that follows each other: that of one as it is, of several with memory of its own. */
export function joinedText(texts: readonly OwnedText[]): Buffer {
  const [first] = texts;
  return first !== undefined && texts.length === 1 ? first.text : Buffer.concat(texts.map(({ text }) => text));
}

function allAdded(stretches: readonly Stretch[]): number[] {
  const all: number[] = [];
  let offset = 0;
  for (const { text, added } of stretches) {
    for (const start of added === 'all' ? linesOf(text) : added) all.push(offset + start);
    offset += text.length;
  }
  return all;
}

function* linesOf(text: Buffer): Generator<number> {
  for (let start = 0; start < text.length; start = text.indexOf(NEWLINE, start) + 1) yield start;
}

function splitAt({ text, isOwn, end, added }: Stretch, at: number): [Stretch, Stretch] {
  const middle = added === 'all' ? 0 : firstNotBefore(added, at);
  return [
    {
      text: text.subarray(0, at),
      isOwn,
      end: end - (text.length - at),
      added: added === 'all' ? added : added.slice(0, middle),
    },
    {
      text: text.subarray(at),
      isOwn,
      end,
      added: added === 'all' ? added : added.slice(middle).map((start) => start - at),
    },
  ];
}

/** How many bytes of a text the lines have that do not sort after the last one of another. */
function linesUpTo(text: Buffer, other: Buffer): number {
  const lastLine = other.lastIndexOf(NEWLINE, -2) + 1;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = middle === low ? low : Math.max(low, text.lastIndexOf(NEWLINE, middle - 1) + 1);
    if (compareKeys(text, line, other, lastLine) <= 0) low = text.indexOf(NEWLINE, line) + 1;
    else high = line;
  }
  return low;
}

function firstNotBefore(starts: readonly number[], at: number): number {
  const found = starts.findIndex((start) => start >= at);
  return found < 0 ? starts.length : found;
}

function release({ text, isOwn }: OwnedText): void {
  if (isOwn) giveBack(text);
}
