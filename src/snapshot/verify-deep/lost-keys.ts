import type { MbFile } from '../mb-file/mb-file.ts';
import type { DeepFinding, FileFinding, GroupFinding, NamedFile } from './events.ts';

/** From here on many files have one reason, not each its own. */
const GROUP_FILES = 10;
const EXAMPLES = 20;
/** Kept to be named one by one, should nothing show a common cause. */
const MAX_HELD = 5000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Days since 1970 that files of phones can have been changed on; what is beyond has no date worth counting. */
const MAX_DAY = 100_000;
/** How likely the pattern of ages may be by chance. */
const MAX_CHANCE = 0.001;

/**
 * Tells files that were encrypted under keys which are lost from files that are damaged each by itself.
 *
 * When the very first encrypted backup of a device breaks off before its keybag is stored, the next one goes on from
 * the files that are there, under a keybag of its own. It looks finished, and so do all later ones, but the early
 * files stay what they are: readable to nobody. They give themselves away by being many, and older than all others.
 */
export class LostKeys {
  readonly #held: FileFinding[] = [];
  readonly #examples: NamedFile[] = [];
  #files = 0;
  #bytes = 0;
  #isAnyIntact = false;
  readonly #lostByDay = new Map<number, number>();
  readonly #readableByDay = new Map<number, number>();

  readable(details: MbFile): void {
    count(this.#readableByDay, dayOf(details));
  }

  /**
   * @param isIntact its stored bytes are known to be those the phone sent, or its key is: so it is not damage on a disk.
   */
  add(finding: FileFinding, details: MbFile, storedBytes: number, isIntact: boolean): void {
    this.#files++;
    this.#bytes += storedBytes;
    this.#isAnyIntact ||= isIntact;
    count(this.#lostByDay, dayOf(details));
    if (this.#held.length < MAX_HELD) this.#held.push(finding);
    if (this.#examples.length < EXAMPLES) this.#examples.push(finding.file);
  }

  get files(): number {
    return this.#files;
  }

  /** One finding for all where they are many and so of one cause, else each by itself. */
  findings(): DeepFinding[] {
    const age = this.#age();
    if (this.#files < GROUP_FILES || !(this.#isAnyIntact || age)) {
      return [...this.#held, ...this.#overflow()];
    }
    const group: GroupFinding = {
      kind: 'lost-keys',
      files: this.#files,
      bytes: this.#bytes,
      examples: this.#examples,
      ...(age && { age }),
    };
    return [group];
  }

  /** More than can be named: they are counted with the last that is. */
  #overflow(): FileFinding[] {
    const others = this.#files - this.#held.length;
    const last = this.#held.at(-1);
    return others === 0 || last === undefined ? [] : [{ ...last, detail: `and so are ${others} files more` }];
  }

  #age(): GroupFinding['age'] {
    const days = [...this.#lostByDay.keys()].filter((day) => day > 0);
    if (days.length === 0) return undefined;
    const last = Math.max(...days);
    let readable = 0;
    let newerReadable = 0;
    for (const [day, files] of this.#readableByDay) {
      readable += files;
      if (day > last) newerReadable += files;
    }
    // Were they spread evenly, how likely would so many of the newest files all be spared?
    const chance = (readable / (readable + this.#files)) ** newerReadable;
    if (newerReadable === 0 || chance > MAX_CHANCE) return undefined;
    return { lastChanged: new Date(last * DAY_MS), newerReadable };
  }
}

/** The change of its status, which nothing sets back; 0 where nothing is known. */
function dayOf({ statusChangedAt, modifiedAt }: MbFile): number {
  const changedAt = statusChangedAt ?? modifiedAt;
  const day = changedAt === undefined ? 0 : Math.floor(changedAt.getTime() / DAY_MS);
  return day < 0 || day > MAX_DAY ? 0 : day;
}

function count(byDay: Map<number, number>, day: number): void {
  byDay.set(day, (byDay.get(day) ?? 0) + 1);
}
