import { isAppError } from '../../../shared/errors.ts';
import type { Disk } from '../../durability.ts';
import { isPackedName, objectPath, packedPath, type ObjectLayout } from '../layout.ts';
import { PACKED_FOOTER_BYTES, packedSize } from '../packed/packed-format.ts';
import { OWN_FILE, type Place } from '../places/place-list.ts';

/** In a packed object's place, what it takes is told in these. */
const UNIT_BYTES = 1024;

/** The file of a large object, as far as a look tells. */
export interface OwnFile {
  readonly path: string;
  readonly isPacked: boolean;
  /** What it takes on the disk. */
  readonly fileBytes: number;
  /** Of the object in it; undefined where a packed file does not end as one does, and where a file cannot be looked at. */
  readonly sizeBytes: number | undefined;
}

/**
 * The file that a large object is read from. It may lie as it is or packed, and in a vault that files were copied into by
 * hand both ways: then it is the one whose length is right.
 *
 * @param place what is remembered; the disk decides. Without it a packed file is asked first, which knows its object's length.
 */
export function findOwnFile(disk: Disk, layout: ObjectLayout, hash: Buffer, place?: Place): OwnFile | undefined {
  let found: OwnFile | undefined;
  const paths = [objectPath(layout, hash), packedPath(layout, hash)];
  for (const path of place === undefined || isPackedPlace(place) ? paths.toReversed() : paths) {
    const file = lookAt(disk, path);
    if (file === undefined) continue;
    const { sizeBytes } = file;
    if (place === undefined ? sizeBytes !== undefined : sizeBytes === place.sizeBytes) return file;
    found ??= file;
  }
  return found;
}

/** The files that a large object has: none, one, or both ways. */
export function pathsOnDisk(disk: Disk, layout: ObjectLayout, hash: Buffer): string[] {
  return [objectPath(layout, hash), packedPath(layout, hash)].filter((path) => bytesAt(disk, path) !== undefined);
}

/** Looks at the file of a large object. Whether it is packed is told by its name. */
export function lookAt(disk: Disk, path: string): OwnFile | undefined {
  const isPacked = isPackedName(path);
  const fileBytes = bytesAt(disk, path);
  if (fileBytes === undefined) return undefined;
  if (fileBytes === 'unreadable') return { path, isPacked, fileBytes: 0, sizeBytes: undefined };
  return { path, isPacked, fileBytes, sizeBytes: isPacked ? sizeInside(disk, path, fileBytes) : fileBytes };
}

/** One that the disk does not let us look at may be there: whoever reads it learns that it cannot be read. */
function bytesAt(disk: Disk, path: string): number | 'unreadable' | undefined {
  try {
    return disk.sizeOf(path);
  } catch (error) {
    if (isAppError(error, 'STORAGE_FAILED')) return 'unreadable';
    throw error;
  }
}

/** What is remembered of a file: one that does not tell how long its object is has an empty one, so that it is stored anew. */
export function placeOf({ isPacked, fileBytes, sizeBytes }: OwnFile): Place {
  return ownPlace(sizeBytes ?? 0, isPacked ? fileBytes : undefined);
}

/** @param packedBytes what the file takes that is packed, undefined for one that is not. */
export function ownPlace(sizeBytes: number, packedBytes: number | undefined): Place {
  return { segment: OWN_FILE, offset: Math.ceil((packedBytes ?? 0) / UNIT_BYTES), sizeBytes };
}

/** What a large object takes on the disk. */
export function takenBytes(place: Pick<Place, 'offset' | 'sizeBytes'>): number {
  return isPackedPlace(place) ? place.offset * UNIT_BYTES : place.sizeBytes;
}

export function isPackedPlace({ offset }: Pick<Place, 'offset'>): boolean {
  return offset > 0;
}

/** A footer that the disk does not hand out says nothing. */
function sizeInside(disk: Disk, path: string, fileBytes: number): number | undefined {
  const footer = Buffer.alloc(PACKED_FOOTER_BYTES);
  if (fileBytes < footer.length) return undefined;
  try {
    const fd = disk.openForReading(path);
    if (fd === undefined) return undefined;
    try {
      const count = disk.read(fd, footer, fileBytes - footer.length, path);
      return count === footer.length ? packedSize(footer, fileBytes) : undefined;
    } finally {
      disk.close(fd, path);
    }
  } catch (error) {
    if (isAppError(error, 'STORAGE_FAILED')) return undefined;
    throw error;
  }
}
