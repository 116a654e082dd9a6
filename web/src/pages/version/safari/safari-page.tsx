import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Bookmarks, History, Tabs as TabList, type Visit } from '../../../../../src/contract/index.ts';
import { SwitchField } from '../../../parts/field.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { Tabs } from '../../../parts/tabs.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useLanguage } from '../../../words/language.ts';
import { safariWords } from '../../../words/safari.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { KindPage } from '../kind-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { When } from '../when.tsx';
import { BookmarkList } from './bookmark-list.tsx';
import { Site } from './site.tsx';
import styles from './safari-page.module.css';

/** Where somebody was in the web, what was kept of it, and what was open. */
export default function SafariPage() {
  const words = useWords(safariWords);
  const { kinds } = useWords(versionWords);
  const { base, rest } = useVersion();
  const part = rest[0] === 'bookmarks' || rest[0] === 'tabs' ? rest[0] : 'history';
  const to = { history: `${base}/safari`, bookmarks: `${base}/safari/bookmarks`, tabs: `${base}/safari/tabs` };
  return (
    <KindPage title={kinds.safari}>
      <Tabs
        label={words.parts}
        current={to[part]}
        tabs={[
          { to: to.history, label: words.history },
          { to: to.bookmarks, label: words.bookmarks },
          { to: to.tabs, label: words.tabs },
        ]}
      />
      {part === 'history' && <Visits />}
      {part === 'bookmarks' && <AllBookmarks />}
      {part === 'tabs' && <AllTabs />}
    </KindPage>
  );
}

function Visits() {
  const words = useWords(safariWords);
  const language = useLanguage();
  const dayOf = ({ at }: Visit): string =>
    at === undefined ? words.noDate : writeDate(new Date(at), language, { dateStyle: 'full' });
  return (
    <Endless
      path={['safari', 'history']}
      schema={History}
      empty={<EmptyState title={words.noHistory}>{words.noHistoryHint}</EmptyState>}
    >
      {(visits) =>
        [...Map.groupBy(visits, dayOf)].map(([day, all]) => (
          <section key={day} className={styles.day}>
            <h2>{day}</h2>
            <ul>
              {all.map((visit, index) => (
                <Site
                  key={index}
                  title={visit.title}
                  url={visit.url}
                  link={visit.link}
                  facts={[
                    visit.at !== undefined && writeDate(new Date(visit.at), language, { timeStyle: 'short' }),
                    visit.isOtherDevice === true && words.otherDevice,
                    visit.profile,
                  ]}
                />
              ))}
            </ul>
          </section>
        ))
      }
    </Endless>
  );
}

function AllBookmarks() {
  const words = useWords(safariWords);
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['safari', 'bookmarks'], Bookmarks));
  return (
    <Loaded query={query} isEmpty={({ total }) => total === 0} empty={<EmptyState title={words.noBookmarks} />}>
      {({ top, isCut }) => (
        <>
          {isCut && <p className={styles.soft}>{words.cut}</p>}
          <BookmarkList bookmarks={top} isOpen />
        </>
      )}
    </Loaded>
  );
}

function AllTabs() {
  const words = useWords(safariWords);
  const [withPrivate, setPrivate] = useState(false);
  const groupOf = ({ place, name }: TabList['items'][number]): string =>
    name === undefined ? words.places[place] : `${words.places[place]}: ${name}`;
  return (
    <>
      <SwitchField
        label={words.showPrivate}
        checked={withPrivate}
        onChange={(event) => setPrivate(event.target.checked)}
      />
      <Endless
        key={String(withPrivate)}
        path={['safari', 'tabs']}
        schema={TabList}
        query={{ private: withPrivate }}
        empty={<EmptyState title={words.noTabs} />}
      >
        {(tabs) =>
          [...Map.groupBy(tabs, groupOf)].map(([group, all]) => (
            <section key={group} className={styles.day}>
              <h2 dir="auto">{group}</h2>
              <ul>
                {all.map((tab) => (
                  <Site
                    key={tab.id}
                    title={tab.title}
                    url={tab.url}
                    link={tab.link}
                    facts={[
                      tab.lastViewedAt !== undefined && (
                        <>
                          {words.lastViewed} <When at={tab.lastViewedAt} />
                        </>
                      ),
                      tab.profile,
                    ]}
                  />
                ))}
              </ul>
            </section>
          ))
        }
      </Endless>
    </>
  );
}
