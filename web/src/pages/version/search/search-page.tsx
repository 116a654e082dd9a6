import { useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { SearchResult, type SearchHit } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { searchWords } from '../../../words/search.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { Hit } from './hit.tsx';
import { useNameOfKind } from './name-of-kind.ts';
import styles from './search-page.module.css';

const FIRST = 50;
/** As many as the service gives. */
const MOST = 200;

/** What was found for the words that stand in the box above. */
export default function SearchPage() {
  const words = useWords(searchWords);
  const [search] = useSearchParams();
  const query = (search.get('q') ?? '').trim();
  if (query === '') {
    return (
      <KindPage title={words.title}>
        <EmptyState icon="search" title={words.start}>
          {words.startHint}
        </EmptyState>
      </KindPage>
    );
  }
  return (
    <KindPage title={words.results(query)}>
      <Results
        key={search.toString()}
        query={query}
        all={search.get('versions') === 'all'}
        kind={search.get('kinds')}
      />
    </KindPage>
  );
}

interface ResultsProps {
  readonly query: string;
  readonly all: boolean;
  /** Only of this kind. */
  readonly kind: string | null;
}

function Results({ query, all, kind }: ResultsProps) {
  const words = useWords(searchWords);
  const { id } = useVersion();
  const [limit, setLimit] = useState(FIRST);
  const asked = useQuery({
    ...contentQuery(id, ['search'], SearchResult, {
      q: query,
      limit,
      ...(all ? { versions: 'all' } : {}),
      ...(kind === null ? {} : { kinds: kind }),
    }),
    placeholderData: keepPreviousData,
  });
  if (asked.data === undefined) {
    if (asked.error) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />;
    return (
      <>
        <p className={styles.soft}>{words.searching}</p>
        <LoadingState lines={6} label={words.searching} />
      </>
    );
  }
  const { hits } = asked.data;
  return (
    <>
      <Told result={asked.data} limit={limit} />
      <KindChoice hits={hits} chosen={kind} />
      {hits.length === 0 ? (
        <EmptyState icon="search" title={all ? words.noneAll(query) : words.none(query)}>
          {words.noneHint}
        </EmptyState>
      ) : (
        <ol className={styles.hits}>
          {hits.map((hit) => (
            <Hit key={`${hit.kind} ${hit.id}`} hit={hit} />
          ))}
        </ol>
      )}
      {hits.length === limit && limit < MOST && (
        <p>
          <Button busy={asked.isFetching} onClick={() => setLimit(MOST)}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  );
}

/** How much was found, and what was not looked through. */
function Told({ result, limit }: { readonly result: SearchResult; readonly limit: number }) {
  const words = useWords(searchWords);
  const format = useFormats();
  const nameOf = useNameOfKind();
  const { hits, unreadable, lockedVersions } = result;
  return (
    <div className={styles.soft} role="status">
      {hits.length > 0 && (
        <p>{hits.length === limit ? words.atLeast(limit, format) : words.found(hits.length, format)}</p>
      )}
      {unreadable.length > 0 && <p>{words.unreadable(format.list(unreadable.map(nameOf)))}</p>}
      {lockedVersions.length > 0 && <p>{words.lockedVersions(lockedVersions.length, format)}</p>}
    </div>
  );
}

/** Narrows what was found down to one kind. */
function KindChoice({ hits, chosen }: { readonly hits: readonly SearchHit[]; readonly chosen: string | null }) {
  const words = useWords(searchWords);
  const nameOf = useNameOfKind();
  const [search] = useSearchParams();
  const [location, navigate] = useLocation();
  const kinds = [...new Set(hits.map(({ kind }) => kind))];
  if (chosen === null && kinds.length < 2) return null;
  const choose = (kind: string | null): void => {
    const next = new URLSearchParams(search);
    if (kind === null) next.delete('kinds');
    else next.set('kinds', kind);
    navigate(`${location}?${next.toString()}`, { replace: true });
  };
  return (
    <div role="group" aria-label={words.which} className={styles.kinds}>
      <Button kind={chosen === null ? 'plain' : 'quiet'} aria-pressed={chosen === null} onClick={() => choose(null)}>
        {words.all}
      </Button>
      {kinds.map((kind) => (
        <Button
          key={kind}
          kind={chosen === kind ? 'plain' : 'quiet'}
          aria-pressed={chosen === kind}
          onClick={() => choose(kind)}
        >
          {nameOf(kind)}
        </Button>
      ))}
    </div>
  );
}
