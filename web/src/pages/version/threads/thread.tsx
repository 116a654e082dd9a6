import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { ErrorState, LoadingState, ProblemNote } from '../../../parts/states.tsx';
import type { Threaded, ThreadQuery } from './thread-query.ts';
import styles from './thread.module.css';

/** How near an end of what is loaded may come before more is asked for. */
const NEAR_PX = 900;

export interface ThreadProps<M extends Threaded> {
  readonly of: ThreadQuery<M>;
  readonly label: string;
  /** @param before what stands above it. */
  readonly renderRow: (message: M, before: M | undefined, after: M | undefined, isWanted: boolean) => ReactElement;
}

/** Messages one under another, the newest last. Scrolls on in both directions; only what is in sight is in the page. */
export function Thread<M extends Threaded>({ of, label, renderRow }: ThreadProps<M>) {
  const query = useInfiniteQuery(of);
  if (query.data === undefined) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return (
      <div className={styles.wait}>
        <LoadingState lines={5} />
      </div>
    );
  }
  const { pages } = query.data;
  return (
    <>
      <Rows
        label={label}
        messages={pages.flatMap((page) => page.messages)}
        wanted={pages.find((page) => page.wanted !== undefined)?.wanted}
        renderRow={renderRow}
        onTop={() => query.hasPreviousPage && !query.isFetching && void query.fetchPreviousPage()}
        onEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
      />
      <ProblemNote error={query.error} />
    </>
  );
}

interface RowsProps<M extends Threaded> {
  readonly label: string;
  readonly messages: readonly M[];
  readonly wanted: number | undefined;
  readonly renderRow: ThreadProps<M>['renderRow'];
  readonly onTop: () => void;
  readonly onEnd: () => void;
}

function Rows<M extends Threaded>({ label, messages, wanted, renderRow, onTop, onEnd }: RowsProps<M>) {
  const handle = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const isPlaced = useRef(false);
  const shift = useShift(messages);
  const place = wanted === undefined ? messages.length - 1 : indexAt(messages, wanted);
  const look = (): void => {
    const list = handle.current;
    if (list === null || !isPlaced.current) return;
    if (list.scrollOffset < NEAR_PX) onTop();
    if (list.scrollSize - list.viewportSize - list.scrollOffset < NEAR_PX) onEnd();
  };
  useLayoutEffect(() => {
    if (!isPlaced.current && place >= 0) {
      const goThere = (): void =>
        handle.current?.scrollToIndex(place, { align: wanted === undefined ? 'end' : 'center' });
      goThere();
      const timer = setTimeout(() => {
        // By now the rows around it are as high as they are.
        goThere();
        isPlaced.current = true;
        look();
      }, 150);
      return () => clearTimeout(timer);
    }
    look();
    return undefined;
  });
  return (
    // What scrolls can be reached with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
      <div className={styles.push} />
      <Virtualizer ref={handle} scrollRef={scroller} as="ol" item="li" shift={shift} onScroll={look}>
        {messages.map((message, index) => (
          <div key={message.id} className={styles.row}>
            {renderRow(message, messages[index - 1], messages[index + 1], message.n === wanted)}
          </div>
        ))}
      </Virtualizer>
    </div>
  );
}

/** Whether messages were put above those that were there: what is in sight then stays where it is. */
function useShift(messages: readonly Threaded[]): boolean {
  const first = messages[0]?.n;
  const count = messages.length;
  const [seen, setSeen] = useState({ first, count, isShifted: false });
  if (seen.first === first && seen.count === count) return seen.isShifted;
  const isShifted = seen.first !== undefined && first !== undefined && first < seen.first;
  setSeen({ first, count, isShifted });
  return isShifted;
}

/** The message at a place, or the next one: reactions take places and are not shown. */
function indexAt(messages: readonly Threaded[], n: number): number {
  const index = messages.findIndex((message) => message.n >= n);
  return index === -1 ? messages.length - 1 : index;
}
