import { createHash } from 'node:crypto';
import { AgentError, errorOfStatus, MB_ERROR } from '../agent-error.ts';
import type { Session } from '../session.ts';
import { downloadFiles, type FileReceiver } from '../wire/download.ts';
import { DL_STATUS } from '../wire/messages.ts';

/** Property lists of a backup folder stay far below this, but for Info.plist with its icons. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads a small file of the host's folder into memory.
 *
 * @returns undefined when the host does not have it.
 * @throws {AgentError} malformed when it is empty: a host that sends nothing for a file it does not have.
 * @throws {HostGone}
 */
export async function readFile(session: Session, path: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const status = await receive(session, path, {
    data: (bytes) => {
      sizeBytes += bytes.length;
      if (sizeBytes <= MAX_FILE_BYTES) chunks.push(Buffer.from(bytes));
    },
    end: () => {},
  });
  if (status === DL_STATUS.notFound) return undefined;
  if (status !== DL_STATUS.ok) throw errorOfStatus(status, `Error reading ${path}`);
  if (sizeBytes > MAX_FILE_BYTES) throw new AgentError(MB_ERROR.readFailed, 'Error reading backup properties');
  if (sizeBytes === 0) {
    session.link.report('devicelink.missing-as-empty', `${path} came without a byte`);
    throw new AgentError(MB_ERROR.malformed, `${path} is empty`);
  }
  return Buffer.concat(chunks);
}

/** SHA-1 of a file of the host's folder, in hexadecimal; undefined when the host does not have it. */
export async function digestOfFile(session: Session, path: string): Promise<string | undefined> {
  const digest = createHash('sha1');
  const status = await receive(session, path, { data: (bytes) => void digest.update(bytes), end: () => {} });
  if (status === DL_STATUS.notFound) return undefined;
  if (status !== DL_STATUS.ok) throw errorOfStatus(status, `Error reading ${path}`);
  return digest.digest('hex');
}

async function receive({ link, context }: Session, path: string, receiver: FileReceiver): Promise<number> {
  const options = { progress: 0, totalBytes: 0, maxFrameBytes: context.backup.maxDownloadFrameBytes };
  const failed = await downloadFiles(link, [path], () => receiver, options);
  return failed.get(path) ?? DL_STATUS.ok;
}
