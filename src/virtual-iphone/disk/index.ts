/** The virtual iPhone's file system: what is on the phone, by backup domain, and where it is kept on this computer. */
export { isEncryptedOnly } from './encrypted-only.ts';
export { openPhoneDisk, PhoneDisk } from './phone-disk.ts';
export {
  PhoneDiskError,
  type FileAttributes,
  type PhoneDiskErrorReason,
  type PhoneFile,
  type PhoneFileKind,
} from './phone-file.ts';
