import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unlessFailed } from '../flow/unless-failed.ts';

/** A disk that something lies on. */
export interface DiskUnder {
  /** As its maker calls it, else as the system does: "WDC WD40EFRX-68N", "sda", "nas:/volume1". */
  readonly name: string;
  /** "/dev/sda"; undefined where nobody here can ask it: a disk of another computer. */
  readonly device: string | undefined;
  /** What tells it from every other of its kind, as its maker has numbered it; left out where it does not say. */
  readonly serial?: string;
  /** `removable`: on USB, or a card. `other`: no disk, as a folder that lies in memory. */
  readonly kind: 'disk' | 'removable' | 'network' | 'other';
}

/** File systems of other computers; what FUSE makes of one is told by its name: "fuse.sshfs". */
const NETWORK =
  /^(?:nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|glusterfs|lustre|9p|virtiofs|davfs|fuse\.(?:sshfs|rclone|glusterfs|ceph|s3fs|davfs2?|smbnetfs))$/;

/** Where the system has it, below a disk: of SCSI and SATA, of NVMe, of virtual machines and cards. */
const SERIALS = ['device/wwid', 'wwid', 'serial', 'device/serial', 'device/cid'];

/** A partition of a disk in a RAID in a volume group in an encrypted volume: no more than that. */
const MAX_DEPTH = 8;

/**
 * The disks below a folder: through partitions, encryption, volume groups and RAIDs, as Linux has them in sysfs. On other
 * systems none is found.
 *
 * @param root for tests: where `/sys` and `/proc` are.
 */
export function disksUnder(path: string, root = '/'): DiskUnder[] {
  const disks = unlessFailed(() => {
    const found = fromNumber(root, statSync(path).dev);
    // Btrfs, ZFS and what comes over the network have numbers of their own: the mount tells more.
    return found.length > 0 ? found : fromMount(path, root);
  });
  return disks ?? [];
}

/** @param number as `stat` gives it for a file's file system, or for a device. */
function fromNumber(root: string, number: number): DiskUnder[] {
  const major = Math.floor(number / 256) % 4096;
  const minor = (number % 256) + Math.floor((number % 2 ** 32) / 2 ** 20) * 256;
  const entry = join(root, 'sys/dev/block', `${major}:${minor}`);
  return existsSync(entry) ? fromSysfs(realpathSync(entry), MAX_DEPTH) : [];
}

function fromSysfs(dir: string, depth: number): DiskUnder[] {
  if (depth === 0) return [];
  if (existsSync(join(dir, 'partition'))) return fromSysfs(dirname(dir), depth - 1);
  const below = unlessFailed(() => readdirSync(join(dir, 'slaves'))) ?? [];
  if (below.length > 0) {
    const disks = below.flatMap((name) => fromSysfs(realpathSync(join(dir, 'slaves', name)), depth - 1));
    return [...new Map(disks.map((disk) => [disk.device, disk])).values()];
  }
  const model = readWord(join(dir, 'device/model'));
  const serial = SERIALS.map((name) => readWord(join(dir, name))).find((word) => word !== '');
  const isRemovable = readWord(join(dir, 'removable')) === '1' || /\/usb\d+\//.test(dir);
  return [
    {
      name: model === '' ? basename(dir) : model,
      device: `/dev/${basename(dir).replaceAll('!', '/')}`,
      kind: isRemovable ? 'removable' : 'disk',
      ...(serial !== undefined && { serial }),
    },
  ];
}

function fromMount(path: string, root: string): DiskUnder[] {
  const wanted = `${resolve(path)}/`;
  const mounts = readFileSync(join(root, 'proc/self/mountinfo'), 'utf8').split('\n').flatMap(parseMount);
  const [mount] = mounts
    .filter(({ at }) => wanted.startsWith(at === '/' ? at : `${at}/`))
    .toSorted((a, b) => b.at.length - a.at.length);
  if (mount === undefined) return [];
  if (!mount.source.startsWith('/dev/')) {
    return [{ name: mount.source, device: undefined, kind: NETWORK.test(mount.type) ? 'network' : 'other' }];
  }
  return unlessFailed(() => fromNumber(root, statSync(mount.source).rdev)) ?? [];
}

/** "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": see proc_pid_mountinfo(5). */
function parseMount(line: string): { at: string; type: string; source: string }[] {
  const [before = '', after = ''] = line.split(' - ');
  const at = before.split(' ')[4];
  const [type = '', source] = after.split(' ');
  return at === undefined || source === undefined ? [] : [{ at: unescaped(at), type, source: unescaped(source) }];
}

const readWord = (path: string): string => unlessFailed(() => readFileSync(path, 'utf8').trim()) ?? '';

/** Spaces and backslashes are written in octal. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
