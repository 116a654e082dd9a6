import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Session } from '../../../src/contract/index.ts';
import { rememberCsrfToken } from '../api/api.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorState } from '../parts/states.tsx';
import { Notices } from '../parts/notices.tsx';
import { preferLanguage } from '../words/language.ts';
import { SessionContext } from './session.ts';
import { Frame } from './frame.tsx';
import { Pages } from './pages.tsx';
import { lazyPage } from './lazy-page.ts';
import { PageBoundary } from './page-boundary.tsx';
import styles from './app.module.css';

const SignInPage = lazyPage(() => import('../pages/sign-in/sign-in-page.tsx'));
const SetUpPage = lazyPage(() => import('../pages/set-up/set-up-page.tsx'));

/** Asks who is there, and shows the set-up, the sign-in or the pages. */
export function App() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const preferred = session?.account?.language;
  useEffect(() => {
    if (preferred) preferLanguage(preferred);
  }, [preferred]);
  if (session === undefined) {
    if (!error) return <p className="starting">Holdfast</p>;
    return (
      <main className={styles.alone}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  rememberCsrfToken(session.csrfToken);
  return (
    <>
      <Shown session={session} />
      <Notices />
    </>
  );
}

function Shown({ session }: { readonly session: Session }) {
  if (session.account === undefined) {
    const Page = session.needsSetUp ? SetUpPage : SignInPage;
    return (
      <main className={styles.alone}>
        <PageBoundary>
          <Page params={{}} />
        </PageBoundary>
      </main>
    );
  }
  return (
    <SessionContext value={{ ...session, account: session.account }}>
      <Frame>
        <Pages />
      </Frame>
    </SessionContext>
  );
}
