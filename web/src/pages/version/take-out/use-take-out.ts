import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { TakeOut, TakeOuts, type TakeOutRequest } from '../../../../../src/contract/index.ts';
import { ask, pathOf, tell } from '../../../api/api.ts';
import { useVersion } from '../version.ts';

const POLL_MS = 700;

export interface TakingOutState {
  readonly current: TakeOut | undefined;
  readonly isStarting: boolean;
  readonly error: unknown;
  readonly start: (request: TakeOutRequest) => void;
  /** Removes what was made so far. */
  readonly stop: () => void;
  /** Forgets the one that is done: another can be chosen. */
  readonly forget: () => void;
}

/**
 * Something that is put together in the service, followed until it is there: also when the page was left meanwhile, or
 * loaded anew.
 */
export function useTakeOut(): TakingOutState {
  const { id } = useVersion();
  const client = useQueryClient();
  /** Undefined until anything is decided here, null when another can be chosen. */
  const [decided, setDecided] = useState<string | null>();
  const left = useQuery({
    queryKey: ['content', id, 'take-outs'],
    queryFn: ({ signal }) => ask(pathOf('snapshots', id, 'take-out'), TakeOuts, { signal }),
    // Once for each visit of the page: what another window begins does not take away what is being chosen here.
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const started = decided === undefined ? left.data?.takeOuts[0]?.id : (decided ?? undefined);
  const start = useMutation({
    mutationFn: (body: TakeOutRequest) => ask(pathOf('snapshots', id, 'take-out'), TakeOut, { method: 'POST', body }),
    onSuccess: (answer) => {
      client.setQueryData(['content', id, 'take-out', answer.id], answer);
      setDecided(answer.id);
    },
  });
  const follow = useQuery({
    queryKey: ['content', id, 'take-out', started],
    queryFn: ({ signal }) => ask(pathOf('snapshots', id, 'take-out', started ?? ''), TakeOut, { signal }),
    enabled: started !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? POLL_MS : false),
  });
  const stop = useMutation({
    mutationFn: (takeOut: string) => tell(pathOf('snapshots', id, 'take-out', takeOut), { method: 'DELETE' }),
    onSettled: () => setDecided(null),
  });
  return {
    current: started === undefined ? undefined : follow.data,
    isStarting: start.isPending,
    error: start.error ?? stop.error ?? (started === undefined ? undefined : follow.error),
    start: (request) => start.mutate(request),
    stop: () => started !== undefined && stop.mutate(started),
    forget: () => setDecided(null),
  };
}
