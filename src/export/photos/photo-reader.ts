import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { PhotoResource } from '../../content/index.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';

/** Pictures up to this size are read once and kept while they are written, looked at and copied. */
const MAX_HELD_BYTES = 48 * 1024 * 1024;

/** Why a file that the backup names cannot be taken out. */
export type ReadProblem = 'missing' | 'unreadable';

/** A file of a photo: in memory where it is small, to be streamed where it is not. */
export interface ReadFile {
  readonly bytes: Buffer | undefined;
  readonly stream: () => AsyncGenerator<Uint8Array, undefined>;
  readonly modifiedAt: Date | undefined;
}

/** Opens what a resource names. @returns why not, when it cannot be read. */
export async function readResource(
  backup: Backup,
  { place }: Pick<PhotoResource, 'place'>,
  isPicture: boolean,
): Promise<ReadFile | ReadProblem> {
  const entry = backup.find(place.domain, place.relativePath);
  if (entry?.kind !== 'file') return 'missing';
  const details = detailsOf(entry);
  const isHeld = isPicture && (details.sizeBytes ?? 0) <= MAX_HELD_BYTES;
  const held = isHeld ? await problemOr(() => backup.bytes(entry, MAX_HELD_BYTES)) : undefined;
  if (held === 'missing') return held;
  // Sizes in manifests lie: what is larger than it should be is streamed, and what is damaged fails again there.
  const bytes = held === 'unreadable' ? undefined : held;
  return { bytes, stream: () => backup.chunks(entry), modifiedAt: details.modifiedAt };
}

/** Runs something that reads; what keeps a single file from being read is told, everything else thrown. */
export async function problemOr<T>(read: () => Promise<T>): Promise<ReadProblem | T> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return 'missing';
    if (isAppError(error, 'FORMAT_INVALID')) return 'unreadable';
    throw error;
  }
}

function detailsOf(entry: ManifestEntry): { sizeBytes?: number; modifiedAt?: Date } {
  try {
    return entry.details();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return {};
    throw error;
  }
}
