import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type DeviceOverview, type EncryptionRequest, Job } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { deviceQuery } from '../../api/queries.ts';
import { useJob } from '../../api/use-job.ts';
import { Button } from '../../parts/button.tsx';
import { PasswordField, SwitchField } from '../../parts/field.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { EmptyState, Loaded, ProblemNote } from '../../parts/states.tsx';
import type { PageProps } from '../../routes.tsx';
import { hasEnded } from '../../shell/jobs/shown-jobs.ts';
import { encryptionWords } from '../../words/encryption.ts';
import { useWords } from '../../words/words.ts';

type Kind = EncryptionRequest['kind'];
const LEAST_CHARS = 4;

/** Turns the encryption of a device's backups on or off, or changes their password; says why one wants it. */
export default function EncryptionPage({ params }: PageProps) {
  const { udid = '' } = params;
  const words = useWords(encryptionWords);
  const query = useQuery(deviceQuery(udid));
  const name = query.data?.name ?? '';
  return (
    <Page title={words.title} lead={words.why} back={{ to: `/devices/${encodeURIComponent(udid)}`, label: name }}>
      <Loaded query={query}>{(device) => <Encryption device={device} />}</Loaded>
    </Page>
  );
}

function Encryption({ device }: { readonly device: DeviceOverview }) {
  const words = useWords(encryptionWords);
  const { encrypted, name, link } = device;
  const state = encrypted === undefined ? words.unknown(name) : encrypted ? words.isOn(name) : words.isOff(name);
  const kinds: readonly Kind[] = encrypted === true ? ['change', 'off'] : ['on'];
  return (
    <>
      <p>
        <strong>{state}</strong>
      </p>
      {link === undefined ? (
        <EmptyState icon="cable" title={words.notConnected} />
      ) : (
        kinds.map((kind) => <Change key={kind} kind={kind} udid={device.udid} />)
      )}
      <Section title={words.forgotten} lead={words.forgottenText}>
        {null}
      </Section>
    </>
  );
}

function Change({ kind, udid }: { readonly kind: Kind; readonly udid: string }) {
  const words = useWords(encryptionWords);
  const [oldPassword, setOld] = useState('');
  const [newPassword, setNew] = useState('');
  const [again, setAgain] = useState('');
  const [keep, setKeep] = useState(true);
  const [wrong, setWrong] = useState<'short' | 'different'>();
  const start = useMutation({
    mutationFn: () =>
      ask(pathOf('devices', udid, 'encryption'), Job, {
        method: 'POST',
        body: { change: changeOf(kind, oldPassword, newPassword), keep: kind !== 'off' && keep },
      }),
  });
  const job = useJob(start.data?.id) ?? start.data;
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
    if (found === undefined) start.mutate();
  };
  return (
    <Section title={words[kind]} lead={kind === 'off' ? words.offWarning : undefined}>
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
        <ProblemNote error={start.error} />
        {job !== undefined && <Standing job={job} />}
        <FormActions>
          <Button
            type="submit"
            kind={kind === 'off' ? 'danger' : 'primary'}
            busy={start.isPending || (job !== undefined && !hasEnded(job))}
          >
            {words[kind]}
          </Button>
        </FormActions>
      </Form>
    </Section>
  );
}

function Standing({ job }: { readonly job: Job }) {
  const words = useWords(encryptionWords);
  if (job.state === 'done') return <p role="status">{words.done}</p>;
  if (hasEnded(job)) {
    return (
      <p role="alert">
        {job.problem?.message}. {job.problem?.hint}
      </p>
    );
  }
  return <p role="status">{job.asksPasscode ? words.passcode : words.runs}</p>;
}

function changeOf(kind: Kind, oldPassword: string, newPassword: string): EncryptionRequest {
  if (kind === 'on') return { kind, newPassword };
  return kind === 'off' ? { kind, oldPassword } : { kind, oldPassword, newPassword };
}
