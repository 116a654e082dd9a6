import type { MbFile } from '../mb-file/mb-file.ts';
import type { FileOutline } from '../mb-file/mb-file-outline.ts';
import type { EntryKind } from './manifest-writer.ts';

/** One file, directory or symbolic link of a backup. */
export interface ManifestEntry {
  /** Names the stored content: 40 lowercase hex digits, always. */
  readonly fileId: string;
  readonly domain: string;
  /** With `/`, relative to the domain; '' for the domain itself. Hostile: never join it to a path unchecked. */
  readonly relativePath: string;
  readonly kind: EntryKind;
  /** Everything else the manifest says. @throws {FormatError} when that part of the entry is damaged. */
  details(): MbFile;
  /** Size, mode, time and key alone, ten times as fast. @throws {FormatError} as `details` does. */
  outline(): FileOutline;
  /** The MBFile archive itself, with whatever fields later versions of iOS give it; Manifest.mbdb has none. */
  archive?(): Uint8Array;
}

/** An entry that cannot be used. Real backups have a few: rows with flags 16 and nothing else. */
export interface ManifestProblem {
  /** The row of Manifest.db, or the number of the record in Manifest.mbdb. */
  readonly row: number;
  /** `cut-off`: the list is damaged here, and nothing behind could be read. */
  readonly reason: 'no-file-id' | 'no-path' | 'unknown-kind' | 'cut-off';
}

export interface EntriesOptions {
  /** Only the entries of this domain. */
  domain?: string;
  /** Told of every entry left out. */
  onProblem?: (problem: ManifestProblem) => void;
}

/** The list of everything in one backup, whatever its format. Entries are read as they are asked for. */
export interface Manifest extends Disposable {
  /** `db` since iOS 10, `mbdb` before. */
  readonly format: 'db' | 'mbdb';
  /** @throws {FormatError} where the list is damaged, unless `onProblem` wants to hear of it. */
  entries(options?: EntriesOptions): Generator<ManifestEntry, undefined>;
  /**
   * The same entries, many at a time and so twice as fast. One that is kept keeps its neighbours in memory: for going
   * through all of them.
   */
  listing(options?: EntriesOptions): Generator<ManifestEntry, undefined>;
  /**
   * Ids of all files (which have stored content; directories and links have none), ascending. In any order they cost
   * no memory: sorting takes 80 bytes for each.
   */
  contentIds(options?: { anyOrder?: boolean }): Generator<string, undefined>;
  find(domain: string, relativePath: string): ManifestEntry | undefined;
  /** Where the content of a file lies in the backup. */
  contentPath(fileId: string): string;
}

const TYPE_BITS = 0o170000;

/** The kind that the type bits of a mode say, as POSIX has them. */
export function kindOfMode(mode: number): EntryKind | undefined {
  switch (mode & TYPE_BITS) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'directory';
    case 0o120000:
      return 'symlink';
    default:
      return undefined;
  }
}
