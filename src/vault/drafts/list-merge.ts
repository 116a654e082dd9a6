import type { ListedFile, ListEntry } from '../lists/list-entry.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';
import type { ListWriter } from '../lists/list-writer.ts';
import type { DraftState } from './draft-state.ts';
import { REMOVED, type FileChange } from './file-table.ts';

/**
 * Writes the list of a draft: its base with the changes merged in. Directories that the draft left alone are taken
 * over as the compressed frames they are.
 *
 * Yields after every directory, so that the caller can let other work run in between.
 */
export function mergeIntoList(state: DraftState, writer: ListWriter): Generator<void, boolean> {
  return writeDirectory(state, writer, '');
}

/** @returns whether the directory holds anything. */
function* writeDirectory(state: DraftState, writer: ListWriter, directory: string): Generator<void, boolean> {
  const children = [...state.tree.childrenOf(directory)].toSorted((a, b) => compareUtf8(`${a}/`, `${b}/`));
  const isAsInBase = state.isAsInBase(directory);
  const lines = isAsInBase ? copiedFrames(state, writer, directory) : changedFiles(state, writer, directory);
  let next = 0;
  let hasEntries = children.length > 0;
  for (const { key, write } of lines) {
    while (next < children.length && compareUtf8(`${children[next]}/`, key) < 0) {
      yield* writeChild(state, writer, directory, children[next++] ?? '', isAsInBase);
    }
    write();
    hasEntries = true;
  }
  while (next < children.length) yield* writeChild(state, writer, directory, children[next++] ?? '', isAsInBase);
  yield;
  return hasEntries;
}

/** An empty directory has a line of its own, which a copied frame of its parent already holds. */
function* writeChild(
  state: DraftState,
  writer: ListWriter,
  parent: string,
  name: string,
  parentIsCopied: boolean,
): Generator<void, void> {
  const hasEntries = yield* writeDirectory(state, writer, joinPath(parent, name));
  if (!hasEntries && !parentIsCopied) writer.add(parent, { kind: 'directory', name });
}

/** Something to be written at its place among the directories beside it. */
interface Line {
  readonly key: string;
  readonly write: () => void;
}

function* copiedFrames({ base }: DraftState, writer: ListWriter, directory: string): Generator<Line> {
  if (base === undefined) return;
  for (const frame of base.list.framesOf(directory)) {
    yield { key: frame.firstKey, write: () => writer.addFrame(frame, base.list.readFrame(frame)) };
  }
}

function* changedFiles(state: DraftState, writer: ListWriter, directory: string): Generator<Line> {
  const isBaseSeen = state.tree.get(directory)?.showsBase === true;
  const fromBase = (isBaseSeen ? state.base?.list.entriesIn(directory) : undefined) ?? [];
  for (const entry of mergeFiles(fromBase, state.changesIn(directory))) {
    yield { key: entry.name, write: () => writer.add(directory, entry) };
  }
}

/** Merges the changes into the files of the base; both are in order. Lines of empty directories are left out. */
function* mergeFiles(base: Iterable<ListEntry>, changes: readonly [string, FileChange][]): Generator<ListedFile> {
  let next = 0;
  for (const entry of base) {
    if (entry.kind !== 'file') continue;
    let order = 1;
    for (let change = changes[next]; change !== undefined; change = changes[next]) {
      order = compareUtf8(change[0], entry.name);
      if (order > 0) break;
      next++;
      yield* listed(change);
      if (order === 0) break;
    }
    if (order !== 0) yield entry;
  }
  for (const change of changes.slice(next)) yield* listed(change);
}

function* listed([name, change]: [string, FileChange]): Generator<ListedFile> {
  if (change === REMOVED) return;
  yield { kind: 'file', name, sizeBytes: change.sizeBytes, sha256: change.hash.toString('hex') };
}
