import { useState } from 'react';
import { type EncryptionRequest, Job } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { useStartedJob } from '../../api/use-job.ts';
import { Button } from '../../parts/button.tsx';
import { PasswordField, SwitchField } from '../../parts/field.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { hasEnded } from '../../shell/jobs/shown-jobs.ts';
import { encryptionWords } from '../../words/encryption.ts';
import { useWords } from '../../words/words.ts';

type Kind = EncryptionRequest['kind'];
const LEAST_CHARS = 4;

interface ChangeEncryptionProps {
  readonly kind: Kind;
  readonly udid: string;
}

/** Asks for the passwords that a change of the encryption takes, and follows it to its end. */
export function ChangeEncryption({ kind, udid }: ChangeEncryptionProps) {
  const words = useWords(encryptionWords);
  const [oldPassword, setOld] = useState('');
  const [newPassword, setNew] = useState('');
  const [again, setAgain] = useState('');
  const [keep, setKeep] = useState(true);
  const [wrong, setWrong] = useState<'short' | 'different'>();
  const { job, start, isRunning, error } = useStartedJob(() =>
    ask(pathOf('devices', udid, 'encryption'), Job, {
      method: 'POST',
      body: { change: changeOf(kind, oldPassword, newPassword), keep: kind !== 'off' && keep },
    }),
  );
  const asksNew = kind !== 'off';
  const submit = (): void => {
    const found = !asksNew
      ? undefined
      : newPassword.length < LEAST_CHARS
        ? 'short'
        : newPassword !== again
          ? 'different'
          : undefined;
    setWrong(found);
    if (found === undefined) start();
  };
  return (
    <Form onSubmit={submit}>
      {kind !== 'on' && (
        <PasswordField
          label={words.oldPassword}
          autoComplete="off"
          value={oldPassword}
          onChange={(event) => setOld(event.target.value)}
        />
      )}
      {asksNew && (
        <>
          <PasswordField
            label={words.newPassword}
            autoComplete="new-password"
            error={wrong === 'short' ? words.tooShort : undefined}
            value={newPassword}
            onChange={(event) => setNew(event.target.value)}
          />
          <PasswordField
            label={words.again}
            autoComplete="new-password"
            error={wrong === 'different' ? words.different : undefined}
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
          <SwitchField
            label={words.keep}
            help={words.keepHelp}
            checked={keep}
            onChange={(event) => setKeep(event.target.checked)}
          />
        </>
      )}
      <ProblemNote error={error} />
      {job !== undefined && <Standing job={job} />}
      <FormActions>
        <Button type="submit" kind={kind === 'off' ? 'danger' : 'primary'} busy={isRunning}>
          {words[kind]}
        </Button>
      </FormActions>
    </Form>
  );
}

function Standing({ job }: { readonly job: Job }) {
  const words = useWords(encryptionWords);
  if (job.state === 'done') return <p role="status">{words.done}</p>;
  if (hasEnded(job)) return null;
  return <p role="status">{job.asksPasscode ? words.passcode : words.runs}</p>;
}

function changeOf(kind: Kind, oldPassword: string, newPassword: string): EncryptionRequest {
  if (kind === 'on') return { kind, newPassword };
  return kind === 'off' ? { kind, oldPassword } : { kind, oldPassword, newPassword };
}
