import { openAccounts, titleOfAccount, type Account } from '../../content/index.ts';
import { listExport } from './list-export.ts';

const dataClass = (name: string): string => name.replace(/^com\.apple\.Dataclass\./, '');
const uses = ({ enabledFor }: Account): string => enabledFor.map(dataClass).toSorted().join(', ');

/** Accounts the phone is signed in to. */
export const accountsExport = listExport<Account>({
  kind: 'accounts',
  title: 'Accounts',
  about: 'What the phone is signed in to. Passwords are not among this: they are in the keychain.',
  columns: [
    { title: 'Account', value: titleOfAccount, page: ({ description, type }) => description ?? type },
    { title: 'User', value: ({ username }) => username },
    { title: 'Kind', value: ({ type }) => type },
    { title: 'Used for', value: uses },
    {
      title: 'Added',
      value: ({ addedAt }, times) => times.iso(addedAt),
      page: ({ addedAt }, times) => addedAt && times.moment(addedAt),
    },
    { title: 'Active', value: ({ isActive }) => isActive, page: false },
    { title: 'Identifier', value: ({ key }) => key, page: false },
    { title: 'Part of', value: ({ parent }) => parent, page: false },
    { title: 'Kind identifier', value: ({ typeIdentifier }) => typeIdentifier, page: false },
    { title: 'Set up by', value: ({ owningBundle }) => owningBundle, page: false },
  ],
  async open({ backup }) {
    const accounts = await openAccounts(backup);
    return accounts && { rows: accounts };
  },
});
