import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Account } from '../../../../../src/contract/index.ts';
import { accountsQuery, overviewQuery } from '../../../api/queries.ts';
import { Button } from '../../../parts/button.tsx';
import { Menu } from '../../../parts/menu.tsx';
import { Section } from '../../../parts/page.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { useSession } from '../../../shell/session.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { accountWords } from '../../../words/accounts.ts';
import { useWords } from '../../../words/words.ts';
import { AccountDialog } from './account-dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RemoveAccountDialog } from './remove-account-dialog.tsx';
import styles from './accounts-part.module.css';

/** Which dialog is open, and about whom. */
interface Opened {
  readonly dialog: 'add' | 'edit' | 'password' | 'remove';
  readonly account?: Account;
}

/** Who may do what here. */
export default function AccountsPart() {
  const words = useWords(accountWords);
  const query = useQuery(accountsQuery);
  const [opened, setOpened] = useState<Opened>();
  const close = (): void => setOpened(undefined);
  return (
    <Section
      title={words.title}
      lead={words.lead}
      actions={
        <Button icon="add" onClick={() => setOpened({ dialog: 'add' })}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={query}>
        {(accounts) => (
          <ul className={styles.accounts}>
            {accounts.map((account) => (
              <AccountItem key={account.id} account={account} onOpen={(dialog) => setOpened({ dialog, account })} />
            ))}
          </ul>
        )}
      </Loaded>
      {(opened?.dialog === 'add' || opened?.dialog === 'edit') && (
        <AccountDialog account={opened.account} onClose={close} />
      )}
      {opened?.dialog === 'password' && opened.account && <PasswordDialog account={opened.account} onClose={close} />}
      {opened?.dialog === 'remove' && opened.account && (
        <RemoveAccountDialog account={opened.account} onClose={close} />
      )}
    </Section>
  );
}

interface AccountItemProps {
  readonly account: Account;
  readonly onOpen: (dialog: 'edit' | 'password' | 'remove') => void;
}

function AccountItem({ account, onOpen }: AccountItemProps) {
  const words = useWords(accountWords);
  const format = useFormats();
  const own = useSession().account.id === account.id;
  const { data: overview } = useQuery(overviewQuery);
  const names = account.devices.map(
    (udid) => overview?.devices.find((device) => device.udid === udid)?.name ?? words.unknownDevice,
  );
  return (
    <li className={styles.account}>
      <div>
        <p>
          <strong>{account.name}</strong> {own && <span className={styles.soft}>({words.you})</span>}
        </p>
        <p className={styles.soft}>
          {format.list(account.roles.map((role) => words.roles[role]))} ·{' '}
          {names.length === 0 ? words.noDevices : format.list(names)}
        </p>
      </div>
      <Menu
        label={words.moreAbout(account.name)}
        items={[
          { label: words.edit, icon: 'edit', onSelect: () => onOpen('edit') },
          ...(own
            ? []
            : ([
                { label: words.setPassword, icon: 'key', onSelect: () => onOpen('password') },
                { label: words.remove, icon: 'trash', onSelect: () => onOpen('remove') },
              ] as const)),
        ]}
      />
    </li>
  );
}
