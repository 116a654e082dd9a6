import { fileIdOf } from './file-id.ts';
import { kindOfMode, type EntriesOptions, type Manifest, type ManifestEntry } from './manifest.ts';
import { decodeMbdb, type MbdbRecord } from './mbdb.ts';
import type { MbFile } from './mb-file.ts';

/** Manifest.mbdb, kept as the bytes it is: records are read anew by every walk. */
export class MbdbManifest implements Manifest {
  readonly format = 'mbdb';
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  *entries({ domain, onProblem }: EntriesOptions = {}): Generator<ManifestEntry, undefined> {
    let row = 0;
    for (const record of decodeMbdb(this.#bytes)) {
      row++;
      if (domain !== undefined && record.domain !== domain) continue;
      const kind = kindOfMode(record.mode);
      if (kind === undefined) {
        onProblem?.({ row, reason: 'unknown-kind' });
        continue;
      }
      const fileId = fileIdOf(record.domain, record.relativePath);
      yield {
        fileId,
        domain: record.domain,
        relativePath: record.relativePath,
        kind,
        details: () => detailsOf(record),
      };
    }
  }

  *contentIds({ anyOrder = false } = {}): Generator<string, undefined> {
    const ids = this.entries()
      .filter((entry) => entry.kind === 'file')
      .map((entry) => entry.fileId);
    yield* anyOrder ? ids : [...ids].toSorted();
  }

  find(domain: string, relativePath: string): ManifestEntry | undefined {
    return this.entries({ domain }).find((entry) => entry.relativePath === relativePath);
  }

  contentPath(fileId: string): string {
    return fileId;
  }

  [Symbol.dispose](): void {}
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
