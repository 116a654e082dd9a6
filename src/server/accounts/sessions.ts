/** Who is signed in where. Kept as hashes in `sessions.json`, so that a restart signs nobody out. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { hashOfSecret, type AccountBook, type Credential } from './account-book.ts';
import { openStateFile, type StateFile } from './state-file.ts';

const TOKEN_BYTES = 32;
const DAY_MS = 24 * 60 * 60_000;
/** Without a visit. */
const IDLE_MS = 7 * DAY_MS;
/** Whatever happens. */
const LONGEST_MS = 30 * DAY_MS;
/** How exactly the last visit is remembered. */
const SEEN_MS = 5 * 60_000;
/** The oldest ends for a new one. */
const MAX_EACH = 20;
const MAX_USER_AGENT = 200;

const KeptSession = z.object({
  id: z.string(),
  hash: z.string(),
  account: z.string(),
  passwordMark: z.string(),
  /** Begun over an encrypted connection: never taken over another. */
  secure: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  address: z.string(),
  userAgent: z.string(),
});
export type KeptSession = z.infer<typeof KeptSession>;

const Kept = z.object({ version: z.literal(1), sessions: z.array(KeptSession) });

export interface Visit {
  readonly secure: boolean;
  readonly address: string;
  readonly userAgent: string;
}

export class Sessions {
  readonly #file: StateFile<z.infer<typeof Kept>>;
  readonly #book: AccountBook;
  readonly #now: () => number;

  constructor(stateDir: string, book: AccountBook, now: () => number = Date.now) {
    const path = join(stateDir, 'sessions.json');
    // Who is no longer remembered signs in again.
    this.#file = openStateFile(path, Kept, { version: 1, sessions: [] }, { mayBeLost: true });
    this.#book = book;
    this.#now = now;
  }

  /** @returns what the browser keeps; it is not kept here. */
  begin({ account, passwordMark }: Credential, visit: Visit): { token: string; session: KeptSession } {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = new Date(this.#now()).toISOString();
    const session: KeptSession = {
      id: randomUUID(),
      hash: hashOfSecret(token),
      account: account.id,
      passwordMark,
      secure: visit.secure,
      createdAt: now,
      lastSeenAt: now,
      address: visit.address,
      userAgent: visit.userAgent.slice(0, MAX_USER_AGENT),
    };
    const live = this.#live();
    const oldest = live.filter((each) => each.account === account.id).slice(0, -(MAX_EACH - 1));
    this.#write([...live.filter((each) => !oldest.includes(each)), session]);
    return { token, session };
  }

  /** The session of a token, unless it is over, or came by another scheme than it began with. */
  find(token: string, secure: boolean): { session: KeptSession; credential: Credential } | undefined {
    const hash = hashOfSecret(token);
    const session = this.#file.read().sessions.find((each) => each.hash === hash);
    if (session === undefined || session.secure !== secure || !this.#isLive(session)) return undefined;
    const credential = this.#book.find(session.account);
    if (credential === undefined) return undefined;
    this.#noteVisit(session);
    return { session, credential };
  }

  list(accountId: string): KeptSession[] {
    return this.#live().filter((session) => session.account === accountId);
  }

  expiresAt(session: KeptSession): Date {
    return new Date(endOfLife(session));
  }

  /** @returns whether there was one */
  end(accountId: string, id: string): boolean {
    const all = this.#live();
    const left = all.filter((session) => session.id !== id || session.account !== accountId);
    if (left.length === all.length) return false;
    this.#write(left);
    return true;
  }

  /** Whether it goes on: no sign-out, its time is not up, its account is there with the same password. */
  has(id: string): boolean {
    return this.#live().some((session) => session.id === id);
  }

  /** Forgets what is over. */
  sweep(): void {
    const all = this.#file.read().sessions;
    const live = this.#live();
    if (live.length < all.length) this.#write(live);
  }

  #live(): KeptSession[] {
    return this.#file.read().sessions.filter((session) => this.#isLive(session));
  }

  #isLive(session: KeptSession): boolean {
    return this.#now() < endOfLife(session) && this.#book.find(session.account)?.passwordMark === session.passwordMark;
  }

  #noteVisit(seen: KeptSession): void {
    if (this.#now() - Date.parse(seen.lastSeenAt) < SEEN_MS) return;
    const lastSeenAt = new Date(this.#now()).toISOString();
    this.#write(this.#live().map((session) => (session.id === seen.id ? { ...session, lastSeenAt } : session)));
  }

  #write(sessions: KeptSession[]): void {
    this.#file.writeIfPossible({ version: 1, sessions });
  }
}

function endOfLife({ createdAt, lastSeenAt }: KeptSession): number {
  return Math.min(Date.parse(createdAt) + LONGEST_MS, Date.parse(lastSeenAt) + IDLE_MS);
}

/** Made of the session's token, which no other page can read, and telling nothing about it. */
export function csrfTokenOf(token: string): string {
  return createHash('sha256').update(`holdfast csrf ${token}`).digest('base64url');
}
