import { Hono, type Context } from 'hono';
import type { Problem } from '../contract/index.ts';
import type { RunningService } from '../service/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { demandAccess, demandSignIn, scopeFor } from './access.ts';
import type { Accounts } from './accounts/accounts.ts';
import { BrowsingKeeper } from './content/browsing-keeper.ts';
import type { ServerContext } from './context.ts';
import { secureAll, secureAnswer } from './guards/headers.ts';
import { demandKnownHost } from './guards/hosts.ts';
import { demandOwnOrigin } from './guards/origin.ts';
import { reachOf } from './guards/reach.ts';
import { transportOf, type Bindings, type Transport } from './guards/transport.ts';
import { identify } from './identify.ts';
import { jsonAnswer } from './json-answer.ts';
import { LiveEvents } from './live/live-events.ts';
import { LOCAL, NOBODY, type Principal } from './principal.ts';
import { openApiOf } from './openapi.ts';
import { PrintedPages } from './printed-pages.ts';
import { failureOf, readAs } from './problem.ts';
import { readJson } from './read-json.ts';
import { NO_FIELDS, type Answer, type Method, type Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import type { WebFiles } from './static/web-files.ts';

const API = '/api/v1';
/** Time ends sessions, and so do commands beside the service. */
const SWEEP_MS = 60_000;

export interface AppOptions {
  readonly service: RunningService;
  readonly accounts: Accounts;
  readonly log: Logger;
  readonly version: string;
  /** The built web interface; without it only the API answers. */
  readonly web?: WebFiles | undefined;
  readonly demo?: boolean;
  readonly routes?: readonly Route[];
}

/** The HTTP side of a running service, without a socket: whoever listens hands requests in. */
export interface HoldfastApp extends AsyncDisposable {
  /** @param bindings what the listener knows of the connection. */
  fetch(request: Request, bindings?: Bindings): Promise<Response>;
  /** Ends what would go on for ever, before a listener stops. */
  endStreams(): Promise<void>;
}

type Env = { Bindings: { transport: Transport } };

export function createApp(options: AppOptions): HoldfastApp {
  const { service, accounts, log, version, web } = options;
  const live = new LiveEvents(service, log);
  const browsing = new BrowsingKeeper(service, accounts, live);
  const printed = new PrintedPages();
  const routes = options.routes ?? ROUTES;
  let document: ReturnType<typeof openApiOf> | undefined;
  const openApi = () => (document ??= openApiOf(routes, version));
  const context: ServerContext = {
    service,
    accounts,
    live,
    browsing,
    printed,
    log,
    version,
    openApi,
    demo: options.demo ?? false,
  };
  const reach = reachOf(service, log);
  const router = routerOf(routes, context);

  async function answer(request: Request, transport: Transport): Promise<Response> {
    const path = new URL(request.url).pathname;
    try {
      demandKnownHost(transport, reach.now().hosts);
      if (path !== '/api' && !path.startsWith('/api/')) return await pageAt(web, request, path);
      demandOwnOrigin(request, transport, reach.now().publicUrl);
      return await router.fetch(request, { transport });
    } catch (error) {
      return await problemAnswer(error, log, request);
    }
  }

  const claim = (udid: string): void => {
    if (!accounts.book.claimForTheOnlyOne(udid)) return;
    accounts.endWhatIsOver();
    live.tell({ event: 'changed', what: 'accounts' });
  };
  live.start((event) => {
    if (event.event === 'device' && event.device.trusted) orWarn(log, () => claim(event.device.udid));
  });
  const sweep = (): void => {
    accounts.endWhatIsOver();
    accounts.sessions.sweep();
  };
  const endSessions = setInterval(() => orWarn(log, sweep), SWEEP_MS).unref();
  const endStreams = (): Promise<void> => live[Symbol.asyncDispose]();

  return {
    endStreams,
    async fetch(request, bindings = {}) {
      const transport = transportOf(request, bindings, reach.now().isProxy);
      const response = await answer(request, transport);
      secureAll(response.headers, transport);
      return response;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(endSessions);
      reach[Symbol.dispose]();
      printed[Symbol.dispose]();
      await endStreams();
      await browsing[Symbol.asyncDispose]();
    },
  };
}

/** What is done beside requests, where a disk that fails must not end the service. */
function orWarn(log: Logger, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isAppError(error)) throw error;
    log.warn(error.message, { code: error.code });
  }
}

async function pageAt(web: WebFiles | undefined, request: Request, path: string): Promise<Response> {
  const response = await web?.answer(request, path);
  if (response !== undefined) return response;
  throw new AppError('NOT_FOUND', 'there is nothing at this address');
}

function routerOf(routes: readonly Route[], context: ServerContext): Hono<Env> {
  const router = new Hono<Env>();
  for (const route of routes.toSorted(fixedBeforeParameters)) {
    router.on(route.method, API + route.path, (c) => handle(route, c, context));
  }
  router.notFound(() => {
    throw new AppError('NOT_FOUND', 'there is nothing at this address', {
      hint: `${API}/openapi.json lists all of them.`,
    });
  });
  router.onError((error, c) => problemAnswer(error, context.log, c.req.raw));
  return router;
}

/** Of "/snapshots/forget" and "/snapshots/:id" the first is meant where both fit. */
function fixedBeforeParameters(a: Route, b: Route): number {
  return a.path.replaceAll(':', '\u{10ffff}') < b.path.replaceAll(':', '\u{10ffff}') ? -1 : 1;
}

async function handle(route: Route, c: Context<Env>, context: ServerContext): Promise<Response> {
  const { transport } = c.env;
  const request = c.req.raw;
  const principal = whoAsks(route, request, transport, context);
  if (route.access.who !== 'anyone') demandSignIn(principal);
  // What the schemas let through is what the handler is declared with; the list of routes has forgotten which that is.
  const params = readAs(route.params ?? NO_FIELDS, c.req.param(), 'path') as never;
  const scope = route.scope ?? scopeFor(route.method, route.access);
  await demandAccess(route.access, { principal, params, scope, context });
  const query = readAs(route.query ?? NO_FIELDS, queryOf(request), 'query') as never;
  const body = (route.body && readAs(route.body, await readJson(request, route.maxBodyBytes), 'body')) as never;
  const headers = new Headers();
  const { signal } = request;
  const returned = await route.handle({ params, query, body, principal, transport, request, signal, context, headers });
  const answer = await answerOf(route, returned, request, headers);
  // The router sends none for HEAD and forgets it: a stream would wait for ever to be read.
  if (request.method === 'HEAD') await answer.body?.cancel();
  return answer;
}

/** What a stranger may do is done as nobody: signing in does not depend on who was signed in before. */
function whoAsks(route: Route, request: Request, transport: Transport, { accounts }: ServerContext): Principal {
  if (route.access.who === 'anyone' && !isReading(route.method)) return transport.via === 'local' ? LOCAL : NOBODY;
  return identify(request, transport, accounts);
}

const isReading = (method: Method): boolean => method === 'GET';

/** A name that comes several times has a list of values. */
function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = '', ...more] = searchParams.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}

async function answerOf(route: Route, returned: unknown, request: Request, headers: Headers): Promise<Response> {
  const { answer, status } = route;
  const response =
    answer === 'nothing' ? new Response(null, { status }) : await contentOf(answer, returned, { status, request });
  for (const [name, value] of headers) response.headers.append(name, value);
  secureAnswer(response.headers, answer !== 'nothing' && 'raw' in answer ? answer : undefined);
  return response;
}

/** Only what the schema of an answer names leaves the process. */
async function contentOf(
  answer: Exclude<Answer, 'nothing'>,
  returned: unknown,
  { status, request }: { status: number; request: Request },
): Promise<Response> {
  if (!('raw' in answer)) return jsonAnswer(answer.parse(returned), status, request);
  if (returned instanceof Response) return returned;
  throw new TypeError('a route with a raw answer returned no response');
}

async function problemAnswer(error: unknown, log: Logger, request: Request): Promise<Response> {
  const { method, url, signal } = request;
  // Without the query: searches are content.
  const { status, problem, retryAfterSeconds } = failureOf(error, log, {
    method,
    path: new URL(url).pathname,
    isGone: signal.aborted,
  });
  const response = await jsonAnswer(problem satisfies Problem, status, request);
  if (retryAfterSeconds !== undefined) response.headers.set('Retry-After', String(retryAfterSeconds));
  if (status === 401) response.headers.set('WWW-Authenticate', 'Bearer realm="holdfast"');
  secureAnswer(response.headers, undefined);
  return response;
}
