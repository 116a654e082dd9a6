import { useQuery } from '@tanstack/react-query';
import { alarmsQuery } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { useRole } from '../../shell/session.ts';
import { alarmWords } from '../../words/alarms.ts';
import { useWords } from '../../words/words.ts';
import { AlarmItem } from './alarm-item.tsx';
import styles from './alarms-page.module.css';

/** What needs a person, the gravest first, each with its next step. */
export default function AlarmsPage() {
  const words = useWords(alarmWords);
  const query = useQuery(alarmsQuery);
  const administrator = useRole('administrator');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={administrator && <ButtonLink to="/settings/notifications">{words.whereTold}</ButtonLink>}
    >
      <Loaded
        query={query}
        empty={
          <EmptyState icon="check" title={words.none}>
            {words.noneText}
          </EmptyState>
        }
      >
        {(alarms) => (
          <ul className={styles.alarms}>
            {alarms
              .toSorted((a, b) => rank(a.level) - rank(b.level))
              .map((alarm) => (
                <AlarmItem key={alarm.id} alarm={alarm} />
              ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function rank(level: 'attention' | 'at-risk'): number {
  return level === 'at-risk' ? 0 : 1;
}
