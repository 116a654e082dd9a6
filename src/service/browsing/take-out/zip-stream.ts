import { makeZip } from 'client-zip';
import { isNotFound } from '../../../shared/target/backup-target.ts';
import { isAppError } from '../../../shared/errors.ts';
import { safeName } from '../../../shared/text/safe-name.ts';

/** A file that goes into a zip. */
export interface ZipFile {
  /** Folders and the name, as wished for: made safe, and unique. */
  readonly parts: readonly string[];
  readonly modifiedAt?: Date | undefined;
  /** A chunk is good until the next. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ZipProgress {
  files: number;
  bytes: number;
}

const MISSING = 'Missing.txt';

/**
 * A zip that is made while it is sent: nothing of it lies on a disk, and no more than a piece is in memory. What cannot
 * be read is told in a text at its end and does not stop the rest.
 *
 * @param progress counted up on the way.
 */
export function zipStream(
  files: AsyncIterable<ZipFile> | Iterable<ZipFile>,
  progress: ZipProgress,
  notes: readonly string[] = [],
): AsyncIterable<Uint8Array> {
  return makeZip(entries(files, progress, notes));
}

async function* entries(
  files: AsyncIterable<ZipFile> | Iterable<ZipFile>,
  progress: ZipProgress,
  notes: readonly string[],
): AsyncGenerator<{ name: string; lastModified: Date; input: AsyncIterable<Uint8Array> | string }, undefined> {
  const names = new UniqueNames();
  const problems: string[] = [...notes];
  for await (const file of files) {
    const { parts, modifiedAt } = file;
    const chunks = file.open()[Symbol.asyncIterator]();
    const first = await chunks.next().catch((error: unknown) => problemOf(error));
    if (typeof first === 'string') {
      problems.push(`${parts.join('/')}: ${first}`);
      continue;
    }
    const name = names.of(parts);
    progress.files++;
    const input = content(first, chunks, progress, (problem) => problems.push(`${name}: ${problem}`));
    yield { name, lastModified: timeOf(modifiedAt), input };
  }
  if (problems.length > 0)
    yield { name: names.of([MISSING]), lastModified: new Date(), input: `${problems.join('\n')}\n` };
}

async function* content(
  first: IteratorResult<Uint8Array>,
  chunks: AsyncIterator<Uint8Array>,
  progress: ZipProgress,
  tell: (problem: string) => void,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for (let next = first; next.done !== true;) {
      progress.bytes += next.value.length;
      // The zip may still hold this piece when the next is read into the same place.
      yield new Uint8Array(next.value);
      const read = await chunks.next().catch((error: unknown) => problemOf(error));
      if (typeof read === 'string') {
        tell(`its end is missing: ${read}`);
        return;
      }
      next = read;
    }
  } finally {
    await chunks.return?.();
  }
}

/** Why a single file cannot be read. @throws everything that is not of one file */
function problemOf(error: unknown): string {
  if (isNotFound(error)) return 'its content is not in the backup';
  if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT', 'CONTENT_NOT_FOUND')) return error.message;
  throw error;
}

/** What a zip can say: from 1980 on. */
function timeOf(at: Date | undefined): Date {
  const year = at?.getFullYear() ?? 0;
  return at !== undefined && year >= 1980 && year < 2100 ? at : new Date('2001-01-01T00:00:00Z');
}

/** Names that Windows, macOS and Linux all unpack, each once, whatever the case. */
export class UniqueNames {
  readonly #taken = new Map<string, number>();

  of(parts: readonly string[]): string {
    const safe = parts.filter((part) => part !== '' && part !== '.').map((part) => safeName(part));
    const path = safe.join('/') || '_';
    const key = path.toLowerCase().normalize('NFC');
    const count = (this.#taken.get(key) ?? 0) + 1;
    this.#taken.set(key, count);
    if (count === 1) return path;
    const dot = path.lastIndexOf('.');
    const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
    return this.of([`${path.slice(0, end)} (${count})${path.slice(end)}`].flatMap((each) => each.split('/')));
  }
}
