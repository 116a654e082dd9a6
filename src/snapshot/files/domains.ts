import type { Manifest } from '../manifest/manifest.ts';
import { outlineIn, PAUSE_EVERY, runThrough, ignore, type OnProblem } from './listed-file.ts';

/** How much of a backup one domain is: Apple's word for an app's container, or for a part of the system. */
export interface DomainSummary {
  readonly domain: string;
  /** In plain words; for apps the words before the name: "App". */
  readonly title: string;
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  readonly sizeBytes: number;
}

/** All domains of a backup, by name. */
export function summarizeDomains(manifest: Manifest, onProblem?: OnProblem): DomainSummary[] {
  return runThrough(summarizingDomains(manifest, onProblem));
}

/** The same step by step: it pauses now and then, for whoever has other things to do in between. */
export function* summarizingDomains(
  manifest: Manifest,
  onProblem: OnProblem = ignore,
): Generator<void, DomainSummary[]> {
  const sums = new Map<string, { file: number; directory: number; symlink: number; sizeBytes: number }>();
  let looked = 0;
  for (const entry of manifest.listing({ onProblem })) {
    if (++looked % PAUSE_EVERY === 0) yield;
    let sum = sums.get(entry.domain);
    if (sum === undefined) sums.set(entry.domain, (sum = { file: 0, directory: 0, symlink: 0, sizeBytes: 0 }));
    sum[entry.kind]++;
    if (entry.kind === 'file') sum.sizeBytes += outlineIn(entry).sizeBytes ?? 0;
  }
  return Array.from(sums, ([domain, { file: files, directory: folders, symlink: links, sizeBytes }]) => {
    return { domain, title: titleOfDomain(domain), files, folders, links, sizeBytes };
  }).toSorted((a, b) => (a.domain < b.domain ? -1 : 1));
}

/** "Photos and videos" for CameraRollDomain. */
export function titleOfDomain(domain: string): string {
  const dash = domain.indexOf('-');
  return TITLES.get(dash < 0 ? domain : domain.slice(0, dash)) ?? 'Other';
}

/** A Map: the names come from a phone. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['AppDomain', 'App'],
  ['AppDomainGroup', 'Shared by apps'],
  ['AppDomainPlaceholder', 'App not installed'],
  ['AppDomainPlugin', 'Part of an app'],
  ['BooksDomain', 'Books'],
  ['CameraRollDomain', 'Photos and videos'],
  ['DatabaseDomain', 'System databases'],
  ['HealthDomain', 'Health'],
  ['HomeDomain', 'Messages, contacts, calendars, notes, settings'],
  ['HomeKitDomain', 'Home accessories'],
  ['InstallDomain', 'Installations'],
  ['KeyboardDomain', 'Keyboards'],
  ['KeychainDomain', 'Passwords'],
  ['ManagedPreferencesDomain', 'Settings of an organisation'],
  ['MediaDomain', 'Message attachments, recordings, media'],
  ['MobileDeviceDomain', 'Connected computers'],
  ['NetworkDomain', 'Networks'],
  ['ProtectedDomain', 'Protected data'],
  ['RootDomain', 'System'],
  ['SysContainerDomain', 'System service'],
  ['SysSharedContainerDomain', 'Shared by system services'],
  ['SystemPreferencesDomain', 'System settings'],
  ['TonesDomain', 'Tones'],
  ['WirelessDomain', 'Calls and mobile network'],
]);

/** Whose groups are not called like the app. */
const GROUPS_OF_APPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['com.apple.mobilenotes', ['group.com.apple.notes']],
  ['com.apple.reminders', ['group.com.apple.reminders']],
  ['com.apple.voicememos', ['group.com.apple.voicememos.shared']],
  ['com.apple.documentsapp', ['group.com.apple.fileprovider.localstorage']],
]);

/** A group may begin with the ten letters of the developer's team. */
const TEAM = /^[a-z0-9]{10}\.(?=.)/;

/**
 * Whether a domain holds data of an app: its container, its plug-ins, and the groups that are called after it. A
 * backup does not say which apps share a group; one whose name does not tell is not found.
 *
 * @param bundleId "net.whatsapp.WhatsApp", in upper or lower case.
 */
export function isDomainOfApp(domain: string, bundleId: string): boolean {
  const app = bundleId.toLowerCase();
  const dash = domain.indexOf('-');
  if (dash < 0) return false;
  const id = domain.slice(dash + 1).toLowerCase();
  switch (domain.slice(0, dash)) {
    case 'AppDomain':
    case 'AppDomainPlaceholder':
      return id === app;
    case 'AppDomainPlugin':
      return id === app || id.startsWith(`${app}.`);
    case 'AppDomainGroup': {
      const group = id.replace(/^group\./, '').replace(TEAM, '');
      return group === app || group.startsWith(`${app}.`) || GROUPS_OF_APPS.get(app)?.includes(id) === true;
    }
    default:
      return false;
  }
}
