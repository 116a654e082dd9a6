import { createHash, hash } from 'node:crypto';
import { encryptFileContent, FileEncryptor } from '../../../keybag/index.ts';
import type { PhoneContext } from '../../context.ts';
import type { PhoneDisk, PhoneFile } from '../../disk/index.ts';
import type { BackupFolder } from '../folder/layout.ts';
import { fileKeyMaker, type BackupKeys } from '../keys/backup-keys.ts';
import { FINAL, type UploadOperation } from '../wire/upload.ts';
import { hasDigest, protectionClassOf, type StoredContent } from './manifest-entry.ts';
import { GOODBYE } from '../session.ts';
import type { Upload } from './scan.ts';

/** What came of sending a file. */
export type Sending =
  /** It arrived whole. What was stored is not known, nor needed, of a file whose manifest entry is right already. */
  | { readonly kind: 'sent'; readonly stored: StoredContent | undefined }
  /** It changed while it was read: to be sent once more. */
  | { readonly kind: 'changed' }
  /** It cannot be sent. */
  | { readonly kind: 'lost' };

/** What the phone calls its files towards the host, which only ever shows it: a path below the file system's snapshot. */
const PHONE_PATH = '/.b/6';
const CHANGED = 'File was modified while being read';

/** Sends the content of single files within an upload, encrypted when the backup is. */
export class ContentSender {
  readonly #disk: PhoneDisk;
  readonly #chunkBytes: number;
  readonly #folder: BackupFolder;
  readonly #keys: BackupKeys | undefined;
  readonly #keyOf: (id: string, version: number) => Buffer;

  constructor(context: PhoneContext, folder: BackupFolder, keys: BackupKeys | undefined) {
    this.#disk = context.disk;
    this.#chunkBytes = context.backup.uploadChunkBytes;
    this.#folder = folder;
    this.#keys = keys;
    this.#keyOf = fileKeyMaker(context);
  }

  /** Sends a file. No promise for one that fits one frame: most are of this kind. */
  send(operation: UploadOperation, upload: Upload): Sending | Promise<Sending> {
    return upload.file.sizeBytes <= this.#chunkBytes
      ? this.#sendSmall(operation, upload)
      : this.#sendLarge(operation, upload);
  }

  /** Sends a file as a phone does that cannot read it: ordered trouble, see `FAULT_POINTS`. */
  sendTroubled(operation: UploadOperation, upload: Upload, as: string): Sending | Promise<Sending> {
    if (as === 'omit') return { kind: 'lost' };
    if (as === 'ping') {
      operation.ping();
      return this.send(operation, upload);
    }
    this.#open(operation, upload);
    if (as === 'goodbye') {
      operation.data(Buffer.alloc(100, 0x2d));
      operation.sayGoodbye(GOODBYE);
    }
    if (as === 'missing') {
      operation.close(FINAL.notFound, 'No such file or directory');
      return { kind: 'lost' };
    }
    if (as === 'modified') operation.data(Buffer.alloc(Math.max(1, Math.min(upload.file.sizeBytes, 4096)), 0x2d));
    operation.close(FINAL.inputOutput, CHANGED);
    return { kind: 'changed' };
  }

  #sendSmall(operation: UploadOperation, upload: Upload): Sending {
    const { file } = upload;
    const bytes = readIfSame(this.#disk, file, 0, file.sizeBytes);
    this.#open(operation, upload);
    if (bytes === undefined) {
      operation.close(FINAL.inputOutput, CHANGED);
      return { kind: 'changed' };
    }
    const key = this.#keys && this.#keyOf(upload.id, file.contentVersion);
    const stored = key ? encryptFileContent(key, bytes) : bytes;
    if (stored.length > 0) operation.data(stored);
    operation.close();
    if (upload.isListed) return { kind: 'sent', stored: undefined };
    const digest = hasDigest(file.domain) ? hash('sha1', stored, 'buffer') : undefined;
    return { kind: 'sent', stored: this.#described(file, key, digest) };
  }

  async #sendLarge(operation: UploadOperation, upload: Upload): Promise<Sending> {
    const { file } = upload;
    const key = this.#keys && this.#keyOf(upload.id, file.contentVersion);
    const encryptor = key && new FileEncryptor(key);
    const digest = !upload.isListed && hasDigest(file.domain) ? createHash('sha1') : undefined;
    const send = (stored: Uint8Array): void => {
      if (stored.length === 0) return;
      digest?.update(stored);
      operation.data(stored);
    };
    this.#open(operation, upload);
    for (let offset = 0; offset < file.sizeBytes; offset += this.#chunkBytes) {
      const bytes = readIfSame(this.#disk, file, offset, Math.min(this.#chunkBytes, file.sizeBytes - offset));
      if (bytes === undefined) {
        operation.close(FINAL.inputOutput, CHANGED);
        return { kind: 'changed' };
      }
      send(encryptor ? encryptor.update(bytes) : bytes);
      if (operation.congested) await operation.drained();
    }
    if (encryptor) send(encryptor.finish());
    operation.close();
    return { kind: 'sent', stored: upload.isListed ? undefined : this.#described(file, key, digest?.digest()) };
  }

  #described(file: PhoneFile, key: Buffer | undefined, digest: Buffer | undefined): StoredContent {
    const encryptionKey = key && this.#keys?.classKeys.wrapFileKey(protectionClassOf(file), key);
    return { sizeBytes: file.sizeBytes, digest, encryptionKey };
  }

  #open(operation: UploadOperation, { file, id }: Upload): void {
    operation.open(`${PHONE_PATH}/${file.domain}/${file.relativePath}`, this.#folder.snapshotPayload(id));
  }
}

/** The bytes, or undefined when the file was replaced or removed since the phone looked for what to send. */
function readIfSame(disk: PhoneDisk, file: PhoneFile, offset: number, length: number): Uint8Array | undefined {
  try {
    const bytes = disk.read(file, offset, length);
    return bytes.length === length ? bytes : undefined;
  } catch (error) {
    if (disk.get(file.domain, file.relativePath)?.contentVersion === file.contentVersion) throw error;
    return undefined;
  }
}
