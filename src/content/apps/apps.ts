/** The apps of a device, and what each of them keeps in a backup. */
import { FormatError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ContentItem } from '../source/content-item.ts';
import { appleAppName } from './apple-apps.ts';
import { readInfoApplications, type StoreFacts } from './info-applications.ts';

/** A part of the device's storage that belongs to an app. */
export interface AppContainer {
  readonly domain: string;
  readonly kind: 'app' | 'extension' | 'group';
  readonly files: number;
  readonly sizeBytes: number;
}

export interface InstalledApp extends StoreFacts {
  readonly bundleId: string;
  /** Whether the lists of the backup name it; the apps of iOS itself are known by what they keep. */
  readonly isListed: boolean;
  /** As the device counts: "1042". */
  readonly build?: string;
  readonly containers: readonly AppContainer[];
  readonly files: number;
  readonly sizeBytes: number;
}

export interface Apps {
  /** Those that keep most first. */
  readonly apps: readonly InstalledApp[];
  /** Groups that several apps share, and of which nothing says which. */
  readonly sharedContainers: readonly AppContainer[];
  /** Files whose size the manifest does not tell. */
  readonly filesWithoutSize: number;
}

const PREFIXES: readonly (readonly [prefix: string, kind: AppContainer['kind']])[] = [
  ['AppDomain-', 'app'],
  ['AppDomainPlugin-', 'extension'],
  ['AppDomainGroup-', 'group'],
];

/** How much lies in the containers of a backup. */
interface Measured {
  readonly containers: readonly AppContainer[];
  readonly filesWithoutSize: number;
}

/**
 * @param measured for whoever has gone through the files already.
 * @returns undefined when neither the lists of the backup nor what lies in it tell of any app.
 */
export async function openApps(backup: Backup, measured: Measured = measure(backup)): Promise<Apps | undefined> {
  const { installed, facts } = await readInfoApplications(backup);
  const listed = new Map((backup.facts?.applications ?? []).map((app) => [app.bundleId, app.version]));
  const { containers, filesWithoutSize } = measured;
  const isContainerName = (name: string): boolean =>
    containers.some(({ domain }) => domain === `AppDomainGroup-${name}` || domain === `AppDomainPlugin-${name}`);
  const names = new Set([...installed, ...facts.keys()]);
  // Manifest.plist lists groups and extensions beside the apps.
  for (const name of listed.keys()) if (!name.startsWith('group.') && !isContainerName(name)) names.add(name);
  const isListed = new Set(names);
  for (const { domain, kind } of containers) if (kind === 'app') names.add(nameIn(domain));
  if (names.size === 0 && containers.length === 0) return undefined;
  const ofApps = Map.groupBy(containers, (container) => ownerOf(container, names));
  const apps = [...names].map((bundleId): InstalledApp => {
    const own = (ofApps.get(bundleId) ?? []).toSorted((a, b) => b.sizeBytes - a.sizeBytes);
    const build = listed.get(bundleId);
    const appleName = appleAppName(bundleId);
    return {
      bundleId,
      isListed: isListed.has(bundleId),
      ...(appleName !== undefined && { name: appleName }),
      ...facts.get(bundleId),
      ...(build !== undefined && { build }),
      containers: own,
      files: own.reduce((sum, { files }) => sum + files, 0),
      sizeBytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
  });
  return {
    apps: apps.toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.bundleId < b.bundleId ? -1 : 1)),
    sharedContainers: (ofApps.get(undefined) ?? []).toSorted((a, b) => b.sizeBytes - a.sizeBytes),
    filesWithoutSize,
  };
}

/** Apps for searching, and for following them from backup to backup. */
export function* appsItems({ apps }: Apps): Generator<ContentItem, undefined> {
  for (const { bundleId, name, publisher, boughtAt, isListed } of apps) {
    if (!isListed) continue;
    yield {
      kind: 'apps',
      key: bundleId,
      at: boughtAt,
      title: name ?? bundleId,
      text: [name, bundleId, publisher].filter(Boolean).join('\n'),
    };
  }
}

/** Those of the domains that belong to apps. */
export function containersAmong(domains: Iterable<Omit<AppContainer, 'kind'>>): AppContainer[] {
  return Array.from(domains).flatMap(({ domain, files, sizeBytes }) => {
    const kind = kindOf(domain);
    return kind === undefined ? [] : [{ domain, kind, files, sizeBytes }];
  });
}

const kindOf = (domain: string): AppContainer['kind'] | undefined =>
  PREFIXES.find(([prefix]) => domain.startsWith(prefix))?.[1];

const nameIn = (domain: string): string => domain.slice(domain.indexOf('-') + 1);

/** The sums of all files, by domain. */
function measure(backup: Backup): Measured {
  const sums = new Map<string, { kind: AppContainer['kind']; files: number; sizeBytes: number }>();
  let filesWithoutSize = 0;
  for (const entry of backup.manifest.entries()) {
    const kind = kindOf(entry.domain);
    if (kind === undefined) continue;
    let sum = sums.get(entry.domain);
    if (sum === undefined) sums.set(entry.domain, (sum = { kind, files: 0, sizeBytes: 0 }));
    if (entry.kind !== 'file') continue;
    const sizeBytes = sizeOf(entry);
    sum.files++;
    sum.sizeBytes += sizeBytes ?? 0;
    if (sizeBytes === undefined) filesWithoutSize++;
  }
  return { containers: [...sums].map(([domain, sum]) => ({ domain, ...sum })), filesWithoutSize };
}

function sizeOf(entry: ManifestEntry): number | undefined {
  try {
    return entry.details().sizeBytes;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * The app that a container belongs to. Extensions carry the identifier of their app before their own; groups only do
 * so by custom, behind "group." and perhaps the number of the developer.
 */
function ownerOf({ domain, kind }: AppContainer, apps: ReadonlySet<string>): string | undefined {
  const name = nameIn(domain);
  if (kind === 'app') return name;
  const bare = kind === 'group' ? name.replace(/^[A-Z0-9]{10}\./, '').replace(/^group\./, '') : name;
  for (let end = bare.length; end > 0; end = bare.lastIndexOf('.', end - 1)) {
    const prefix = bare.slice(0, end);
    if (!prefix.includes('.')) return undefined;
    if (apps.has(prefix)) return prefix;
  }
  return undefined;
}
