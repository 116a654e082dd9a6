import { decodeExtendedAttributes, type ManifestEntry, type MbFile } from '../../../snapshot/index.ts';
import type { FileAttributes, PhoneDisk, PhoneFileKind } from '../../disk/index.ts';
import { NOT_BACKED_UP_DOMAIN } from '../../context.ts';
import { STAGING_DOMAIN } from './staging.ts';

/** Everything of the backup that is to be on the phone: files, directories, links. */
export interface RestoreItem {
  readonly entry: ManifestEntry;
  readonly details: MbFile;
}

/**
 * Puts everything in its place, in one change: the phone is as before, or as the backup says.
 *
 * @param removeOthers also remove what the backup does not have.
 */
export function applyRestore(disk: PhoneDisk, items: readonly RestoreItem[], removeOthers: boolean): void {
  disk.batch(() => {
    if (removeOthers) removeAllBut(disk, items);
    for (const item of items) place(disk, item);
  });
}

/** Drops what is gathered and not in its place: all of it, when an attempt did not come to its end. */
export function clearStaging(disk: PhoneDisk): void {
  if (disk.get(STAGING_DOMAIN, '') !== undefined) disk.remove(STAGING_DOMAIN, '', true);
}

function place(disk: PhoneDisk, { entry, details }: RestoreItem): void {
  const { domain, relativePath, kind, fileId } = entry;
  const attributes = attributesOf(details);
  makeWay(disk, domain, relativePath, kind);
  switch (kind) {
    case 'directory':
      disk.makeDirectory(domain, relativePath, attributes);
      return;
    case 'symlink':
      disk.makeSymlink(domain, relativePath, details.linkTarget ?? '', attributes);
      return;
    case 'file':
      disk.rename(STAGING_DOMAIN, fileId, domain, relativePath);
      disk.setAttributes(domain, relativePath, attributes);
  }
}

/** Removes what is in the way: something of another kind, there or where a directory has to be. */
function makeWay(disk: PhoneDisk, domain: string, relativePath: string, kind: PhoneFileKind): void {
  const existing = disk.get(domain, relativePath);
  if (existing !== undefined && existing.kind !== kind) disk.remove(domain, relativePath, true);
  for (let slash = relativePath.indexOf('/'); slash !== -1; slash = relativePath.indexOf('/', slash + 1)) {
    const parent = relativePath.slice(0, slash);
    const found = disk.get(domain, parent);
    if (found === undefined) return;
    if (found.kind !== 'directory') disk.remove(domain, parent);
  }
}

function removeAllBut(disk: PhoneDisk, items: readonly RestoreItem[]): void {
  const kept = new Set<string>();
  for (const { entry } of items) kept.add(`${entry.domain}\0${entry.relativePath}`);
  const isKept = (domain: string, path: string): boolean => kept.has(`${domain}\0${path}`);
  for (const domain of disk.domains()) {
    if (domain === STAGING_DOMAIN || domain === NOT_BACKED_UP_DOMAIN) continue;
    // Deepest first: a directory is empty by the time it is looked at.
    const paths = Array.from(disk.below(domain), (file) => file.relativePath).toReversed();
    for (const path of paths) if (!isKept(domain, path) && isEmpty(disk, domain, path)) disk.remove(domain, path);
    if (!isKept(domain, '') && disk.get(domain, '') !== undefined && isEmpty(disk, domain, '')) disk.remove(domain, '');
  }
}

function isEmpty(disk: PhoneDisk, domain: string, path: string): boolean {
  const [child] = disk.children(domain, path);
  return child === undefined;
}

function attributesOf(details: MbFile): FileAttributes {
  const { mode, userId, groupId, modifiedAt, statusChangedAt, bornAt, protectionClass, extendedAttributes } = details;
  return {
    mode,
    uid: userId,
    gid: groupId,
    protectionClass,
    ...(modifiedAt && { modifiedAt }),
    ...(statusChangedAt && { changedAt: statusChangedAt }),
    ...(bornAt && { bornAt }),
    ...(extendedAttributes && {
      extendedAttributes: Object.fromEntries(decodeExtendedAttributes(extendedAttributes)),
    }),
  };
}
