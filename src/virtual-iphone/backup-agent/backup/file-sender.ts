import { encryptedSize } from '../../../keybag/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import type { ConfirmedFile } from '../ledger/ledger.ts';
import { reach, type Session } from '../session.ts';
import { DL_STATUS } from '../wire/messages.ts';
import { UploadOperation } from '../wire/upload.ts';
import { ContentSender } from './content-sender.ts';
import { metaOf } from './files-to-send.ts';
import { flagsOf, manifestEntry, type StoredContent } from './manifest-entry.ts';
import type { Run } from './run.ts';
import type { Upload } from './scan.ts';

/** A file that arrived whole. */
interface Sent {
  readonly upload: Upload;
  readonly stored: StoredContent | undefined;
}

/** Sends files in batches, and enters into the ledger what the host confirms. */
export class FileSender {
  readonly #session: Session;
  readonly #run: Run;
  readonly #content: ContentSender;
  readonly #totalBytes: number;
  #sentBytes = 0;
  /** What the host has kept and the ledger does not know yet. */
  #confirmed: ConfirmedFile[] = [];

  constructor(session: Session, run: Run, uploads: readonly Upload[]) {
    this.#session = session;
    this.#run = run;
    this.#content = new ContentSender(session.context, run.folder, run.keys);
    this.#totalBytes = this.#sizeOf(uploads);
  }

  /** Bytes all files together take on the computer. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /**
   * Sends the files, and once more those that changed while they were read. One that changes again stays out of the
   * backup.
   *
   * @throws {AgentError} when the host could not keep a file. @throws {HostGone}
   */
  async send(uploads: readonly Upload[]): Promise<void> {
    const { ledger } = this.#run;
    try {
      const changed = await this.#sendAll(uploads, 'upload');
      const again = changed.flatMap((upload) => this.#asItIsNow(upload) ?? []);
      await this.#sendAll(again, 'upload-retry');
    } finally {
      ledger.enter(this.#confirmed);
      this.#confirmed = [];
      ledger.flush();
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
    const { link, context } = this.#session;
    const totalBytes = this.#sizeOf(batch);
    const operation = new UploadOperation(link, { progress: this.#progress(), totalBytes });
    const sent: Sent[] = [];
    for (const upload of batch) {
      const trouble = context.faults.hit('mobilebackup2:read-file');
      const sending =
        trouble?.kind === 'behave'
          ? this.#content.sendTroubled(operation, upload, trouble.as)
          : this.#content.send(operation, upload);
      const result = sending instanceof Promise ? await sending : sending;
      if (result.kind === 'sent') sent.push({ upload, stored: result.stored });
      if (result.kind === 'changed') changed.push(upload);
      if (operation.congested) await operation.drained();
    }
    operation.finish();
    // The host is busy now: time to keep the books.
    this.#run.ledger.enter(this.#confirmed);
    this.#confirmed = [];
    const files = sent.map(confirmedFile);
    checkKept(await operation.answer());
    this.#confirmed = files;
    this.#sentBytes += totalBytes;
  }

  /** The file as it is after it changed; undefined when it is gone. */
  #asItIsNow({ file: { domain, relativePath }, id }: Upload): Upload | undefined {
    const file = this.#session.context.disk.get(domain, relativePath);
    return file?.kind === 'file' ? { file, id, isListed: false } : undefined;
  }

  #sizeOf(uploads: readonly Upload[]): number {
    const isEncrypted = this.#run.keys !== undefined;
    return uploads.reduce(
      (sum, { file: { sizeBytes } }) => sum + (isEncrypted ? encryptedSize(sizeBytes) : sizeBytes),
      0,
    );
  }

  /** Percent of the whole job. Sending is most of it. */
  #progress(): number {
    return this.#totalBytes === 0 ? 0 : (this.#sentBytes / this.#totalBytes) * 99;
  }
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
