import type { Note, Notes } from '../../content/index.ts';
import type { ExportSummary } from '../kind.ts';
import type { TakenFiles } from './taken-files.ts';

/** Counts what was taken out, and what could not be and why. */
export class Tally {
  readonly #notes: Notes;
  readonly #locked = new Map<string, number>();
  readonly #problems = new Map<string, number>();
  readonly #files = new Map<string, number>();
  #items = 0;
  #leftOut = 0;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  count({ lock, problem }: Note): void {
    this.#items++;
    if (lock && lock.state !== 'open') add(this.#locked, lock.state);
    else if (problem) add(this.#problems, problem);
  }

  /** A note that was thrown away and not asked for. */
  leftOut(): void {
    this.#leftOut++;
  }

  countFiles(files: ReadonlyMap<string, TakenFiles>): void {
    for (const { file, picture, pages } of files.values()) {
      const states = [file, picture, pages].filter((each) => each !== undefined).map(({ state }) => state);
      if (states.length > 0 && !states.includes('written')) add(this.#files, states[0] ?? 'not-in-backup');
    }
  }

  summary(startPage?: string): ExportSummary {
    const locked = this.#locked;
    const sentences: [number, (count: string, isOne: boolean) => string][] = [
      [
        of(locked, 'no-password'),
        (n, one) => `${n} ${one ? 'is' : 'are'} locked: give the password of the notes to open ${one ? 'it' : 'them'}.`,
      ],
      [of(locked, 'wrong-password'), (n, one) => `${n} ${one ? 'is' : 'are'} locked with another password.`],
      [
        of(locked, 'device-passcode'),
        (n, one) =>
          `${n} ${one ? 'is' : 'are'} locked with the passcode of the device, which alone can open ${one ? 'it' : 'them'}.`,
      ],
      [
        of(locked, 'key-missing', 'damaged'),
        (n, one) => `${n} ${one ? 'is' : 'are'} locked, and what opens ${one ? 'it' : 'them'} is missing or damaged.`,
      ],
      [of(this.#problems, 'unreadable'), (n) => `${n} could not be read: what was stored is damaged.`],
      [
        of(this.#problems, 'formatting-damaged'),
        (n, one) => `${n} lost part of ${one ? 'its' : 'their'} formatting, which is damaged.`,
      ],
      [
        of(this.#problems, 'not-downloaded'),
        (n, one) => `${n} ${one ? 'was' : 'were'} only in iCloud when the backup was made.`,
      ],
      [this.#leftOut, (n, one) => `${n} ${one ? 'was' : 'were'} thrown away and left out.`],
    ];
    const notes = sentences
      .filter(([count]) => count > 0)
      .map(([count, say]) => say(count === 1 ? '1 note' : `${count} notes`, count === 1));
    const missing = of(this.#files, 'not-in-backup');
    if (missing > 0) notes.push(`Attachments that are not in this backup: ${missing}.`);
    const closed = of(this.#files, 'locked', 'damaged');
    if (closed > 0) notes.push(`Attachments that are locked or damaged: ${closed}.`);
    const smart = this.#notes.folders.filter(({ isSmart }) => isSmart).map(({ name }) => `“${name}”`);
    if (smart.length > 0) notes.push(`Smart folders show notes of other folders and hold none: ${smart.join(', ')}.`);
    return { items: this.#items, notes, ...(startPage !== undefined && { startPage }) };
  }
}

const of = (counts: ReadonlyMap<string, number>, ...names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
