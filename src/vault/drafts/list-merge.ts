import type { ListedFile, ListEntry } from '../lists/list-entry.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';
import type { ListWriter } from '../lists/list-writer.ts';
import { REMOVED, type FileChange } from './change-group.ts';
import type { DraftParts } from './draft-files.ts';

/**
 * Writes the list of a draft: its base with the changes merged in. Directories that the draft left alone are taken
 * over as the compressed frames they are. The draft's changes must be settled.
 *
 * Yields after every directory, so that the caller can let other work run in between.
 */
export function mergeIntoList(parts: DraftParts, writer: ListWriter): Generator<void, boolean> {
  return writeDirectory(parts, writer, '');
}

/** @returns whether the directory holds anything. */
function* writeDirectory(parts: DraftParts, writer: ListWriter, directory: string): Generator<void, boolean> {
  const { tree } = parts;
  const children = [...tree.childrenOf(directory)].toSorted((a, b) => compareUtf8(`${a}/`, `${b}/`));
  const isAsInBase = isUntouched(parts, directory);
  const lines = isAsInBase ? copiedFrames(parts, writer, directory) : changedFiles(parts, writer, directory);
  let next = 0;
  let hasEntries = children.length > 0;
  for (const { key, write } of lines) {
    while (next < children.length && compareUtf8(`${children[next]}/`, key) < 0) {
      yield* writeChild(parts, writer, directory, children[next++] ?? '', isAsInBase);
    }
    write();
    hasEntries = true;
  }
  while (next < children.length) yield* writeChild(parts, writer, directory, children[next++] ?? '', isAsInBase);
  yield;
  return hasEntries;
}

/** An empty directory has a line of its own, which a copied frame of its parent already holds. */
function* writeChild(
  parts: DraftParts,
  writer: ListWriter,
  parent: string,
  name: string,
  parentIsCopied: boolean,
): Generator<void, void> {
  const hasEntries = yield* writeDirectory(parts, writer, joinPath(parent, name));
  if (!hasEntries && !parentIsCopied) writer.add(parent, { kind: 'directory', name });
}

function isUntouched({ tree, database }: DraftParts, directory: string): boolean {
  return tree.showsBase(directory) && !tree.hasRecordedChild(directory) && !database.hasChangesIn(directory);
}

/** Something to be written at its place among the directories beside it. */
interface Line {
  readonly key: string;
  readonly write: () => void;
}

function* copiedFrames({ base }: DraftParts, writer: ListWriter, directory: string): Generator<Line> {
  if (base === undefined) return;
  for (const frame of base.list.framesOf(directory)) {
    yield { key: frame.firstKey, write: () => writer.addFrame(frame, base.list.readFrame(frame)) };
  }
}

function* changedFiles({ base, tree, database }: DraftParts, writer: ListWriter, directory: string): Generator<Line> {
  const fromBase = tree.showsBase(directory) ? (base?.list.entriesIn(directory) ?? []) : [];
  for (const entry of mergeFiles(fromBase, database.list(directory))) {
    yield { key: entry.name, write: () => writer.add(directory, entry) };
  }
}

/** Merges the changes into the files of the base; both are in order. Lines of empty directories are left out. */
function* mergeFiles(base: Iterable<ListEntry>, changes: Iterable<[string, FileChange]>): Generator<ListedFile> {
  using remaining = Iterator.from(changes);
  let change = remaining.next();
  for (const entry of base) {
    if (entry.kind !== 'file') continue;
    let order = -1;
    while (!change.done && (order = compareUtf8(change.value[0], entry.name)) < 0) {
      yield* listed(change.value);
      change = remaining.next();
    }
    if (change.done || order > 0) yield entry;
  }
  for (; !change.done; change = remaining.next()) yield* listed(change.value);
}

function* listed([name, change]: [string, FileChange]): Generator<ListedFile> {
  if (change === REMOVED) return;
  yield { kind: 'file', name, sizeBytes: change.sizeBytes, sha256: change.hash.toString('hex') };
}
