/** From the backup password to the keys of files, and back: pure cryptography, for reading and for making keybags. */
export { ClassKeys } from './class-keys.ts';
export { createKeybag, rewrapKeybag, type CreatedKeybag, type CreateKeybagOptions } from './create.ts';
export {
  decryptFileContent,
  decryptFileStart,
  decryptInPlace,
  decryptorFrom,
  encryptedSize,
  encryptFileContent,
  FileDecryptor,
  FileEncryptor,
  hasIntactPadding,
  paddingBytes,
} from './file-content.ts';
export { encodeKeybag, parseKeybag, type Keybag } from './format.ts';
export { keybagId } from './keybag-id.ts';
export { readLine } from './shares/share-code.ts';
export {
  joinShares,
  lineCount,
  makeShares,
  shareInText,
  shareLines,
  shareOfLines,
  type Share,
} from './shares/shares.ts';
export { unlockKeybag } from './unlock.ts';
