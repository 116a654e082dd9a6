import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { Apps, type InstalledApp } from '../../../../../src/contract/index.ts';
import { Button, ButtonLink } from '../../../parts/button.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { appsWords } from '../../../words/apps.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { FoundList } from '../found-list.tsx';
import { KindPage } from '../kind-page.tsx';
import { useVersion } from '../version.ts';
import { AppItem } from './app-item.tsx';
import styles from './apps-page.module.css';

/** Which apps were on the device, and what each keeps in the version: what has to be put back on another one. */
export default function AppsPage() {
  const { kinds } = useWords(versionWords);
  const words = useWords(appsWords);
  const { base } = useVersion();
  const [search] = useSearchParams();
  const asked = search.get('q') ?? '';
  return (
    <KindPage
      title={kinds.apps}
      lead={words.lead}
      actions={
        <ButtonLink to={`${base}/take-out?kinds=apps`} icon="download">
          {words.takeOut}
        </ButtonLink>
      }
    >
      {/* Another search in the address looks for something else. */}
      <Found key={asked} asked={asked} />
    </KindPage>
  );
}

function Found({ asked }: { readonly asked: string }) {
  const words = useWords(appsWords);
  const [order, setOrder] = useState<'name' | 'size'>('name');
  const orders = (
    <div role="group" aria-label={words.order} className={styles.order}>
      {(['name', 'size'] as const).map((each) => (
        <Button
          key={each}
          kind={order === each ? 'plain' : 'quiet'}
          aria-pressed={order === each}
          onClick={() => setOrder(each)}
        >
          {each === 'name' ? words.byName : words.bySize}
        </Button>
      ))}
    </div>
  );
  return (
    <FoundList
      path={['installed-apps']}
      schema={Apps}
      query={{ order }}
      find={words.find}
      asked={asked}
      none={words.none}
      notFound={words.notFound}
      className={styles.choice}
      beside={orders}
    >
      {(apps, first) => <List apps={apps} sum={first} />}
    </FoundList>
  );
}

interface ListProps {
  readonly apps: readonly InstalledApp[];
  readonly sum: Apps;
}

function List({ apps, sum }: ListProps) {
  const words = useWords(appsWords);
  const format = useFormats();
  const [builtIn, installed] = [apps.filter((app) => app.isBuiltIn), apps.filter((app) => !app.isBuiltIn)];
  return (
    <>
      <p className={styles.sum}>{words.sum(sum.installed, sum.withoutData, format.bytes(sum.bytes), format)}</p>
      {[
        { title: words.installed, under: installed },
        { title: words.builtIn, under: builtIn },
      ].map(
        ({ title, under }) =>
          under.length > 0 && (
            <section key={title} aria-label={title} className={styles.part}>
              <h2>{title}</h2>
              <ul>
                {under.map((app) => (
                  <AppItem key={app.id} app={app} />
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  );
}
