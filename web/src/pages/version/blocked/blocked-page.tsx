import { BlockedCallers } from '../../../../../src/contract/index.ts';
import { smallListsWords } from '../../../words/small-lists.ts';
import { useWords } from '../../../words/words.ts';
import { SmallItem, SmallListPage } from '../small-list.tsx';

/** Callers whose calls and messages the device rejected. */
export default function BlockedPage() {
  const { blocked: words } = useWords(smallListsWords);
  return (
    <SmallListPage kind="blocked" schema={BlockedCallers} lead={words.lead} none={words.none}>
      {(callers) =>
        callers.map(({ id, name, address }) => (
          <SmallItem key={id} title={name ?? address} facts={[name === undefined ? undefined : address]} />
        ))
      }
    </SmallListPage>
  );
}
