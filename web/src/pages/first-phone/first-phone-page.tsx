import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { DeviceOverview, Overview } from '../../../../src/contract/index.ts';
import { overviewQuery } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/button.tsx';
import { classes } from '../../parts/classes.ts';
import { SelectField } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { firstPhoneWords } from '../../words/first-phone.ts';
import { useWords } from '../../words/words.ts';
import styles from './first-phone-page.module.css';
import { stepsOf, type StepName, type Skipped } from './steps.ts';
import { BackupStep, EncryptionStep, TrustStep, WhenStep } from './step-bodies.tsx';

/** From the cable to the first backup. Each step looks at the device itself and notices when it is done. */
export default function FirstPhonePage() {
  const words = useWords(firstPhoneWords);
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/', label: words.back }}>
      <Loaded query={useQuery(overviewQuery)} lines={5}>
        {(overview) => <Steps overview={overview} />}
      </Loaded>
    </Page>
  );
}

function Steps({ overview }: { readonly overview: Overview }) {
  const words = useWords(firstPhoneWords);
  const [search, setSearch] = useSearchParams();
  const [skipped, setSkipped] = useState<Skipped>({ encryption: false, when: false });
  const here = overview.devices.filter(({ link }) => link !== undefined);
  const wanted = overview.devices.find(({ udid }) => udid === search.get('device'));
  const device = wanted ?? here.find(({ trusted, snapshots }) => !trusted || snapshots === 0) ?? here[0];
  const steps = stepsOf(device, skipped);
  const current = steps.find(({ isDone }) => !isDone)?.name;
  const skip = (step: keyof Skipped): void => setSkipped({ ...skipped, [step]: true });
  const choose = (udid: string): void => setSearch({ device: udid });
  return (
    <>
      <ol className={styles.steps}>
        {steps.map(({ name, isDone }) => (
          <Step key={name} title={words[name]} state={isDone ? 'done' : name === current ? 'now' : 'later'}>
            {name === current && <Body name={name} device={device} onSkip={skip} />}
            {name === 'cable' && here.length > 1 && device && (
              <SelectField
                label={words.which}
                value={device.udid}
                choices={here.map(({ udid, name: label }) => ({ value: udid, label }))}
                onChange={(event) => choose(event.target.value)}
              />
            )}
          </Step>
        ))}
      </ol>
      {current === undefined && device && (
        <div role="status" className={styles.finished}>
          <p>
            <strong>{words.finished(device.name)}</strong> {words.sheet}
          </p>
          <ButtonLink kind="primary" to={`/devices/${encodeURIComponent(device.udid)}`}>
            {words.toDevice}
          </ButtonLink>
        </div>
      )}
    </>
  );
}

interface StepProps {
  readonly title: string;
  readonly state: 'done' | 'now' | 'later';
  readonly children: ReactNode;
}

function Step({ title, state, children }: StepProps) {
  const words = useWords(firstPhoneWords);
  return (
    <li className={classes(styles.step, styles[state])} aria-current={state === 'now' ? 'step' : undefined}>
      <span className={styles.mark}>{state === 'done' && <Icon name="check" size={18} />}</span>
      <div className={styles.body}>
        <h2 className={styles.title}>
          {title} <span className="unseen">({words[state]})</span>
        </h2>
        {children}
      </div>
    </li>
  );
}

interface BodyProps {
  readonly name: StepName;
  readonly device: DeviceOverview | undefined;
  readonly onSkip: (step: keyof Skipped) => void;
}

function Body({ name, device, onSkip }: BodyProps) {
  const words = useWords(firstPhoneWords);
  if (name === 'cable' || device === undefined) {
    return (
      <>
        <p>{words.cableText}</p>
        <p role="status">{words.cableWaits}</p>
      </>
    );
  }
  if (name === 'trust') return <TrustStep device={device} />;
  if (name === 'encryption') return <EncryptionStep device={device} onSkip={() => onSkip('encryption')} />;
  if (name === 'when') return <WhenStep device={device} onFine={() => onSkip('when')} />;
  return <BackupStep device={device} />;
}
