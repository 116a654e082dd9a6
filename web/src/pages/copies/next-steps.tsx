import type { DeviceStatus, Reason } from '../../../../src/contract/index.ts';
import { useSay } from '../../telling/use-formats.ts';
import { standingWords } from '../../words/standing.ts';
import { useWords } from '../../words/words.ts';
import styles from './standing.module.css';

/** What to do, the most urgent first. What a page of ours does is said without its command. */
export function NextSteps({ steps }: Pick<DeviceStatus, 'steps'>) {
  const { steps: ours } = useWords(standingWords);
  const say = useSay();
  const sayStep = (step: Reason): string => {
    const word = isOurs(step.code, ours) ? ours[step.code] : undefined;
    return word?.(String(step.values['copy'] ?? '')) ?? say(step);
  };
  return (
    <ul className={styles.steps}>
      {[...new Set(steps.map(sayStep))].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function isOurs<Words extends object>(code: string, words: Words): code is keyof Words & string {
  return Object.hasOwn(words, code);
}
