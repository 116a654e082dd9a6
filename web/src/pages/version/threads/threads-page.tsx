import type { ComponentType, ReactNode } from 'react';
import type { ZodType } from 'zod';
import { EmptyState } from '../../../parts/states.tsx';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { Endless, type PartOfList } from '../endless.tsx';
import { KindPage } from '../kind-page.tsx';
import { Panes } from '../panes.tsx';
import { useVersion } from '../version.ts';

export interface ThreadsProps<T> {
  readonly threads: readonly T[];
  readonly chosen: string | undefined;
}

export interface ThreadProps<T> {
  readonly id: string;
  /** One that stands further down in the list than was read so far is not known yet. */
  readonly known: T | undefined;
}

interface ThreadsPageProps<T extends { readonly id: string }> {
  readonly title: string;
  /** Where the page is, below its version. */
  readonly place: string;
  /** Where the list is, below its version. */
  readonly path: readonly string[];
  readonly schema: ZodType<PartOfList<T>>;
  readonly empty: ReactNode;
  readonly list: ComponentType<ThreadsProps<T>>;
  /** The one that was chosen. */
  readonly detail: ComponentType<ThreadProps<T>>;
}

/** Conversations as the phone shows them: the list, and beside it the one that was chosen. */
export function ThreadsPage<T extends { readonly id: string }>(props: ThreadsPageProps<T>) {
  const { title, place, path, schema, empty, list: List, detail: Detail } = props;
  const words = useWords(messagesWords);
  const { base, rest } = useVersion();
  const chosen = rest[0];
  return (
    <KindPage
      title={title}
      isInside={chosen !== undefined}
      back={chosen === undefined ? undefined : { to: `${base}/${place}`, label: words.conversations }}
    >
      <Endless path={path} schema={schema} empty={empty}>
        {(threads) => (
          <Panes
            listLabel={words.conversations}
            list={<List threads={threads} chosen={chosen} />}
            isChosen={chosen !== undefined}
            ownScroll={chosen !== undefined}
            detailLabel={title}
            detail={
              chosen === undefined ? (
                <EmptyState title={words.choose} />
              ) : (
                <Detail key={chosen} id={chosen} known={threads.find(({ id }) => id === chosen)} />
              )
            }
          />
        )}
      </Endless>
    </KindPage>
  );
}
