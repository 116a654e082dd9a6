import { useEffect, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SnapshotSummary } from '../../../../src/contract/index.ts';
import { ApiProblem } from '../../api/api.ts';
import { ButtonLink } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loaded, LoadingState, NoPermissionState } from '../../parts/states.tsx';
import type { PageProps } from '../../routes.tsx';
import { PageBoundary } from '../../shell/page-boundary.tsx';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { UnlockForm } from './unlock-form.tsx';
import { VersionBar } from './version-bar.tsx';
import { SHELF, versionPages } from './version-pages.ts';
import { forgetContent, lockQuery, versionQuery } from './version-queries.ts';
import { useVersionTitle } from './version-title.ts';
import { partsOf, VersionContext } from './version.ts';
import styles from './version-page.module.css';

/** One version: asks for its password where it is locked, then shows the shelf or a kind of what is in it. */
export default function VersionPage({ params }: PageProps) {
  const id = params['id'] ?? '';
  const words = useWords(versionWords);
  const query = useQuery(versionQuery(id));
  const [kind = SHELF, ...rest] = partsOf(params['*']);
  if (query.data === undefined) {
    return (
      <Page title={words.title}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  }
  const base = `/versions/${encodeURIComponent(id)}`;
  const PageOfKind = versionPages[kind];
  return (
    <VersionContext value={{ id, summary: query.data, base, rest }}>
      <Gate summary={query.data}>
        <PageBoundary key={kind} address={params['*'] ?? ''}>
          {PageOfKind ? <PageOfKind /> : <MissingKind base={base} />}
        </PageBoundary>
      </Gate>
    </VersionContext>
  );
}

/** Shows what is in the version only while it is open. */
function Gate({ summary, children }: { readonly summary: SnapshotSummary; readonly children: ReactNode }) {
  const { id } = summary;
  const title = useVersionTitle(summary);
  const words = useWords(versionWords);
  const query = useQuery(lockQuery(id));
  useRelocking(id);
  const { data: lock, error } = query;
  if (lock?.state === 'unlocked') {
    return (
      <div className={styles.frame}>
        <VersionBar canLock={lock.needsPassword} />
        {children}
      </div>
    );
  }
  const back = { to: `/devices/${encodeURIComponent(summary.udid)}`, label: summary.deviceName };
  return (
    <Page title={title} back={back}>
      {lock ? (
        <UnlockForm id={id} />
      ) : error instanceof ApiProblem && error.status === 403 ? (
        <NoPermissionState>{words.notYours(summary.deviceName)}</NoPermissionState>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingState label={words.opening} />
      )}
    </Page>
  );
}

/** The service locks what nobody has read for a while; the next answer says so, and what was read is forgotten here too. */
function useRelocking(id: string): void {
  const client = useQueryClient();
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        const { error } = query.state;
        if (type !== 'updated' || query.queryKey[0] !== 'content' || query.queryKey[1] !== id) return;
        if (!(error instanceof ApiProblem) || error.code !== 'CONTENT_LOCKED') return;
        void client.invalidateQueries(lockQuery(id)).then(() => {
          if (client.getQueryData(lockQuery(id).queryKey)?.state === 'locked') forgetContent(client, id);
        });
      }),
    [client, id],
  );
}

function MissingKind({ base }: { readonly base: string }) {
  const words = useWords(versionWords);
  return (
    <Page title={words.noSuchKind} back={{ to: base, label: words.shelf }}>
      <EmptyState title={words.noSuchKind} action={<ButtonLink to={base}>{words.toShelf}</ButtonLink>} />
    </Page>
  );
}
