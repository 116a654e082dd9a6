/** One backup in Apple's format, wherever its bytes are: facts, manifest, entries, content. */
export { fileIdOf, isFileId } from './file-id.ts';
export {
  createManifestDatabase,
  ENTRY_FLAGS,
  updateManifestDatabase,
  type EntryKind,
  type ManifestRow,
  type ManifestWriter,
} from './manifest-writer.ts';
export {
  decodeExtendedAttributes,
  decodeMbFile,
  encodeExtendedAttributes,
  encodeMbFile,
  type MbFile,
} from './mb-file.ts';
