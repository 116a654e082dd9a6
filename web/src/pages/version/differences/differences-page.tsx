import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { Differences, type SnapshotSummary } from '../../../../../src/contract/index.ts';
import { ApiProblem } from '../../../api/api.ts';
import { snapshotsQuery } from '../../../api/queries.ts';
import { ButtonLink } from '../../../parts/button.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { EmptyState, ErrorState, Loaded, LoadingState } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { differencesWords } from '../../../words/differences.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { ChangedList } from './changed-list.tsx';
import { Counts } from './counts.tsx';
import styles from './differences.module.css';

/** What came, changed and went between this version and another of the same device. */
export default function DifferencesPage() {
  const words = useWords(differencesWords);
  const { base, id, rest, summary } = useVersion();
  const query = useQuery(snapshotsQuery(summary.udid));
  const [, navigate] = useLocation();
  const nameOf = useVersionName();
  const [asked, kind, change] = rest;
  return (
    <KindPage title={words.title}>
      <Loaded query={query}>
        {(versions) => {
          const others = versions.filter((version) => version.id !== id);
          const other = others.find((version) => version.id === asked) ?? nearest(others, summary);
          if (other === undefined) {
            return (
              <EmptyState icon="copies" title={words.onlyOne}>
                {words.onlyOneHint}
              </EmptyState>
            );
          }
          return (
            <>
              <div className={styles.choice}>
                <SelectField
                  label={words.with}
                  value={other.id}
                  choices={others.map((version) => ({ value: version.id, label: nameOf(version) }))}
                  onChange={(event) => navigate(addressIn(base, 'differences', event.target.value))}
                />
              </div>
              {kind !== undefined && isChange(change) ? (
                <ChangedList other={other.id} kind={kind} change={change} />
              ) : (
                <Compared key={other.id} other={other} />
              )}
            </>
          );
        }}
      </Loaded>
    </KindPage>
  );
}

/** The first time, both versions are looked through: that takes a while and is said. */
function Compared({ other }: { readonly other: SnapshotSummary }) {
  const words = useWords(differencesWords);
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['differences'], Differences, { with: other.id }));
  if (query.data !== undefined) return <Counts differences={query.data} other={other.id} />;
  if (query.error instanceof ApiProblem && query.error.status === 423) {
    return (
      <EmptyState
        icon="lock"
        title={words.lockedOther}
        action={<ButtonLink to={`/versions/${encodeURIComponent(other.id)}`}>{words.openOther}</ButtonLink>}
      />
    );
  }
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <p>{words.comparing}…</p>
      <LoadingState lines={6} label={words.comparing} />
    </>
  );
}

export type Change = 'added' | 'changed' | 'gone';

function isChange(change: string | undefined): change is Change {
  return change === 'added' || change === 'changed' || change === 'gone';
}

/** The one before it; for the oldest, the one after. */
function nearest(others: readonly SnapshotSummary[], { takenAt }: SnapshotSummary): SnapshotSummary | undefined {
  const sorted = others.toSorted((a, b) => b.takenAt.localeCompare(a.takenAt));
  return sorted.find((version) => version.takenAt < takenAt) ?? sorted.at(-1);
}

/** "21 November 2026 at 19:40, before the update" */
function useVersionName(): (version: SnapshotSummary) => string {
  const words = useWords(differencesWords);
  const language = useLanguage();
  return ({ takenAt, name }) =>
    words.versionOf(writeDate(new Date(takenAt), language, { dateStyle: 'long', timeStyle: 'short' }), name ?? '');
}
