import { NOT_BACKED_UP_DOMAIN } from '../../context.ts';
import type { PhoneDisk, PhoneFile } from '../../disk/index.ts';

/** Where a path of an AFC connection lies on the phone. */
export interface Location {
  readonly domain: string;
  readonly relativePath: string;
}

/** The part of the phone that one AFC connection sees. */
export interface AfcRoot {
  /** @param names of the path, from the root; never empty, never `.` or `..`. Undefined where nothing may be. */
  locate(names: readonly string[]): Location | undefined;
  /** The entries of the root itself. */
  entries(disk: PhoneDisk): string[];
  /** The names from the root of an absolute path on the phone, when it leads into this root. */
  enter(absolutePath: string): string[] | undefined;
}

const MEDIA_PATH = '/var/mobile/Media';

/** Folders of the media folder that belong to the camera roll's domain in a backup. */
const CAMERA_ROLL = new Set(['DCIM', 'PhotoData', 'PhotoStreamsData', 'Photos', 'PhotoStream']);

const CRASH_REPORTS = 'Library/Logs/CrashReporter';

/** What computers and stores leave in the media folder and no backup takes. */
const NOT_BACKED_UP = new Set(['AirFair', 'Downloads', 'PublicStaging', 'com.apple.itunes.lock_sync', 'iTunesRestore']);

/** com.apple.afc: /var/mobile/Media. In backups it is spread over domains; here it is one tree. */
export const MEDIA_ROOT: AfcRoot = {
  locate: (names) => ({ domain: mediaDomain(names[0] ?? ''), relativePath: `Media/${names.join('/')}` }),
  entries: (disk) => {
    const domains = ['CameraRollDomain', 'MediaDomain', NOT_BACKED_UP_DOMAIN];
    const names = domains.flatMap((domain) =>
      [...disk.children(domain, 'Media')].map(nameOf).filter((name) => mediaDomain(name) === domain),
    );
    return names.toSorted((a, b) => (a < b ? -1 : 1));
  },
  enter: (absolutePath) => {
    const path = absolutePath.replace(/^\/private(?=\/)/, '');
    if (path !== MEDIA_PATH && !path.startsWith(`${MEDIA_PATH}/`)) return undefined;
    return path.slice(MEDIA_PATH.length).split('/').filter(Boolean);
  },
};

/** com.apple.crashreportcopymobile: a folder that no backup takes. */
export const CRASH_REPORTS_ROOT: AfcRoot = {
  locate: (names) => ({ domain: NOT_BACKED_UP_DOMAIN, relativePath: `${CRASH_REPORTS}/${names.join('/')}` }),
  entries: (disk) => [...disk.children(NOT_BACKED_UP_DOMAIN, CRASH_REPORTS)].map(nameOf),
  enter: () => undefined,
};

function mediaDomain(firstName: string): string {
  if (CAMERA_ROLL.has(firstName)) return 'CameraRollDomain';
  return NOT_BACKED_UP.has(firstName) ? NOT_BACKED_UP_DOMAIN : 'MediaDomain';
}

/** house_arrest's VendDocuments: an app's container, of which only Documents can be seen. */
export function documentsRoot(bundleId: string): AfcRoot {
  const domain = `AppDomain-${bundleId}`;
  return {
    locate: (names) => (names[0] === 'Documents' ? { domain, relativePath: names.join('/') } : undefined),
    entries: () => ['Documents'],
    enter: () => undefined,
  };
}

export function nameOf(file: PhoneFile): string {
  return file.relativePath.slice(file.relativePath.lastIndexOf('/') + 1);
}
