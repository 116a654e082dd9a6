import { useEffect } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { WifiPassword } from '../../../../../src/contract/index.ts';
import { ApiProblem, ask, pathOf } from '../../../api/api.ts';
import { lockQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';

/** So long a password stays in sight: enough to type it on another device. */
const SHOWN_MS = 60_000;

/** The one password that is shown, if any: asked for by itself, kept nowhere, forgotten after a minute. */
export interface ShownPassword {
  readonly network: string | undefined;
  readonly password: WifiPassword | undefined;
  readonly isAsking: boolean;
  readonly error: unknown;
  readonly show: (network: string) => void;
  readonly hide: () => void;
}

export function useShownPassword(): ShownPassword {
  const { id } = useVersion();
  const client = useQueryClient();
  const asking = useMutation({
    mutationFn: (network: string) =>
      ask(pathOf('snapshots', id, 'wifi', network, 'password'), WifiPassword, { method: 'POST' }),
    // Gone as soon as it is hidden or the page is left.
    gcTime: 0,
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'CONTENT_LOCKED') {
        void client.invalidateQueries(lockQuery(id));
      }
    },
  });
  const { data, reset } = asking;
  useEffect(() => {
    if (data === undefined) return undefined;
    const timer = setTimeout(reset, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [data, reset]);
  return {
    network: asking.variables,
    password: data,
    isAsking: asking.isPending,
    error: asking.error,
    show: (network) => asking.mutate(network),
    hide: reset,
  };
}
