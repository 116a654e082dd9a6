/** The accounts and their API tokens, as `accounts.json` in the state folder holds them. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import {
  Account,
  ApiToken,
  type AccountPatch,
  type MadeToken,
  type NewAccount,
  type NewToken,
} from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { PasswordHasher } from './passwords.ts';
import { openStateFile, type StateFile } from './state-file.ts';

const KeptAccount = Account.extend({
  passwordHash: z.string(),
  /** Changes with the password: sessions from before it end. */
  passwordMark: z.string(),
});
type KeptAccount = z.infer<typeof KeptAccount>;

const KeptToken = ApiToken.extend({ account: z.string(), hash: z.string() });
type KeptToken = z.infer<typeof KeptToken>;

const Kept = z.object({ version: z.literal(1), accounts: z.array(KeptAccount), tokens: z.array(KeptToken) });
type Kept = z.infer<typeof Kept>;

const MAX_ACCOUNTS = 100;
const MAX_TOKENS_EACH = 50;
const TOKEN_BYTES = 32;
/** So that scanners of source code recognise a token that was published by mistake. */
const TOKEN_PREFIX = 'holdfast_';
/** How exactly it is remembered when a token was last used. */
const LAST_USED_MS = 10 * 60_000;

/** What somebody knows who signed in: who it is, and whether the password is still the one of then. */
export interface Credential {
  readonly account: Account;
  readonly passwordMark: string;
}

export class AccountBook {
  readonly #file: StateFile<Kept>;
  readonly #hasher: PasswordHasher;
  readonly #now: () => Date;

  constructor(stateDir: string, hasher: PasswordHasher, now: () => Date = () => new Date()) {
    this.#file = openStateFile(join(stateDir, 'accounts.json'), Kept, { version: 1, accounts: [], tokens: [] });
    this.#hasher = hasher;
    this.#now = now;
  }

  /** @throws {AppError} STORAGE_FAILED when the file is there and cannot be read: then there may be accounts. */
  isEmpty(): boolean {
    return this.#file.read().accounts.length === 0;
  }

  list(): Account[] {
    return this.#file.read().accounts.map((kept) => Account.parse(kept));
  }

  find(id: string): Credential | undefined {
    return credentialOf(this.#file.read().accounts.find((kept) => kept.id === id));
  }

  findByName(name: string): Account | undefined {
    return this.list().find((account) => isSameName(account.name, name));
  }

  /** Takes as long for a name that nobody has as for a wrong password. */
  async checkPassword(name: string, password: string): Promise<Credential | undefined> {
    const kept = this.#file.read().accounts.find((each) => isSameName(each.name, name));
    const { matches, outdated } = await this.#hasher.verify(password, kept?.passwordHash);
    if (!matches || kept === undefined) return undefined;
    if (outdated) await this.#rehash(kept, password);
    return credentialOf(kept);
  }

  /** @throws {AppError} ALREADY_THERE for a name that is taken; NOT_ALLOWED for too many. */
  async create(wanted: NewAccount): Promise<Account> {
    const passwordHash = await this.#hasher.hash(wanted.password);
    const kept = this.#file.read();
    this.#demandFreeName(wanted.name);
    if (kept.accounts.length >= MAX_ACCOUNTS)
      throw new AppError('NOT_ALLOWED', `there are ${MAX_ACCOUNTS} accounts already`);
    const account: KeptAccount = {
      id: randomUUID(),
      name: wanted.name,
      roles: [...new Set(wanted.roles)],
      devices: [...new Set(wanted.devices)],
      language: wanted.language,
      createdAt: this.#now().toISOString(),
      passwordHash,
      passwordMark: randomUUID(),
    };
    this.#file.write({ ...kept, accounts: [...kept.accounts, account] });
    return Account.parse(account);
  }

  /** @throws {AppError} NOT_FOUND; ALREADY_THERE; NOT_ALLOWED where no administrator would be left. */
  change(id: string, patch: AccountPatch): Account {
    const kept = this.#demand(id);
    if (patch.name !== undefined && !isSameName(patch.name, kept.name)) this.#demandFreeName(patch.name);
    const changed: KeptAccount = {
      ...kept,
      name: patch.name ?? kept.name,
      roles: patch.roles === undefined ? kept.roles : [...new Set(patch.roles)],
      devices: patch.devices === undefined ? kept.devices : [...new Set(patch.devices)],
      language: patch.language ?? kept.language,
    };
    this.#replace(changed);
    return Account.parse(changed);
  }

  /** The accounts a device belongs to. */
  ownersOf(udid: string): Account[] {
    return this.list().filter(({ roles, devices }) => roles.includes('owner') && devices.includes(udid));
  }

  /** Gives a device that nobody owns to an account that can own one. @returns whether it did */
  claim(accountId: string, udid: string): boolean {
    const account = this.find(accountId)?.account;
    if (account?.roles.includes('owner') !== true || this.ownersOf(udid).length > 0) return false;
    this.change(accountId, { devices: [...account.devices, udid] });
    return true;
  }

  /** As long as there is one account alone, every device that nobody owns is its. @returns whether that changed anything */
  claimForTheOnlyOne(udid: string): boolean {
    const [only, ...others] = this.#file.read().accounts;
    return only !== undefined && others.length === 0 && this.claim(only.id, udid);
  }

  /** Ends every session of the account; tokens stay. @throws {AppError} NOT_FOUND */
  async setPassword(id: string, password: string): Promise<void> {
    const passwordHash = await this.#hasher.hash(password);
    this.#replace({ ...this.#demand(id), passwordHash, passwordMark: randomUUID() });
  }

  /** With its tokens. @throws {AppError} NOT_FOUND; NOT_ALLOWED where no administrator would be left. */
  remove(id: string): void {
    this.#demand(id);
    const kept = this.#file.read();
    const accounts = kept.accounts.filter((account) => account.id !== id);
    demandAdministrator(kept.accounts, accounts);
    this.#file.write({ ...kept, accounts, tokens: kept.tokens.filter((token) => token.account !== id) });
  }

  tokensOf(accountId: string): ApiToken[] {
    return this.#file.read().tokens.flatMap((token) => (token.account === accountId ? [ApiToken.parse(token)] : []));
  }

  /** @throws {AppError} NOT_ALLOWED for too many. */
  makeToken(accountId: string, wanted: NewToken): MadeToken {
    this.#demand(accountId);
    const kept = this.#file.read();
    if (this.tokensOf(accountId).length >= MAX_TOKENS_EACH) {
      throw new AppError('NOT_ALLOWED', `there are ${MAX_TOKENS_EACH} tokens already`, {
        hint: 'Remove those not used.',
      });
    }
    const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
    const made: ApiToken = {
      ...wanted,
      scopes: [...new Set(wanted.scopes)],
      id: randomUUID(),
      createdAt: this.#now().toISOString(),
    };
    this.#file.write({ ...kept, tokens: [...kept.tokens, { ...made, account: accountId, hash: hashOfSecret(token) }] });
    return { ...made, token };
  }

  /** @throws {AppError} NOT_FOUND */
  removeToken(accountId: string, id: string): void {
    const kept = this.#file.read();
    const tokens = kept.tokens.filter((token) => token.id !== id || token.account !== accountId);
    if (tokens.length === kept.tokens.length) throw new AppError('NOT_FOUND', 'there is no such token');
    this.#file.write({ ...kept, tokens });
  }

  /** Whose token this is, unless it is over. Found by its hash: how long that takes tells nothing about the token. */
  findToken(token: string): { credential: Credential; token: ApiToken } | undefined {
    if (!token.startsWith(TOKEN_PREFIX)) return undefined;
    const hash = hashOfSecret(token);
    const kept = this.#file.read().tokens.find((each) => each.hash === hash);
    const credential = kept && this.find(kept.account);
    if (kept === undefined || credential === undefined) return undefined;
    if (this.#isOver(kept)) return undefined;
    this.#noteUse(kept, this.#now());
    return { credential, token: ApiToken.parse(kept) };
  }

  /** Whether a token is there and not over. */
  hasToken(accountId: string, id: string): boolean {
    const kept = this.#file.read().tokens.find((token) => token.id === id);
    return kept?.account === accountId && !this.#isOver(kept);
  }

  #isOver({ expiresAt }: KeptToken): boolean {
    return expiresAt !== undefined && Date.parse(expiresAt) <= this.#now().getTime();
  }

  #noteUse(used: KeptToken, now: Date): void {
    if (now.getTime() - Date.parse(used.lastUsedAt ?? used.createdAt) < LAST_USED_MS) return;
    const kept = this.#file.read();
    const tokens = kept.tokens.map((token) =>
      token.id === used.id ? { ...token, lastUsedAt: now.toISOString() } : token,
    );
    this.#file.writeIfPossible({ ...kept, tokens });
  }

  async #rehash(kept: KeptAccount, password: string): Promise<void> {
    const passwordHash = await this.#hasher.hash(password);
    const now = this.#file.read().accounts.find((account) => account.id === kept.id);
    if (now?.passwordHash !== kept.passwordHash) return;
    try {
      this.#replace({ ...now, passwordHash });
    } catch (error) {
      // A full disk keeps nobody out: the next sign-in tries again.
      if (!isAppError(error, 'OUT_OF_SPACE', 'STORAGE_FAILED')) throw error;
    }
  }

  #demand(id: string): KeptAccount {
    const found = this.#file.read().accounts.find((kept) => kept.id === id);
    if (found === undefined) throw new AppError('NOT_FOUND', 'there is no such account');
    return found;
  }

  #demandFreeName(name: string): void {
    if (!this.#file.read().accounts.some((kept) => isSameName(kept.name, name))) return;
    throw new AppError('ALREADY_THERE', `there is an account of the name “${name}” already`);
  }

  #replace(changed: KeptAccount): void {
    const kept = this.#file.read();
    const accounts = kept.accounts.map((account) => (account.id === changed.id ? changed : account));
    demandAdministrator(kept.accounts, accounts);
    this.#file.write({ ...kept, accounts });
  }
}

/** What is kept of a secret of 256 random bits: nothing can be guessed from it, so it needs no slow hash. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function credentialOf(kept: KeptAccount | undefined): Credential | undefined {
  return kept && { account: Account.parse(kept), passwordMark: kept.passwordMark };
}

function demandAdministrator(before: readonly KeptAccount[], after: readonly KeptAccount[]): void {
  const runs = ({ roles }: KeptAccount): boolean => roles.includes('administrator');
  if (after.some(runs) || !before.some(runs)) return;
  throw new AppError('NOT_ALLOWED', 'no administrator would be left', {
    hint: 'Make another account administrator first.',
  });
}

/** Names that look alike are the same. */
const isSameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b);

/** What counts of a name. */
export const nameKey = (name: string): string => name.trim().normalize('NFKC').toLowerCase();
