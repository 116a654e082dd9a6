import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import { playableCopy } from './playable.ts';

/** No voice mail is longer than what fits into this. */
const MAX_RECORDING_BYTES = 64 * 1024 ** 2;

/** Sound that needs no copy: what is left with FaceTime. */
const PLAYS_EVERYWHERE = /\.(?:m4a|mp3|wav)$/i;

/** Paths in the folder of the export. */
export interface WrittenAudio {
  /** As it lies in the backup. */
  readonly path: string;
  /** What every computer plays: a copy, or the recording itself. */
  readonly playablePath: string | undefined;
}

/**
 * Writes a recording as it is and, where it is AMR, a copy of it as WAV.
 *
 * @param parts folders and the name, without an extension.
 * @returns why not, when it could not be written: its content is not in the backup, or cannot be decrypted.
 */
export async function writeAudio(
  folder: ExportFolder,
  backup: Backup,
  entry: ManifestEntry,
  parts: readonly string[],
): Promise<WrittenAudio | 'missing' | 'unreadable'> {
  const name = parts.at(-1) ?? '';
  const extension = /\.[a-z0-9]{1,8}$/i.exec(entry.relativePath)?.[0] ?? '';
  const modifiedAt = modificationDateOf(entry);
  const inFolder = (ending: string): string[] => [...parts.slice(0, -1), `${name}${ending}`];
  try {
    const bytes = await backup.bytes(entry, MAX_RECORDING_BYTES);
    const { path } = await folder.write(inFolder(extension), bytes, modifiedAt && { modifiedAt });
    const wav = await playableCopy(bytes);
    const playable = wav && (await folder.write(inFolder('.wav'), wav, modifiedAt && { modifiedAt }));
    return { path, playablePath: playable?.path ?? (PLAYS_EVERYWHERE.test(path) ? path : undefined) };
  } catch (error) {
    if (isNotFound(error)) return 'missing';
    if (isAppError(error, 'FORMAT_INVALID')) return 'unreadable';
    throw error;
  }
}

function modificationDateOf(entry: ManifestEntry): Date | undefined {
  try {
    return entry.details().modifiedAt;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
