import { useEffect, useRef, type ReactNode } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ZodType } from 'zod';
import { ask, pathOf, type Asking } from '../../api/api.ts';
import { ErrorState, LoadingState, ProblemNote } from '../../parts/states.tsx';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { useVersion } from './version.ts';
import styles from './endless.module.css';

/** One page of a list that the service gives in parts. */
export interface PartOfList<T> {
  readonly items: T[];
  readonly total: number;
  readonly next?: number | undefined;
}

interface EndlessProps<P extends PartOfList<unknown>> {
  /** Where the list is, below its version. */
  readonly path: readonly string[];
  readonly schema: ZodType<P>;
  readonly query?: Asking['query'];
  readonly empty: ReactNode;
  readonly lines?: number;
  /** The place of what is looked for: everything up to there is read at once. */
  readonly wanted?: number | undefined;
  /** What is there so far, and the first page with what else it says. */
  readonly children: (items: P['items'], first: P) => ReactNode;
}

/** Shows a list that goes on when its end comes into sight. */
export function Endless<P extends PartOfList<unknown>>(props: EndlessProps<P>) {
  const { path, schema, query: asked = {}, empty, lines = 6, wanted = -1, children } = props;
  const { id } = useVersion();
  const query = useInfiniteQuery({
    queryKey: ['content', id, ...path, 'endless', asked],
    queryFn: ({ pageParam, signal }) =>
      ask(pathOf('snapshots', id, ...path), schema, { query: { limit: 200, ...asked, from: pageParam }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last: P) => last.next,
    staleTime: Infinity,
  });
  const known = query.data?.pages.reduce((sum, page) => sum + page.items.length, 0);
  const isMissing = known !== undefined && known <= wanted && query.hasNextPage && !query.isFetchNextPageError;
  const mustRead = isMissing && !query.isFetchingNextPage;
  const { fetchNextPage } = query;
  useEffect(() => {
    if (mustRead) void fetchNextPage();
  }, [mustRead, fetchNextPage]);
  const first = query.data?.pages[0];
  if (first === undefined) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingState lines={lines} />;
  }
  if (first.total === 0) return empty;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {children(items, first)}
      <ProblemNote error={query.error} />
      {query.hasNextPage && <EndOfSight isBusy={query.isFetchingNextPage} onSeen={() => void query.fetchNextPage()} />}
    </>
  );
}

function EndOfSight({ isBusy, onSeen }: { readonly isBusy: boolean; readonly onSeen: () => void }) {
  const words = useWords(versionWords);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (element === null || isBusy) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onSeen();
      },
      { rootMargin: '600px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  });
  return (
    <div ref={end} className={styles.end} role="status">
      {isBusy ? words.loadingMore : ''}
    </div>
  );
}
