import { createHash } from 'node:crypto';
import type { PhoneContext } from './context.ts';

/** An installed app, as far as a computer can see. */
export interface InstalledApp {
  readonly bundleId: string;
  readonly name: string;
  /** CFBundleShortVersionString and CFBundleVersion. */
  readonly version: string;
  readonly build: string;
  /** UIFileSharingEnabled: its Documents folder is open to computers. */
  readonly fileSharing: boolean;
}

/** Name of the setting that lists the apps, written by whoever fills the phone. */
export const APPS_SETTING = 'apps';

/** The installed apps: those the settings list, else one for every app container on the disk. */
export function installedApps({ disk, settings }: Pick<PhoneContext, 'disk' | 'settings'>): InstalledApp[] {
  const listed = settings.get(APPS_SETTING);
  if (Array.isArray(listed)) return listed.filter(isInstalledApp);
  return disk
    .domains()
    .filter((domain) => domain.startsWith('AppDomain-'))
    .map((domain) => domain.slice('AppDomain-'.length))
    .map((bundleId) => ({
      bundleId,
      name: nameFrom(bundleId),
      version: '1.0',
      build: '1',
      fileSharing: disk.get(`AppDomain-${bundleId}`, 'Documents') !== undefined,
    }));
}

/** The name of a container on the phone. iOS rolls dice; here it follows from what the container is for. */
export function containerUuid(purpose: string): string {
  const hex = createHash('sha256').update(purpose).digest('hex').slice(0, 32).toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function nameFrom(bundleId: string): string {
  const last = bundleId.slice(bundleId.lastIndexOf('.') + 1);
  return last.charAt(0).toUpperCase() + last.slice(1);
}

function isInstalledApp(value: unknown): value is InstalledApp {
  return typeof value === 'object' && value !== null && 'bundleId' in value && typeof value.bundleId === 'string';
}
