import type { ListFile } from '../lists/list-file.ts';
import { REMOVED, type DraftFile, type FileChange } from './change-group.ts';
import type { DirectoryTree } from './directory-tree.ts';
import type { DraftDatabase } from './draft-database.ts';
import type { GroupCommit } from './group-commit.ts';

/** The list a draft begins from, and the time its files are shown with. */
export interface DraftBase {
  readonly list: ListFile;
  readonly takenAtMs: number;
}

export interface DraftParts {
  readonly base: DraftBase | undefined;
  readonly tree: DirectoryTree;
  readonly database: DraftDatabase;
  readonly commits: GroupCommit;
}

/**
 * The files of a draft: what was changed last, else what the database holds, else what the base has. Nothing of the
 * base is copied, so a draft opens as fast over 500,000 files as over none.
 */
export class DraftFiles {
  readonly #parts: DraftParts;

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  find(directory: string, name: string): DraftFile | undefined {
    const { commits, database, tree } = this.#parts;
    const change = commits.get(directory, name) ?? database.find(directory, name);
    if (change !== undefined) return change === REMOVED ? undefined : change;
    return tree.showsBase(directory) ? this.#findInBase(directory, name) : undefined;
  }

  /** The files of one directory in no order. */
  *in(directory: string): Generator<[string, DraftFile]> {
    const changes = this.#changesIn(directory);
    for (const [name, file] of this.#baseFiles(directory)) if (!changes.has(name)) yield [name, file];
    for (const [name, change] of changes) if (change !== REMOVED) yield [name, change];
  }

  /**
   * Takes a directory away with all in it. Only once the changes are settled, and inside a transaction.
   */
  removeDirectory(path: string, nowMs: number): void {
    const { tree, database } = this.#parts;
    const gone = [...tree.subtree(path)];
    for (const each of gone.toReversed()) {
      database.removeFilesIn(each);
      if (each === '') tree.hideBase(each, nowMs);
      else tree.remove(each, nowMs);
    }
    database.putDirectories(gone, tree);
  }

  /** Gives the files of a directory a second place. Like `removeDirectory`, settled and inside a transaction. */
  copyDirectory(from: string, to: string, nowMs: number): void {
    const { tree, database } = this.#parts;
    const targets = new Map([...tree.subtree(from)].map((path) => [path, to + path.slice(from.length)]));
    for (const [source, target] of targets) {
      tree.record(target, nowMs);
      for (const [name, file] of this.in(source)) database.putFile(target, name, file, false);
    }
    database.putDirectories(targets.values(), tree);
  }

  #changesIn(directory: string): Map<string, FileChange> {
    const changes = new Map(this.#parts.database.list(directory));
    for (const layer of this.#parts.commits.layers().toReversed()) {
      for (const [name, change] of layer.in(directory) ?? []) changes.set(name, change);
    }
    return changes;
  }

  #findInBase(directory: string, name: string): DraftFile | undefined {
    const { base } = this.#parts;
    const entry = base?.list.findIn(directory, name);
    if (base === undefined || entry?.kind !== 'file') return undefined;
    return { hash: Buffer.from(entry.sha256, 'hex'), sizeBytes: entry.sizeBytes, changedAtMs: base.takenAtMs };
  }

  *#baseFiles(directory: string): Generator<[string, DraftFile]> {
    const { base, tree } = this.#parts;
    if (base === undefined || !tree.showsBase(directory)) return;
    for (const entry of base.list.entriesIn(directory)) {
      if (entry.kind !== 'file') continue;
      const file = { hash: Buffer.from(entry.sha256, 'hex'), sizeBytes: entry.sizeBytes, changedAtMs: base.takenAtMs };
      yield [entry.name, file];
    }
  }
}
