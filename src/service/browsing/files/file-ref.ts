import type { FileRef, ShownAs } from '../../../contract/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { fileToken } from './file-token.ts';
import { shownAsByName } from './media-type.ts';

/** How something in the backup is told to a page. `name` is what people see, which may differ from what the file is called. */
export function fileRef(
  entry: ManifestEntry | undefined,
  { name, state, shownAs }: { name: string; state?: FileRef['state'] | undefined; shownAs?: ShownAs | undefined },
): FileRef {
  const known = shownAs ?? shownAsByName(entry?.relativePath ?? name);
  if (entry === undefined) return { name, shownAs: known, state: state ?? 'not-in-backup' };
  return {
    file: fileToken(entry),
    name,
    shownAs: known,
    sizeBytes: sizeOf(entry),
    state: state ?? 'in-backup',
  };
}

/** As the phone listed it; undefined where the entry is damaged. */
function sizeOf(entry: ManifestEntry): number | undefined {
  try {
    return entry.outline().sizeBytes;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
