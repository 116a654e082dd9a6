import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../../../src/contract/index.ts';
import { RestoreParts } from '../../../../src/contract/index.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { restorePartsWords } from '../../words/restore-parts.ts';
import { useWords } from '../../words/words.ts';
import { appsQuery } from './parts-choice.tsx';
import { tellWarning } from './tell-warning.ts';
import styles from './parts-choice.module.css';

/** What a rehearsal found that a restore of parts would exchange, as its job tells it. */
export function PartsPlan({ job, version }: { readonly job: Job | undefined; readonly version: string }) {
  const words = useWords(restorePartsWords);
  const format = useFormats();
  const { data: apps } = useQuery(appsQuery(version));
  const told = RestoreParts.safeParse(job?.result?.['parts']);
  if (!told.success) return null;
  const { exchanged, stays, warnings, appsToLoad, removes } = told.data;
  const titleOf = ({ id, title }: { id: string; title: string }): string => {
    const app = apps?.find((each) => id === `app:${each.id}`)?.name;
    return words.titles[id] ?? (app === undefined ? title : words.dataOf(app));
  };
  const nameOf = (app: string): string => apps?.find(({ id }) => id === app)?.name ?? app;
  const leftOut = Number(job?.result?.['leftOut'] ?? 0);
  return (
    <>
      <h3>{words.exchangedTitle}</h3>
      <ul className={styles.exchanged}>
        {exchanged.map(({ id, title, before, after }) => (
          <li key={id}>
            <strong>{titleOf({ id, title })}</strong>
            <dl>
              <dt>{words.now}</dt>
              <dd>{words.amount(id, before, format)}</dd>
              <dt>{words.afterwards}</dt>
              <dd>{words.amount(id, after, format)}</dd>
            </dl>
          </li>
        ))}
      </ul>
      <ul className={styles.remarks}>
        {stays.map(({ id, title, why }) => (
          <li key={id}>{words.stays(titleOf({ id, title }), words.why[why])}</li>
        ))}
        <li>{words.restStays}</li>
        {!removes && <li>{words.notRemoved}</li>}
        {appsToLoad.map((app) => (
          <li key={app}>{words.loads(nameOf(app))}</li>
        ))}
        {leftOut > 0 && <li>{words.leftOut(leftOut, format)}</li>}
        {warnings.map((warning) => (
          <li key={warning.message}>{tellWarning(warning, words, { nameOf, format })}</li>
        ))}
      </ul>
    </>
  );
}
