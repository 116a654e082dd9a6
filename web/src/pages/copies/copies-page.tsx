import { useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { CopyOverview, Job } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { Moment } from '../../parts/amounts.tsx';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { notify } from '../../parts/notices.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { sentence } from '../../parts/sentence.ts';
import { EmptyState, Loaded, ProblemNote } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { copiesWords } from '../../words/copies.ts';
import { useWords } from '../../words/words.ts';

/** The vault in other places: how old, where, and when last proven. */
export default function CopiesPage() {
  const words = useWords(copiesWords);
  const query = useQuery({
    queryKey: ['copies'],
    queryFn: ({ signal }) => ask('copies', z.array(CopyOverview), { signal }),
  });
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/', label: words.back }}>
      <Loaded
        query={query}
        lines={5}
        empty={
          <EmptyState icon="copies" title={words.emptyTitle}>
            {words.emptyText}
          </EmptyState>
        }
      >
        {(copies) => copies.map((copy) => <Copy key={copy.name} copy={copy} />)}
      </Loaded>
    </Page>
  );
}

function Copy({ copy }: { readonly copy: CopyOverview }) {
  const words = useWords(copiesWords);
  const format = useFormats();
  const run = useMutation({
    mutationFn: (verify: boolean) => ask(pathOf('copies', copy.name, 'run'), Job, { method: 'POST', body: { verify } }),
    onSuccess: (_job, verify) => notify(verify ? words.verifying(copy.name) : words.started(copy.name)),
  });
  const { lastDone, lastRun, provenAt, allReadSince, isDue, offSite, kind, place, everyHours } = copy;
  const failed = lastRun !== undefined && lastRun.outcome !== 'done' ? lastRun : undefined;
  const isBusy = copy.job !== undefined || run.isPending;
  return (
    <Section
      title={copy.name}
      lead={`${words.kinds[kind]}: ${place}, ${offSite ? words.offSite : words.onSite}, ${words.every(format.number(everyHours))}`}
      actions={
        <>
          <Button icon="shield" busy={isBusy} onClick={() => run.mutate(true)}>
            {words.verify}
          </Button>
          <Button kind={isDue ? 'primary' : 'plain'} icon="refresh" busy={isBusy} onClick={() => run.mutate(false)}>
            {words.run}
          </Button>
        </>
      }
    >
      <Facts
        facts={[
          { name: words.last, value: lastDone === undefined ? words.never : <Moment at={lastDone.at} /> },
          { name: words.proven, value: provenAt === undefined ? words.never : <Moment at={provenAt} /> },
          { name: words.allRead, value: allReadSince && <Moment at={allReadSince} /> },
          { name: words.failed, value: failed?.sentence && `${sentence(failed.sentence)} ${failed.hint ?? ''}` },
        ]}
      />
      {copy.job !== undefined ? <p role="status">{words.running}</p> : isDue && <p>{words.due}</p>}
      <ProblemNote error={run.error} />
    </Section>
  );
}
