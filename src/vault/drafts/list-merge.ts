import type { ListedFile, ListEntry } from '../lists/list-entry.ts';
import { giveBackText } from '../lists/list-file.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';
import type { ListWriter } from '../lists/list-writer.ts';
import { spliceFrame, type NameChange } from '../lists/splice-frame.ts';
import type { DraftState } from './draft-state.ts';
import { REMOVED } from './file-table.ts';

/** Splicing pays where one line in so many changed, and then frames do not grow much. */
const SPLICED_SHARE = 8;

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
  const changes = state.changesIn(directory);
  if (canBeSpliced(state, directory, changes)) {
    yield* splicedFrames(state, writer, directory, changes);
    return;
  }
  const isBaseSeen = state.tree.get(directory)?.showsBase === true;
  const fromBase = (isBaseSeen ? state.base?.list.entriesIn(directory) : undefined) ?? [];
  for (const entry of mergeFiles(fromBase, changes, state)) {
    yield { key: entry.name, write: () => writer.add(directory, entry) };
  }
}

/** Whether few files changed among many, and nothing but files is there: then most lines need no look. */
function canBeSpliced(state: DraftState, directory: string, changes: Uint32Array): boolean {
  const frames = state.base?.list.framesOf(directory) ?? [];
  const baseLines = frames.reduce((sum, { lines }) => sum + lines, 0);
  if (baseLines === 0 || changes.length * SPLICED_SHARE > baseLines) return false;
  if (state.tree.get(directory)?.showsBase !== true || frames.some(({ lines, files }) => lines !== files)) return false;
  return state.tree.childrenOf(directory).next().done === true;
}

function* splicedFrames(
  state: DraftState,
  writer: ListWriter,
  directory: string,
  changes: Uint32Array,
): Generator<Line> {
  const list = state.base?.list;
  const frames = list?.framesOf(directory) ?? [];
  const named = Array.from(changes, (change): NameChange => [state.nameAt(change), listed(state, change)]);
  let next = 0;
  for (const [index, frame] of frames.entries()) {
    const nextKey = frames[index + 1]?.firstKey;
    const end =
      nextKey === undefined ? -1 : named.findIndex(([name], at) => at >= next && compareUtf8(name, nextKey) >= 0);
    const own = named.slice(next, end < 0 ? named.length : end);
    next += own.length;
    yield {
      key: frame.firstKey,
      write: () => {
        if (list === undefined) return;
        const content = list.readFrame(frame);
        if (own.length === 0) {
          writer.addFrame(frame, content);
          return;
        }
        const spliced = spliceFrame(frame, content, own);
        giveBackText(content);
        if (spliced !== undefined) writer.addLines(spliced);
      },
    };
  }
}

/** Merges the changes into the files of the base; both are in order. Lines of empty directories are left out. */
function* mergeFiles(base: Iterable<ListEntry>, changes: Uint32Array, state: DraftState): Generator<ListedFile> {
  const nameOf = (at: number): string | undefined => (at < changes.length ? state.nameAt(changes[at] ?? 0) : undefined);
  let next = 0;
  let name = nameOf(next);
  for (const entry of base) {
    if (entry.kind !== 'file') continue;
    let order = 1;
    while (name !== undefined) {
      order = compareUtf8(name, entry.name);
      if (order > 0) break;
      const file = listed(state, changes[next++] ?? 0);
      name = nameOf(next);
      if (file !== undefined) yield file;
      if (order === 0) break;
    }
    if (order !== 0) yield entry;
  }
  for (const change of changes.subarray(next)) {
    const file = listed(state, change);
    if (file !== undefined) yield file;
  }
}

function listed(state: DraftState, entry: number): ListedFile | undefined {
  const change = state.changeAt(entry);
  if (change === REMOVED) return undefined;
  return { kind: 'file', name: state.nameAt(entry), sizeBytes: change.sizeBytes, sha256: change.hash.toString('hex') };
}
