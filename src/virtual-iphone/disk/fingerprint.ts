import { createHash } from 'node:crypto';
import type { PhoneDisk } from './phone-disk.ts';
import type { PhoneFile } from './phone-file.ts';

const SLICE_BYTES = 1024 * 1024;

/** SHA-256, in hexadecimal, over what files are named, are and hold; times, owners and inodes do not count. */
export function fingerprintOf(disk: PhoneDisk, include: (file: PhoneFile) => boolean = () => true): string {
  const hash = createHash('sha256');
  for (const file of disk.all()) {
    if (!include(file)) continue;
    const { domain, relativePath, kind, mode, sizeBytes, linkTarget = '' } = file;
    hash.update(`${JSON.stringify([domain, relativePath, kind, mode & 0o7777, sizeBytes, linkTarget])}\n`);
    for (let offset = 0; offset < sizeBytes; offset += SLICE_BYTES) {
      hash.update(disk.read(file, offset, SLICE_BYTES));
    }
  }
  return hash.digest('hex');
}
