import { DeviceAccounts, type DeviceAccount } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { smallListsWords } from '../../../words/small-lists.ts';
import { useWords } from '../../../words/words.ts';
import { SmallItem, SmallListPage } from '../small-list.tsx';
import { When } from '../when.tsx';

/** What the device was signed in to: what to sign in to again on another one. */
export default function AccountsPage() {
  const { accounts: words } = useWords(smallListsWords);
  return (
    <SmallListPage kind="accounts" schema={DeviceAccounts} lead={words.lead} none={words.none}>
      {(accounts) => accounts.map((account) => <Account key={account.id} account={account} />)}
    </SmallListPage>
  );
}

function Account({ account: { title, kind, user, addedAt, uses } }: { readonly account: DeviceAccount }) {
  const { accounts: words } = useWords(smallListsWords);
  const format = useFormats();
  // What Apple keeps behind an account for itself has no name that people know.
  const known = uses.flatMap((use) => words.uses[use] ?? []);
  return (
    <SmallItem
      title={title === '' ? words.unnamed : title}
      facts={[
        user,
        kind === title ? undefined : kind,
        known.length > 0 ? format.list(known) : undefined,
        addedAt && (
          <>
            {words.added}: <When at={addedAt} />
          </>
        ),
      ]}
    />
  );
}
