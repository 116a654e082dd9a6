import type { BackupDevice } from '../../backup/index.ts';
import { AfcClient, AfcError, browseApps, INSTALLATION_PROXY_SERVICE } from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';

/** What of its owner's a device holds, as far as it shows from outside. Undefined is "it does not say". */
export interface PhoneContent {
  readonly photos: number | undefined;
  readonly apps: number | undefined;
}

const PHOTOS = '/DCIM';
const PHOTO = /\.(?:heic|heif|jpe?g|png|gif|dng|webp|mov|mp4|m4v|avi)$/i;

/** @throws {AppError} CONNECTION_LOST, CANCELLED */
export async function lookAtContent(device: BackupDevice, signal?: AbortSignal): Promise<PhoneContent> {
  return { photos: await ifTold(countPhotos(device)), apps: await ifTold(countApps(device, signal)) };
}

/** Whether there may be something on it that a restore would cost. */
export function mayHoldData({ photos, apps }: PhoneContent): boolean {
  return photos !== 0 || apps !== 0;
}

async function countPhotos(device: BackupDevice): Promise<number> {
  await using files = new AfcClient(await device.startService('com.apple.afc'));
  let count = 0;
  for (const folder of await folders(files)) {
    const names = await listed(files, `${PHOTOS}/${folder}`);
    count += names.filter((name) => PHOTO.test(name)).length;
  }
  return count;
}

async function folders(files: AfcClient): Promise<string[]> {
  try {
    return await files.list(PHOTOS);
  } catch (error) {
    // A device that has never taken a picture. One that does not let anybody look tells nothing.
    if (error instanceof AfcError && error.status === 'notFound') return [];
    throw error;
  }
}

/** The names in a folder; none for what is no folder. */
async function listed(files: AfcClient, path: string): Promise<string[]> {
  try {
    return await files.list(path);
  } catch (error) {
    if (isAppError(error, 'DEVICE_REFUSED')) return [];
    throw error;
  }
}

async function countApps(device: BackupDevice, signal: AbortSignal | undefined): Promise<number> {
  const stream = await device.startService(INSTALLATION_PROXY_SERVICE);
  const apps = browseApps(stream, { returnAttributes: ['CFBundleIdentifier'], signal });
  return (await Array.fromAsync(apps)).length;
}

async function ifTold(count: Promise<number>): Promise<number | undefined> {
  try {
    return await count;
  } catch (error) {
    if (isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED', 'PROTOCOL_VIOLATION')) return undefined;
    throw error;
  }
}
