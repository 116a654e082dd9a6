/** What is on the virtual iPhone: a person's data in the formats of iOS, made from a seed, and the days that go by. */
export { appsOf } from './apps.ts';
export {
  fillLibrary,
  fillWithFiles,
  mutateLibrary,
  rewrapKeychain,
  type FilesOptions,
  type LibraryOptions,
  type MutationOptions,
} from './fill.ts';
export { encodeKeychainItem, keychainItems, type KeychainItem } from './keychain.ts';
