import { randomUUID } from 'node:crypto';
import type { Principal } from './principal.ts';

/** Long enough to open and print them. */
const KEPT_MS = 10 * 60_000;
const MAX_PAGES = 200;

/** Pages made to be printed, which may have a password on them: in memory, for whoever asked, for a few minutes. */
export class PrintedPages implements Disposable {
  readonly #pages = new Map<string, { readonly html: string; readonly owner: string; readonly end: NodeJS.Timeout }>();

  /** @returns its id */
  keep(html: string, principal: Principal): string {
    const id = randomUUID();
    const end = setTimeout(() => this.#pages.delete(id), KEPT_MS).unref();
    this.#pages.set(id, { html, owner: ownerOf(principal), end });
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#forget(oldest);
    }
    return id;
  }

  until(): Date {
    return new Date(Date.now() + KEPT_MS);
  }

  /** Undefined also for what somebody else asked for. */
  get(id: string, principal: Principal): string | undefined {
    const page = this.#pages.get(id);
    return page?.owner === ownerOf(principal) ? page.html : undefined;
  }

  [Symbol.dispose](): void {
    for (const id of this.#pages.keys()) this.#forget(id);
  }

  #forget(id: string): void {
    clearTimeout(this.#pages.get(id)?.end);
    this.#pages.delete(id);
  }
}

const ownerOf = ({ by, id }: Principal): string => `${by} ${id ?? ''}`;
