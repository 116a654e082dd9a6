import { Route, Switch, useLocation } from 'wouter';
import { ButtonLink } from '../parts/button.tsx';
import { EmptyState } from '../parts/states.tsx';
import { Page } from '../parts/page.tsx';
import { routes } from '../routes.tsx';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { PageBoundary } from './page-boundary.tsx';

/** Shows the page of the present address. */
export function Pages() {
  const [location] = useLocation();
  return (
    <Switch>
      {routes.map(({ path, page: PageOfRoute }) => (
        <Route key={path} path={path}>
          {(params) => (
            <PageBoundary key={path} address={location}>
              <PageOfRoute params={params} />
            </PageBoundary>
          )}
        </Route>
      ))}
      <Route>
        <MissingPage />
      </Route>
    </Switch>
  );
}

function MissingPage() {
  const { missing } = useWords(partsWords);
  return (
    <Page title={missing.title}>
      <EmptyState title={missing.title} action={<ButtonLink to="/">{missing.home}</ButtonLink>}>
        {missing.hint}
      </EmptyState>
    </Page>
  );
}
