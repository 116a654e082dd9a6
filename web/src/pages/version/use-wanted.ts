import { useEffect, useRef, type RefObject } from 'react';

/** For what somebody came for: it is brought into sight once it is there. */
export function useWanted<T extends HTMLElement>(isWanted: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (isWanted) element.current?.scrollIntoView({ block: 'center' });
  }, [isWanted]);
  return element;
}

/** The place that an address asks for: `?n=12`. */
export function placeIn(search: URLSearchParams): number | undefined {
  const n = Number(search.get('n') ?? Number.NaN);
  return Number.isSafeInteger(n) && n >= 0 ? n : undefined;
}
