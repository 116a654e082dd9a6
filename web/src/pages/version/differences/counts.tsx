import { Link } from 'wouter';
import type { Differences, KindDifference } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { differencesWords } from '../../../words/differences.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { useKindName } from '../take-out/use-kind-name.ts';
import { addressIn, useVersion } from '../version.ts';
import styles from './differences.module.css';

const CHANGES = ['added', 'changed', 'gone'] as const;
const SIGNS = { added: '+', changed: '~', gone: '−' } as const;

/** Kind by kind how many came, changed and went; each number leads to the things themselves. */
export function Counts({ differences, other }: { readonly differences: Differences; readonly other: string }) {
  const words = useWords(differencesWords);
  const format = useFormats();
  const language = useLanguage();
  const nameOf = useKindName();
  const when = (iso: string): string => writeDate(new Date(iso), language, { dateStyle: 'long', timeStyle: 'short' });
  const all: KindDifference[] = [...differences.kinds, { ...differences.files, kind: 'files', isComparable: true }];
  const differing = all.filter((each) => each.isComparable && each.added + each.changed + each.gone > 0);
  const same = all.filter((each) => each.isComparable && !differing.includes(each) && each.before > 0);
  const unknown = all.filter((each) => !each.isComparable && each.before + each.after > 0);
  const names = (kinds: readonly KindDifference[]): string => format.list(kinds.map(({ kind }) => nameOf(kind)));
  return (
    <div className={styles.counts}>
      <p className={styles.soft}>{words.span(when(differences.before.takenAt), when(differences.after.takenAt))}</p>
      {differing.length === 0 ? (
        <EmptyState icon="check" title={words.nothing} />
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.kind}</th>
              {CHANGES.map((change) => (
                <th key={change} scope="col">
                  {words[change]}
                </th>
              ))}
              <th scope="col" className={styles.wide}>
                {words.before}
              </th>
              <th scope="col" className={styles.wide}>
                {words.after}
              </th>
            </tr>
          </thead>
          <tbody>
            {differing.map((each) => (
              <tr key={each.kind}>
                <th scope="row">{nameOf(each.kind)}</th>
                {CHANGES.map((change) => (
                  <td key={change}>
                    <Amount difference={each} change={change} other={other} />
                  </td>
                ))}
                <td className={styles.wide}>{format.number(each.before)}</td>
                <td className={styles.wide}>{format.number(each.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {same.length > 0 && (
        <p>
          {words.same} {names(same)}.
        </p>
      )}
      {unknown.length > 0 && (
        <p className={styles.soft}>
          {words.incomparable} {names(unknown)}.
        </p>
      )}
    </div>
  );
}

interface AmountProps {
  readonly difference: KindDifference;
  readonly change: (typeof CHANGES)[number];
  readonly other: string;
}

function Amount({ difference, change, other }: AmountProps) {
  const words = useWords(differencesWords);
  const format = useFormats();
  const nameOf = useKindName();
  const { base } = useVersion();
  const count = difference[change];
  if (count === 0) return <span className={styles.soft}>0</span>;
  return (
    <Link
      href={addressIn(base, 'differences', other, difference.kind, change)}
      aria-label={words.count(count, words[change], nameOf(difference.kind), format)}
      className={styles.amount}
    >
      {SIGNS[change]}
      {format.number(count)}
    </Link>
  );
}
