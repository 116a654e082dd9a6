import { createHash } from 'node:crypto';
import { FileDecryptor } from '../../../keybag/index.ts';
import type { ManifestEntry, MbFile } from '../../../snapshot/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import type { PhoneDisk } from '../../disk/index.ts';
import { reach, type Session } from '../session.ts';
import { downloadFiles, type FileReceiver } from '../wire/download.ts';
import type { RestoreSource } from './open-source.ts';
import { STAGING_DOMAIN } from './staging.ts';

/** A file of the backup with what its manifest entry says. */
export interface WantedFile {
  readonly entry: ManifestEntry;
  readonly details: MbFile;
}

/**
 * Fetches the content of files into the staging domain, each under its id, decrypted.
 *
 * @throws {AgentError} corrupt when one is missing or its bytes are not those that were backed up. @throws {HostGone}
 */
export async function receiveFiles(
  session: Session,
  source: RestoreSource,
  files: readonly WantedFile[],
): Promise<void> {
  const { batchFiles } = session.context.backup;
  const allBytes = sizeOf(files);
  let doneBytes = 0;
  for (let at = 0; at < files.length; at += batchFiles) {
    await reach(session, 'restore');
    const batch = files.slice(at, at + batchFiles);
    const progress = allBytes === 0 ? 0 : (doneBytes / allBytes) * 100;
    await receiveBatch(session, source, batch, progress);
    doneBytes += sizeOf(batch);
  }
}

async function receiveBatch(
  { link, context }: Session,
  { folder, classKeys }: RestoreSource,
  batch: readonly WantedFile[],
  progress: number,
): Promise<void> {
  const wanted = new Map(batch.map((file) => [folder.payload(file.entry.fileId), file]));
  const stage = new Stage(context.disk);
  const changed: string[] = [];
  const receive = (path: string): FileReceiver => {
    const file = wanted.get(path);
    if (file === undefined) throw new RangeError(`${path} is not in this batch`);
    const { encryptionKey, digest } = file.details;
    const key = encryptionKey && classKeys?.unwrapFileKey(encryptionKey);
    return receiver(stage.open(file.entry.fileId), key, digest, () => changed.push(path));
  };
  const options = { progress, totalBytes: sizeOf(batch), maxFrameBytes: context.backup.maxDownloadFrameBytes };
  const failed = await downloadFiles(link, [...wanted.keys()], receive, options);
  stage.flush();
  if (failed.size + changed.length > 0) {
    const [first] = [...failed.keys(), ...changed];
    throw new AgentError(MB_ERROR.corrupt, `Multiple errors downloading files (${first})`);
  }
}

/** Hashes what comes, decrypts it and hands it on. */
function receiver(
  out: StagedFile,
  key: Buffer | undefined,
  expected: Buffer | undefined,
  onChanged: () => void,
): FileReceiver {
  const digest = expected && createHash('sha1');
  const decryptor = key && new FileDecryptor(key);
  return {
    data: (bytes) => {
      digest?.update(bytes);
      out.write(decryptor ? decryptor.update(bytes) : bytes);
    },
    end: () => {
      const rest = decryptor?.finish();
      if (rest !== undefined) out.write(rest.content);
      out.finish();
      if (rest?.paddingIntact === false || (digest && expected && !digest.digest().equals(expected))) onChanged();
    },
  };
}

interface StagedFile {
  write(bytes: Uint8Array): void;
  finish(): void;
}

/** Files up to this size wait for each other and are written in one change: one by one they would take ten times as long. */
const SMALL_BYTES = 64 * 1024;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

class Stage {
  readonly #disk: PhoneDisk;
  #waiting: { id: string; content: Buffer }[] = [];
  #waitingBytes = 0;

  constructor(disk: PhoneDisk) {
    this.#disk = disk;
  }

  open(id: string): StagedFile {
    let pieces: Buffer[] = [];
    let sizeBytes = 0;
    let writer: ReturnType<PhoneDisk['openWriter']> | undefined;
    return {
      write: (bytes) => {
        sizeBytes += bytes.length;
        if (writer === undefined && sizeBytes <= SMALL_BYTES) {
          pieces.push(Buffer.from(bytes));
          return;
        }
        writer ??= this.#disk.openWriter(STAGING_DOMAIN, id);
        for (const piece of pieces) writer.write(piece);
        pieces = [];
        writer.write(bytes);
      },
      finish: () => {
        if (writer === undefined) this.#keep(id, Buffer.concat(pieces));
        else writer.finish();
      },
    };
  }

  flush(): void {
    const files = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#disk.batch(() => {
      for (const { id, content } of files) this.#disk.writeFile(STAGING_DOMAIN, id, content);
    });
  }

  #keep(id: string, content: Buffer): void {
    this.#waiting.push({ id, content });
    this.#waitingBytes += content.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.flush();
  }
}

function sizeOf(files: readonly WantedFile[]): number {
  return files.reduce((total, { details }) => total + (details.sizeBytes ?? 0), 0);
}
