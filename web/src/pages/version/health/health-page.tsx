import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { HealthOverview, type HealthType } from '../../../../../src/contract/index.ts';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { healthWords } from '../../../words/health.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { Panes } from '../panes.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { nameOf } from './name-of.ts';
import { SeriesView } from './series-view.tsx';
import { WorkoutList } from './workout-list.tsx';
import { classes } from '../../../parts/classes.ts';
import link from '../../../parts/list-link.module.css';
import styles from './health-page.module.css';

const WORKOUTS = 'workouts';

/** What was measured, and the chart of what was chosen. */
export default function HealthPage() {
  const words = useWords(healthWords);
  const { id, base, rest } = useVersion();
  const query = useQuery(contentQuery(id, ['health'], HealthOverview));
  const chosen = rest[0];
  return (
    <KindPage
      title={words.title}
      isInside={chosen !== undefined}
      back={chosen === undefined ? undefined : { to: `${base}/health`, label: words.title }}
    >
      <Loaded
        query={query}
        isEmpty={({ types, workouts }) => types.length === 0 && workouts === 0}
        empty={<EmptyState title={words.none}>{words.noneHint}</EmptyState>}
      >
        {(overview) => (
          <Panes
            listLabel={words.list}
            list={<Types overview={overview} chosen={chosen} />}
            isChosen={chosen !== undefined}
            detailLabel={chosen === WORKOUTS ? words.workouts : words.chart}
            detail={<Chosen overview={overview} chosen={chosen} />}
          />
        )}
      </Loaded>
    </KindPage>
  );
}

interface ChosenProps {
  readonly overview: HealthOverview;
  readonly chosen: string | undefined;
}

function Chosen({ overview, chosen }: ChosenProps) {
  const words = useWords(healthWords);
  if (chosen === WORKOUTS) return <WorkoutList />;
  const type = overview.types.find(({ id }) => String(id) === chosen);
  return type === undefined ? <EmptyState title={words.choose} /> : <SeriesView key={type.id} type={type} />;
}

function Types({ overview, chosen }: ChosenProps) {
  const words = useWords(healthWords);
  const format = useFormats();
  const { types, workouts } = overview;
  return (
    <>
      <Person person={overview.person} />
      <ul>
        {workouts > 0 && (
          <Choice to={WORKOUTS} name={words.workouts} facts={format.number(workouts)} isChosen={chosen === WORKOUTS} />
        )}
        {types.map((type) => (
          <Choice
            key={type.id}
            to={String(type.id)}
            name={nameOf(type, words.names)}
            facts={factsOf(type, words.samples(type.samples, format))}
            isChosen={String(type.id) === chosen}
          />
        ))}
      </ul>
    </>
  );
}

function factsOf({ unit }: HealthType, samples: string): string {
  return unit === undefined || unit === 'count' ? samples : `${samples} · ${unit}`;
}

interface ChoiceProps {
  readonly to: string;
  readonly name: string;
  readonly facts: string;
  readonly isChosen: boolean;
}

function Choice({ to, name, facts, isChosen }: ChoiceProps) {
  const { base } = useVersion();
  return (
    <li className={styles.item}>
      <Link
        href={addressIn(base, 'health', to)}
        className={classes(link.link, styles.choice)}
        aria-current={isChosen ? 'page' : undefined}
      >
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.soft}>{facts}</span>
      </Link>
    </li>
  );
}

/** What the owner has put on file about themselves. */
function Person({ person: { birthDate, sex, bloodType } }: Pick<HealthOverview, 'person'>) {
  const words = useWords(healthWords);
  const format = useFormats();
  const language = useLanguage();
  const parts = [
    birthDate !== undefined &&
      words.born(writeDate(new Date(`${birthDate.slice(0, 10)}T12:00:00`), language, { dateStyle: 'long' })),
    sex !== undefined && (words.sexes[sex] ?? sex),
    bloodType !== undefined && words.blood(bloodType.replace('Positive', '+').replace('Negative', '−')),
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : <p className={styles.person}>{words.person(format.list(parts))}</p>;
}
