import { isEncryptedOnly, type PhoneFile } from '../../disk/index.ts';
import { NOT_BACKED_UP_DOMAIN, type PhoneContext } from '../../context.ts';
import { STAGING_DOMAIN } from '../restore/staging.ts';

/** Everything of the disk that belongs into a backup, in the order of (domain, path). */
export function* filesToBackUp({ disk }: PhoneContext, isEncrypted: boolean): Generator<PhoneFile> {
  for (const file of disk.all()) {
    if (file.domain === NOT_BACKED_UP_DOMAIN || file.domain === STAGING_DOMAIN) continue;
    if (!isEncrypted && isEncryptedOnly(file)) continue;
    yield file;
  }
}

/** Changes whenever anything but the content of a file does. */
export function metaOf({ changedAt, modifiedAt, mode, protectionClass }: PhoneFile): string {
  return `${changedAt.getTime()} ${modifiedAt.getTime()} ${mode} ${protectionClass}`;
}

interface Place {
  readonly domain: string;
  readonly path: string;
}

/** The order of (domain, path) by UTF-8 bytes, in which the disk and SQLite sort. */
export function comparePlaces(a: Place, b: Place): number {
  return compareUtf8(a.domain, b.domain) || compareUtf8(a.path, b.path);
}

function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates, which stand for the highest characters, before U+E000 to U+FFFF; UTF-8 does not. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
