import { Page } from '../../parts/page.tsx';
import { useRole } from '../../shell/session.ts';
import { copiesWords } from '../../words/copies.ts';
import { useWords } from '../../words/words.ts';
import { Copies } from './copies.tsx';
import { RecoverySheets } from './recovery-sheets.tsx';
import { Standing } from './standing.tsx';

/** How safe everything is by where it lies, and the copies themselves: how old, where, and when last proven. */
export default function CopiesPage() {
  const words = useWords(copiesWords);
  const administrator = useRole('administrator');
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/', label: words.back }}>
      <Standing />
      {administrator && <Copies />}
      <RecoverySheets />
    </Page>
  );
}
