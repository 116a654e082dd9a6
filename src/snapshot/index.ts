/** One backup in Apple's format, wherever its bytes are: facts, manifest, entries, content. */
export { backupFolderAt } from './backup-folder.ts';
export { Backup, openBackup, readEncryption, type OpenBackupOptions } from './backup.ts';
export { matchesDigest, readContent } from './content.ts';
export {
  readInfo,
  readManifestPlist,
  readStatus,
  type InfoFacts,
  type ManifestFacts,
  type StatusFacts,
} from './facts.ts';
export { fileIdOf, isFileId } from './manifest/file-id.ts';
export { FileIdSet } from './manifest/file-id-set.ts';
export {
  isDomainOfApp,
  summarizeDomains,
  summarizingDomains,
  titleOfDomain,
  type DomainSummary,
} from './files/domains.ts';
export { FILE_KINDS, fileTypeOf } from './files/file-types.ts';
export { findFiles, findingFiles, type FileQuery } from './files/find-files.ts';
export {
  listFolder,
  listingFolder,
  parseFilePlace,
  resolvePlace,
  type FilePlace,
  type FolderItem,
} from './files/list-folder.ts';
export { type ListedFile } from './files/listed-file.ts';
export { type Manifest, type ManifestEntry, type ManifestProblem } from './manifest/manifest.ts';
export {
  createManifestDatabase,
  ENTRY_FLAGS,
  type EntryKind,
  type ManifestRow,
  type ManifestWriter,
} from './manifest/manifest-writer.ts';
export type { FileOutline } from './mb-file/mb-file-outline.ts';
export {
  decodeExtendedAttributes,
  decodeMbFile,
  encodeExtendedAttributes,
  encodeMbFile,
  type MbFile,
} from './mb-file/mb-file.ts';
export { decodeMbdb, encodeMbdb, type MbdbRecord } from './manifest/mbdb.ts';
export { contentIdsInFolder, missingFiles } from './manifest/missing-files.ts';
export { openManifest } from './manifest/open-manifest.ts';
export { passwordNeeded } from './password-needed.ts';
export { randomAccess, type RandomAccess } from './random-access.ts';
export { copyIfWhole, folderSource, salvageIfPossible, type BackupSource, type StoredBytes } from './source.ts';
export { knownClassKeys, unlockBackup } from './unlock-backup.ts';
export type {
  Amount,
  DeepEvent,
  DeepFinding,
  DeepRemark,
  DeepSummary,
  FileFindingKind,
  NamedFile,
} from './verify-deep/events.ts';
export type { VerifyDeepOptions } from './verify-deep/verify-deep.ts';
export { verifyDeep } from './load-when-asked.ts';
