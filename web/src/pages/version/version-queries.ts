/** What the pages of a version read. All of it is forgotten when the version is locked: its keys begin with `content`. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import type { ZodType } from 'zod';
import { ContentLock, Shelf, SnapshotSummary } from '../../../../src/contract/index.ts';
import { addressOf, ApiProblem, ask, pathOf, type Asking } from '../../api/api.ts';

/** Content of a version never changes: it is read once. */
const FOREVER = { staleTime: Infinity, gcTime: 5 * 60_000 } as const;

export function versionQuery(id: string) {
  return queryOptions({
    queryKey: ['version', id],
    queryFn: ({ signal }) => ask(pathOf('snapshots', id), SnapshotSummary, { signal }),
  });
}

/** Versions that this page has seen open: what locked by itself or was locked by hand asks for the password again. */
const seenOpen = new Set<string>();

/**
 * Whether the version is open. The first time, what opens without asking is opened: versions of a password that this
 * session has given already, and those whose kept password may be used.
 */
export function lockQuery(id: string) {
  return queryOptions({
    queryKey: ['lock', id],
    queryFn: async ({ signal }) => {
      const lock = await ask(pathOf('snapshots', id, 'lock'), ContentLock, { signal });
      const mayOpen = lock.state === 'locked' && lock.opensUnasked && !seenOpen.has(id);
      const opened = mayOpen ? await openWithoutAsking(id, lock) : lock;
      if (opened.state === 'unlocked') seenOpen.add(id);
      return opened;
    },
    staleTime: 30_000,
  });
}

async function openWithoutAsking(id: string, lock: ContentLock): Promise<ContentLock> {
  try {
    return await unlock(id, {});
  } catch (error) {
    if (error instanceof ApiProblem && error.status !== 0 && error.status < 500) return lock;
    throw error;
  }
}

export function unlock(id: string, body: { readonly password?: string }): Promise<ContentLock> {
  return ask(pathOf('snapshots', id, 'unlock'), ContentLock, { method: 'POST', body });
}

export function lockNow(id: string): Promise<ContentLock> {
  return ask(pathOf('snapshots', id, 'lock'), ContentLock, { method: 'POST' });
}

/** Forgets everything that was read of a version. */
export function forgetContent(client: QueryClient, id: string): void {
  client.removeQueries({ queryKey: ['content', id] });
}

export function shelfQuery(id: string) {
  return contentQuery(id, ['coverage'], Shelf);
}

/** Something of a version by its path below it: `['notes', 'abc']`. */
export function contentQuery<T>(id: string, path: readonly string[], schema: ZodType<T>, query: Asking['query'] = {}) {
  return queryOptions({
    queryKey: ['content', id, ...path, query],
    queryFn: ({ signal }) => ask(pathOf('snapshots', id, ...path), schema, { query, signal }),
    ...FOREVER,
  });
}

/** The address of bytes of a version: a picture, a sound, a download. */
export function contentAddress(id: string, path: readonly string[], query: Asking['query'] = {}): string {
  return addressOf(pathOf('snapshots', id, ...path), query);
}

/** The address of a file that something of the backup names. */
export function fileAddress(id: string, file: string, as: 'original' | 'view' | 'thumbnail'): string {
  return contentAddress(id, ['files', 'content', file], as === 'original' ? {} : { as });
}
