import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unlessFailed } from '../shared/flow/unless-failed.ts';
import { disksUnder } from '../shared/files/disks-under.ts';
import { VAULT_MARK } from '../vault/index.ts';

const DIGITS = 12;

/**
 * What a vault is known by together with the place it lies in: what was read in one proves nothing of a copy of all its
 * files, which has the same id, be it in another folder or on another disk in the same one. There the file that makes it a
 * vault was made anew; nothing else changes it but an upgrade, which costs reading again. Where a whole disk was copied to
 * another that file is the same, and the disk is not.
 *
 * @param root for tests: where `/sys` and `/proc` are.
 */
export function placeOf(vaultDir: string, root = '/'): string {
  const mark = unlessFailed(() => statSync(join(vaultDir, VAULT_MARK)).ctimeMs);
  return createHash('sha256')
    .update([resolve(vaultDir), Math.floor(mark ?? 0), ...serialsUnder(vaultDir, root)].join('\n'))
    .digest('hex')
    .slice(0, DIGITS);
}

const serialsUnder = (dir: string, root: string): string[] =>
  disksUnder(dir, root)
    .flatMap(({ serial }) => serial ?? [])
    .toSorted();
