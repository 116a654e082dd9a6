import { Link } from 'wouter';
import { ChangedItems } from '../../../../../src/contract/index.ts';
import { Moment } from '../../../parts/amounts.tsx';
import { Section } from '../../../parts/page.tsx';
import { EmptyState } from '../../../parts/states.tsx';
import { differencesWords } from '../../../words/differences.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { useKindName } from '../take-out/use-kind-name.ts';
import { addressIn, useVersion } from '../version.ts';
import type { Change } from './differences-page.tsx';
import styles from './differences.module.css';

interface ChangedListProps {
  readonly other: string;
  readonly kind: string;
  readonly change: Change;
}

/** The things of one kind that came, changed or went. */
export function ChangedList({ other, kind, change }: ChangedListProps) {
  const words = useWords(differencesWords);
  const nameOf = useKindName();
  const { base } = useVersion();
  return (
    <Section title={words.list(nameOf(kind), words[change])}>
      <p>
        <Link href={addressIn(base, 'differences', other)}>{words.close}</Link>
      </p>
      <Endless
        path={['differences', 'items']}
        schema={ChangedItems}
        query={{ with: other, kind, change }}
        empty={<EmptyState title={words.noneOfThese} />}
      >
        {(items) => (
          <ul className={styles.items}>
            {items.map(({ id, title, text = '', at }) => (
              <li key={id}>
                <bdi className={styles.title}>{title === '' ? words.untitled : title}</bdi>
                {text !== '' && text !== title && <bdi className={styles.text}>{text}</bdi>}
                {at !== undefined && (
                  <span className={styles.soft}>
                    <Moment at={at} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Endless>
    </Section>
  );
}
