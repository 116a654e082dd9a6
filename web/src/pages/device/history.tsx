import { useQuery } from '@tanstack/react-query';
import type { TryEntry } from '../../../../src/contract/index.ts';
import { historyQuery } from '../../api/queries.ts';
import { Moment } from '../../parts/amounts.tsx';
import { classes } from '../../parts/classes.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Section } from '../../parts/page.tsx';
import { sentence } from '../../parts/sentence.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { useSay } from '../../telling/use-formats.ts';
import { deviceWords } from '../../words/device.ts';
import { useLanguage } from '../../words/language.ts';
import { tellProblem } from '../../words/problems.ts';
import { useWords } from '../../words/words.ts';
import styles from './history.module.css';

const MARKS: Readonly<Record<TryEntry['outcome'], IconName>> = {
  done: 'check',
  failed: 'close',
  cancelled: 'stop',
  'not-confirmed': 'lock',
  skipped: 'clock',
  interrupted: 'away',
};

/** Every try with a device, the newest first, with its reason. */
export function History({ udid }: { readonly udid: string }) {
  const words = useWords(deviceWords);
  return (
    <Section title={words.historyTitle}>
      <Loaded
        query={useQuery(historyQuery(udid))}
        lines={6}
        empty={<EmptyState title={words.historyEmpty}>{words.historyEmptyText}</EmptyState>}
      >
        {(tries) => (
          <ol className={styles.tries}>
            {tries.map((entry) => (
              <Entry key={`${entry.at} ${entry.kind} ${entry.outcome}`} entry={entry} />
            ))}
          </ol>
        )}
      </Loaded>
    </Section>
  );
}

function Entry({ entry }: { readonly entry: TryEntry }) {
  const words = useWords(deviceWords);
  const say = useSay();
  const language = useLanguage();
  const { kind, outcome, automatic, connection, reasons = [], sentence: message, hint, code } = entry;
  const told =
    message !== undefined && code !== undefined && outcome !== 'done'
      ? tellProblem({ code, message, hint }, language)
      : undefined;
  const how = [
    automatic === undefined ? undefined : automatic ? words.byItself : words.byHand,
    connection === undefined ? undefined : connection === 'usb' ? words.overCable : words.overWifi,
  ].filter((each) => each !== undefined);
  return (
    <li className={styles.try}>
      <span className={classes(styles.mark, outcome === 'failed' && styles.failed, outcome === 'done' && styles.done)}>
        <Icon name={MARKS[outcome]} size={18} />
      </span>
      <div>
        <p className={styles.what}>
          <strong>
            {isKnown(kind, words.kinds) ? words.kinds[kind] : kind}: {words.outcomes[outcome]}
          </strong>
          <span>
            <Moment at={entry.at} />
            {how.length > 0 && `, ${how.join(', ')}`}
          </span>
        </p>
        {reasons.length > 0 && <p>{say(...reasons)}</p>}
        {told && (
          <p>
            {said(told.message)} {told.hint}
          </p>
        )}
      </div>
    </li>
  );
}

function isKnown<K extends object>(kind: PropertyKey, kinds: K): kind is keyof K {
  return Object.hasOwn(kinds, kind);
}

/** What is told of a problem has a full stop or has none. */
const said = (message: string): string => `${sentence(message)}.`;
