import { BaseShelf } from '../lists/base-text.ts';
import { corruptList } from '../lists/list-errors.ts';
import { ListSource, type OwnedText } from '../lists/list-source.ts';
import { giveBack } from '../zstd-frame.ts';
import { diffLines, type LineDifference } from './diff-lines.ts';
import { joinedText, OpenList, type ListReferences, type Stretch } from './open-list.ts';

const NEWLINE = 0x0a;

export type { ListReferences } from './open-list.ts';

/** Lists to be read one after another, each best one that resembles the one before it; plain data. */
export type ListChain = readonly { readonly path: string; readonly sha256: string }[];

/**
 * Reads every line of the lists, and tells of each list which objects it names in lines that the one before it does
 * not have: of a day on which little has changed that is little to tell. A line that is in both may be told again; one that is
 * told of no list there is none. The bytes of every list are compared with its hash. Holds the text of one list in memory, 120
 * bytes a file, and a little more; of packed lists that of their base, too.
 *
 * @returns what each list names, in order.
 * @throws {AppError} SNAPSHOT_CORRUPT when a list cannot be read.
 */
export function scanLists(chain: ListChain): ListReferences[] {
  const results: ListReferences[] = [];
  using shelf = new BaseShelf();
  let previous: OpenList | undefined;
  for (const { path, sha256 } of chain) {
    using source = ListSource.openEither(path, sha256, shelf);
    const current = new OpenList(sha256, source.base ?? sha256);
    compare(previous, current, textsOf(source, shelf, previous?.placesIn(current.base) ?? []));
    if (previous !== undefined) results.push(previous.finish());
    previous = current;
    shelf.forgetEarlier();
  }
  if (previous !== undefined) results.push(previous.finish());
  return results;
}

/** A text, and where the lines of the base end that are likely to be like its last. */
type PlacedText = OwnedText & Pick<Stretch, 'end'>;

/**
 * The text of a list that stands by itself is kept: the next ones may be packed against it.
 *
 * @param places where to cut that.
 */
function* textsOf(source: ListSource, shelf: BaseShelf, places: readonly number[]): Generator<PlacedText, undefined> {
  if (source.base === undefined) {
    const text = shelf.textOf(source.sha256, () => source.allText());
    let start = 0;
    for (const end of [...places, text.length]) {
      if (end <= start || end > text.length || text[end - 1] !== NEWLINE) continue;
      yield { text: text.subarray(start, end), isOwn: false, end };
      start = end;
    }
    if (start < text.length) throw corruptList(source.sha256, 'it is cut in the middle of a line');
    return;
  }
  let end = 0;
  for (const { block, text, isOwn } of source.blocks()) {
    if (block.like !== undefined) end = Math.max(end, block.like.offset + block.like.bytes);
    yield { text, isOwn, end };
  }
}

/**
 * Takes the lines of a list in, and tells of the one before it what these do not have. Lines of both that lie between the
 * same places of the base they are packed against are compared with each other; without one, all with all.
 */
function compare(previous: OpenList | undefined, current: OpenList, texts: Iterable<PlacedText>): void {
  let waiting: PlacedText[] = [];
  for (const text of texts) {
    if (previous === undefined) {
      current.add({ ...text, added: 'all' });
      continue;
    }
    waiting.push(text);
    const before = previous.takeLike(text, current.base);
    if (before === undefined) continue;
    compareStretches(previous, before, current, waiting);
    waiting = [];
  }
  if (previous === undefined || waiting.length === 0) return;
  const before = previous.takeAll();
  if (before !== undefined) compareStretches(previous, before, current, waiting);
  else for (const text of waiting) current.add({ ...text, added: 'all' });
}

function compareStretches(previous: OpenList, before: Stretch, current: OpenList, texts: readonly PlacedText[]): void {
  const all = joinedText(texts);
  const { onlyInOld, onlyInNew } = isSame(before.text, all) ? SAME : diffLines(before.text, all);
  let offset = 0;
  let at = 0;
  for (const text of texts) {
    const end = offset + text.text.length;
    const added: number[] = [];
    for (; at < onlyInNew.length; at++) {
      const start = onlyInNew[at] ?? 0;
      if (start >= end) break;
      added.push(start - offset);
    }
    current.add({ ...text, added });
    offset = end;
  }
  if (texts.length > 1) giveBack(all);
  previous.tell(before, onlyInOld);
}

const SAME: LineDifference = { onlyInOld: [], onlyInNew: [] };

/** Packed lists share the memory of what is as in their base. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length;
}
