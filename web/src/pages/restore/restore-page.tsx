import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { z } from 'zod';
import {
  Job,
  RestoreCheck,
  type DeviceOverview,
  type Overview,
  type RestoreRequest,
  type SnapshotSummary,
} from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { overviewQuery, snapshotsQuery } from '../../api/queries.ts';
import { useStartedJob } from '../../api/use-job.ts';
import { Button } from '../../parts/button.tsx';
import { SwitchField } from '../../parts/field.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { EmptyState, Loaded, ProblemNote } from '../../parts/states.tsx';
import { hasEnded } from '../../shell/jobs/shown-jobs.ts';
import { exactTime } from '../../telling/time.ts';
import { useLanguage } from '../../words/language.ts';
import { restorePartsWords } from '../../words/restore-parts.ts';
import { restoreWords } from '../../words/restore.ts';
import { useWords } from '../../words/words.ts';
import { Checks } from './checks.tsx';
import { Choice, type Choices } from './choice.tsx';
import { PartsPlan } from './parts-plan.tsx';

/** Choose a version, rehearse it, then restore it: nothing is written before the rehearsal has passed. */
export default function RestorePage() {
  const words = useWords(restoreWords);
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/', label: words.back }}>
      <Loaded query={useQuery(overviewQuery)} lines={5}>
        {(overview) => <Restore overview={overview} />}
      </Loaded>
    </Page>
  );
}

function Restore({ overview }: { readonly overview: Overview }) {
  const words = useWords(restoreWords);
  const partsWords = useWords(restorePartsWords);
  const [search] = useSearchParams();
  const sources = overview.devices.filter(({ snapshots }) => snapshots > 0);
  const targets = overview.devices.filter(({ link, trusted }) => link !== undefined && trusted);
  const wanted = sources.find(({ udid }) => udid === search.get('device')) ?? sources[0];
  const [choices, setChoices] = useState<Choices>({
    source: wanted?.udid ?? '',
    snapshot: search.get('version') ?? undefined,
    target: '',
    password: '',
    safetyBackup: true,
    preserveSettings: false,
    removeOthers: true,
    apps: true,
    only: undefined,
    devicePassword: '',
    allowDecryption: false,
  });
  const versions = useQuery({ ...snapshotsQuery(choices.source), enabled: choices.source !== '' });
  const version = versions.data?.find(({ id }) => id === choices.snapshot) ?? versions.data?.[0];
  // Also while it is away: at the end of a restore it restarts. One that comes later is taken when it is there.
  const target =
    overview.devices.find(({ udid }) => udid === choices.target) ??
    targets.find(({ udid }) => udid === choices.source) ??
    targets[0];
  const held = { snapshot: version?.id ?? choices.snapshot, target: target?.udid ?? '' };
  // What is shown is held fast: the newest version is another one as soon as the device was backed up first.
  if (held.snapshot !== choices.snapshot || held.target !== choices.target) setChoices({ ...choices, ...held });
  if (sources.length === 0) return <EmptyState icon="restore" title={words.noVersions} />;
  return (
    <>
      <Section title={words.chooseTitle}>
        <Choice
          choices={choices}
          onChange={(change) => setChoices({ ...choices, ...change })}
          sources={sources}
          targets={targets}
          target={target}
          versions={versions.data ?? []}
          version={version}
        />
      </Section>
      {version && target && choices.only?.length === 0 && <p role="status">{partsWords.chooseSome}</p>}
      {version && target && choices.only?.length !== 0 && (
        <Rehearsal
          key={JSON.stringify([choices, version.id])}
          choices={choices}
          version={version}
          target={target}
          isAway={!targets.includes(target)}
        />
      )}
    </>
  );
}

interface StepProps {
  readonly choices: Choices;
  readonly version: SnapshotSummary;
  readonly target: DeviceOverview;
}

function requestOf({ choices, version, target }: StepProps): Partial<RestoreRequest> {
  const { password, safetyBackup, preserveSettings, removeOthers, apps, only } = choices;
  const common = { snapshot: version.id, udid: target.udid, apps, ...(password === '' ? {} : { password }) };
  if (only === undefined) return { ...common, safetyBackup, preserveSettings, removeOthers };
  const { devicePassword, allowDecryption } = choices;
  return { ...common, only: [...only], allowDecryption, ...(devicePassword === '' ? {} : { devicePassword }) };
}

/** Looks at everything that could stop it; what was chosen is rehearsed anew when it changes. */
function Rehearsal({ isAway, ...props }: StepProps & { readonly isAway: boolean }) {
  const words = useWords(restoreWords);
  const partsWords = useWords(restorePartsWords);
  const { job, start, isRunning, error } = useStartedJob(() =>
    ask('restore/plan', Job, { method: 'POST', body: requestOf(props) }),
  );
  const checks = checksOf(job);
  const lacksVersion = props.choices.only !== undefined && props.target.snapshots === 0;
  const passed = job?.state === 'done' && checks.length > 0 && checks.every(({ outcome }) => outcome !== 'stops');
  return (
    <>
      <Section title={words.checksTitle}>
        {lacksVersion && <p>{partsWords.backUpFirst(props.target.name)}</p>}
        {isAway && !isRunning && !passed && <p role="status">{words.connectFirst(props.target.name)}</p>}
        {isRunning && <p role="status">{words.rehearsing}</p>}
        {props.choices.only && <PartsPlan job={job} version={props.version.id} />}
        <Checks checks={checks} />
        <ProblemNote error={error} />
        {job !== undefined && hasEnded(job) && (
          <p role="status">
            <strong>{passed ? words.wouldWork : words.wouldNot}</strong>
          </p>
        )}
        <p>
          <Button kind={passed ? 'plain' : 'primary'} icon="shield" busy={isRunning} disabled={isAway} onClick={start}>
            {job === undefined ? words.rehearse : words.rehearseAgain}
          </Button>
        </p>
      </Section>
      {passed && <Go {...props} />}
    </>
  );
}

/** The checks a rehearsal has made so far, as its job tells them. */
function checksOf(job: Job | undefined): RestoreCheck[] {
  const told = z.array(RestoreCheck).safeParse(job?.result?.['checks']);
  return told.success ? told.data : [];
}

function Go(props: StepProps) {
  const words = useWords(restoreWords);
  const partsWords = useWords(restorePartsWords);
  const language = useLanguage();
  const [sure, setSure] = useState(false);
  const { job, start, isRunning, error } = useStartedJob(() =>
    ask('restore', Job, { method: 'POST', body: requestOf(props) }),
  );
  const { target, version } = props;
  const texts = props.choices.only === undefined ? words : partsWords;
  const wayBack = job?.result?.['wayBack'];
  return (
    <Section title={words.goTitle}>
      <p>{texts.goText(target.name, exactTime(new Date(version.takenAt), language))}</p>
      {job === undefined ? (
        <>
          <SwitchField
            label={texts.confirm(target.name)}
            checked={sure}
            onChange={(event) => setSure(event.target.checked)}
          />
          <p>
            <Button kind="danger" icon="restore" disabled={!sure} busy={isRunning} onClick={start}>
              {words.go}
            </Button>
          </p>
        </>
      ) : (
        <p role="status">
          {isRunning && words.runs}
          {job.state === 'done' && texts.done}
          {hasEnded(job) && job.state !== 'done' && words.failed}
        </p>
      )}
      <ProblemNote error={error} />
      {typeof wayBack === 'string' && !isRunning && (
        <p>
          {partsWords.wayBackText} <Link href={`/versions/${encodeURIComponent(wayBack)}`}>{partsWords.wayBack}</Link>
        </p>
      )}
    </Section>
  );
}
