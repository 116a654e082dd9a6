import {
  decodeMbFile,
  encodeExtendedAttributes,
  encodeMbFile,
  ENTRY_FLAGS,
  type MbFile,
} from '../../../snapshot/index.ts';
import type { PhoneFile } from '../../disk/index.ts';

/** What the manifest says about the content of a file that was sent. */
export interface StoredContent {
  /** Bytes of the file, before encryption. */
  readonly sizeBytes: number;
  /** SHA-1 of the bytes that were sent. */
  readonly digest: Buffer | undefined;
  /** Wrapped, 44 bytes. */
  readonly encryptionKey: Buffer | undefined;
}

/** The manifest's record of one file, directory or link. */
export function manifestEntry(file: PhoneFile, stored?: StoredContent): Buffer {
  return encodeMbFile(mbFileOf(file, stored));
}

/**
 * The record of a file of which only the attributes changed.
 *
 * @returns undefined when the file has to be sent again after all: its key is wrapped by its protection class.
 */
export function correctedEntry(known: Uint8Array, file: PhoneFile): Buffer | undefined {
  const { digest, encryptionKey, protectionClass, sizeBytes } = decodeMbFile(known);
  if (protectionClass !== protectionClassOf(file)) return undefined;
  return manifestEntry(file, { sizeBytes: sizeBytes ?? file.sizeBytes, digest, encryptionKey });
}

function mbFileOf(file: PhoneFile, stored?: StoredContent): MbFile {
  return {
    relativePath: file.relativePath,
    ...(file.linkTarget !== undefined && { linkTarget: file.linkTarget }),
    sizeBytes: stored?.sizeBytes ?? 0,
    mode: file.mode,
    userId: file.uid,
    groupId: file.gid,
    inode: file.inode,
    modifiedAt: file.modifiedAt,
    statusChangedAt: file.changedAt,
    bornAt: file.bornAt,
    protectionClass: protectionClassOf(file),
    flags: 0,
    ...(stored?.digest && { digest: stored.digest }),
    ...(stored?.encryptionKey && { encryptionKey: stored.encryptionKey }),
    ...(file.extendedAttributes && { extendedAttributes: encodeExtendedAttributes(file.extendedAttributes) }),
  };
}

/** Every file has a class to wrap its key with; directories and links need none. */
export function protectionClassOf({ kind, protectionClass }: PhoneFile): number {
  return kind === 'file' && protectionClass === 0 ? 4 : protectionClass;
}

export function flagsOf({ kind }: PhoneFile): number {
  return ENTRY_FLAGS[kind];
}

/** Domains whose files iOS lists without a digest (seen in backups of iOS 9 and 14). */
const WITHOUT_DIGEST = /^(CameraRollDomain$|MediaDomain$|AppDomain|SysSharedContainerDomain-)/;

/** Whether the manifest carries the SHA-1 of the files of a domain. */
export function hasDigest(domain: string): boolean {
  return WITHOUT_DIGEST.exec(domain) === null;
}
