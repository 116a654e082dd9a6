/** What is in a backup, as typed rows: schemas are looked up, never assumed. */
export { Contacts, contactsItems, openContacts } from './contacts/open-contacts.ts';
export type { Contact, ContactCard, PartialDate } from './contacts/contact.ts';
export { formatPartialDate } from './contacts/partial-date.ts';
export { ContentDatabase, openContentDatabase, quoted, type Place } from './source/content-database.ts';
export type { ContentItem, ContentKind } from './source/content-item.ts';
export {
  keychainItems,
  openKeychain,
  Secret,
  type Keychain,
  type KeychainItem,
  type KeychainProblem,
} from './keychain/index.ts';
export { openWifi, wifiItems, type WifiNetwork, type WifiNetworks } from './wifi/index.ts';
