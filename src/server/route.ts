/**
 * How a route is declared: what it takes, what it answers and who may use it in one place. The handler, the checks before
 * it and the OpenAPI document all come from this.
 */
import { z } from 'zod';
import type { TokenScope } from '../contract/index.ts';
import type { Access } from './access.ts';
import type { ServerContext } from './context.ts';
import type { Transport } from './guards/transport.ts';
import type { Principal } from './principal.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer that is no JSON: a picture, a zip, a stream of events. */
export interface RawAnswer {
  readonly raw: string;
  /** For pages: what else than nothing a browser may load for it. Without it the answer is put into a sandbox. */
  readonly contentSecurityPolicy?: string;
}

export type Answer = z.ZodType | RawAnswer | 'nothing';

/** What a handler returns for its declared answer. */
export type Returned<A extends Answer> = A extends z.ZodType ? z.input<A> : A extends RawAnswer ? Response : void;

/** One request, read and allowed. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly principal: Principal;
  readonly transport: Transport;
  readonly request: Request;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  readonly context: ServerContext;
  /** To be sent with the answer. */
  readonly headers: Headers;
}

/** What is read where a route declares no schema. */
export const NO_FIELDS = z.object({});
type Nothing = typeof NO_FIELDS;

export interface Declaration<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends Answer> {
  readonly method: Method;
  /** Below `/api/v1`, parameters as `:name`. */
  readonly path: `/${string}`;
  /** A line for the documentation. */
  readonly summary: string;
  readonly access: Access<z.output<P>>;
  /** What a token needs; derived from method and access where absent. `session`: no token may at all. */
  readonly scope?: TokenScope | 'session';
  /** Required where the path has parameters. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** 64 KiB where absent. */
  readonly maxBodyBytes?: number;
  readonly answer: A;
  /** 200 where absent, 204 for `nothing`. */
  readonly status?: 200 | 201 | 202;
  readonly handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Returned<A> | Promise<Returned<A>>;
}

/** A declared route, its types forgotten: what the list of all routes holds. */
export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Access<never>;
  readonly scope: TokenScope | 'session' | undefined;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly maxBodyBytes: number;
  readonly answer: Answer;
  readonly status: number;
  readonly handle: (call: Call<never, never, never>) => unknown;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * @throws {RangeError} for parameters in the path without a schema: a mistake in the code, found when it is loaded.
 *
 * @example
 * export const deviceRoutes = [
 *   route({
 *     method: 'GET',
 *     path: '/devices/:udid',
 *     summary: 'One device as the first page shows it.',
 *     access: DEVICE_HEALTH,
 *     params: z.object({ udid: z.string() }),
 *     answer: DeviceOverview,
 *     handle: ({ params, context }) => deviceOf(context, params.udid),
 *   }),
 * ];
 */
export function route<
  A extends Answer,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(declaration: Declaration<P, Q, B, A>): Route {
  const named = paramNames(declaration.path);
  const known = declaration.params instanceof z.ZodObject ? Object.keys(declaration.params.shape) : [];
  if (named.length !== known.length || named.some((name) => !known.includes(name))) {
    throw new RangeError(`the parameters of ${declaration.path} and their schema differ`);
  }
  return {
    ...declaration,
    access: declaration.access,
    scope: declaration.scope,
    params: declaration.params,
    query: declaration.query,
    body: declaration.body,
    maxBodyBytes: declaration.maxBodyBytes ?? MAX_BODY_BYTES,
    status: declaration.status ?? (declaration.answer === 'nothing' ? 204 : 200),
    handle: declaration.handle,
  };
}

/** The names after colons: "/devices/:udid/rule" has ["udid"]. */
export function paramNames(path: string): string[] {
  return [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name = '']) => name);
}
