import type { ContentReference } from './contents.ts';

export type PhoneFileKind = 'file' | 'directory' | 'symlink';

/** One file, directory or symbolic link of the phone, named as backups name it: a domain and a path below it. */
export interface PhoneFile {
  readonly domain: string;
  /** Names joined by `/`, as the phone spells them (NFC or NFD); empty for the domain's own directory. */
  readonly relativePath: string;
  readonly kind: PhoneFileKind;
  /** Bytes of content; 0 for anything but a file. */
  readonly sizeBytes: number;
  /** st_mode: type bits and permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  readonly modifiedAt: Date;
  readonly changedAt: Date;
  readonly bornAt: Date;
  /** 1 complete, 2 unless open, 3 until first authentication, 4 none; 0 where there is nothing to protect. */
  readonly protectionClass: number;
  /** Only for symbolic links: where it points, verbatim. */
  readonly linkTarget?: string;
  readonly extendedAttributes?: Readonly<Record<string, Uint8Array>>;
  /** Another number whenever the content is another; never given twice in the life of a disk. */
  readonly contentVersion: number;
  /** Where the bytes are. Only the disk reads it. */
  readonly content: ContentReference;
}

/** What a writer may say about a file. What it leaves out stays as it was, or gets what iOS gives a new file. */
export interface FileAttributes {
  /** Permissions; type bits are those of the kind, whatever is given here. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly inode?: number;
  readonly modifiedAt?: Date;
  readonly changedAt?: Date;
  readonly bornAt?: Date;
  readonly protectionClass?: number;
  readonly extendedAttributes?: Readonly<Record<string, Uint8Array>>;
}

/** Content that is described instead of stored: the same numbers give the same bytes, other seeds give others. */
export interface SyntheticContent {
  /** A whole number from 0 to 2^53 − 1. */
  readonly seed: number;
  readonly sizeBytes: number;
}

/** A file being received. It appears under its name, whole, when it is finished. */
export interface PhoneFileWriter {
  /** Copies the bytes: the caller may reuse the chunk at once. */
  write(chunk: Uint8Array): void;
  finish(attributes?: FileAttributes): PhoneFile;
  /** Drops everything received. */
  discard(): void;
}

export type PhoneDiskErrorReason =
  | 'not-found'
  | 'exists'
  | 'not-empty'
  | 'not-a-directory'
  | 'is-a-directory'
  | 'invalid-path';

/** What a file system answers with an errno. Services turn the reason into the code of their protocol. */
export class PhoneDiskError extends Error {
  override readonly name = 'PhoneDiskError';
  readonly reason: PhoneDiskErrorReason;

  constructor(reason: PhoneDiskErrorReason, domain: string, relativePath: string) {
    super(`${reason}: ${domain} ${JSON.stringify(relativePath)}`);
    this.reason = reason;
  }
}

const TYPE_BITS = { file: 0o100000, directory: 0o040000, symlink: 0o120000 } as const;
const DEFAULT_PERMISSIONS = { file: 0o644, directory: 0o755, symlink: 0o755 } as const;

/** st_mode for a kind, with given or usual permissions. */
export function modeOf(kind: PhoneFileKind, permissions?: number): number {
  return TYPE_BITS[kind] | ((permissions ?? DEFAULT_PERMISSIONS[kind]) & 0o7777);
}

/** @throws {PhoneDiskError} invalid-path for anything a file system could not hold under that name */
export function checkPath(domain: string, relativePath: string): void {
  const wrong =
    domain === '' ||
    relativePath.startsWith('/') ||
    relativePath.endsWith('/') ||
    relativePath.includes('\0') ||
    /(^|\/)(\.{0,2})(\/|$)/.test(relativePath);
  if (wrong && relativePath !== '') throw new PhoneDiskError('invalid-path', domain, relativePath);
  if (domain === '') throw new PhoneDiskError('invalid-path', domain, relativePath);
}

/** The path of the directory that holds `relativePath`; undefined for the domain's own directory. */
export function parentOf(relativePath: string): string | undefined {
  if (relativePath === '') return undefined;
  const slash = relativePath.lastIndexOf('/');
  return slash === -1 ? '' : relativePath.slice(0, slash);
}
