import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { statusQuery } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { useSession } from '../../shell/session.ts';
import { recoverySheetWords } from '../../words/recovery-sheet.ts';
import { useWords } from '../../words/words.ts';
import styles from './standing.module.css';

/** Where the sheets of one's own devices are made: nobody else may. */
export function RecoverySheets() {
  const words = useWords(recoverySheetWords);
  const { account } = useSession();
  const own = useQuery(statusQuery).data?.devices.filter(({ udid }) => account.devices.includes(udid)) ?? [];
  if (own.length === 0) return null;
  return (
    <Section title={words.listTitle} lead={words.listLead}>
      <ul className={styles.steps}>
        {own.map(({ udid, name }) => (
          <li key={udid}>
            <Link href={`/recovery-sheet/${encodeURIComponent(udid)}`}>{words.listLink(name)}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
