import { corruptList, ListFile } from '../lists/list-file.ts';
import { diffLines } from './diff-lines.ts';
import { NamedObjectsBuilder, type NamedObjects } from './named-objects.ts';

/** Lists to be read one after another, each best one that resembles the one before it; plain data. */
export type ListChain = readonly { readonly path: string; readonly sha256: string }[];

/** What a list names that the one before it in the chain does not. */
export interface ListReferences extends NamedObjects {
  readonly sha256: string;
}

/** Lines of one directory, and where those begin that the list before does not have. */
interface Unit {
  readonly text: Buffer;
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
 * hash. Holds the text of one list in memory, 120 bytes a file, and a little more.
 *
 * @returns what each list names, in order.
 * @throws {AppError} SNAPSHOT_CORRUPT when a list cannot be read.
 */
export function scanLists(chain: ListChain): ListReferences[] {
  const results: ListReferences[] = [];
  let previous: OpenList | undefined;
  for (const { path, sha256 } of chain) {
    const current: OpenList = { sha256, units: new Map(), found: new NamedObjectsBuilder() };
    for (const { key, text } of unitsOf(path, sha256)) {
      const before = previous?.units.get(key);
      if (previous === undefined || before === undefined) {
        current.units.set(key, { text, added: 'all' });
        continue;
      }
      const { onlyInOld, onlyInNew } = diffLines(before.text, text);
      takeUnit(previous, before, onlyInOld);
      previous.units.delete(key);
      current.units.set(key, { text, added: onlyInNew });
    }
    if (previous !== undefined) results.push(finish(previous));
    previous = current;
  }
  if (previous !== undefined) results.push(finish(previous));
  return results;
}

/** The frames of each directory together: where they are cut differs from list to list. */
function* unitsOf(path: string, sha256: string): Generator<{ key: string; text: Buffer }, undefined> {
  using list = ListFile.open(path, sha256);
  const parts = new Map<string, number>();
  let open: { directory: string; texts: Buffer[] } | undefined;
  const close = function* (): Generator<{ key: string; text: Buffer }, undefined> {
    if (open === undefined) return;
    const { directory, texts } = open;
    const part = parts.get(directory) ?? 0;
    parts.set(directory, part + 1);
    const [first = Buffer.alloc(0)] = texts;
    yield { key: `${part}/${directory}`, text: texts.length === 1 ? first : joined(texts) };
  };
  for (const { directory, text } of list.texts()) {
    if (open?.directory === directory) {
      open.texts.push(text);
      continue;
    }
    yield* close();
    open = { directory, texts: [text] };
  }
  yield* close();
}

function joined(texts: readonly Buffer[]): Buffer {
  const text = Buffer.concat(texts);
  for (const each of texts) release(each);
  return text;
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
function takeUnit({ found, sha256 }: OpenList, { text, added }: Unit, gone: readonly number[] | 'all'): void {
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
  release(text);
}

/**
 * Gives the memory of a text back at once: the garbage collector lets hundreds of megabytes of it pile up. Text that
 * shares its memory with others is small, and is left alone. Decompressed text has a byte behind it.
 */
function release(text: Buffer): void {
  const { buffer } = text;
  if (buffer instanceof ArrayBuffer && text.length > 0 && buffer.byteLength - text.length <= 1) buffer.transfer(0);
}
