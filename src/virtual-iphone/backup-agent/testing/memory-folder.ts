/** The host's folder, in memory: files and directories by path. */
export class MemoryFolder {
  /** Entries by directory and name; a directory is an own key. '' is the root. */
  readonly #directories = new Map<string, Map<string, Buffer | 'directory'>>([['', new Map()]]);
  freeBytes = 1e12;

  read(path: string): Buffer | undefined {
    const { parent, name } = split(path);
    const entry = this.#directories.get(parent)?.get(name);
    return entry === 'directory' ? undefined : entry;
  }

  write(path: string, bytes: Buffer): void {
    const { parent, name } = split(path);
    this.makeDirectory(parent);
    this.#directories.get(parent)?.set(name, bytes);
  }

  makeDirectory(path: string): void {
    if (this.#directories.has(path)) return;
    const { parent, name } = split(path);
    this.makeDirectory(parent);
    this.#directories.get(parent)?.set(name, 'directory');
    this.#directories.set(path, new Map());
  }

  list(path: string): ReadonlyMap<string, Buffer | 'directory'> | undefined {
    return this.#directories.get(path);
  }

  /** @returns whether there was something. */
  remove(path: string): boolean {
    const { parent, name } = split(path);
    for (const child of this.#directories.get(path)?.keys() ?? []) this.remove(`${path}/${child}`);
    this.#directories.delete(path);
    return this.#directories.get(parent)?.delete(name) ?? false;
  }

  /** @returns whether the source was there. */
  move(from: string, to: string): boolean {
    const bytes = this.read(from);
    if (bytes === undefined) return false;
    this.write(to, bytes);
    this.remove(from);
    return true;
  }

  /** Paths of all files below a directory, sorted. */
  files(path = ''): string[] {
    const found: string[] = [];
    for (const [name, entry] of this.#directories.get(path) ?? []) {
      const below = path === '' ? name : `${path}/${name}`;
      if (entry === 'directory') found.push(...this.files(below));
      else found.push(below);
    }
    return found.toSorted();
  }

  copy(): MemoryFolder {
    const twin = new MemoryFolder();
    for (const path of this.#directories.keys()) twin.makeDirectory(path);
    for (const path of this.files()) twin.write(path, this.read(path) ?? Buffer.alloc(0));
    return twin;
  }
}

function split(path: string): { parent: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: slash === -1 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}
