import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { Reminders, type Reminder } from '../../../../../src/contract/index.ts';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { remindersWords } from '../../../words/reminders.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { KindPage } from '../kind-page.tsx';
import { Panes } from '../panes.tsx';
import { placeIn } from '../use-wanted.ts';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { groupReminders } from './group-reminders.ts';
import { ListOfLists } from './list-of-lists.tsx';
import { ReminderItem } from './reminder-item.tsx';
import styles from './reminders-page.module.css';

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const VIEWS = ['all', 'scheduled', 'flagged'] as const;

/** The lists, and what is in the one that was chosen. */
export default function RemindersPage() {
  const { kinds } = useWords(versionWords);
  const words = useWords(remindersWords);
  const { id, base, rest } = useVersion();
  const [search] = useSearchParams();
  const [list] = rest;
  const asked = VIEWS.find((each) => each === search.get('view'));
  const query = useQuery(contentQuery(id, ['reminders'], Reminders, { limit: 1 }));
  const isChosen = list !== undefined || asked !== undefined;
  return (
    <KindPage
      title={kinds.reminders}
      isInside={isChosen}
      back={isChosen ? { to: `${base}/reminders`, label: words.lists } : undefined}
    >
      <Loaded query={query}>
        {(all) =>
          all.lists.length === 0 ? (
            <EmptyState title={words.none} />
          ) : (
            <Panes
              listLabel={words.lists}
              list={<ListOfLists all={all} chosen={list ?? asked} />}
              isChosen={isChosen}
              detailLabel={kinds.reminders}
              detail={<Chosen key={list ?? asked ?? 'all'} all={all} list={list} view={asked ?? 'all'} />}
            />
          )
        }
      </Loaded>
    </KindPage>
  );
}

interface ChosenProps {
  readonly all: Reminders;
  readonly list: string | undefined;
  readonly view: (typeof VIEWS)[number];
}

function Chosen({ all, list: chosen, view }: ChosenProps) {
  const words = useWords(remindersWords);
  const format = useFormats();
  const { base } = useVersion();
  const [search] = useSearchParams();
  const list = all.lists.find(({ id }) => id === chosen);
  const isWithDone = search.get('done') === '1';
  const done = list?.done ?? (view === 'all' ? all.lists.reduce((sum, each) => sum + each.done, 0) : 0);
  const address =
    chosen === undefined ? `${addressIn(base, 'reminders')}?view=${view}` : addressIn(base, 'reminders', chosen);
  const title = list === undefined ? words[view] : list.title === '' ? words.noList : list.title;
  const wanted = placeIn(search);
  return (
    <>
      <div className={styles.head}>
        <h2 dir="auto">{title}</h2>
        {done > 0 && (
          <Link href={isWithDone ? address : `${address}${chosen === undefined ? '&' : '?'}done=1`} replace>
            {isWithDone ? words.withoutDone : words.withDone(done, format)}
          </Link>
        )}
      </div>
      <Endless
        path={['reminders']}
        schema={Reminders}
        query={{
          ...(chosen === undefined ? { view } : { list: chosen }),
          done: String(isWithDone),
          timeZone: TIME_ZONE,
        }}
        wanted={wanted}
        empty={<EmptyState title={done > 0 && !isWithDone ? words.noneOpen : words.noneHere} />}
      >
        {(reminders) => <Groups reminders={reminders} all={all} isOneList={chosen !== undefined} wanted={wanted} />}
      </Endless>
    </>
  );
}

interface GroupsProps {
  readonly reminders: readonly Reminder[];
  readonly all: Reminders;
  readonly isOneList: boolean;
  readonly wanted: number | undefined;
}

function Groups({ reminders, all, isOneList, wanted }: GroupsProps) {
  const words = useWords(remindersWords);
  const nameOf = (id: string): string => all.lists.find((each) => each.id === id)?.title || words.noList;
  const groups = groupReminders(reminders, ({ isDone, section = '', list }) =>
    isOneList ? (isDone ? words.isDone : section) : nameOf(list),
  );
  return groups.map(({ heading, first, items }) => (
    <section key={first} className={styles.group}>
      {heading !== '' && <h3 dir="auto">{heading}</h3>}
      <ul>
        {items.map((reminder, i) => (
          <ReminderItem key={first + i} reminder={reminder} isWanted={first + i === wanted} />
        ))}
      </ul>
    </section>
  ));
}
