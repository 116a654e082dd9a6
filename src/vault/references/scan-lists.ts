import { BaseShelf } from '../lists/base-text.ts';
import { ListFile } from '../lists/list-file.ts';
import { corruptList } from '../lists/list-errors.ts';
import { giveBack } from '../lists/list-frames.ts';
import { diffLines, type LineDifference } from './diff-lines.ts';
import { NamedObjectsBuilder, type NamedObjects } from './named-objects.ts';

/** Lists to be read one after another, each best one that resembles the one before it; plain data. */
export type ListChain = readonly { readonly path: string; readonly sha256: string }[];

/** What a list names that the one before it in the chain does not. */
export interface ListReferences extends NamedObjects {
  readonly sha256: string;
}

/** Lines of one directory. */
interface UnitText {
  readonly text: Buffer;
  /** Whether the memory of the text is nobody else's. */
  readonly isOwn: boolean;
}

/** Lines of one directory, and where those begin that the list before does not have. */
interface Unit extends UnitText {
  readonly added: readonly number[] | 'all';
}

/** A list that waits to be compared with the next one. */
interface OpenList {
  readonly sha256: string;
  readonly units: Map<string, Unit>;
  readonly found: NamedObjectsBuilder;
}

/**
 * Reads every line of the lists, and tells of each list which objects it names in lines that the one before it does
 * not have: of a day on which little has changed that is little to tell. The bytes of every list are compared with its
 * hash. Holds the text of one list in memory, 120 bytes a file, and a little more; of packed lists that of their base, too.
 *
 * @returns what each list names, in order.
 * @throws {AppError} SNAPSHOT_CORRUPT when a list cannot be read.
 */
export function scanLists(chain: ListChain): ListReferences[] {
  const results: ListReferences[] = [];
  using shelf = new BaseShelf();
  let previous: OpenList | undefined;
  for (const { path, sha256 } of chain) {
    const current: OpenList = { sha256, units: new Map(), found: new NamedObjectsBuilder() };
    for (const { key, ...unit } of unitsOf(path, sha256, shelf)) {
      const before = previous?.units.get(key);
      if (previous === undefined || before === undefined) {
        current.units.set(key, { ...unit, added: 'all' });
        continue;
      }
      const { onlyInOld, onlyInNew } = isSame(before.text, unit.text) ? SAME : diffLines(before.text, unit.text);
      takeUnit(previous, before, onlyInOld);
      previous.units.delete(key);
      current.units.set(key, { ...unit, added: onlyInNew });
    }
    if (previous !== undefined) results.push(finish(previous));
    previous = current;
    shelf.forgetEarlier();
  }
  if (previous !== undefined) results.push(finish(previous));
  return results;
}

const SAME: LineDifference = { onlyInOld: [], onlyInNew: [] };

/** Packed lists share the memory of what is as in their base. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length;
}

/** The frames of each directory together: where they are cut differs from list to list. */
function* unitsOf(
  path: string,
  sha256: string,
  shelf: BaseShelf,
): Generator<UnitText & { readonly key: string }, undefined> {
  using list = ListFile.open(path, sha256, shelf);
  const parts = new Map<string, number>();
  let open: { readonly directory: string; readonly texts: UnitText[] } | undefined;
  const close = function* (): Generator<UnitText & { readonly key: string }, undefined> {
    if (open === undefined) return;
    const { directory, texts } = open;
    const part = parts.get(directory) ?? 0;
    parts.set(directory, part + 1);
    yield { key: `${part}/${directory}`, ...joined(texts) };
  };
  for (const { frame, ...unit } of list.texts()) {
    if (open?.directory === frame.directory) {
      open.texts.push(unit);
      continue;
    }
    yield* close();
    open = { directory: frame.directory, texts: [unit] };
  }
  yield* close();
}

function joined(texts: readonly UnitText[]): UnitText {
  const [first] = texts;
  if (first !== undefined && texts.length === 1) return first;
  const text = Buffer.concat(texts.map((each) => each.text));
  for (const each of texts) release(each);
  return { text, isOwn: true };
}

/** What is left has no counterpart in the next list. */
function finish(list: OpenList): ListReferences {
  for (const unit of list.units.values()) takeUnit(list, unit, 'all');
  return { ...list.found.finish(), sha256: list.sha256 };
}

/**
 * Adds what a unit names, and gives its memory back.
 *
 * @param gone where lines begin that the next list does not have, in order.
 */
function takeUnit({ found, sha256 }: OpenList, unit: Unit, gone: readonly number[] | 'all'): void {
  const { text, added } = unit;
  // It would look like a list that names nothing, and what it names like garbage.
  if (text.buffer instanceof ArrayBuffer && text.buffer.detached) throw new Error('memory was given back too early');
  let atGone = 0;
  const isGone = (start: number): boolean => {
    if (gone === 'all') return true;
    while ((gone[atGone] ?? Infinity) < start) atGone++;
    return gone[atGone] === start;
  };
  const add = (start: number): number => {
    const next = found.addLine(text, start, isGone(start));
    if (next === undefined) throw corruptList(sha256, 'a line names no object');
    return next;
  };
  if (added === 'all') for (let start = 0; start < text.length;) start = add(start);
  else for (const start of added) add(start);
  release(unit);
}

function release({ text, isOwn }: UnitText): void {
  if (isOwn) giveBack(text);
}
