import { lazy } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../../../src/contract/index.ts';
import { settingsQuery } from '../../api/queries.ts';
import { Page } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import type { PageProps } from '../../routes.tsx';
import { settingsWords } from '../../words/settings.ts';
import { useWords } from '../../words/words.ts';
import { CheckupSettingsPart } from './checkup-settings.tsx';
import { KeepingSettings } from './keeping-settings.tsx';
import { RuleSettings } from './rule-settings.tsx';
import { ServerSettingsPart } from './server-settings.tsx';
import styles from './rule-fields.module.css';

const NotificationSettings = lazy(() => import('./notifications/notification-settings.tsx'));

const AccountsPart = lazy(() => import('./accounts/accounts-part.tsx'));

const PARTS = {
  rule: RuleSettings,
  keeping: KeepingSettings,
  notifications: NotificationSettings,
  checkup: CheckupSettingsPart,
  accounts: AccountsPart,
  server: ServerSettingsPart,
} satisfies Record<string, React.ComponentType<{ settings: Settings }>>;

type PartName = keyof typeof PARTS;

/** The settings of the service, one part at a time; each is saved by itself. */
export default function SettingsPage({ params }: PageProps) {
  const words = useWords(settingsWords);
  const query = useQuery(settingsQuery);
  const name = isPart(params['part']) ? params['part'] : 'rule';
  const Part = PARTS[name];
  const addressOf = (part: PartName): string => (part === 'rule' ? '/settings' : `/settings/${part}`);
  return (
    <Page title={words.title}>
      <Tabs
        label={words.parts}
        current={addressOf(name)}
        tabs={(Object.keys(PARTS) as PartName[]).map((part) => ({ to: addressOf(part), label: words.tabs[part] }))}
      />
      <Loaded query={query} lines={6}>
        {({ settings, problem }) => (
          <>
            {problem && (
              <p className={styles.sentence} role="alert">
                {words.fileProblem} {problem.message}
              </p>
            )}
            <Part key={name} settings={settings} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function isPart(name: string | undefined): name is PartName {
  return name !== undefined && Object.hasOwn(PARTS, name);
}
