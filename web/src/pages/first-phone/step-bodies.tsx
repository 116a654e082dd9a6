import { useQuery } from '@tanstack/react-query';
import { type DeviceOverview, Job } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { useBackUpNow } from '../../api/back-up-now.ts';
import { deviceRuleQuery } from '../../api/queries.ts';
import { useStartedJob } from '../../api/use-job.ts';
import { useRulePreview } from '../../api/use-rule-preview.ts';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { useRuleSentence } from '../../telling/use-formats.ts';
import { firstPhoneWords } from '../../words/first-phone.ts';
import { useWords } from '../../words/words.ts';
import { ChangeEncryption } from '../encryption/change-encryption.tsx';
import styles from './first-phone-page.module.css';

interface StepProps {
  readonly device: DeviceOverview;
}

/** The device is asked to trust this computer; somebody answers on it. */
export function TrustStep({ device }: StepProps) {
  const words = useWords(firstPhoneWords);
  const { job, start, isRunning, error } = useStartedJob(() =>
    ask(pathOf('devices', device.udid, 'pair'), Job, { method: 'POST', body: {} }),
  );
  const phase = job?.progress?.phase;
  return (
    <>
      <p>{words.trustText(device.name)}</p>
      {isRunning && <p role="status">{phase === 'waiting-for-unlock' ? words.trustUnlock : words.trustTap}</p>}
      <ProblemNote error={error} />
      <Button kind="primary" busy={isRunning} onClick={start}>
        {words.trustAsk}
      </Button>
    </>
  );
}

export function EncryptionStep({ device, onSkip }: StepProps & { readonly onSkip: () => void }) {
  const words = useWords(firstPhoneWords);
  return (
    <>
      <p>{words.encryptionText}</p>
      <ChangeEncryption kind="on" udid={device.udid} />
      <Button kind="quiet" onClick={onSkip}>
        {words.skip}
      </Button>
    </>
  );
}

/** Says when the device is going to be backed up by itself. */
export function WhenStep({ device, onFine }: StepProps & { readonly onFine: () => void }) {
  const words = useWords(firstPhoneWords);
  const explain = useRuleSentence();
  const { data } = useQuery(deviceRuleQuery(device.udid));
  const preview = useRulePreview(device.udid, data?.rule);
  return (
    <>
      {data && <p>{explain(data.rule, preview?.asksPasscode)}</p>}
      <div className={styles.actions}>
        <Button kind="primary" onClick={onFine}>
          {words.whenFine}
        </Button>
        <ButtonLink to={`/devices/${encodeURIComponent(device.udid)}/rule`}>{words.whenChange}</ButtonLink>
      </div>
    </>
  );
}

export function BackupStep({ device }: StepProps) {
  const words = useWords(firstPhoneWords);
  const start = useBackUpNow(device.udid);
  const isRunning = device.job !== undefined || start.isPending;
  return (
    <>
      <p>{words.backupText}</p>
      {isRunning && <p role="status">{words.backupRuns}</p>}
      <ProblemNote error={start.error} />
      <Button kind="primary" busy={isRunning} onClick={() => start.mutate()}>
        {words.backupStart}
      </Button>
    </>
  );
}
