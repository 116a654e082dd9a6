import { useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { DeviceOverview, Job } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { overviewQuery } from '../../api/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { DevicePicture } from '../../parts/device-picture.tsx';
import { Progress } from '../../parts/progress.tsx';
import { sentence } from '../../parts/sentence.ts';
import { duration } from '../../telling/time.ts';
import { useFormats } from '../../telling/use-formats.ts';
import { jobWords } from '../../words/jobs.ts';
import { useLanguage } from '../../words/language.ts';
import { tellProblem } from '../../words/problems.ts';
import { useWords } from '../../words/words.ts';
import { nameOfJob } from './name-of-job.ts';
import { hasEnded } from './shown-jobs.ts';
import styles from './job-card.module.css';

interface JobCardProps {
  readonly job: Job;
  readonly onDismiss: () => void;
}

/** One thing that runs or has just ended: where it stands, what it needs, how to stop it. */
export function JobCard({ job, onDismiss }: JobCardProps) {
  const words = useWords(jobWords);
  const { data: overview } = useQuery(overviewQuery);
  const device = overview?.devices.find(({ udid }) => udid === job.udid);
  const ended = hasEnded(job);
  return (
    <article className={styles.card}>
      <header className={styles.header}>
        <h2>{nameOfJob(job, overview, words)}</h2>
        {job.automatic && !ended && <span className={styles.soft}>{words.begunBySelf}</span>}
      </header>
      {job.asksPasscode ? <PasscodeStep device={device} /> : ended ? <Outcome job={job} /> : <Standing job={job} />}
      <footer className={styles.actions}>
        {ended ? (
          <Button onClick={onDismiss}>{words.dismiss}</Button>
        ) : (
          <StopButton job={job} name={nameOfJob(job, overview, words)} />
        )}
      </footer>
    </article>
  );
}

/** Large, because somebody has to get up for it. */
function PasscodeStep({ device }: { readonly device: DeviceOverview | undefined }) {
  const words = useWords(jobWords);
  return (
    <div className={styles.passcode} role="alert">
      <DevicePicture productType={device?.productType ?? 'iPhone17,1'} size={148} asksPasscode />
      <div className={styles.passcodeText}>
        <p className={styles.ask}>{words.askTitle(device?.name ?? words.thisDevice)}</p>
        <p>{words.askText}</p>
        <p className={styles.soft}>
          {words.askWhere} {words.askMissed}
        </p>
      </div>
    </div>
  );
}

function Standing({ job: { progress, state, kind } }: { readonly job: Job }) {
  const words = useWords(jobWords);
  const language = useLanguage();
  const format = useFormats();
  const phase =
    progress === undefined ? words.states[state] : (words.phases[progress.phase] ?? sentence(progress.phase));
  const fraction = progress?.fraction;
  const facts = [
    progress?.files !== undefined &&
      progress.bytes !== undefined &&
      progress.files > 0 &&
      words.received({ files: progress.files, bytes: progress.bytes }, format),
    progress?.bytesPerSecond !== undefined &&
      progress.bytesPerSecond > 0 &&
      words.rate(format.bytes(progress.bytesPerSecond)),
    progress?.secondsLeft !== undefined && words.left(duration(progress.secondsLeft, language, format)),
  ].filter((fact) => fact !== false);
  return (
    <div className={styles.standing}>
      <p className={styles.line}>
        <span>{phase}</span>
        {fraction !== undefined && fraction > 0 && (
          <span>{words.percent(format.percent(Math.floor(fraction * 100)))}</span>
        )}
      </p>
      {state === 'running' && <Progress fraction={fraction} label={words.kinds[kind]} />}
      {facts.length > 0 && <p className={styles.soft}>{facts.join(' · ')}</p>}
      {progress?.phase === 'preparing' && <p className={styles.soft}>{words.preparingHint}</p>}
    </div>
  );
}

function Outcome({ job }: { readonly job: Job }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const language = useLanguage();
  const problem = job.problem && tellProblem(job.problem, language);
  return (
    <div className={styles.standing}>
      <p>
        <strong>{words.states[job.state]}.</strong> {problem && `${sentence(problem.message)}.`}
      </p>
      {problem?.hint && <p className={styles.soft}>{problem.hint}</p>}
      {job.warnings.length > 0 && (
        <details>
          <summary>{words.warnings(job.warnings.length, format)}</summary>
          <ul>
            {job.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
      {job.snapshot !== undefined && job.udid !== undefined && (
        <p>
          <Link href={`/versions/${encodeURIComponent(job.snapshot)}`}>{words.result}</Link>
        </p>
      )}
    </div>
  );
}

function StopButton({ job, name }: { readonly job: Job; readonly name: string }) {
  const words = useWords(jobWords);
  const [asked, setAsked] = useState(false);
  const stop = useMutation({
    mutationFn: () => tell(pathOf('jobs', job.id), { method: 'DELETE' }),
    onSuccess: () => setAsked(false),
  });
  return (
    <>
      <Button onClick={() => setAsked(true)}>{words.stop}</Button>
      {asked && (
        <ConfirmDialog
          title={words.stopTitle(name)}
          no={words.stopNo}
          yes={words.stopYes}
          onYes={() => stop.mutate()}
          onClose={() => setAsked(false)}
          busy={stop.isPending}
          error={stop.error}
        >
          {words.stopText}
        </ConfirmDialog>
      )}
    </>
  );
}
