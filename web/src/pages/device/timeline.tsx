import { useQuery } from '@tanstack/react-query';
import type { SnapshotSummary } from '../../../../src/contract/index.ts';
import { snapshotsQuery } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { writeDate } from '../../telling/time.ts';
import { deviceWords } from '../../words/device.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import { byDay } from './by-day.ts';
import styles from './timeline.module.css';
import { VersionRow } from './version-row.tsx';

/** Every version of a device, the newest first, by day. */
export function Timeline({ udid }: { readonly udid: string }) {
  const words = useWords(deviceWords);
  return (
    <Section title={words.versionsTitle} lead={words.versionsLead}>
      <Loaded
        query={useQuery(snapshotsQuery(udid))}
        lines={6}
        empty={<EmptyState title={words.noVersionsTitle}>{words.noVersionsText}</EmptyState>}
      >
        {(versions) => <Days versions={versions} />}
      </Loaded>
    </Section>
  );
}

function Days({ versions }: { readonly versions: readonly SnapshotSummary[] }) {
  const language = useLanguage();
  return (
    <ol className={styles.days}>
      {byDay(versions).map(({ day, versions: ofDay }) => (
        <li key={day.toISOString()} className={styles.day}>
          <h3 className={styles.date}>
            {writeDate(day, language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}
          </h3>
          <ul className={styles.versions}>
            {ofDay.map((version) => (
              <VersionRow key={version.id} version={version} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
