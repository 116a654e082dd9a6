import { asDictionary, booleanAt, numberAt } from '../../formats/index.ts';
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openPhotos, type PhotoCounts } from '../photos/index.ts';
import { forEachInSlices } from '../../shared/flow/in-slices.ts';
import type { Place } from '../source/content-database.ts';
import { readPlistAt } from '../source/property-list.ts';
import { AREAS, type Area, type AppleWays } from './areas.ts';

/** One thing people would miss, and whether this backup has it. */
export interface CoveredArea extends AppleWays {
  readonly title: string;
  /** `sealed`: its file is there, but only the device itself could open it. */
  readonly presence: 'here' | 'partly' | 'absent' | 'sealed';
  /** A sentence, where "yes" or "no" is not the whole truth. */
  readonly remark?: string;
}

export interface Coverage {
  readonly areas: readonly CoveredArea[];
  /** Apps that were on the phone and have no file in the backup: they exclude themselves, or keep nothing. */
  readonly appsWithoutData: readonly string[];
  readonly apps: number;
  /** Sentences about what will be missing after a restore, the most important first. */
  readonly warnings: readonly string[];
  /** When the phone last backed itself up to iCloud, as far as it recorded it. */
  readonly icloudBackup: { readonly isOn: boolean | undefined; readonly lastAt: Date | undefined } | undefined;
}

/**
 * What is in a backup and what cannot be, by looking.
 *
 * @param options.photos how many there are, where that has been counted: it takes seconds.
 * @throws {AppError} SNAPSHOT_CORRUPT
 */
export async function describeCoverage(
  backup: Backup,
  options: { readonly photos?: PhotoCounts | undefined } = {},
): Promise<Coverage> {
  const found = await lookThrough(backup);
  const photos = options.photos === undefined ? await countedPhotos(backup) : photoRemark(options.photos);
  const keeping = await messageKeeping(backup);
  const areas = AREAS.map((area): CoveredArea => {
    const covered = coveredArea(area, found.areas.has(area), backup.isEncrypted);
    if (area.title === 'Photos and videos' && photos !== undefined) return { ...covered, ...photos };
    if (area.title === 'Messages' && keeping !== undefined) return { ...covered, remark: keeping };
    return covered;
  });
  const installed = installedApps(backup);
  return {
    areas,
    apps: installed.length,
    appsWithoutData: installed.filter((bundleId) => !found.apps.has(bundleId)).toSorted(),
    warnings: [...backup.damages, ...warningsOf(backup, areas)],
    icloudBackup: await icloudBackup(backup),
  };
}

function coveredArea(area: Area, isThere: boolean, isEncrypted: boolean): CoveredArea {
  const { title, computer, icloud } = area;
  const base = { title, computer, icloud };
  if (isThere && area.needsEncryption === true && !isEncrypted) {
    return {
      ...base,
      presence: 'sealed',
      remark: 'Sealed with a key of the device itself: only that device could open it.',
    };
  }
  if (isThere) return { ...base, presence: 'here' };
  if (!isEncrypted && computer === 'encrypted') {
    return { ...base, presence: 'absent', remark: 'Only encrypted backups hold it: turn encryption on.' };
  }
  return { ...base, presence: 'absent' };
}

interface Found {
  readonly areas: ReadonlySet<Area>;
  /** Bundle identifiers that have at least one file of their own. */
  readonly apps: ReadonlySet<string>;
}

/** One walk through the list of files, whatever its size. */
async function lookThrough(backup: Backup): Promise<Found> {
  const areas = new Set<Area>();
  const apps = new Set<string>();
  const wanted = new Map<string, { readonly area: Area; readonly place: Place }[]>();
  for (const area of AREAS) {
    for (const place of area.places) {
      const list = wanted.get(place.domain) ?? [];
      list.push({ area, place });
      wanted.set(place.domain, list);
    }
  }
  await forEachInSlices(backup.manifest.listing(), ({ domain, relativePath, kind }) => {
    if (kind !== 'file') return;
    if (domain.startsWith('AppDomain-')) apps.add(domain.slice('AppDomain-'.length));
    for (const { area, place } of wanted.get(domain) ?? []) {
      const isFolder = place.relativePath.endsWith('/');
      if (isFolder ? relativePath.startsWith(place.relativePath) : relativePath === place.relativePath) areas.add(area);
    }
  });
  return { areas, apps };
}

const installedApps = ({ facts, info }: Backup): string[] => [
  ...new Set([...(facts?.applications ?? []).map(({ bundleId }) => bundleId), ...(info?.installedApplications ?? [])]),
];

type PhotoRemark = Pick<CoveredArea, 'presence' | 'remark'>;

function photoRemark({ own, inBackup, smallerCopies, notDownloaded, missing }: PhotoCounts): PhotoRemark {
  const elsewhere = smallerCopies + notDownloaded;
  if (own === 0 || (elsewhere === 0 && missing === 0))
    return { presence: 'here', remark: `All ${own} originals are here.` };
  const parts = [
    `${own - inBackup} of ${own} originals are not in this backup`,
    elsewhere > 0 ? `${elsewhere} of them are in iCloud only` : undefined,
    missing > 0 ? `${missing} are nowhere to be found` : undefined,
  ];
  return { presence: 'partly', remark: `${parts.filter((part) => part !== undefined).join('; ')}.` };
}

async function countedPhotos(backup: Backup): Promise<PhotoRemark | undefined> {
  try {
    using photos = await openPhotos(backup);
    return photos && photoRemark(photos.count());
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

const FOREVER = 0;
const RETENTION_FILES = ['com.apple.MobileSMS.plist', 'com.apple.mobileSMS.plist'];

/** How long the phone keeps messages: days until iOS 16, and the same numbers under another name since. */
async function messageKeeping(backup: Backup): Promise<string | undefined> {
  for (const file of RETENTION_FILES) {
    const settings = asDictionary(await plistAt(backup, `Library/Preferences/${file}`));
    const days = settings && (numberAt(settings, 'SSKeepMessages') ?? numberAt(settings, 'KeepMessageForDays'));
    if (days === undefined) continue;
    if (days === FOREVER) return undefined;
    return `The phone deletes messages after ${days} days: older ones are only in earlier versions.`;
  }
  return undefined;
}

async function icloudBackup(backup: Backup): Promise<Coverage['icloudBackup']> {
  const settings = asDictionary(await plistAt(backup, 'Library/Preferences/com.apple.mobile.ldbackup.plist'));
  if (settings === undefined) return undefined;
  return {
    isOn: booleanAt(settings, 'CloudBackupEnabled'),
    lastAt: fromCocoaSeconds(numberAt(settings, 'LastCloudBackupDate')),
  };
}

async function plistAt(backup: Backup, relativePath: string): Promise<unknown> {
  try {
    return await readPlistAt(backup, { domain: 'HomeDomain', relativePath });
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

function warningsOf(backup: Backup, areas: readonly CoveredArea[]): string[] {
  const warnings: string[] = [];
  if (!backup.isEncrypted) {
    const lost = areas.filter(({ computer }) => computer === 'encrypted').map(({ title }) => title);
    warnings.push(`Not encrypted, and therefore without ${listed(lost)}.`);
  }
  for (const { title, remark, presence } of areas) {
    if (remark !== undefined && (presence === 'partly' || title === 'Messages')) warnings.push(remark);
  }
  return warnings;
}

function listed(words: readonly string[]): string {
  const lower = words.map((word) =>
    /^(?:Wi-Fi|Safari|WhatsApp)/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1),
  );
  return lower.length < 2 ? lower.join('') : `${lower.slice(0, -1).join(', ')} and ${lower.at(-1) ?? ''}`;
}
