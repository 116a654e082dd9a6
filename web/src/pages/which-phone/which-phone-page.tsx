import { useQuery } from '@tanstack/react-query';
import { Link, Redirect } from 'wouter';
import type { DeviceOverview } from '../../../../src/contract/index.ts';
import { overviewQuery } from '../../api/queries.ts';
import { DevicePicture } from '../../parts/device-picture.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { homeWords } from '../../words/home.ts';
import { useWords } from '../../words/words.ts';
import styles from './which-phone-page.module.css';

/** Asks which device is gone, where there is more than one. */
export default function WhichPhonePage() {
  const words = useWords(homeWords);
  const query = useQuery(overviewQuery);
  return (
    <Page title={words.lost.title} lead={words.lost.lead} back={{ to: '/', label: words.devices }}>
      <Loaded
        query={query}
        isEmpty={({ devices }) => devices.length === 0}
        empty={<EmptyState icon="phone" title={words.lost.none} />}
      >
        {({ devices }) => {
          const [first, ...more] = devices;
          if (first && more.length === 0) return <Redirect to={addressOf(first)} replace />;
          return (
            <ul className={styles.devices}>
              {devices.map((device) => (
                <DeviceLink key={device.udid} device={device} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Page>
  );
}

function DeviceLink({ device }: { readonly device: DeviceOverview }) {
  const words = useWords(homeWords);
  const format = useFormats();
  return (
    <li>
      <Link href={addressOf(device)} className={styles.device}>
        <DevicePicture productType={device.productType} size={48} />
        <span>
          <strong>{device.name}</strong>
          {device.lastSeenAt && (
            <span className={styles.seen}>{words.lost.seen(format.moment(device.lastSeenAt))}</span>
          )}
        </span>
      </Link>
    </li>
  );
}

function addressOf({ udid }: DeviceOverview): string {
  return `/lost-phone/${encodeURIComponent(udid)}`;
}
