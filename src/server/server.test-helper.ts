/** A server on a service that is made up, and browsers and programs that ask it without a socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session, type NewAccount, type SettingsPatch, type Role, type TokenScope } from '../contract/index.ts';
import type { Logger } from '../shared/logger.ts';
import { Accounts } from './accounts/accounts.ts';
import { createApp, type AppOptions, type HoldfastApp } from './app.ts';
import { FakeService } from './fake-service.test-helper.ts';
import type { Bindings } from './guards/transport.ts';

export const PASSWORD = 'correct horse battery';
const ORIGIN = 'http://localhost:7373';

/** As quick as argon2 can be. */
const QUICK = { memoryKiB: 32, passes: 2, lanes: 1 };

export interface TestServer extends AsyncDisposable {
  readonly app: HoldfastApp;
  readonly accounts: Accounts;
  readonly service: FakeService;
  readonly stateDir: string;
  /** What went into the log. */
  readonly logged: string[];
  /** In milliseconds; tests move it on. */
  readonly clock: { now: number };
  /** Sends a request as a program on this computer does. */
  readonly ask: (path: string, init?: AskInit) => Promise<Response>;
  /** Makes an account and signs in as it. */
  signedIn(name: string, roles: Role[], devices?: string[]): Promise<Browser>;
  /** Makes an account with a token. */
  token(name: string, roles: Role[], devices: string[], scopes: TokenScope[]): Promise<string>;
}

export interface AskInit {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly origin?: string;
  readonly bindings?: Bindings;
  readonly signal?: AbortSignal;
}

/** Keeps the cookie and sends what a page of ours sends. */
export interface Browser {
  readonly accountId: string;
  readonly cookie: string;
  readonly csrfToken: string;
  readonly ask: (path: string, init?: AskInit) => Promise<Response>;
}

/** @param options.settings of the service, as the file of settings says them. */
export function startTestServer({
  settings,
  ...options
}: Partial<AppOptions> & { settings?: SettingsPatch } = {}): TestServer {
  const stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  const clock = { now: Date.parse('2026-11-22T12:00:00Z') };
  const accounts = new Accounts({ stateDir, hashCosts: QUICK, now: () => clock.now });
  const service = options.service instanceof FakeService ? options.service : new FakeService(stateDir, settings);
  const logged: string[] = [];
  const note = (message: string, facts?: object): void => void logged.push(`${message} ${JSON.stringify(facts)}`);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  const app = createApp({ accounts, log, version: '1.2.3', ...options, service: options.service ?? service });

  const ask: TestServer['ask'] = async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (init.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
    const url = path.startsWith('/') ? `${init.origin ?? ORIGIN}${path}` : `${init.origin ?? ORIGIN}/api/v1/${path}`;
    const signal = init.signal === undefined ? {} : { signal: init.signal };
    return app.fetch(new Request(url, { method: init.method ?? 'GET', headers, ...body, ...signal }), init.bindings);
  };

  const makeAccount = (name: string, roles: Role[], devices: string[]): ReturnType<typeof accounts.book.create> =>
    accounts.book.create({ name, password: PASSWORD, roles, devices, language: 'en' } satisfies NewAccount);

  return {
    app,
    accounts,
    service,
    stateDir,
    logged,
    clock,
    ask,
    async signedIn(name, roles, devices = []) {
      await makeAccount(name, roles, devices);
      return browserOf(ask, await ask('session', { method: 'POST', body: { name, password: PASSWORD } }));
    },
    async token(name, roles, devices, scopes) {
      const { id } = await makeAccount(name, roles, devices);
      return accounts.book.makeToken(id, { name: 'a program', scopes }).token;
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** What a browser has after an answer that signed it in. */
export async function browserOf(ask: TestServer['ask'], answer: Response): Promise<Browser> {
  const { account, csrfToken = '' } = Session.parse(await answer.json());
  const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  return {
    accountId: account?.id ?? '',
    cookie,
    csrfToken,
    ask: (path, init = {}) =>
      ask(path, { ...init, headers: { cookie, 'x-holdfast-csrf': csrfToken, ...init.headers } }),
  };
}
