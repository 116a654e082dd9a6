/** Manifest.plist and Info.plist of a composed backup: the device's own, with what the exchanged parts change. */
import {
  arrayAt,
  asDictionary,
  decodePlist,
  dictionaryAt,
  encodeBinaryPlist,
  encodeXmlPlist,
  type PlistDictionary,
} from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import type { BackupSource } from '../../snapshot/index.ts';
import { readAll } from './read-all.ts';

/** Info.plist holds the icons of all apps: up to 10 MB in real backups. */
const MAX_LIST_BYTES = 128 * 1024 * 1024;

export interface ListChanges {
  /** Of Manifest.db: 44 bytes, wrapped. */
  readonly manifestKey: Buffer | undefined;
  /** Bundle identifiers of apps that the device has to load, known to the older backup. */
  readonly appsToLoad: readonly string[];
}

/** The lists that differ from those of the current backup, by their names. @throws {FormatError} */
export async function changedLists(
  current: BackupSource,
  older: BackupSource,
  { manifestKey, appsToLoad }: ListChanges,
): Promise<Map<string, Buffer>> {
  const lists = new Map<string, Buffer>();
  if (manifestKey === undefined && appsToLoad.length === 0) return lists;
  const manifest = await dictionaryIn(current, 'Manifest.plist');
  if (manifest === undefined) throw new FormatError('Manifest.plist of the device’s own backup is missing');
  const known = appsToLoad.length > 0 ? await dictionaryIn(older, 'Manifest.plist') : undefined;
  lists.set(
    'Manifest.plist',
    encodeBinaryPlist({
      ...manifest,
      ...(manifestKey && { ManifestKey: manifestKey }),
      ...(known && { Applications: withApps(manifest, known, appsToLoad) }),
    }),
  );
  if (appsToLoad.length > 0) {
    const info = await infoWithApps(current, older, appsToLoad);
    if (info !== undefined) lists.set('Info.plist', info);
  }
  return lists;
}

async function infoWithApps(
  current: BackupSource,
  older: BackupSource,
  apps: readonly string[],
): Promise<Buffer | undefined> {
  const info = await dictionaryIn(current, 'Info.plist');
  const known = await dictionaryIn(older, 'Info.plist');
  if (info === undefined || known === undefined) return undefined;
  const installed = (arrayAt(info, 'Installed Applications') ?? []).filter((each) => typeof each === 'string');
  return encodeXmlPlist({
    ...info,
    Applications: withApps(info, known, apps),
    'Installed Applications': [...new Set([...installed, ...apps])],
  });
}

function withApps(list: PlistDictionary, known: PlistDictionary, apps: readonly string[]): PlistDictionary {
  const [mine, theirs] = [dictionaryAt(list, 'Applications') ?? {}, dictionaryAt(known, 'Applications')];
  const added = apps.flatMap((app) => {
    const facts = dictionaryAt(theirs, app);
    return facts === undefined ? [] : [[app, facts] as const];
  });
  return { ...mine, ...Object.fromEntries(added) };
}

async function dictionaryIn(source: BackupSource, path: string): Promise<PlistDictionary | undefined> {
  const bytes = await readAll(source, path, MAX_LIST_BYTES);
  return bytes && asDictionary(decodePlist(bytes));
}
