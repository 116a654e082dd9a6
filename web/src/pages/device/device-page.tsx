import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { DeviceOverview } from '../../../../src/contract/index.ts';
import { useBackUpNow } from '../../api/back-up-now.ts';
import { deviceQuery, statusQuery } from '../../api/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { notify } from '../../parts/notices.tsx';
import { Page } from '../../parts/page.tsx';
import { Loaded, ProblemNote } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import type { PageProps } from '../../routes.tsx';
import { useJobSheet } from '../../shell/jobs/job-sheet-context.ts';
import { useSession } from '../../shell/session.ts';
import { useSay } from '../../telling/use-formats.ts';
import { deviceWords } from '../../words/device.ts';
import { recoverySheetWords } from '../../words/recovery-sheet.ts';
import { useWords } from '../../words/words.ts';
import { sentenceOf } from '../home/sentence-of.ts';
import { withPlaces } from '../home/with-places.ts';
import styles from './device-page.module.css';
import { DeviceRuleForm } from './device-rule.tsx';
import { History } from './history.tsx';
import { Places } from './places.tsx';
import { Timeline } from './timeline.tsx';

const PARTS = ['versions', 'rule', 'places', 'history'] as const;

/** One device: its versions, its rule, where its backups lie, and every try. */
export default function DevicePage({ params }: PageProps) {
  const { udid = '', part } = params;
  const words = useWords(deviceWords);
  const say = useSay();
  const query = useQuery(deviceQuery(udid));
  const device = query.data;
  const status = useQuery(statusQuery).data?.devices.find((each) => each.udid === udid);
  const stands = device && withPlaces(device, status);
  const shown = PARTS.find((each) => each === part) ?? 'versions';
  const base = `/devices/${encodeURIComponent(udid)}`;
  return (
    <Page
      title={device?.name ?? ''}
      back={{ to: '/', label: words.back }}
      lead={
        stands && (
          <>
            <VerdictMark verdict={stands.verdict} wordUnseen /> {say(...sentenceOf(stands))}
          </>
        )
      }
      actions={device && <Actions device={device} />}
    >
      <Loaded query={query}>
        {() => (
          <>
            <Tabs
              label={words.tabs.label}
              current={shown === 'versions' ? base : `${base}/${shown}`}
              tabs={PARTS.map((each) => ({
                to: each === 'versions' ? base : `${base}/${each}`,
                label: words.tabs[each],
              }))}
            />
            <div className={styles.part}>
              {shown === 'versions' && <Timeline udid={udid} />}
              {shown === 'rule' && <DeviceRuleForm udid={udid} />}
              {shown === 'places' && <Places udid={udid} />}
              {shown === 'history' && <History udid={udid} />}
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ device }: { readonly device: DeviceOverview }) {
  const words = useWords(deviceWords);
  const { item: sheet } = useWords(recoverySheetWords);
  const isOwn = useSession().account.devices.includes(device.udid);
  const [, go] = useLocation();
  const { open } = useJobSheet();
  const start = useBackUpNow(device.udid, () => {
    notify(words.started(device.name));
    open();
  });
  const udid = encodeURIComponent(device.udid);
  return (
    <>
      <ProblemNote error={start.error} />
      {device.link !== undefined && device.job === undefined && device.trusted && (
        <Button kind="primary" busy={start.isPending} onClick={() => start.mutate()}>
          {words.backUp}
        </Button>
      )}
      <Menu
        label={words.more(device.name)}
        items={[
          { label: words.restore, icon: 'restore', onSelect: () => go(`/restore?device=${udid}`) },
          { label: words.encryption, icon: 'key', onSelect: () => go(`/encryption/${udid}`) },
          ...(isOwn
            ? [{ label: sheet, icon: 'document' as const, onSelect: () => go(`/recovery-sheet/${udid}`) }]
            : []),
          { label: words.lost, icon: 'away', onSelect: () => go(`/lost-phone/${udid}`) },
        ]}
      />
    </>
  );
}
