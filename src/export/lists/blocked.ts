import { openBlocked, openContacts, type BlockedAddress } from '../../content/index.ts';
import { listExport } from './list-export.ts';

/** Callers that the owner does not want to hear from. */
export const blockedExport = listExport<BlockedAddress & { readonly name: string | undefined }>({
  kind: 'blocked',
  title: 'Blocked',
  about: 'Numbers and addresses whose calls and messages the phone rejects.',
  columns: [
    { title: 'Name', value: ({ name }) => name },
    { title: 'Number or address', value: ({ address }) => address },
    { title: 'Country', value: ({ country }) => country, page: ({ country }) => country?.toUpperCase() },
  ],
  async open({ backup }) {
    const list = await openBlocked(backup);
    if (list === undefined) return undefined;
    using contacts = await openContacts(backup);
    return {
      rows: list.addresses.map((each) => ({ ...each, name: contacts?.nameFor(each.address) })),
      notes: () =>
        list.unreadable === 0 ? [] : [`${list.unreadable} entries of the list name neither a number nor an address.`],
    };
  },
});
