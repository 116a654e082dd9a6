import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostOf, isOnThisComputer } from '../../copies/index.ts';
import { disksUnder } from '../../shared/files/disks-under.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import type { KnownMedium } from './facts.ts';

/** How many disks of one volume are named. */
const NAMED_DISKS = 2;

/**
 * What a folder lies on. `undefined` where the folder is not there: a disk that is not connected.
 *
 * @param root for tests: where `/sys` and `/proc` are.
 */
export function mediumOfFolder(dir: string, root = '/'): KnownMedium | undefined {
  const device = deviceNumber(dir);
  if (device === undefined) return undefined;
  const disks = disksUnder(dir, root);
  const [first] = disks;
  if (first === undefined) return { kind: 'unknown', identity: `file system ${device}` };
  const names = [...new Set(disks.map(({ name }) => name))];
  const more = names.length > NAMED_DISKS ? ` + ${names.length - NAMED_DISKS}` : '';
  const name = `${names.slice(0, NAMED_DISKS).join(', ')}${more}`;
  const identity = disks
    .map((disk) => disk.device ?? disk.name)
    .toSorted()
    .join(' ');
  if (first.kind === 'other') return { kind: 'unknown', name, identity: `file system ${device}` };
  const kind = disks.every((disk) => disk.kind === 'removable') ? 'removable' : first.kind;
  return { kind: kind === 'removable' && disks.length > 1 ? 'disk' : kind, name, identity };
}

/**
 * What a restic repository lies on, by its address. `undefined` for a folder that is not there.
 *
 * @param isElsewhere whether somebody has said that it is in another building: then what this computer answers for is the
 * near end of a tunnel.
 */
export function mediumOfRepository(repository: string, isElsewhere = false, root = '/'): KnownMedium | undefined {
  if (!isElsewhere && isOnThisComputer(repository)) {
    return { kind: 'unknown', name: hostOf(repository) };
  }
  const [, scheme = '', rest = ''] = /^([a-z0-9]{2,}):(.*)$/is.exec(repository) ?? [];
  switch (scheme.toLowerCase()) {
    case '':
      return mediumOfFolder(resolve(repository), root);
    case 'local':
      return mediumOfFolder(resolve(rest), root);
    case 'sftp':
    case 'rest':
      return elsewhere('network', hostOf(repository) ?? '');
    case 's3':
      return elsewhere('cloud', hostOf(repository) ?? '');
    case 'rclone':
      return elsewhere('cloud', `rclone ${rest.split(':', 1)[0] ?? ''}`.trim());
    default:
      return elsewhere('cloud', NAMES[scheme.toLowerCase()] ?? scheme);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  b2: 'Backblaze B2',
  azure: 'Azure',
  gs: 'Google Cloud',
  swift: 'OpenStack Swift',
};

const elsewhere = (kind: 'network' | 'cloud', name: string): KnownMedium => {
  return { kind, name, identity: `${kind} ${name}` };
};

function deviceNumber(dir: string): number | undefined {
  try {
    return statSync(dir).dev;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
