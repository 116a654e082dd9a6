import { useState } from 'react';
import { Button } from '../../../parts/button.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { notify } from '../../../parts/notices.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { sentence } from '../../../parts/sentence.ts';
import { ProblemNote } from '../../../parts/states.tsx';
import { takeOutWords } from '../../../words/take-out.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useWords } from '../../../words/words.ts';
import { useKindName } from './use-kind-name.ts';
import { saveFrom } from './use-save-zip.ts';
import type { TakingOutState } from './use-take-out.ts';
import styles from './take-out-page.module.css';

/** How far it is, and the zip when it is there. */
export function TakingOut({ takeOut }: { readonly takeOut: TakingOutState }) {
  const words = useWords(takeOutWords);
  const format = useFormats();
  const nameOf = useKindName();
  const [isSaved, setSaved] = useState(false);
  const { current } = takeOut;
  if (current === undefined) return null;
  const { url, name, step } = current;
  return (
    <div className={styles.taking}>
      <div role="status" className={styles.taking}>
        {current.state === 'running' && (
          <>
            <p>{step === undefined ? words.preparingAll : words.preparing(nameOf(current.stepKind ?? '', step))}</p>
            <Progress label={words.preparingAll} fraction={current.fraction} />
            {current.files !== undefined && (
              <p className={styles.soft}>{words.found(current.files, format.bytes(current.bytes ?? 0), format)}</p>
            )}
          </>
        )}
        {current.state === 'ready' && (
          <>
            <h2 className={styles.ready}>
              <Icon name="check" />
              {words.ready}
            </h2>
            <p>{`${name}.zip`}</p>
            <p>{words.readyHint}</p>
            <p>{words.honest.open}</p>
          </>
        )}
        {(current.state === 'failed' || current.state === 'cancelled') && (
          <p className={styles.problem}>
            <strong>{current.state === 'failed' ? words.failed : words.stopped}.</strong>{' '}
            {current.problem !== undefined && `${sentence(current.problem)}.`}
          </p>
        )}
      </div>
      {current.notes.length > 0 && (
        <section aria-label={words.notes}>
          <h3>{words.notes}</h3>
          <ul className={styles.honest}>
            {current.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <ProblemNote error={takeOut.error} />
      <div className={styles.actions}>
        {current.state === 'running' && (
          <Button
            icon="stop"
            onClick={() => {
              takeOut.stop();
              notify(words.stopped);
            }}
          >
            {words.stop}
          </Button>
        )}
        {current.state === 'ready' && url !== undefined && !isSaved && (
          <Button
            kind="primary"
            icon="download"
            onClick={() => {
              saveFrom(url, `${name}.zip`);
              setSaved(true);
              notify(words.isSaved);
            }}
          >
            {words.save}
          </Button>
        )}
        {current.state !== 'running' && (
          <Button onClick={isSaved || current.state !== 'ready' ? takeOut.forget : takeOut.stop}>{words.again}</Button>
        )}
      </div>
    </div>
  );
}
