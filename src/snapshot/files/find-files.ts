import type { Manifest, ManifestEntry } from '../manifest/manifest.ts';
import { isDomainOfApp } from './domains.ts';
import { fileTypeOf } from './file-types.ts';
import { listedFile, outlineIn, PAUSE_EVERY, type ListedFile, ignore, type OnProblem } from './listed-file.ts';
import type { FilePlace } from './list-folder.ts';
import { foldName, namePattern } from './names.ts';

/** What is asked for; everything that is given must be true of a file. */
export interface FileQuery {
  /** As `namePattern` takes it. */
  readonly name?: string;
  /** A domain or a pattern for domains. */
  readonly domain?: string;
  /** Only what is below this folder; '' is its whole domain. */
  readonly below?: FilePlace;
  /** A bundle identifier: see `isDomainOfApp`. */
  readonly app?: string;
  /** Sizes in bytes; both limits are themselves included. */
  readonly atLeastBytes?: number;
  readonly atMostBytes?: number;
  /** By the time of the last change: from the first on, up to before the second. */
  readonly from?: Date;
  readonly before?: Date;
  /** One of FILE_KINDS. */
  readonly kind?: string;
}

/** The files, folders and links that fit, in the order of the backup's own list. */
export function* findFiles(
  manifest: Manifest,
  query: FileQuery,
  onProblem: OnProblem = ignore,
): Generator<ListedFile, undefined> {
  for (const found of findingFiles(manifest, query, onProblem)) if (found !== undefined) yield found;
}

/** The same step by step: `undefined` is a pause, for whoever has other things to do in between. */
export function* findingFiles(
  manifest: Manifest,
  query: FileQuery,
  onProblem: OnProblem = ignore,
): Generator<ListedFile | undefined, undefined> {
  const matches = matcherOf(query);
  const domain = query.below?.domain;
  const where = domain === undefined ? {} : { domain };
  let looked = 0;
  for (const entry of manifest.listing({ ...where, onProblem })) {
    if (matches(entry)) yield listedFile(entry);
    else if (++looked % PAUSE_EVERY === 0) yield undefined;
  }
}

type Test = (entry: ManifestEntry) => boolean;

/** The cheapest questions come first: most entries fail one of them. */
function matcherOf(query: FileQuery): Test {
  const tests = [
    domainTest(query),
    belowTest(query),
    kindTest(query),
    nameTest(query),
    sizeTest(query),
    timeTest(query),
  ];
  const asked = tests.filter((test) => test !== undefined);
  return (entry) => asked.every((test) => test(entry));
}

/** Files come domain by domain mostly, so that the last answer is the next one. */
function domainTest({ domain, app }: FileQuery): Test | undefined {
  if (domain === undefined && app === undefined) return undefined;
  const isWanted = domain === undefined ? undefined : domainPattern(domain);
  const known = new Map<string, boolean>();
  return ({ domain: name }) => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = (isWanted?.(name) ?? true) && (app === undefined || isDomainOfApp(name, app));
      known.set(name, answer);
    }
    return answer;
  };
}

function domainPattern(pattern: string): (domain: string) => boolean {
  if (/[*?[]/.test(pattern)) return namePattern(pattern);
  const wanted = foldName(pattern);
  return (domain) => foldName(domain) === wanted;
}

function belowTest({ below }: FileQuery): Test | undefined {
  if (below === undefined || below.relativePath === '') return undefined;
  const prefix = `${below.relativePath}/`;
  return ({ relativePath }) => relativePath.startsWith(prefix);
}

function kindTest({ kind }: FileQuery): Test | undefined {
  switch (kind) {
    case undefined:
      return undefined;
    case 'file':
      return (entry) => entry.kind === 'file';
    case 'folder':
      return (entry) => entry.kind === 'directory';
    case 'link':
      return (entry) => entry.kind === 'symlink';
    default:
      return (entry) => entry.kind === 'file' && fileTypeOf(entry.relativePath) === kind;
  }
}

function nameTest({ name }: FileQuery): Test | undefined {
  if (name === undefined) return undefined;
  const matches = namePattern(name);
  return ({ relativePath }) => matches(relativePath);
}

/** Only files have a size to ask for. */
function sizeTest({ atLeastBytes = 0, atMostBytes = Infinity }: FileQuery): Test | undefined {
  if (atLeastBytes <= 0 && atMostBytes === Infinity) return undefined;
  return (entry) => {
    const { sizeBytes } = entry.kind === 'file' ? outlineIn(entry) : {};
    return sizeBytes !== undefined && sizeBytes >= atLeastBytes && sizeBytes <= atMostBytes;
  };
}

function timeTest({ from, before }: FileQuery): Test | undefined {
  if (from === undefined && before === undefined) return undefined;
  const [fromMs, beforeMs] = [from?.getTime() ?? -Infinity, before?.getTime() ?? Infinity];
  return (entry) => {
    const atMs = outlineIn(entry).modifiedAt?.getTime();
    return atMs !== undefined && atMs >= fromMs && atMs < beforeMs;
  };
}
