/** The advisory locks of the phone's files, as flock(2) knows them. One for all AFC connections of a phone. */
export class FileLocks {
  readonly #holders = new Map<string, Map<object, 'shared' | 'exclusive'>>();

  /** @returns false when another holder is in the way. A lock that is held already changes its kind. */
  acquire(file: string, holder: object, kind: 'shared' | 'exclusive'): boolean {
    const holders = this.#holders.get(file) ?? new Map<object, 'shared' | 'exclusive'>();
    const others = [...holders].filter(([each]) => each !== holder);
    if (others.some(([, held]) => kind === 'exclusive' || held === 'exclusive')) return false;
    holders.set(holder, kind);
    this.#holders.set(file, holders);
    return true;
  }

  release(file: string, holder: object): void {
    const holders = this.#holders.get(file);
    holders?.delete(holder);
    if (holders?.size === 0) this.#holders.delete(file);
  }

  isLocked(file: string): boolean {
    return this.#holders.has(file);
  }
}
