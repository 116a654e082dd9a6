/** Who may come in: accounts, who is signed in, API tokens, the first account of all. */
import type { Account, SetUp, SignIn } from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { Transport } from '../guards/transport.ts';
import { principalOf, type Principal } from '../principal.ts';
import { AccountBook, nameKey } from './account-book.ts';
import { type Attempt, createAttempts } from './attempts.ts';
import { createPasswordHasher, type HashCosts } from './passwords.ts';
import { Sessions, type KeptSession } from './sessions.ts';
import { isSetUpCode, makeSetUpCode } from './set-up-code.ts';

export interface AccountsOptions {
  readonly stateDir: string;
  /** Of hashing passwords; tests take less. */
  readonly hashCosts?: HashCosts;
  readonly now?: () => number;
}

/** What a browser is given when it signs in. */
export interface SignedIn {
  readonly account: Account;
  readonly session: KeptSession;
  /** For the cookie. */
  readonly token: string;
}

/** Where something asks from. */
export type Caller = Pick<Transport, 'secure' | 'address'> & { readonly userAgent: string };

const SET_UP = ' set-up';

interface Watch {
  readonly principal: Principal;
  readonly end: AbortController;
}

export class Accounts {
  readonly book: AccountBook;
  readonly sessions: Sessions;
  /** What the first account is made with; undefined where there is one. Told only where the service was started. */
  readonly setUpCode: string | undefined;
  /** Why nobody can come in: the file of accounts cannot be read. Once it can be, they can. */
  readonly unreadable: AppError | undefined;
  readonly #attempts: ReturnType<typeof createAttempts>;
  readonly #watches = new Map<string, Watch>();
  #settingUp = Promise.resolve();

  /** A file of accounts that cannot be read is never taken for none: then there is no set-up, and nobody comes in. */
  constructor({ stateDir, hashCosts, now = Date.now }: AccountsOptions) {
    this.book = new AccountBook(stateDir, createPasswordHasher(hashCosts), () => new Date(now()));
    this.sessions = new Sessions(stateDir, this.book, now);
    this.unreadable = whyUnreadable(this.book);
    this.setUpCode = this.unreadable === undefined && this.book.isEmpty() ? makeSetUpCode() : undefined;
    this.#attempts = createAttempts(now);
  }

  /** @throws {AppError} SIGN_IN_FAILED, the same for a wrong name and a wrong password; TOO_MANY_TRIES */
  async signIn({ name, password }: SignIn, caller: Caller): Promise<SignedIn> {
    const attempt = this.#attempts.begin(nameKey(name), caller.address);
    const credential = await this.book.checkPassword(name, password);
    if (credential === undefined) {
      throw new AppError('SIGN_IN_FAILED', 'name and password do not belong together', {
        hint: 'Check both. Whoever runs the service can set another password.',
      });
    }
    attempt.right();
    return { account: credential.account, ...this.sessions.begin(credential, caller) };
  }

  /** Whether a password is the one of an account, for what asks for it again. @throws {AppError} TOO_MANY_TRIES, WRONG_PASSWORD */
  async demandPassword(account: Account, password: string, caller: Pick<Caller, 'address'>): Promise<void> {
    const attempt = this.#attempts.begin(nameKey(account.name), caller.address);
    if ((await this.book.checkPassword(account.name, password)) === undefined) {
      throw new AppError('WRONG_PASSWORD', 'this is not the present password of the account');
    }
    attempt.right();
  }

  /**
   * Counts a try of something else that can be guessed, such as the password of a backup.
   *
   * @throws {AppError} TOO_MANY_TRIES
   */
  countTry(what: string, principal: Principal): Attempt {
    return this.#attempts.begin(` ${what}`, principal.account?.id ?? principal.by, 'Nothing is lost. Wait that long.');
  }

  /**
   * Makes the first account, once.
   *
   * @param devices that are theirs: whoever starts the service has them all.
   * @throws {AppError} NOT_ALLOWED with a wrong code, or when there is an account; TOO_MANY_TRIES
   */
  async setUp({ code, name, password, language }: SetUp, devices: string[], caller: Caller): Promise<SignedIn> {
    const attempt = this.#attempts.begin(SET_UP, caller.address);
    if (this.setUpCode === undefined || !isSetUpCode(this.setUpCode, code)) throw wrongCode();
    attempt.right();
    // One after the other: two at once that both have the code make one account.
    const before = this.#settingUp;
    const done = Promise.withResolvers<void>();
    this.#settingUp = done.promise;
    await before;
    try {
      if (!this.book.isEmpty()) throw wrongCode();
      const account = await this.book.create({ name, password, language, roles: ['administrator', 'owner'], devices });
      const credential = this.book.find(account.id);
      if (credential === undefined) throw wrongCode();
      return { account, ...this.sessions.begin(credential, caller) };
    } finally {
      done.resolve();
    }
  }

  /** Who comes with the token of a session. */
  ofSession(token: string, secure: boolean): Principal | undefined {
    const found = this.sessions.find(token, secure);
    return found && principalOf(found.credential.account, { by: 'session', id: found.session.id });
  }

  /** Ends the session of a token, if it is one. */
  signOut(token: string, secure: boolean): void {
    const found = this.sessions.find(token, secure);
    if (found !== undefined) this.sessions.end(found.session.account, found.session.id);
    this.endWhatIsOver();
  }

  /** Who comes with an API token. */
  ofToken(token: string): Principal | undefined {
    const found = this.book.findToken(token);
    return (
      found && principalOf(found.credential.account, { by: 'token', id: found.token.id, scopes: found.token.scopes })
    );
  }

  /**
   * For what goes on after it was allowed: aborted when the session or token ends, or its account may do other things than
   * now. The same for all requests of one session.
   */
  endOf(principal: Principal): AbortSignal {
    const key = `${principal.by} ${principal.id}`;
    const watch = this.#watches.get(key) ?? { principal, end: new AbortController() };
    this.#watches.set(key, watch);
    return watch.end.signal;
  }

  /** To be called after every change, and now and then, since time ends sessions, too. */
  endWhatIsOver(): void {
    for (const [key, { principal, end }] of this.#watches) {
      if (this.#goesOn(principal)) continue;
      this.#watches.delete(key);
      end.abort();
    }
  }

  #goesOn({ by, id, account }: Principal): boolean {
    if (account === undefined || id === undefined) return true;
    const now = this.book.find(account.id)?.account;
    if (now === undefined || rightsOf(now) !== rightsOf(account)) return false;
    return by === 'session' ? this.sessions.has(id) : this.book.hasToken(account.id, id);
  }
}

function whyUnreadable(book: AccountBook): AppError | undefined {
  try {
    book.isEmpty();
    return undefined;
  } catch (error) {
    if (isAppError(error, 'STORAGE_FAILED')) return error;
    throw error;
  }
}

const rightsOf = ({ roles, devices }: Account): string => JSON.stringify([roles.toSorted(), devices.toSorted()]);

function wrongCode(): AppError {
  return new AppError('NOT_ALLOWED', 'this is not the code of the service, or it is set up already', {
    hint: 'The code stands where the service was started, in the terminal or in its log. A restart makes another.',
  });
}
