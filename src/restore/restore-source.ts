import { setImmediate } from 'node:timers/promises';
import { type BackupTarget, isNotFound, type TargetEntry, TargetError } from '../shared/target/backup-target.ts';
import type { Backup, BackupSource, Manifest, ManifestFacts } from '../snapshot/index.ts';

/** What lies in a backup's folder beside the contents of its files. */
const DESCRIPTIONS = ['Info.plist', 'Manifest.db', 'Manifest.mbdb', 'Manifest.plist', 'Status.plist'];
/** How many files are put in order before other work gets its turn. */
const FILES_PER_TURN = 4096;

/**
 * What is restored: a snapshot of any device, a backup folder, or one composed of several. Whoever opened it closes it.
 */
export interface RestoreSource {
  /** Open, with its keys where it is encrypted. */
  readonly backup: Backup;
  /** The directory the device is told to read, by custom the UDID of the device whose backup it is. */
  readonly udid: string;
  /** Of an encrypted backup: the device opens the keybag by itself. */
  readonly password: string | undefined;
}

/** As much of an open backup as serving it takes. */
interface ServedBackup {
  readonly source: BackupSource;
  readonly manifest: Pick<Manifest, 'contentIds' | 'contentPath'>;
  readonly facts: Pick<ManifestFacts, 'date'> | undefined;
}

/**
 * A backup as the folder that a device reads from. Nothing of it can be changed, and there is nothing beside it: the
 * device's own directory is not there when the backup is another device's. Devices are not known to list what they
 * restore; one that does finds what it can read.
 */
export function servedSource({ source, manifest, facts }: ServedBackup, udid: string): BackupTarget {
  let contents: Promise<Contents> | undefined;
  return {
    read: (path) => source.read(within(udid, path)),
    list: async (path) => {
      contents ??= contentsOf(manifest);
      const directory = path === udid ? '' : within(udid, path);
      const names = (await contents).get(directory);
      if (names === undefined) throw new TargetError('not-found', `${path} is not part of the backup`);
      const modifiedAt = facts?.date ?? new Date(0);
      const files = directory === '' ? [...DESCRIPTIONS, ...names] : names.map((name) => `${directory}/${name}`);
      const entries = await entriesOf(source, files, modifiedAt);
      if (directory !== '') return entries;
      const directories = [...(await contents).keys()].filter((name) => name !== '');
      return [
        ...entries,
        ...directories.map((name) => ({ name, kind: 'directory', sizeBytes: 0, modifiedAt }) as const),
      ];
    },
    create: refuseChange,
    makeDirectory: refuseChange,
    move: refuseChange,
    remove: refuseChange,
    copy: refuseChange,
    // No room, which 0 would be, keeps a device from restoring; one that is not told goes on.
    freeBytes: () => {
      throw new TargetError('unsupported', 'nothing is written while a backup is restored');
    },
  };
}

/** The names of the stored contents by the directory they lie in: `ab`, or '' for the backup's own folder. */
type Contents = ReadonlyMap<string, readonly string[]>;

async function contentsOf(manifest: ServedBackup['manifest']): Promise<Contents> {
  const contents = new Map<string, string[]>([['', []]]);
  let files = 0;
  for (const id of manifest.contentIds({ anyOrder: true })) {
    const path = manifest.contentPath(id);
    const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const names = contents.get(directory) ?? [];
    names.push(id);
    contents.set(directory, names);
    if (++files % FILES_PER_TURN === 0) await setImmediate();
  }
  return contents;
}

/** Those of the files that are there. */
async function entriesOf(source: BackupSource, paths: readonly string[], modifiedAt: Date): Promise<TargetEntry[]> {
  const entries: TargetEntry[] = [];
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    try {
      entries.push({ name, kind: 'file', sizeBytes: (await source.read(path)).sizeBytes, modifiedAt });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return entries;
}

/** The path within the backup's folder. */
function within(udid: string, path: string): string {
  if (path.startsWith(`${udid}/`)) return path.slice(udid.length + 1);
  throw new TargetError('not-found', `${path} is not part of the backup`);
}

function refuseChange(): never {
  throw new TargetError('unsupported', 'a backup does not change by being restored');
}
