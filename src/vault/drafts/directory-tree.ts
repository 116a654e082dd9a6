import { TargetError } from '../../shared/backup-target.ts';
import { joinPath, splitPath } from '../lists/list-path.ts';

/** A phone's backup has 513 directories. One that asks for more than this is no phone, and memory has an end. */
const MAX_DIRECTORIES = 65_536;

/** What a draft remembers about one directory beyond what its base says. */
export interface DirectoryState {
  readonly path: string;
  readonly isPresent: boolean;
  /** The base's content of this directory (not of those below it) is not part of the draft any more. */
  readonly hidesBase: boolean;
  readonly changedAtMs: number;
}

interface Node {
  isPresent: boolean;
  hidesBase: boolean;
  /** Undefined while nothing but the base tells of the directory. */
  changedAtMs: number | undefined;
  readonly children: Set<string>;
}

/**
 * The directories of a draft, all in memory: those of the base and what the draft did to them. Paths are relative to
 * the backup folder, whose own path is ''.
 */
export class DirectoryTree {
  readonly #nodes = new Map<string, Node>([['', newNode(true)]]);
  readonly #inBase = new Set<string>();

  /** Takes in a directory of the base and those above it. */
  addBase(path: string): void {
    this.#inBase.add(path);
    for (let each = path; each !== '' && !this.#nodes.has(each); each = splitPath(each).directory) {
      this.#insert(each, newNode(true));
    }
  }

  /** Takes in what an earlier session of the draft did. The states may come in any order. */
  restore(states: Iterable<DirectoryState>): void {
    for (const { path, isPresent, hidesBase, changedAtMs } of states) {
      const node = this.#nodes.get(path) ?? newNode(isPresent);
      if (!this.#nodes.has(path)) this.#insert(path, node);
      node.isPresent = isPresent;
      node.hidesBase = hidesBase;
      node.changedAtMs = changedAtMs;
    }
  }

  has(path: string): boolean {
    return this.#nodes.get(path)?.isPresent === true;
  }

  /** Whether the draft itself says that the directory exists, so that nothing more need be noted when it changes. */
  isRecorded(path: string): boolean {
    const node = this.#nodes.get(path);
    return node?.isPresent === true && (node.changedAtMs !== undefined || path === '');
  }

  /** Whether files of the base are still seen in the directory. */
  showsBase(path: string): boolean {
    return this.#inBase.has(path) && this.#nodes.get(path)?.hidesBase !== true;
  }

  /** When the draft made or changed the directory; undefined when only the base knows it. */
  changedAtMs(path: string): number | undefined {
    return this.#nodes.get(path)?.changedAtMs;
  }

  state(path: string): DirectoryState | undefined {
    const node = this.#nodes.get(path);
    if (node?.changedAtMs === undefined) return undefined;
    return { path, isPresent: node.isPresent, hidesBase: node.hidesBase, changedAtMs: node.changedAtMs };
  }

  /** Names of the directories in `path`, in no order. */
  *childrenOf(path: string): Generator<string> {
    for (const name of this.#nodes.get(path)?.children ?? []) if (this.has(joinPath(path, name))) yield name;
  }

  /** Whether the draft noted anything about a directory right below `path`. */
  hasRecordedChild(path: string): boolean {
    for (const name of this.#nodes.get(path)?.children ?? []) {
      if (this.#nodes.get(joinPath(path, name))?.changedAtMs !== undefined) return true;
    }
    return false;
  }

  /** `path` and every directory below it, parents first. */
  *subtree(path: string): Generator<string> {
    const pending = [path];
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      yield each;
      for (const name of this.childrenOf(each)) pending.push(joinPath(each, name));
    }
  }

  /** Notes that the directory exists. Its parent must. @throws {TargetError} no-space */
  record(path: string, nowMs: number): void {
    let node = this.#nodes.get(path);
    if (node === undefined) {
      if (this.#nodes.size >= MAX_DIRECTORIES) {
        throw new TargetError('no-space', `a backup cannot have more than ${MAX_DIRECTORIES} directories`);
      }
      node = newNode(true);
      this.#insert(path, node);
    }
    node.isPresent = true;
    node.changedAtMs ??= nowMs;
  }

  /** Takes out one directory, whose own directories are gone already. */
  remove(path: string, nowMs: number): void {
    const node = this.#nodes.get(path);
    if (node === undefined || path === '') return;
    if (this.#inBase.has(path) || node.children.size > 0) {
      node.isPresent = false;
      node.hidesBase = true;
      node.changedAtMs = nowMs;
      return;
    }
    this.#nodes.delete(path);
    const { directory, name } = splitPath(path);
    this.#nodes.get(directory)?.children.delete(name);
  }

  /** Takes the base's files out of a directory that stays. */
  hideBase(path: string, nowMs: number): void {
    const node = this.#nodes.get(path);
    if (node === undefined || !this.showsBase(path)) return;
    node.hidesBase = true;
    node.changedAtMs ??= nowMs;
  }

  #insert(path: string, node: Node): void {
    this.#nodes.set(path, node);
    const { directory, name } = splitPath(path);
    const parent = this.#nodes.get(directory);
    if (parent !== undefined) {
      parent.children.add(name);
      return;
    }
    const added = newNode(true);
    added.children.add(name);
    this.#insert(directory, added);
  }
}

function newNode(isPresent: boolean): Node {
  return { isPresent, hidesBase: false, changedAtMs: undefined, children: new Set() };
}
