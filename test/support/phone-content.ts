/** What the phones of the integration tests hold: small enough to be backed up in a moment, and nothing is missing. */
import type { PhoneDisk } from '../../src/virtual-iphone/index.ts';
import type { Random } from './random.ts';

const CAMERA_ROLL = 'CameraRollDomain';
const DOMAINS = ['HomeDomain', CAMERA_ROLL, 'MediaDomain', 'AppDomain-com.example.notes', 'WirelessDomain'] as const;
/** "é" as a letter and a mark, as HFS+ and some apps spell it. */
const UNICODE_NAMES = ['Cafe\u0301', 'Café', '写真', '😀 emoji', 'with space', "it's", 'percent%20', '.hidden', 'a\\b'];
const MIB = 1024 * 1024;

/** Fills an empty phone with a few hundred files: tiny ones, empty ones, a few large ones (of so many MB), links, odd names. */
export function fillPhone(disk: PhoneDisk, random: Random, { files = 220, large = [1, 2, 3] } = {}): void {
  disk.batch(() => {
    for (let i = 0; i < files; i++) writeSome(disk, random, `Library/${random.below(12)}/file-${i}.dat`);
    for (const name of UNICODE_NAMES) writeSome(disk, random, `Library/${name}/${name}.txt`);
    for (const megabytes of large) writeLarge(disk, random, `Media/DCIM/100APPLE/IMG_${megabytes}.MOV`, megabytes);
    disk.makeSymlink('HomeDomain', 'Library/latest', 'Preferences/current.plist');
    disk.makeSymlink('HomeDomain', 'Library/dangling', '../../nowhere/\u00e9');
    disk.makeDirectory('HomeDomain', 'Library/empty folder');
  });
}

/** The phone is used: some files are new, some changed, some touched, some gone, a folder moves. */
export function usePhone(disk: PhoneDisk, random: Random): void {
  const changes = random.between(1, 30);
  disk.batch(() => {
    for (let i = 0; i < changes; i++) changeSomething(disk, random, i);
    if (random.onceIn(4)) writeLarge(disk, random, `Media/DCIM/100APPLE/IMG_${random.below(1000)}.MOV`, 1);
  });
}

function changeSomething(disk: PhoneDisk, random: Random, i: number): void {
  const path = `Library/${random.below(12)}/file-${random.below(220)}.dat`;
  const domain = random.pick(DOMAINS);
  const file = disk.get(domain, path);
  const choice = random.below(6);
  if (file === undefined || choice <= 1)
    writeSome(disk, random, `Library/${random.below(12)}/new-${random.below(1e6)}-${i}`);
  else if (choice === 2) disk.remove(domain, path);
  else if (choice === 3) disk.setAttributes(domain, path, { modifiedAt: new Date(1.7e12 + random.below(1e9) * 1000) });
  else if (choice === 4) disk.rename(domain, path, domain, `Library/moved/${random.below(1e6)}-${i}`);
  else disk.writeFile(domain, path, contentOf(random));
}

function writeSome(disk: PhoneDisk, random: Random, path: string): void {
  disk.writeFile(random.pick(DOMAINS), path, contentOf(random), { protectionClass: random.between(1, 4) });
}

function contentOf(random: Random): Uint8Array {
  const sizeBytes = random.pick([
    0,
    1,
    15,
    16,
    17,
    random.below(9_000),
    random.below(9_000),
    random.between(20_000, 300_000),
  ]);
  return Buffer.alloc(sizeBytes, `content ${random.below(2 ** 31)} `);
}

function writeLarge(disk: PhoneDisk, random: Random, path: string, megabytes: number): void {
  const sizeBytes = megabytes * MIB + random.below(1000);
  disk.writeSynthetic(CAMERA_ROLL, path, { seed: random.below(2 ** 31), sizeBytes });
}
