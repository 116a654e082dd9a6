/** What Info.plist tells of the apps that were installed: the receipt of the App Store, and a picture. */
import {
  arrayAt,
  asDictionary,
  bytesAt,
  dateAt,
  decodePlist,
  dictionaryAt,
  numberAt,
  stringAt,
  type PlistDictionary,
} from '../../formats/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';

export interface StoreFacts {
  readonly name?: string;
  readonly version?: string;
  readonly publisher?: string;
  readonly genre?: string;
  /** The number of the app in the App Store. */
  readonly storeId?: number;
  readonly boughtAt?: Date;
  /** A PNG picture. */
  readonly icon?: Buffer;
}

/** With the icons of all apps it has up to 10 MB. */
const MAX_INFO_BYTES = 128 * 1024 * 1024;
const MAX_ICON_BYTES = 512 * 1024;
const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex');

/** By bundle identifier; also the list of what was installed. Empty where there is no Info.plist that can be read. */
export async function readInfoApplications(
  backup: Pick<Backup, 'source'>,
): Promise<{ installed: readonly string[]; facts: ReadonlyMap<string, StoreFacts> }> {
  const info = await readInfoPlist(backup);
  const applications = dictionaryAt(info, 'Applications') ?? {};
  const facts = new Map<string, StoreFacts>();
  for (const bundleId of Object.keys(applications)) {
    facts.set(bundleId, storeFacts(dictionaryAt(applications, bundleId)));
  }
  const installed = (arrayAt(info, 'Installed Applications') ?? []).filter((each) => typeof each === 'string');
  return { installed, facts };
}

async function readInfoPlist({ source }: Pick<Backup, 'source'>): Promise<PlistDictionary | undefined> {
  try {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const file = await source.read('Info.plist');
    for await (const chunk of file.chunks()) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_INFO_BYTES) return undefined;
      chunks.push(Buffer.from(chunk));
    }
    return asDictionary(decodePlist(Buffer.concat(chunks, sizeBytes)));
  } catch (error) {
    if (error instanceof FormatError || isNotFound(error)) return undefined;
    throw error;
  }
}

function storeFacts(app: PlistDictionary | undefined): StoreFacts {
  const metadata = metadataOf(app);
  const download = dictionaryAt(metadata, 'com.apple.iTunesStore.downloadInfo');
  const [name, version] = [
    stringAt(metadata, 'itemName') ?? stringAt(metadata, 'bundleDisplayName'),
    stringAt(metadata, 'bundleShortVersionString'),
  ];
  const [publisher, genre] = [stringAt(metadata, 'artistName'), stringAt(metadata, 'genre')];
  const storeId = numberAt(metadata, 'itemId');
  const boughtAt = dateAt(metadata, 'purchaseDate') ?? isoDate(stringAt(download, 'purchaseDate'));
  const icon = pictureOf(bytesAt(app, 'PlaceholderIcon'));
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(publisher !== undefined && { publisher }),
    ...(genre !== undefined && { genre }),
    ...(storeId !== undefined && { storeId }),
    ...(boughtAt && { boughtAt }),
    ...(icon && { icon }),
  };
}

/** A property list within the property list. */
function metadataOf(app: PlistDictionary | undefined): PlistDictionary | undefined {
  const bytes = bytesAt(app, 'iTunesMetadata');
  if (bytes === undefined) return dictionaryAt(app, 'iTunesMetadata');
  try {
    return asDictionary(decodePlist(bytes));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isoDate(text: string | undefined): Date | undefined {
  const at = text === undefined ? undefined : new Date(text);
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

/** Pictures in Apple's own variant of PNG ("CgBI") are shown by no browser. */
function pictureOf(bytes: Buffer | undefined): Buffer | undefined {
  if (bytes === undefined || bytes.length > MAX_ICON_BYTES || !bytes.subarray(0, 8).equals(PNG_START)) return undefined;
  return bytes.subarray(12, 16).toString('latin1') === 'CgBI' ? undefined : bytes;
}
