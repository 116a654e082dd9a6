/** Which of two releases of iOS is the newer one, by the numbers people know and by Apple's build numbers. */

/** "18.5" and "22F76"; either may be unknown. */
export interface IosRelease {
  readonly version: string | undefined;
  readonly build: string | undefined;
}

/**
 * How release `a` stands to `b`: negative when it is older, positive when newer, 0 when they are the same as far as can
 * be told, undefined when nothing can be.
 *
 * The numbers decide; between releases of the same number the builds do, which tell betas from what followed them.
 */
export function compareReleases(a: IosRelease, b: IosRelease): number | undefined {
  const numbers = compareVersions(a.version, b.version);
  if (numbers !== undefined && numbers !== 0) return numbers;
  return compareBuilds(a.build, b.build) ?? numbers;
}

/**
 * By the numbers alone, which is what a device goes by: "9.3.5" is older than "18", "18.5" is "18.5.0". What follows
 * them, as in "16.4.1 (a)", does not count.
 */
export function compareVersions(a: string | undefined, b: string | undefined): number | undefined {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (left === undefined || right === undefined) return undefined;
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a build is one that only testers have: "22F5042g", where the release is "22F76". */
export function isBeta(build: string | undefined): boolean {
  return partsOf(build)?.isBeta === true;
}

function numbersOf(version: string | undefined): number[] | undefined {
  const text = /^\d+(?:\.\d+)*/.exec(version?.trim() ?? '')?.[0];
  return text?.split('.').map(Number);
}

interface BuildParts {
  /** 22 for all of iOS 18. */
  readonly train: number;
  /** One letter for each minor release. */
  readonly release: string;
  readonly number: number;
  /** Of two otherwise equal builds the one with the later letter is newer. */
  readonly suffix: string;
  readonly isBeta: boolean;
}

/** Numbers from here on are those of betas; a release begins anew. */
const FIRST_BETA_NUMBER = 5000;

function partsOf(build: string | undefined): BuildParts | undefined {
  const match = /^(\d{1,3})([A-Z])(\d{1,5})([a-z]?)$/.exec(build?.trim() ?? '');
  if (match === null) return undefined;
  const [, train, release = '', number, suffix = ''] = match;
  // 20D67 of a device made for special hardware may be 20D8067: the letter at the end is what betas have.
  const forTesters = Number(number) >= FIRST_BETA_NUMBER && suffix !== '';
  return { train: Number(train), release, number: Number(number), suffix, isBeta: forTesters };
}

function compareBuilds(a: string | undefined, b: string | undefined): number | undefined {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === undefined || right === undefined) return undefined;
  if (left.train !== right.train) return left.train - right.train;
  if (left.release !== right.release) return left.release < right.release ? -1 : 1;
  if (left.isBeta !== right.isBeta) return left.isBeta ? -1 : 1;
  if (left.number !== right.number) return left.number - right.number;
  return left.suffix === right.suffix ? 0 : left.suffix < right.suffix ? -1 : 1;
}
