import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
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
import { deviceToSetUp, stepsOf, type StepName, type Skipped } from './steps.ts';
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
  const chosen = search.get('device');
  const device = deviceToSetUp(overview.devices, chosen);
  const choices = overview.devices.filter((each) => each.link !== undefined || each === device);
  const begun = device?.udid;
  // Whoever has begun with a device stays with it, also when its first backup makes it one like the others.
  useEffect(() => {
    if (begun !== undefined && begun !== chosen) setSearch({ device: begun }, { replace: true });
  }, [begun, chosen, setSearch]);
  const steps = stepsOf(device, skipped);
  const current = steps.find(({ isDone }) => !isDone)?.name;
  const skip = (step: keyof Skipped): void => setSkipped({ ...skipped, [step]: true });
  const choose = (udid: string): void => setSearch({ device: udid });
  return (
    <>
      <ol className={styles.steps}>
        {steps.map(({ name, isDone }) => (
          <Step key={name} title={words[name]} state={isDone ? 'done' : name === current ? 'now' : 'later'}>
            {name === current && <Body name={name} device={device} known={choices} onSkip={skip} />}
            {name === 'cable' && choices.length > 1 && device && (
              <SelectField
                label={words.which}
                value={device.udid}
                choices={choices.map(({ udid, name: label }) => ({ value: udid, label }))}
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
  /** Those that are here and set up, where no other one is. */
  readonly known: readonly DeviceOverview[];
  readonly onSkip: (step: keyof Skipped) => void;
}

function Body({ name, device, known, onSkip }: BodyProps) {
  const words = useWords(firstPhoneWords);
  if (name === 'cable' || device === undefined) {
    return (
      <>
        <p>{words.cableText}</p>
        {device === undefined && known.length > 0 && (
          <p>{words.cableKnown(known.map(({ name: label }) => label).join(', '), known.length)}</p>
        )}
        <p role="status">{words.cableWaits}</p>
      </>
    );
  }
  if (name === 'trust') return <TrustStep device={device} />;
  if (name === 'encryption') return <EncryptionStep device={device} onSkip={() => onSkip('encryption')} />;
  if (name === 'when') return <WhenStep device={device} onFine={() => onSkip('when')} />;
  return <BackupStep device={device} />;
}
