import { Link } from 'wouter';
import type { DeviceOverview } from '../../../../src/contract/index.ts';
import { useBackUpNow } from '../../api/back-up-now.ts';
import { Battery } from '../../parts/battery.tsx';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { DayStrip } from '../../parts/day-strip.tsx';
import { DevicePicture } from '../../parts/device-picture.tsx';
import { LinkMark } from '../../parts/link-mark.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useJobSheet } from '../../shell/jobs/job-sheet-context.ts';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { homeWords } from '../../words/home.ts';
import { useWords } from '../../words/words.ts';
import { copyFacts } from './copy-facts.ts';
import { comesNext, sentenceOf } from './sentence-of.ts';
import styles from './device-row.module.css';

interface DeviceRowProps {
  readonly device: DeviceOverview;
  /** The same with what is known of where its backups lie. */
  readonly shown: DeviceOverview;
}

/** One device: whether it is safe, why, what comes next, and the one thing to do. */
export function DeviceRow({ device, shown }: DeviceRowProps) {
  const words = useWords(homeWords);
  const say = useSay();
  const format = useFormats();
  // What is wrong with its places says more than how many there are.
  const copies = shown.verdict === device.verdict ? copyFacts(device) : undefined;
  return (
    <li className={styles.row}>
      <span className={styles.picture}>
        <DevicePicture productType={device.productType} />
      </span>
      <div className={styles.text}>
        <h2 className={styles.name}>
          <VerdictMark verdict={shown.verdict} wordUnseen />
          <Link href={`/devices/${encodeURIComponent(device.udid)}`}>{device.name}</Link>
        </h2>
        <p>
          {say(...sentenceOf(shown))} {copies && words.copies(copies, format)}
        </p>
        {device.job === undefined && <p className={styles.next}>{say(...comesNext(device))}</p>}
      </div>
      <div className={styles.facts}>
        <DayStrip days={device.days} />
        <p className={styles.meta}>
          <span>{device.model ?? device.productType}</span>
          <LinkMark link={device.link} />
          {device.link && device.batteryPercent !== undefined && (
            <Battery percent={device.batteryPercent} onPower={device.onPower} />
          )}
        </p>
      </div>
      <div className={styles.action}>
        <Action device={device} />
      </div>
    </li>
  );
}

/** The one button: what helps this device most at this moment. */
function Action({ device }: { readonly device: DeviceOverview }) {
  const words = useWords(homeWords);
  const { open } = useJobSheet();
  const start = useBackUpNow(device.udid, () => notify(words.started(device.name)));
  const address = `/devices/${encodeURIComponent(device.udid)}`;
  if (device.job !== undefined) return <Button onClick={open}>{words.running}</Button>;
  if (!device.trusted)
    return <ButtonLink to={`/first-phone?device=${encodeURIComponent(device.udid)}`}>{words.setUp}</ButtonLink>;
  if (device.link === undefined) return <ButtonLink to={address}>{words.details}</ButtonLink>;
  return (
    <>
      <Button
        kind={device.verdict === 'safe' ? 'plain' : 'primary'}
        busy={start.isPending}
        onClick={() => start.mutate()}
      >
        {words.backUp}
        <span className="unseen">: {device.name}</span>
      </Button>
      <ProblemNote error={start.error} />
    </>
  );
}
