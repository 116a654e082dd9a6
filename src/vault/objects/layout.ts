import { join } from 'node:path';

export const PACKED_SUFFIX = '.zst';

/**
 * Where the parts of the object store lie in a vault:
 *
 *   segments/<12 hex digits>    small objects; the digits are the segment's number
 *   objects/ab/<62 hex digits>  a large object; folder and name together are its SHA-256
 *   objects/ab/<62 …>.zst       an object that is packed; the SHA-256 is that of what is in it
 *   tmp/                        large objects being received; swept when a writer opens the vault
 *   quarantine/                 large objects whose bytes no longer match their name
 *   generation                  changes before objects are added; the catalogue holding the same text is complete
 */
export interface ObjectLayout {
  readonly vault: string;
  readonly segments: string;
  readonly objects: string;
  readonly temporary: string;
  readonly quarantine: string;
  readonly generation: string;
}

export function objectLayout(vault: string): ObjectLayout {
  return {
    vault,
    segments: join(vault, 'segments'),
    objects: join(vault, 'objects'),
    temporary: join(vault, 'tmp'),
    quarantine: join(vault, 'quarantine'),
    generation: join(vault, 'generation'),
  };
}

export function segmentPath(layout: ObjectLayout, segment: number): string {
  return `${layout.segments}/${segment.toString(16).padStart(12, '0')}`;
}

/** The number of a segment by its file name, undefined for a name that no segment has. */
export function segmentNumber(name: string): number | undefined {
  return /^[0-9a-f]{12}$/.test(name) ? Number.parseInt(name, 16) : undefined;
}

export function objectPath(layout: ObjectLayout, hash: Buffer): string {
  const name = hash.toString('hex');
  return `${layout.objects}/${name.slice(0, 2)}/${name.slice(2)}`;
}

/** Where an object lies that is packed. */
export function packedPath(layout: ObjectLayout, hash: Buffer): string {
  return objectPath(layout, hash) + PACKED_SUFFIX;
}

/** Whether a file is a packed object, or is becoming one, by its name. */
export function isPackedName(path: string): boolean {
  return path.endsWith(PACKED_SUFFIX);
}

/** The name that a large object has, or would have, as it is. */
export function plainName(name: string): string {
  return isPackedName(name) ? name.slice(0, -PACKED_SUFFIX.length) : name;
}

/** The hash of a large object, packed or not, by the names of its folder and file; undefined for names that none has. */
export function objectHash(folder: string, name: string): Buffer | undefined {
  const digits = folder + plainName(name);
  return folder.length === 2 && /^[0-9a-f]{64}$/.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}
