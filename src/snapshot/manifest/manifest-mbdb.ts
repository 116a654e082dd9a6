import { isAppError } from '../../shared/errors.ts';
import { fileIdOf } from './file-id.ts';
import { kindOfMode, type EntriesOptions, type Manifest, type ManifestEntry } from './manifest.ts';
import { decodeMbdb, decodeMbdbRecord, walkMbdb, type MbdbRecord } from './mbdb.ts';
import type { MbFile } from '../mb-file/mb-file.ts';

/** Manifest.mbdb, kept as the bytes it is: records are read anew by every walk. */
export class MbdbManifest implements Manifest {
  readonly format = 'mbdb';
  readonly #bytes: Buffer;
  /** Where the record of each file begins, by what its id is made of; made when something is first looked for. */
  #places: Map<string, number> | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  *entries({ domain, onProblem }: EntriesOptions = {}): Generator<ManifestEntry, undefined> {
    let row = 0;
    try {
      for (const record of decodeMbdb(this.#bytes)) {
        row++;
        if (domain !== undefined && record.domain !== domain) continue;
        const entry = entryOf(record);
        if (entry) yield entry;
        else onProblem?.({ row, reason: 'unknown-kind' });
      }
    } catch (error) {
      if (onProblem === undefined || !isAppError(error, 'FORMAT_INVALID')) throw error;
      onProblem({ row: row + 1, reason: 'cut-off' });
    }
  }

  listing(options?: EntriesOptions): Generator<ManifestEntry, undefined> {
    return this.entries(options);
  }

  *contentIds({ anyOrder = false } = {}): Generator<string, undefined> {
    const ids = this.entries()
      .filter((entry) => entry.kind === 'file')
      .map((entry) => entry.fileId);
    yield* anyOrder ? ids : [...ids].toSorted();
  }

  find(domain: string, relativePath: string): ManifestEntry | undefined {
    const at = this.#placesOfAll().get(`${domain}-${relativePath}`);
    const record = at === undefined ? undefined : decodeMbdbRecord(this.#bytes, at);
    return record && entryOf(record);
  }

  contentPath(fileId: string): string {
    return fileId;
  }

  [Symbol.dispose](): void {}

  #placesOfAll(): ReadonlyMap<string, number> {
    if (this.#places !== undefined) return this.#places;
    const places = new Map<string, number>();
    try {
      for (const { record, offset } of walkMbdb(this.#bytes)) {
        places.set(`${record.domain}-${record.relativePath}`, offset);
      }
    } catch (error) {
      // What lies before the damage can be found.
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    }
    this.#places = places;
    return places;
  }
}

function entryOf(record: MbdbRecord): ManifestEntry | undefined {
  const { domain, relativePath, mode } = record;
  const kind = kindOfMode(mode);
  if (kind === undefined) return undefined;
  const [details, outline] = [(): MbFile => detailsOf(record), (): MbdbRecord => record];
  return { fileId: fileIdOf(domain, relativePath), domain, relativePath, kind, details, outline };
}

function detailsOf(record: MbdbRecord): MbFile {
  const { relativePath, linkTarget, digest, encryptionKey } = record;
  return {
    relativePath,
    ...(linkTarget !== undefined && { linkTarget }),
    sizeBytes: record.sizeBytes,
    mode: record.mode,
    userId: record.userId,
    groupId: record.groupId,
    inode: record.inode,
    modifiedAt: record.modifiedAt,
    statusChangedAt: record.statusChangedAt,
    protectionClass: record.protectionClass,
    flags: 0,
    ...(digest && { digest }),
    ...(encryptionKey && { encryptionKey }),
  };
}
