import { existsSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import type { ObjectLayout } from './layout.ts';

/**
 * - `missing`: nothing is known of the object, or its segment or file is gone or too short.
 * - `changed`: the bytes have another hash.
 * - `unreadable`: the disk refused to hand out the bytes.
 */
export type DamageKind = 'missing' | 'changed' | 'unreadable';

const WORDS: Record<DamageKind, string> = {
  missing: 'is missing from the vault',
  changed: 'has changed on the disk',
  unreadable: 'cannot be read from the disk',
};

export function damagedObject(hash: Buffer, kind: DamageKind): AppError {
  const name = hash.toString('hex');
  return new AppError('SNAPSHOT_CORRUPT', `the object ${name} ${WORDS[kind]}`, {
    hint: 'Run `holdfast verify` to see what is affected; the next backup of the device brings back what it still has.',
    details: { hash: name, damage: kind },
  });
}

/**
 * What to say of an object whose bytes are not where they should be: that it is missing, unless there are no objects at
 * all any more, as when the disk of the vault was pulled out.
 */
export function missingObject(layout: ObjectLayout, hash: Buffer): AppError {
  if (existsSync(layout.objects) || existsSync(layout.segments)) return damagedObject(hash, 'missing');
  return new AppError('STORAGE_FAILED', `the vault is not in ${layout.vault} any more`, {
    hint: 'Check that the disk of the vault is connected and mounted, then run this again.',
    details: { path: layout.vault },
  });
}
