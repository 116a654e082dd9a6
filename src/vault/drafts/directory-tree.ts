import { TargetError } from '../../shared/target/backup-target.ts';
import { joinPath, splitPath } from '../lists/list-path.ts';

/** A phone's backup has 513 directories. One that asks for more than this is no phone, and memory has an end. */
const MAX_DIRECTORIES = 65_536;

/** A directory of a draft. */
export interface DraftDirectory {
  readonly path: string;
  /** Names the directory in the file table. */
  readonly number: number;
  /** Whether files of the base are still seen in it. */
  readonly showsBase: boolean;
  /** When the draft made it or first changed something in it; undefined while only the base tells of it. */
  readonly changedAtMs: number | undefined;
}

interface Node extends DraftDirectory {
  showsBase: boolean;
  changedAtMs: number | undefined;
  /** False for a directory of the base that was taken away: it is remembered because the base still has it. */
  isPresent: boolean;
  readonly isInBase: boolean;
  readonly children: Map<string, Node>;
}

/**
 * The directories of a draft, all in memory: those of the base and what the draft did to them. Paths are relative to
 * the backup folder, whose own path is ''.
 */
export class DirectoryTree {
  readonly #nodes = new Map<string, Node>();
  #lastNumber = 0;

  /** @param base every directory of the base; those above them may be left out. */
  constructor(base: Iterable<string>) {
    this.#insert('', undefined, true);
    for (const path of base) this.#addBase(path);
  }

  get(path: string): DraftDirectory | undefined {
    const node = this.#nodes.get(path);
    return node?.isPresent === true ? node : undefined;
  }

  /** Whether `name` in a directory is a directory. */
  hasDirectory({ path }: DraftDirectory, name: string): boolean {
    const children = this.#nodes.get(path)?.children;
    // Most directories hold files alone; then the name need not be looked up.
    return name === '' || (children !== undefined && children.size > 0 && children.get(name)?.isPresent === true);
  }

  /** Names of the directories in `path`, in no order. */
  *childrenOf(path: string): Generator<string> {
    for (const [name, child] of this.#nodes.get(path)?.children ?? []) if (child.isPresent) yield name;
  }

  /** Whether the draft changed anything about or in a directory right below `path`. */
  hasChangedChild(path: string): boolean {
    for (const child of this.#nodes.get(path)?.children.values() ?? []) {
      if (child.changedAtMs !== undefined) return true;
    }
    return false;
  }

  /** The directory at `path` and every one below it, parents first. */
  subtree(path: string): DraftDirectory[] {
    const found: DraftDirectory[] = [];
    const pending = [this.#nodes.get(path)];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (!node.isPresent) continue;
      found.push(node);
      pending.push(...node.children.values());
    }
    return found;
  }

  /** Makes a directory, or notes that something in it changed. Its parent must be there. @throws {TargetError} no-space */
  touch(path: string, nowMs: number): DraftDirectory {
    let node = this.#nodes.get(path);
    if (node === undefined) {
      if (this.#nodes.size >= MAX_DIRECTORIES) {
        throw new TargetError('no-space', `a backup cannot have more than ${MAX_DIRECTORIES} directories`);
      }
      node = this.#insert(path, this.#nodes.get(splitPath(path).directory), false);
    }
    node.isPresent = true;
    node.changedAtMs ??= nowMs;
    return node;
  }

  /** Takes a directory away, with those below it. The backup folder itself stays and only becomes empty. */
  remove(path: string, nowMs: number): void {
    const node = this.#nodes.get(path);
    if (node === undefined) return;
    for (const name of node.children.keys()) this.remove(joinPath(path, name), nowMs);
    node.showsBase = false;
    node.changedAtMs = nowMs;
    if (path === '') return;
    node.isPresent = false;
    if (node.isInBase) return;
    this.#nodes.delete(path);
    const { directory, name } = splitPath(path);
    this.#nodes.get(directory)?.children.delete(name);
  }

  #addBase(path: string): Node {
    const known = this.#nodes.get(path);
    if (known !== undefined) return known;
    return this.#insert(path, this.#addBase(splitPath(path).directory), true);
  }

  #insert(path: string, parent: Node | undefined, isInBase: boolean): Node {
    const node: Node = {
      path,
      number: ++this.#lastNumber,
      showsBase: isInBase,
      changedAtMs: undefined,
      isPresent: true,
      isInBase,
      children: new Map(),
    };
    this.#nodes.set(path, node);
    parent?.children.set(splitPath(path).name, node);
    return node;
  }
}
