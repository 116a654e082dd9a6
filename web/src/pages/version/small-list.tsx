import type { ReactNode } from 'react';
import type { ZodType } from 'zod';
import { ButtonLink } from '../../parts/button.tsx';
import { classes } from '../../parts/classes.ts';
import { EmptyState } from '../../parts/states.tsx';
import { smallListsWords } from '../../words/small-lists.ts';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { Endless, type PartOfList } from './endless.tsx';
import { KindPage } from './kind-page.tsx';
import { useVersion } from './version.ts';
import styles from './small-list.module.css';

interface SmallListPageProps<P extends PartOfList<unknown>> {
  /** Of the shelf, of the API and of what is taken out: the same word. */
  readonly kind: 'accounts' | 'alarms' | 'blocked';
  readonly schema: ZodType<P>;
  readonly lead?: string;
  readonly none: string;
  readonly children: (items: P['items']) => ReactNode;
}

/** A list of a few things, one below the other. */
export function SmallListPage<P extends PartOfList<unknown>>(props: SmallListPageProps<P>) {
  const { kind, schema, lead, none, children } = props;
  const { kinds } = useWords(versionWords);
  const words = useWords(smallListsWords);
  const { base } = useVersion();
  return (
    <KindPage
      title={kinds[kind]}
      lead={lead}
      actions={
        <ButtonLink to={`${base}/take-out?kinds=${kind}`} icon="download">
          {words.takeOut}
        </ButtonLink>
      }
    >
      <Endless path={[kind]} schema={schema} empty={<EmptyState title={none} />}>
        {(items) => <ul>{children(items)}</ul>}
      </Endless>
    </KindPage>
  );
}

interface SmallItemProps {
  readonly title: string;
  /** What else is known of it; what is undefined is left out. Hostile: each keeps its own direction. */
  readonly facts: readonly (ReactNode | undefined)[];
  /** At the end of the line. */
  readonly aside?: string | undefined;
  /** What does not hold now. */
  readonly isFaint?: boolean;
}

export function SmallItem({ title, facts, aside, isFaint = false }: SmallItemProps) {
  const known = facts.filter((fact) => fact !== undefined && fact !== '');
  return (
    <li className={classes(styles.item, isFaint && styles.faint)}>
      <div className={styles.words}>
        <h2 dir="auto">{title}</h2>
        {known.length > 0 && (
          <p className={styles.facts}>
            {known.map((fact, i) => (
              // Two facts may read the same.
              <bdi key={i}>{fact}</bdi>
            ))}
          </p>
        )}
      </div>
      {aside !== undefined && <p className={styles.aside}>{aside}</p>}
    </li>
  );
}
