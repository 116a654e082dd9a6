import type { ManifestEntry, ManifestProblem } from '../manifest/manifest.ts';
import type { EntryKind } from '../manifest/manifest-writer.ts';
import type { FileOutline } from '../mb-file/mb-file-outline.ts';
import { isAppError } from '../../shared/errors.ts';

/** Told of what a list cannot show. */
export type OnProblem = (problem: ManifestProblem) => void;
export const ignore: OnProblem = () => undefined;

/** One file, folder or link as a listing shows it. */
export interface ListedFile {
  readonly domain: string;
  /** With `/`, relative to the domain; '' for the domain itself. */
  readonly relativePath: string;
  readonly kind: EntryKind;
  /** When the phone listed it; databases may have changed since. Undefined where the backup does not say. */
  readonly sizeBytes: number | undefined;
  /** As st_mode of POSIX; undefined where the backup does not say. */
  readonly mode: number | undefined;
  readonly modifiedAt: Date | undefined;
}

export function listedFile(entry: ManifestEntry): ListedFile {
  const { domain, relativePath, kind } = entry;
  const { sizeBytes, mode, modifiedAt } = outlineIn(entry);
  return { domain, relativePath, kind, sizeBytes: kind === 'file' ? sizeBytes : 0, mode, modifiedAt };
}

/** An entry whose facts are damaged is still one. */
export function outlineIn(entry: ManifestEntry): Partial<FileOutline> {
  try {
    return entry.outline();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'WRONG_PASSWORD')) return {};
    throw error;
  }
}

/** Entries looked at between two pauses of a list that is made step by step: a fraction of a millisecond. */
export const PAUSE_EVERY = 64;

/** What a generator returns, without pausing. */
export function runThrough<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
