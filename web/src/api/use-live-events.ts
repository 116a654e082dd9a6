import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { listen } from './live-events.ts';
import { sessionQuery } from './queries.ts';

/** A browser gives up for good on an answer that is no stream: a proxy's, or the service's while it restarts. */
const RETRY_MS = 5_000;

/** Keeps every page up to date while somebody is signed in. Says whether the service is heard. */
export function useLiveEvents(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = connect();
    function connect(): () => void {
      return listen(client, { onConnection: setConnected, onRefused });
    }
    function onRefused(): void {
      setConnected(false);
      // Perhaps nobody is signed in any more: then this page gives way to the sign-in.
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      timer = setTimeout(() => (stop = connect()), RETRY_MS);
    }
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
  return connected;
}
