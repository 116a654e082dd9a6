/** Domains that iOS leaves out of a backup without a password. */
const DOMAINS = new Set(['HealthDomain', 'HomeKitDomain']);

/** Files of other domains that iOS leaves out of a backup without a password, with everything whose path begins so. */
const PATHS: readonly (readonly [domain: string, prefix: string])[] = [
  ['HomeDomain', 'Library/CallHistoryDB/'],
  ['HomeDomain', 'Library/Safari/History.db'],
  ['HomeDomain', 'Library/Safari/Profiles/'],
  ['HomeDomain', 'Library/Safari/SafariTabs.db'],
  ['SystemPreferencesDomain', 'SystemConfiguration/com.apple.wifi'],
  ['SystemPreferencesDomain', 'com.apple.wifi.known-networks.plist'],
];

/**
 * Whether iOS backs this file up only when backups are encrypted: Health, Home, call history, Safari history, Wi-Fi
 * networks (since iOS 13; https://support.apple.com/en-us/108353). The keychain is in both, but unreadable elsewhere
 * when it comes from a backup without a password.
 */
export function isEncryptedOnly(file: { readonly domain: string; readonly relativePath: string }): boolean {
  if (DOMAINS.has(file.domain)) return true;
  return PATHS.some(([domain, prefix]) => file.domain === domain && file.relativePath.startsWith(prefix));
}
