import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, UNREACHABLE } from './api.ts';
import { sessionQuery } from './queries.ts';

/** Live events say what changed; what nobody tells is read again after this time. */
const FRESH_MS = 60_000;

export function createQueryClient(): QueryClient {
  const noticeSignOut = (error: Error): void => {
    if (error instanceof ApiProblem && error.status === 401) void client.invalidateQueries(sessionQuery);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticeSignOut }),
    mutationCache: new MutationCache({ onError: noticeSignOut }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: mayHelp, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** Only what may be gone a moment later is tried again. */
function mayHelp(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiProblem && (error.code === UNREACHABLE || error.status === 503);
}
