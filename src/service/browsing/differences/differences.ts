import type { ChangedItems, Differences, KindDifference } from '../../../contract/index.ts';
import type { ContentItem, ContentKind } from '../../../content/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import type { Browsing } from '../browsing.ts';
import { searchIndexIn, temporaryIndex } from '../search.ts';
import type { Unlocked } from '../unlocked.ts';
import { isoOf } from '../values.ts';
import type { Visitor } from '../visitor.ts';
import { holds, printOfFile, printOfItem, printsOfFiles, printsOfKind, type Print, type Prints } from './prints.ts';

/** In the order people look for them. */
const KINDS: readonly ContentKind[] = [
  'messages',
  'photos',
  'contacts',
  'calls',
  'voicemail',
  'notes',
  'calendar',
  'reminders',
  'safari',
  'voice-memos',
  'whatsapp',
];
const FILES = 'files';

type AllPrints = ReadonlyMap<string, Prints | undefined>;

/** Two versions of a device, of which one is open; the other is opened for as long as it is needed. */
interface Pair {
  readonly browsing: Browsing;
  readonly visitor: Visitor;
  readonly unlocked: Unlocked;
  readonly other: string;
}

/**
 * What came, changed and went from the earlier to the later of two versions, kind by kind. The first time it takes as
 * long as looking through both.
 *
 * @throws {AppError} USAGE for versions of two devices, CONTENT_LOCKED when the other needs another password
 */
export async function readDifferences(pair: Pair): Promise<Differences> {
  const { before, after } = await inOrder(pair);
  const kinds = KINDS.map((kind) => ({ kind, ...differenceOf(before.prints.get(kind), after.prints.get(kind)) }));
  const { isComparable: _isComparable, ...files } = differenceOf(before.prints.get(FILES), after.prints.get(FILES));
  return { before: before.version, after: after.version, kinds, files };
}

/** The things themselves, page by page. @throws {AppError} as `readDifferences`, and USAGE for an unknown kind */
export async function listChanged(
  pair: Pair,
  query: { kind: string; change: 'added' | 'changed' | 'gone'; from: number; limit: number },
): Promise<ChangedItems> {
  const { kind, change } = query;
  if (kind !== FILES && !KINDS.includes(kind as ContentKind))
    throw new AppError('USAGE', 'nothing of this kind is compared');
  const { before, after } = await inOrder(pair);
  const [old, young] = [before.prints.get(kind), after.prints.get(kind)];
  if (old === undefined || young === undefined) return { items: [], total: 0 };
  const fits = testOf(change, old, young);
  const wanted = change === 'gone' ? before.version.snapshot : after.version.snapshot;
  const page = new Page(query);
  if (kind === FILES)
    await eachFile(pair, wanted, (entry) => fits(printOfFile(entry)) && page.add(() => tellFile(entry)));
  else
    await eachItem(
      pair,
      wanted,
      kind as ContentKind,
      (item) => fits(printOfItem(item)) && page.add(() => tellItem(item)),
    );
  return page.told();
}

function testOf(change: 'added' | 'changed' | 'gone', before: Prints, after: Prints): (print: Print) => boolean {
  if (change === 'added') return ({ key }) => !holds(before.keys, key);
  if (change === 'gone') return ({ key }) => !holds(after.keys, key);
  return ({ key, content }) => holds(before.keys, key) && !holds(before.contents, content);
}

function differenceOf(before: Prints | undefined, after: Prints | undefined): Omit<KindDifference, 'kind'> {
  const counts = { before: before?.keys.length ?? 0, after: after?.keys.length ?? 0 };
  if (before === undefined || after === undefined) {
    return { ...counts, added: 0, changed: 0, gone: 0, isComparable: false };
  }
  const added = countNew(after.keys, before.keys);
  // What is there before and after, and says something else.
  const changed = countNew(after.contents, before.contents) - added;
  return {
    ...counts,
    added,
    changed: Math.max(0, changed),
    gone: countNew(before.keys, after.keys),
    isComparable: true,
  };
}

/** How many of one sorted list are not in the other. */
function countNew(values: BigUint64Array, others: BigUint64Array): number {
  let count = 0;
  let at = 0;
  for (const value of values) {
    while ((others[at] ?? value) < value) at++;
    if (others[at] !== value) count++;
  }
  return count;
}

interface Side {
  readonly version: { snapshot: string; takenAt: string };
  readonly prints: AllPrints;
}

async function inOrder(pair: Pair): Promise<{ before: Side; after: Side }> {
  const { browsing, unlocked, other } = pair;
  const [own, otherRecord] = [unlocked.record, await browsing.record(other)];
  if (own.udid !== otherRecord.udid) throw new AppError('USAGE', 'these are versions of two devices');
  const sides = [own, otherRecord].map(async ({ id, takenAt }) => ({
    version: { snapshot: id, takenAt: takenAt.toISOString() },
    prints: await printsOf(pair, id),
  }));
  const [first, second] = [await sides[0], await sides[1]];
  if (first === undefined || second === undefined)
    throw new AppError('USAGE', 'a version has to be compared with another');
  return own.takenAt > otherRecord.takenAt ? { before: second, after: first } : { before: first, after: second };
}

/** Kept with the version that is open: a few megabytes. */
function printsOf(pair: Pair, snapshot: string): Promise<AllPrints> {
  return pair.unlocked.once(`prints of ${snapshot}`, async () => {
    const prints = new Map<string, Prints | undefined>();
    await withVersion(pair, snapshot, async (version, index) => {
      for (const kind of KINDS) prints.set(kind, await printsOfKind(index, kind, version.signal));
      prints.set(FILES, await printsOfFiles(version.backup.manifest, version.signal));
    });
    return prints;
  });
}

async function withVersion(
  { browsing, visitor, unlocked }: Pair,
  snapshot: string,
  work: (version: Unlocked, index: Awaited<ReturnType<typeof temporaryIndex>>) => Promise<void>,
): Promise<void> {
  if (snapshot === unlocked.record.id) {
    await work(unlocked, await searchIndexIn(unlocked, browsing.stateDir));
    return;
  }
  await using other = await browsing.readAlso(visitor, snapshot);
  using index = await temporaryIndex(other.unlocked, browsing.stateDir);
  await work(other.unlocked, index);
}

function eachItem(pair: Pair, snapshot: string, kind: ContentKind, each: (item: ContentItem) => void): Promise<void> {
  return withVersion(pair, snapshot, (version, index) => forEachInSlices(index.items([kind]), each, version.signal));
}

async function eachFile(pair: Pair, snapshot: string, each: (entry: ManifestEntry) => void): Promise<void> {
  const look = (version: Unlocked): Promise<void> =>
    forEachInSlices(
      version.backup.manifest.listing({ onProblem: () => undefined }),
      (entry) => {
        if (entry.kind === 'file') each(entry);
      },
      version.signal,
    );
  if (snapshot === pair.unlocked.record.id) return look(pair.unlocked);
  await using other = await pair.browsing.readAlso(pair.visitor, snapshot);
  await look(other.unlocked);
}

type Told = ChangedItems['items'][number];

/** The things that fit, of which only a page is kept. */
class Page {
  readonly #from: number;
  readonly #limit: number;
  readonly #items: Told[] = [];
  #total = 0;

  constructor({ from, limit }: { from: number; limit: number }) {
    this.#from = from;
    this.#limit = limit;
  }

  add(tell: () => Told): void {
    if (this.#total >= this.#from && this.#items.length < this.#limit) this.#items.push(tell());
    this.#total++;
  }

  told(): ChangedItems {
    const end = this.#from + this.#items.length;
    return { items: this.#items, total: this.#total, ...(end < this.#total && { next: end }) };
  }
}

const LONGEST_TEXT = 300;

const tellItem = ({ key, title, text, at }: ContentItem): Told => ({
  id: key,
  title,
  text: text.slice(0, LONGEST_TEXT),
  at: isoOf(at),
});

const tellFile = (entry: ManifestEntry): Told => ({
  id: `${entry.domain}/${entry.relativePath}`,
  title: entry.relativePath.split('/').at(-1) ?? '',
  text: `${entry.domain}/${entry.relativePath}`,
});
