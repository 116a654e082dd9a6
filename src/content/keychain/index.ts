export { keychainItems, openKeychain, type Keychain } from './keychain.ts';
export type { KeychainItem, KeychainPurpose } from './item.ts';
export { Secret } from './secret.ts';
export type { KeychainProblem } from './stored-item.ts';
