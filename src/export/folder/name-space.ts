import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/errors.ts';
import { safeName, shortName } from '../../shared/text/safe-name.ts';

/** Longest path below the folder, in UTF-8 bytes: macOS takes 1,024 with what comes before. */
const MAX_PATH_BYTES = 700;
/** Where directories go that are too deep to be where they should. */
const DEEP = 'Too deep';
/** Longest name with a number behind it; file systems take 255. */
const MAX_NUMBERED_BYTES = 220;

interface Directory {
  /** Relative to the folder, with "/"; '' for the folder itself. */
  readonly path: string;
  readonly absolutePath: string;
  /** Names in use, folded as the least discerning file system does; with the number that the next of them gets. */
  readonly taken: Map<string, number>;
  /** By the names as wished for, so that what belongs together stays together. */
  readonly children: Map<string, Directory>;
}

/** Where something may be written. */
export interface Place {
  /** Relative to the folder, with "/". */
  readonly path: string;
  readonly absolutePath: string;
  /** Whether the path is the one that was wished for, letter by letter. */
  readonly asWished: boolean;
}

export interface PlaceOptions {
  /** See `safeName`. */
  readonly keepForm?: boolean;
}

/**
 * Gives every file and directory of an export a name that is safe and its own, on file systems that do not tell upper
 * from lower case or composed from decomposed letters as well. Makes the directories. A directory is never a symbolic
 * link, whoever put it there.
 */
export class NameSpace {
  readonly #root: Directory;
  readonly #usedBefore: boolean;
  #deep = 0;

  /**
   * @param reserved names in the folder itself that nothing may have.
   * @param usedBefore whether there may be something in the folder already.
   */
  constructor(dir: string, reserved: readonly string[], usedBefore: boolean) {
    const taken = new Map(reserved.map((name) => [folded(name), 2]));
    this.#root = { path: '', absolutePath: dir, taken, children: new Map() };
    this.#usedBefore = usedBefore;
  }

  /** A new place for a file or a link. The same parts give another place the next time. */
  claimFile(parts: readonly string[], options: PlaceOptions = {}): Place {
    const parent = this.#directory(parts.slice(0, -1), options);
    const wish = parts.at(-1) ?? '';
    for (;;) {
      const name = take(parent, safeName(wish, options));
      const absolutePath = join(parent.absolutePath, name);
      if (this.#usedBefore && statOf(absolutePath)?.isDirectory() === true) continue;
      const path = within(parent, name);
      return { path, absolutePath, asWished: path === parts.join('/') };
    }
  }

  /** The place of a directory, which exists afterwards. The same parts give the same place. */
  claimDirectory(parts: readonly string[], options: PlaceOptions = {}): Place {
    const { path, absolutePath } = this.#directory(parts, options);
    return { path, absolutePath, asWished: path === parts.join('/') };
  }

  #directory(parts: readonly string[], options: PlaceOptions): Directory {
    let directory = this.#root;
    for (const part of parts) {
      const known = directory.children.get(part);
      directory = known ?? this.#makeDirectory(directory, part, options);
    }
    return directory;
  }

  #makeDirectory(parent: Directory, wish: string, options: PlaceOptions): Directory {
    const name = safeName(wish, options);
    const isDeep = Buffer.byteLength(parent.path) + Buffer.byteLength(name) > MAX_PATH_BYTES;
    const made = isDeep ? this.#makeIn(this.#directory([DEEP], {}), String(++this.#deep)) : this.#makeIn(parent, name);
    parent.children.set(wish, made);
    return made;
  }

  #makeIn(parent: Directory, wish: string): Directory {
    for (;;) {
      const name = take(parent, wish);
      const absolutePath = join(parent.absolutePath, name);
      if (!makeDirectory(absolutePath)) continue;
      return { path: within(parent, name), absolutePath, taken: new Map(), children: new Map() };
    }
  }
}

/** Whether the directory is there now, as one of its own and not as a link to another. */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    return statOf(path)?.isDirectory() === true;
  }
}

/** Of what is there itself: a link to a directory is no directory. */
function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** The name, or the name with the first number behind it that nothing in the directory has. */
function take({ taken }: Directory, name: string): string {
  const key = folded(name);
  const first = taken.get(key);
  taken.set(key, first ?? 2);
  if (first === undefined) return name;
  for (let number = first; ; number++) {
    const numbered = shortName(name, MAX_NUMBERED_BYTES, ` (${number})`);
    const numberedKey = folded(numbered);
    if (taken.has(numberedKey)) continue;
    taken.set(numberedKey, 2).set(key, number + 1);
    return numbered;
  }
}

function within(directory: Directory, name: string): string {
  return directory.path === '' ? name : `${directory.path}/${name}`;
}

/** Characters that some file systems do not see in a name. */
const UNSEEN = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
// oxlint-disable-next-line no-control-regex -- the range of ASCII
const ASCII = /^[\u0000-\u007f]*$/;

/** Rather one pair too many taken for the same than one too few: it costs a number behind a name. */
function folded(name: string): string {
  if (ASCII.test(name)) return name.toUpperCase();
  return name.replace(UNSEEN, '').normalize('NFC').toUpperCase().normalize('NFC');
}
