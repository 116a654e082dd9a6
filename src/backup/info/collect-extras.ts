/** Finds out what Info.plist tells beyond what lockdownd knows. None of it may fail a backup. */
import {
  AfcClient,
  AfcError,
  browseApps,
  INSTALLATION_PROXY_SERVICE,
  readAppIcons,
  SPRINGBOARD_SERVICE,
} from '../../device/index.ts';
import { stringAt } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { BackupDevice } from '../backup-device.ts';
import { type InfoExtras, ITUNES_FILES, noExtras } from './info-plist.ts';

const ITUNES_FOLDER = '/iTunes_Control/iTunes';
const IBOOKS_DATA = '/Books/iBooksData2.plist';
/** Real ones are a few hundred kilobytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Icons of hundreds of apps at a few kilobytes each. */
const MAX_ICON_BYTES = 1024 * 1024;

/**
 * Starts collecting. `found` fills as things come in, so that it can be used as it is when the time is up; `over`
 * never fails.
 *
 * @param signal ends it early; what was found until then stays.
 */
export function collectExtras(
  device: BackupDevice,
  { signal, log }: { signal: AbortSignal; log: Logger },
): { readonly found: InfoExtras; readonly over: Promise<void> } {
  const found = noExtras();
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      if (!signal.aborted) await work();
    } catch (error) {
      // Hours of a backup must not be lost to this, whatever it is.
      if (isAppError(error)) log.info(`Info.plist does without ${what}`, { code: error.code, reason: error.message });
      else log.error(`collecting ${what} for Info.plist failed`, { error });
    }
  };
  const collect = async (): Promise<void> => {
    await attempt('files of iTunes', () => readFiles(device, found, signal));
    await attempt('the list of apps', () => readApps(device, found, signal));
    await attempt('the icons of apps', () => readIcons(device, found, signal));
  };
  return { found, over: collect() };
}

async function readFiles(device: BackupDevice, found: InfoExtras, signal: AbortSignal): Promise<void> {
  const stream = await device.startService('com.apple.afc');
  const onAbort = (): void => void stream.destroy();
  signal.addEventListener('abort', onAbort);
  try {
    await using files = new AfcClient(stream);
    for (const name of ITUNES_FILES) {
      const content = await readIfThere(files, `${ITUNES_FOLDER}/${name}`);
      if (content !== undefined) found.iTunesFiles.set(name, content);
    }
    found.iBooksData = await readIfThere(files, IBOOKS_DATA);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function readIfThere(files: AfcClient, path: string): Promise<Buffer | undefined> {
  try {
    // Asked for before it is opened, as other clients do: some devices take the opening of a missing file badly.
    if ((await files.stat(path)).kind !== 'file') return undefined;
    return await files.readWhole(path, MAX_FILE_BYTES);
  } catch (error) {
    if (error instanceof AfcError) return undefined;
    throw error;
  }
}

async function readApps(device: BackupDevice, found: InfoExtras, signal: AbortSignal): Promise<void> {
  const stream = await device.startService(INSTALLATION_PROXY_SERVICE);
  const returnAttributes = ['CFBundleIdentifier', 'ApplicationSINF', 'iTunesMetadata'];
  for await (const app of browseApps(stream, { applicationType: 'User', returnAttributes, signal })) {
    const bundleId = stringAt(app, 'CFBundleIdentifier');
    if (bundleId !== undefined) found.apps.set(bundleId, app);
  }
}

async function readIcons(device: BackupDevice, found: InfoExtras, signal: AbortSignal): Promise<void> {
  const connect = () => device.startService(SPRINGBOARD_SERVICE);
  for await (const { bundleId, png } of readAppIcons(found.apps.keys(), { connect, signal })) {
    if (png.length <= MAX_ICON_BYTES) found.icons.set(bundleId, png);
  }
}
