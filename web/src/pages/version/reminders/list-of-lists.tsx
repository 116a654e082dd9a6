import { Link } from 'wouter';
import type { Reminders } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { remindersWords } from '../../../words/reminders.ts';
import { useWords } from '../../../words/words.ts';
import { addressIn, useVersion } from '../version.ts';
import { classes } from '../../../parts/classes.ts';
import link from '../../../parts/list-link.module.css';
import styles from './reminders-page.module.css';

interface ListOfListsProps {
  readonly all: Reminders;
  /** A list by its id, or a view by its name. */
  readonly chosen: string | undefined;
}

/** All, what is due some time, what is flagged; then the lists. */
export function ListOfLists({ all, chosen }: ListOfListsProps) {
  const words = useWords(remindersWords);
  const { base } = useVersion();
  const address = addressIn(base, 'reminders');
  const open = all.lists.reduce((sum, list) => sum + list.open, 0);
  const views = [
    ['all', open],
    ['scheduled', all.scheduled],
    ['flagged', all.flagged],
  ] as const;
  return (
    <ul>
      {views.map(([view, count]) => (
        <Entry
          key={view}
          to={`${address}?view=${view}`}
          title={words[view]}
          open={count}
          isChosen={view === chosen}
          facts={[]}
        />
      ))}
      {all.lists.map(({ id, title, color, open: count, account, group, isShared }) => (
        <Entry
          key={id}
          to={addressIn(address, id)}
          title={title === '' ? words.noList : title}
          open={count}
          color={color ?? 'currentcolor'}
          isChosen={id === chosen}
          facts={[group, account, isShared === true ? words.shared : undefined]}
        />
      ))}
    </ul>
  );
}

interface EntryProps {
  readonly to: string;
  readonly title: string;
  readonly open: number;
  readonly color?: string;
  readonly isChosen: boolean;
  readonly facts: readonly (string | undefined)[];
}

function Entry({ to, title, open, color, isChosen, facts }: EntryProps) {
  const words = useWords(remindersWords);
  const format = useFormats();
  return (
    <li className={styles.entry}>
      <Link href={to} className={classes(link.link, styles.list)} aria-current={isChosen ? 'page' : undefined}>
        <span className={styles.name}>
          {color !== undefined && <span className={styles.dot} style={{ backgroundColor: color }} />}
          <bdi>{title}</bdi>
        </span>
        <span className={styles.soft}>
          {[words.open(open, format), ...facts].filter((fact) => fact !== undefined).join(' · ')}
        </span>
      </Link>
    </li>
  );
}
