import { useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Job, type CopyAttempt, type CopyOverview } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { copiesQuery } from '../../api/queries.ts';
import { Moment } from '../../parts/amounts.tsx';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Menu } from '../../parts/menu.tsx';
import { notify } from '../../parts/notices.tsx';
import { Section } from '../../parts/page.tsx';
import { sentence } from '../../parts/sentence.ts';
import { EmptyState, Loaded, ProblemNote } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { copiesWords } from '../../words/copies.ts';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { useWords } from '../../words/words.ts';
import { AddCopyDialog } from './add-copy-dialog.tsx';
import { ChangeCopyDialog, RemoveCopyDialog } from './change-copy-dialog.tsx';
import { SecretsDialog } from './secrets-dialog.tsx';
import styles from './standing.module.css';

/** Every copy that is set up: brought up to date, proven, added and removed here. */
export function Copies() {
  const words = useWords(copiesWords);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button icon="add" onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <Section title={words.listTitle} actions={add}>
      {adding && <AddCopyDialog onClose={() => setAdding(false)} />}
      <Loaded
        query={useQuery(copiesQuery)}
        lines={5}
        empty={
          <EmptyState icon="copies" title={words.emptyTitle}>
            {words.emptyText}
          </EmptyState>
        }
      >
        {(copies) => (
          <ul className={styles.copies}>
            {copies.map((copy) => (
              <Copy key={copy.name} copy={copy} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function Copy({ copy }: { readonly copy: CopyOverview }) {
  const words = useWords(copiesWords);
  const setUp = useWords(copySetUpWords);
  const format = useFormats();
  const [open, setOpen] = useState<'change' | 'secrets' | 'remove'>();
  const run = useMutation({
    mutationFn: (verify: boolean) => ask(pathOf('copies', copy.name, 'run'), Job, { method: 'POST', body: { verify } }),
    onSuccess: (_job, verify) => notify(verify ? words.verifying(copy.name) : words.started(copy.name)),
  });
  const { name, lastDone, lastRun, provenAt, allReadSince, isDue, offSite, kind, place, everyHours, window } = copy;
  const isPaused = lastRun?.outcome === 'paused';
  const failed = lastRun !== undefined && lastRun.outcome !== 'done' && !isPaused ? lastRun : undefined;
  const isBusy = copy.job !== undefined || run.isPending;
  return (
    <li className={styles.copy}>
      <div className={styles.head}>
        <h3 className={styles.name}>{name}</h3>
        <div className={styles.actions}>
          <Button icon="shield" busy={isBusy} onClick={() => run.mutate(true)}>
            {words.verify}
            <span className="unseen">: {name}</span>
          </Button>
          <Button kind={isDue ? 'primary' : 'plain'} icon="refresh" busy={isBusy} onClick={() => run.mutate(false)}>
            {words.run}
            <span className="unseen">: {name}</span>
          </Button>
          <Menu
            label={setUp.more(name)}
            items={[
              { label: setUp.changeItem, icon: 'edit', onSelect: () => setOpen('change') },
              ...(kind === 'restic'
                ? [{ label: setUp.secretsItem, icon: 'lock' as const, onSelect: () => setOpen('secrets') }]
                : []),
              { label: setUp.removeItem, icon: 'trash', onSelect: () => setOpen('remove'), disabled: isBusy },
            ]}
          />
        </div>
      </div>
      <p className={styles.where}>
        {`${words.kinds[kind]}: ${place}, ${offSite ? words.offSite : words.onSite}, ${words.every(format.number(everyHours))}`}
        {window !== undefined && `, ${words.between(window.from, window.to)}`}
      </p>
      <Facts
        facts={[
          { name: words.last, value: lastDone === undefined ? words.never : <Moment at={lastDone.at} /> },
          { name: words.proven, value: provenAt === undefined ? words.never : <Moment at={provenAt} /> },
          { name: words.allRead, value: allReadSince && <Moment at={allReadSince} /> },
          { name: words.unfinished, value: isPaused && words.paused },
          { name: words.failed, value: failed && whyNot(failed, words.notConnected) },
        ]}
      />
      {copy.job !== undefined ? <p role="status">{words.running}</p> : isDue && <p>{words.due}</p>}
      <ProblemNote error={run.error} />
      {open === 'change' && <ChangeCopyDialog copy={copy} onClose={() => setOpen(undefined)} />}
      {open === 'secrets' && <SecretsDialog copy={copy} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && <RemoveCopyDialog copy={copy} onClose={() => setOpen(undefined)} />}
    </li>
  );
}

function whyNot({ outcome, sentence: said, hint = '' }: CopyAttempt, notConnected: string): string | undefined {
  if (outcome === 'not-connected') return notConnected;
  return said && `${sentence(said).replace(/[.]?$/, '.')} ${hint}`;
}
