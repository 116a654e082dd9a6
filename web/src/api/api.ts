/** How a page asks the service: every answer is checked against the contract before anything shows it. */
import type { ZodType } from 'zod';
import { Problem } from '../../../src/contract/index.ts';

const BASE = '/api/v1/';

/** What stood in the way, as the service says it; `code` is a name of docs/exit-codes.md or one of those below. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly hint: string | undefined;
  /** The status of the answer; 0 where there was none. */
  readonly status: number;

  constructor(status: number, problem: Problem, cause?: unknown) {
    super(problem.message, { cause });
    this.status = status;
    this.code = problem.code;
    this.hint = problem.hint;
  }
}

/** The service cannot be reached: the network, or it is not running. */
export const UNREACHABLE = 'UNREACHABLE';
/** The answer is of another version than this page. */
export const UNREADABLE = 'ANSWER_UNREADABLE';

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. Passwords go in here, never into an address. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the service and reads its answer.
 *
 * @param path below /api/v1/, without a slash in front; its parts encoded by `pathOf`.
 * @throws {ApiProblem} whatever the reason.
 */
export async function ask<T>(path: string, schema: ZodType<T>, asking: Asking = {}): Promise<T> {
  const answer = await request(path, asking);
  const parsed = schema.safeParse(await readJson(answer));
  if (parsed.success) return parsed.data;
  throw new ApiProblem(
    answer.status,
    { code: UNREADABLE, message: 'the service answered in a way this page does not know' },
    parsed.error,
  );
}

/** Asks for something to be done whose answer says nothing more. */
export async function tell(path: string, asking: Asking): Promise<void> {
  await request(path, asking);
}

/** Joins parts into a path, each encoded: what a device or a person is called never changes the address. */
export function pathOf(...parts: string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

/** The address of something a browser fetches by itself: a picture, a film, a download. */
export function addressOf(path: string, query: Asking['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? BASE + path : `${BASE}${path}?${search.toString()}`;
}

let csrfToken: string | undefined;

/** Remembers what has to be sent along with everything that changes something. */
export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

async function request(path: string, { method = 'GET', body, query, signal }: Asking): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET' && csrfToken !== undefined) headers.set('x-holdfast-csrf', csrfToken);
  const answer = await reach(addressOf(path, query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) throw new ApiProblem(answer.status, await problemOf(answer));
  return answer;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, { code: UNREACHABLE, message: 'the service does not answer' }, error);
  }
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const parsed = Problem.safeParse(await readJson(answer));
  return parsed.success ? parsed.data : { code: `HTTP_${answer.status}`, message: answer.statusText || 'no answer' };
}
