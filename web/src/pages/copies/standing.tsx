import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { DeviceStatus, Status } from '../../../../src/contract/index.ts';
import { statusQuery } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { standingWords } from '../../words/standing.ts';
import { useWords } from '../../words/words.ts';
import { KeptPlaces } from './kept-places.tsx';
import { NextSteps } from './next-steps.tsx';
import styles from './standing.module.css';

/** Three copies, two media, one elsewhere: how safe each device is, and why. */
export function Standing() {
  const words = useWords(standingWords);
  return (
    <Loaded
      query={useQuery(statusQuery)}
      lines={6}
      isEmpty={({ devices, vault }) => devices.length === 0 && vault.problem === undefined}
      empty={
        <EmptyState icon="phone" title={words.emptyTitle}>
          {words.emptyText}
        </EmptyState>
      }
    >
      {(status) => <Devices status={status} />}
    </Loaded>
  );
}

function Devices({ status: { verdict, summary, devices, vault } }: { readonly status: Status }) {
  const words = useWords(standingWords);
  const say = useSay();
  const format = useFormats();
  return (
    <>
      <div className={styles.summary}>
        <VerdictMark verdict={verdict} wordUnseen size={24} />
        <p>
          <strong>{say(summary)}</strong> {words.rule}{' '}
          {vault.freeBytes !== undefined && words.free(format.bytes(vault.freeBytes))}
        </p>
      </div>
      {devices.map((device) => (
        <Device key={device.udid} device={device} isOnly={devices.length === 1} />
      ))}
    </>
  );
}

function Device({ device, isOnly }: { readonly device: DeviceStatus; readonly isOnly: boolean }) {
  const words = useWords(standingWords);
  const say = useSay();
  const format = useFormats();
  const { udid, name, verdict, reasons, steps, places } = device;
  return (
    <Section title={name} lead={<VerdictMark verdict={verdict} />}>
      <p className={styles.reasons}>{say(...reasons)}</p>
      {steps.length > 0 && (
        <>
          <h3 className={styles.name}>{words.doThis}</h3>
          <NextSteps steps={steps} />
        </>
      )}
      <details className={styles.details} open={isOnly || verdict !== 'safe'}>
        <summary>
          {words.places(places.length, format)}
          <span className="unseen">: {name}</span>
        </summary>
        <KeptPlaces places={places} />
      </details>
      <Link href={`/devices/${encodeURIComponent(udid)}`}>{words.toDevice(name)}</Link>
    </Section>
  );
}
