import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Checkups, Job, type CheckupSummary } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { Button } from '../../parts/button.tsx';
import { notify } from '../../parts/notices.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, Loaded, ProblemNote } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import type { PageProps } from '../../routes.tsx';
import { useJobSheet } from '../../shell/jobs/job-sheet-context.ts';
import { exactTime } from '../../telling/time.ts';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { checkupsWords } from '../../words/checkups.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import styles from './checkups-page.module.css';
import { ReportPage } from './report-page.tsx';

const checkupsQuery = {
  queryKey: ['checkups'],
  queryFn: ({ signal }: { signal: AbortSignal }) => ask('checkups', Checkups, { signal }),
};

/** All checkups, or the report of one. */
export default function CheckupsPage({ params }: PageProps) {
  return params['id'] === undefined ? <AllCheckups /> : <ReportPage id={params['id']} />;
}

function AllCheckups() {
  const words = useWords(checkupsWords);
  const { open } = useJobSheet();
  const run = useMutation({
    mutationFn: () => ask('checkups', Job, { method: 'POST', body: {} }),
    onSuccess: () => {
      notify(words.started);
      open();
    },
  });
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back={{ to: '/', label: words.back }}
      actions={
        <Button kind="primary" icon="shield" busy={run.isPending} onClick={() => run.mutate()}>
          {words.run}
        </Button>
      }
    >
      <ProblemNote error={run.error} />
      <Loaded query={useQuery(checkupsQuery)}>{(checkups) => <List checkups={checkups} />}</Loaded>
    </Page>
  );
}

function List({ checkups: { reports, nextAt, unfinishedSince, chain } }: { readonly checkups: Checkups }) {
  const words = useWords(checkupsWords);
  const format = useFormats();
  const say = useSay();
  return (
    <>
      {chain.length > 0 && (
        <p role="alert">
          <strong>{words.chain}</strong> {say(...chain)}
        </p>
      )}
      <p>
        {nextAt === undefined ? words.noNext : words.next(format.moment(nextAt))}{' '}
        {unfinishedSince !== undefined && words.unfinished(format.moment(unfinishedSince))}
      </p>
      {reports.length === 0 ? (
        <EmptyState icon="shield" title={words.emptyTitle}>
          {words.emptyText}
        </EmptyState>
      ) : (
        <ul className={styles.list}>
          {reports.map((report) => (
            <Row key={report.id} report={report} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ report }: { readonly report: CheckupSummary }) {
  const words = useWords(checkupsWords);
  const language = useLanguage();
  const format = useFormats();
  const say = useSay();
  const { counts } = report;
  const told = {
    proven: format.number(counts.proven),
    repaired: format.number(counts.repaired),
    failed: format.number(counts.failed),
    unproven: format.number(counts.unproven),
  };
  return (
    <li className={styles.row}>
      <VerdictMark verdict={report.verdict} wordUnseen />
      <div>
        <p>
          <Link href={`/checkups/${report.id}`}>{words.of(exactTime(new Date(report.endedAt), language))}</Link>
        </p>
        <p>{say(report.summary)}</p>
        <p className={styles.soft}>
          {words.counts(told)}
          {report.quick && ` (${words.quick})`}
        </p>
      </div>
    </li>
  );
}
