/** The virtual iPhone's file system: what is on the phone, by backup domain, and where it is kept on this computer. */
export { isEncryptedOnly } from './encrypted-only.ts';
export { openPhoneDisk, PhoneDisk, type PhoneDiskOptions } from './phone-disk.ts';
export {
  modeOf,
  PhoneDiskError,
  type FileAttributes,
  type PhoneDiskErrorReason,
  type PhoneFile,
  type PhoneFileKind,
  type PhoneFileWriter,
  type SyntheticContent,
} from './phone-file.ts';
