import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { TakeOut, type TakeOutRequest } from '../../../../../src/contract/index.ts';
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

/** Something that is put together in the service, followed until it is there. */
export function useTakeOut(): TakingOutState {
  const { id } = useVersion();
  const client = useQueryClient();
  const [started, setStarted] = useState<string>();
  const start = useMutation({
    mutationFn: (body: TakeOutRequest) => ask(pathOf('snapshots', id, 'take-out'), TakeOut, { method: 'POST', body }),
    onSuccess: (answer) => {
      client.setQueryData(['content', id, 'take-out', answer.id], answer);
      setStarted(answer.id);
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
    onSettled: () => setStarted(undefined),
  });
  return {
    current: started === undefined ? undefined : follow.data,
    isStarting: start.isPending,
    error: start.error ?? stop.error ?? (started === undefined ? undefined : follow.error),
    start: (request) => start.mutate(request),
    stop: () => started !== undefined && stop.mutate(started),
    forget: () => setStarted(undefined),
  };
}
