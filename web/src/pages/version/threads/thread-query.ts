import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ZodType } from 'zod';
import { ask, pathOf } from '../../../api/api.ts';

/** What a thread needs to know of a message. */
export interface Threaded {
  readonly id: string;
  /** Its place among all, the oldest being 0. */
  readonly n: number;
  readonly at?: string | undefined;
}

/** A part of a conversation, of Messages or WhatsApp. */
export interface PartOfThread<M> {
  readonly messages: M[];
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly wanted?: number | undefined;
}

/** Where a thread is entered; at its end without any. */
export interface Entrance {
  readonly at?: number;
  readonly around?: string;
  readonly message?: string;
}

/** @param path of the conversation below its version. */
export function threadQuery<M extends Threaded>(
  id: string,
  path: readonly string[],
  schema: ZodType<PartOfThread<M>>,
  entrance: Entrance,
) {
  const start: Entrance & { readonly before?: number; readonly after?: number } = entrance;
  return infiniteQueryOptions({
    queryKey: ['content', id, ...path, 'thread', entrance],
    queryFn: ({ pageParam, signal }) =>
      ask(pathOf('snapshots', id, ...path), schema, { query: { ...pageParam }, signal }),
    initialPageParam: start,
    getPreviousPageParam: (first: PartOfThread<M>) =>
      first.before === undefined ? undefined : { before: first.before },
    getNextPageParam: (last: PartOfThread<M>) => (last.after === undefined ? undefined : { after: last.after }),
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

export type ThreadQuery<M extends Threaded> = ReturnType<typeof threadQuery<M>>;

/** The entrance that an address asks for. */
export function entranceIn(search: URLSearchParams): Entrance {
  const at = Number(search.get('at') ?? Number.NaN);
  const around = search.get('around');
  const message = search.get('message');
  if (Number.isSafeInteger(at) && at >= 0) return { at };
  if (message !== null) return { message };
  return around === null || Number.isNaN(Date.parse(around)) ? {} : { around };
}
