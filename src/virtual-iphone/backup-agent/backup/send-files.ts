import { createHash, hash } from 'node:crypto';
import { encryptedSize, encryptFileContent, FileEncryptor } from '../../../keybag/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import type { BackupFolder } from '../folder/layout.ts';
import { fileKeyMaker, type BackupKeys } from '../keys/backup-keys.ts';
import type { ConfirmedFile, Ledger } from '../ledger/ledger.ts';
import { reach, type Session } from '../session.ts';
import { DL_STATUS } from '../wire/messages.ts';
import { FINAL, UploadOperation } from '../wire/upload.ts';
import { metaOf } from './files-to-send.ts';
import { flagsOf, hasDigest, manifestEntry, protectionClassOf, type StoredContent } from './manifest-entry.ts';
import type { Upload } from './scan.ts';

/** A file that arrived whole. */
interface Sent {
  readonly upload: Upload;
  /** Not known, and not needed, of a file whose entry in the manifest is right already. */
  readonly stored: StoredContent | undefined;
}

/** What the phone calls its files towards the host, which only ever shows it: a path below the file system's snapshot. */
const PHONE_PATH = '/.b/6';

/** Sends files in batches, and enters into the ledger what the host confirms. */
export class FileSender {
  readonly #session: Session;
  readonly #folder: BackupFolder;
  readonly #ledger: Ledger;
  readonly #keys: BackupKeys | undefined;
  readonly #keyOf: (id: string, version: number) => Buffer;
  readonly #totalBytes: number;
  #sentBytes = 0;
  /** What the host has kept and the ledger does not know yet. */
  #confirmed: ConfirmedFile[] = [];

  constructor(session: Session, folder: BackupFolder, ledger: Ledger, keys: BackupKeys | undefined, uploads: Upload[]) {
    this.#session = session;
    this.#folder = folder;
    this.#ledger = ledger;
    this.#keys = keys;
    this.#keyOf = fileKeyMaker(session.context);
    this.#totalBytes = uploads.reduce((total, upload) => total + this.storedBytes(upload), 0);
  }

  /** Bytes all files together take on the computer. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  storedBytes({ file: { sizeBytes } }: Upload): number {
    return this.#keys ? encryptedSize(sizeBytes) : sizeBytes;
  }

  /**
   * Sends the files, and once more those that changed while they were read. One that changes again stays out of the
   * backup.
   *
   * @throws {AgentError} when the host could not keep a file. @throws {HostGone}
   */
  async send(uploads: readonly Upload[]): Promise<void> {
    try {
      const changed = await this.#sendAll(uploads, 'upload');
      if (changed.length > 0) await this.#sendAll(changed, 'upload-retry');
    } finally {
      this.#ledger.enter(this.#confirmed);
      this.#confirmed = [];
      this.#ledger.flush();
    }
  }

  /** @returns the files that changed while they were read. */
  async #sendAll(uploads: readonly Upload[], point: 'upload' | 'upload-retry'): Promise<Upload[]> {
    const { batchFiles } = this.#session.context.backup;
    const changed: Upload[] = [];
    for (let at = 0; at < uploads.length; at += batchFiles) {
      await reach(this.#session, point);
      await this.#sendBatch(uploads.slice(at, at + batchFiles), changed);
    }
    return changed;
  }

  async #sendBatch(batch: readonly Upload[], changed: Upload[]): Promise<void> {
    const totalBytes = batch.reduce((total, upload) => total + this.storedBytes(upload), 0);
    const operation = new UploadOperation(this.#session.link, { progress: this.#progress(), totalBytes });
    const sent: Sent[] = [];
    for (const upload of batch) {
      const trouble = this.#session.context.faults.hit('mobilebackup2:read-file');
      if (trouble?.kind === 'behave') {
        if (sendTroubled(operation, this.#pathsOf(upload), upload, trouble.as)) changed.push(upload);
        continue;
      }
      const isSmall = upload.file.sizeBytes <= this.#session.context.backup.uploadChunkBytes;
      const stored = isSmall ? this.#sendSmall(operation, upload) : await this.#sendLarge(operation, upload);
      sent.push({ upload, stored });
      if (operation.congested) await operation.drained();
    }
    operation.finish();
    // The host is busy now: time to keep the books.
    this.#ledger.enter(this.#confirmed);
    this.#confirmed = [];
    const rows = sent.map(confirmedFile);
    checkKept(await operation.answer());
    this.#confirmed = rows;
    this.#sentBytes += totalBytes;
  }

  /** Sends a file that fits one frame. No promise: most files are of this kind. */
  #sendSmall(operation: UploadOperation, upload: Upload): StoredContent | undefined {
    const { file } = upload;
    const bytes = this.#session.context.disk.read(file, 0, file.sizeBytes);
    const key = this.#keys && this.#keyOf(upload.id, file.contentVersion);
    const stored = key ? encryptFileContent(key, bytes) : bytes;
    const { phonePath, hostPath } = this.#pathsOf(upload);
    operation.open(phonePath, hostPath);
    if (stored.length > 0) operation.data(stored);
    operation.close();
    if (upload.isListed) return undefined;
    return {
      sizeBytes: bytes.length,
      digest: hasDigest(file.domain) ? hash('sha1', stored, 'buffer') : undefined,
      encryptionKey: key && this.#keys?.classKeys.wrapFileKey(protectionClassOf(file), key),
    };
  }

  async #sendLarge(operation: UploadOperation, upload: Upload): Promise<StoredContent | undefined> {
    const { file } = upload;
    const { disk, backup } = this.#session.context;
    const key = this.#keys && this.#keyOf(upload.id, file.contentVersion);
    const encryptor = key && new FileEncryptor(key);
    const digest = !upload.isListed && hasDigest(file.domain) ? createHash('sha1') : undefined;
    const send = (stored: Uint8Array): void => {
      if (stored.length === 0) return;
      digest?.update(stored);
      operation.data(stored);
    };
    const { phonePath, hostPath } = this.#pathsOf(upload);
    operation.open(phonePath, hostPath);
    const { sizeBytes } = file;
    for (let offset = 0; offset < sizeBytes; offset += backup.uploadChunkBytes) {
      const end = Math.min(sizeBytes, offset + backup.uploadChunkBytes);
      const bytes = disk.read(file, offset, end - offset);
      send(encryptor ? encryptor.update(bytes) : bytes);
      if (operation.congested) await operation.drained();
    }
    if (encryptor) send(encryptor.finish());
    operation.close();
    if (upload.isListed) return undefined;
    return {
      sizeBytes,
      digest: digest?.digest(),
      encryptionKey: key && this.#keys?.classKeys.wrapFileKey(protectionClassOf(file), key),
    };
  }

  #pathsOf({ file, id }: Upload): { phonePath: string; hostPath: string } {
    return {
      phonePath: `${PHONE_PATH}/${file.domain}/${file.relativePath}`,
      hostPath: this.#folder.snapshotPayload(id),
    };
  }

  /** Percent of the whole job. Sending is most of it. */
  #progress(): number {
    return this.#totalBytes === 0 ? 0 : (this.#sentBytes / this.#totalBytes) * 99;
  }
}

/** Sends a file as a phone does that cannot read it properly. @returns whether it is worth another try. */
function sendTroubled(
  operation: UploadOperation,
  { phonePath, hostPath }: { phonePath: string; hostPath: string },
  { file }: Upload,
  as: string,
): boolean {
  if (as === 'omit') return false;
  operation.open(phonePath, hostPath);
  if (as === 'modified') operation.data(Buffer.alloc(Math.max(1, Math.min(file.sizeBytes, 4096)), 0x2d));
  if (as === 'missing') operation.close(FINAL.notFound, 'No such file or directory');
  else operation.close(FINAL.inputOutput, 'File was modified while being read');
  return as !== 'missing';
}

function confirmedFile({ upload: { file, id }, stored }: Sent): ConfirmedFile {
  if (stored === undefined) return { id };
  const { domain, relativePath: path, contentVersion: version } = file;
  const row = {
    id,
    domain,
    path,
    version,
    meta: metaOf(file),
    flags: flagsOf(file),
    file: manifestEntry(file, stored),
  };
  return { id, row };
}

function checkKept(failed: ReadonlyMap<string, number>): void {
  if (failed.size === 0) return;
  if ([...failed.values()].includes(DL_STATUS.noSpace)) {
    throw new AgentError(MB_ERROR.computerFull, 'Insufficient free disk space on drive to back up');
  }
  throw new AgentError(MB_ERROR.writeFailed, 'Multiple errors uploading files');
}
