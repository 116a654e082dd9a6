import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { FileEncryptor } from '../../../keybag/index.ts';
import { AgentError, errorOfStatus, MB_ERROR } from '../agent-error.ts';
import type { HostLink } from '../wire/host-link.ts';
import { DL_STATUS } from '../wire/messages.ts';
import { UploadOperation } from '../wire/upload.ts';

const SLICE_BYTES = 256 * 1024;

/** What the phone calls these files is never looked at; it makes them in a folder of the backup agent. */
const PHONE_DIRECTORY = '/.ba/mobile/MobileBackup';

/** Writes a small file into the host's folder. @throws {AgentError} @throws {HostGone} */
export async function writeFile(link: HostLink, path: string, bytes: Uint8Array, progress: number): Promise<void> {
  const operation = new UploadOperation(link, { progress, totalBytes: bytes.length });
  operation.open(`${PHONE_DIRECTORY}/${path}`, path);
  operation.data(bytes);
  operation.close();
  operation.finish();
  checkWritten(path, await operation.answer());
}

/**
 * Sends a file of this computer, encrypted when a key is given.
 *
 * @returns SHA-1 of the bytes sent, in hexadecimal.
 * @throws {AgentError} @throws {HostGone}
 */
export async function writeLocalFile(
  link: HostLink,
  path: string,
  localPath: string,
  key: Uint8Array | undefined,
  totalBytes: number,
): Promise<string> {
  const operation = new UploadOperation(link, { progress: 99, totalBytes });
  operation.open(`${PHONE_DIRECTORY}/${path}`, path);
  const digest = createHash('sha1');
  const encryptor = key && new FileEncryptor(key);
  for (const slice of slicesOf(localPath)) {
    const stored = encryptor ? encryptor.update(slice) : slice;
    digest.update(stored);
    operation.data(stored);
    if (operation.congested) await operation.drained();
  }
  const rest = encryptor?.finish();
  if (rest !== undefined) {
    digest.update(rest);
    operation.data(rest);
  }
  operation.close();
  operation.finish();
  checkWritten(path, await operation.answer());
  return digest.digest('hex');
}

/** The bytes of a file; each slice is overwritten by the next. */
function* slicesOf(path: string): Generator<Buffer> {
  const slice = Buffer.allocUnsafe(SLICE_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const got = readSync(descriptor, slice, 0, SLICE_BYTES, null);
      if (got === 0) return;
      yield slice.subarray(0, got);
    }
  } finally {
    closeSync(descriptor);
  }
}

function checkWritten(path: string, failed: ReadonlyMap<string, number>): void {
  const status = failed.get(path);
  if (status === undefined) return;
  if (status === DL_STATUS.noSpace) throw errorOfStatus(status, 'Insufficient free disk space on drive to back up');
  throw new AgentError(MB_ERROR.writeFailed, `Error uploading ${path}`);
}
