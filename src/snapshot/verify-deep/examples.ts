import type { NamedFile } from './events.ts';

const MAX_EXAMPLES = 20;

/** Counts files and keeps the first of them. */
export class Examples {
  readonly #examples: NamedFile[] = [];
  #files = 0;

  add(file: NamedFile): void {
    this.#files++;
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(file);
  }

  get files(): number {
    return this.#files;
  }

  get facts(): { readonly files: number; readonly examples: readonly NamedFile[] } {
    return { files: this.#files, examples: this.#examples };
  }
}
