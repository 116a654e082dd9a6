/**
 * Files from the host (DLMessageDownloadFiles). For each, in any order: its path exactly as asked for, frames of
 * `0x0C` + data, one frame of a final code; after the last an empty frame, then the status.
 */
import { PlistReal } from '../../../formats/index.ts';
import type { HostLink } from './host-link.ts';
import { DL_STATUS, HostBreach, parseMultiStatus } from './messages.ts';

const CODE_DATA = 0x0c;
const MAX_PATH_BYTES = 4096;
/** The final code is a byte and perhaps a sentence. */
const MAX_FINAL_BYTES = 64 * 1024;
/** What Apple's own hosts send. A phone holds a frame in memory as a whole: large ones have its agent killed. */
const MAX_DATA_BYTES = 32 * 1024;

/** Takes one file as it comes. Synchronous: nothing in the phone has to wait for anything. */
export interface FileReceiver {
  data(bytes: Buffer): void;
  /** The file is complete. Not called for a file the host could not send. */
  end(): void;
}

export interface DownloadOptions {
  /** 0–100 for the whole job. */
  readonly progress: number;
  readonly totalBytes: number;
  /** Above this the agent is killed and the connection drops. */
  readonly maxFrameBytes: number;
}

/**
 * Asks the host for files.
 *
 * @returns the files that did not come, with the DeviceLink status of each.
 * @throws {HostGone}
 */
export async function downloadFiles(
  link: HostLink,
  paths: readonly string[],
  receive: (path: string) => FileReceiver,
  options: DownloadOptions,
): Promise<Map<string, number>> {
  link.send('DLMessageDownloadFiles', [...paths], {}, new PlistReal(options.progress), options.totalBytes);
  const open = new Set(paths);
  const failed = new Map<string, number>();
  for (;;) {
    const path = (await nextFrame(link, MAX_PATH_BYTES)).toString('utf8');
    if (path === '') break;
    link.checked(() => checkPath(path, open, paths));
    open.delete(path);
    const status = await receiveFile(link, receive(path), options.maxFrameBytes);
    if (status !== DL_STATUS.ok) failed.set(path, status);
  }
  await checkAnswer(link, failed, new Set(paths));
  for (const path of open) failed.set(path, failed.get(path) ?? DL_STATUS.notFound);
  return failed;
}

/** Receives one file's frames up to its final one. Returns the status the host ended it with. */
async function receiveFile(link: HostLink, receiver: FileReceiver, maxFrameBytes: number): Promise<number> {
  let tooLong = false;
  for (;;) {
    const frame = await nextFrame(link, Number.MAX_SAFE_INTEGER, maxFrameBytes);
    const code = frame[0];
    if (code === CODE_DATA) {
      if (frame.length - 1 > MAX_DATA_BYTES && !tooLong) {
        tooLong = true;
        link.report('devicelink.download-frame', `a frame of ${frame.length - 1} bytes; phones take ${MAX_DATA_BYTES}`);
      }
      receiver.data(frame.subarray(1));
      continue;
    }
    link.checked(() => {
      if (code === undefined || frame.length > MAX_FINAL_BYTES) {
        throw new HostBreach('devicelink.download-final', `a final frame of ${frame.length} bytes`, 'Invalid frame');
      }
    });
    if (code === 0) receiver.end();
    return code === 0 ? DL_STATUS.ok : -(code ?? 1);
  }
}

/** The next frame, waiting for it. Waits only when it has not arrived: most have. */
async function nextFrame(link: HostLink, mostBytes: number, fatalBytes = mostBytes): Promise<Buffer> {
  for (;;) {
    const length = link.reader.peekLength();
    if (length !== undefined && length - 1 > fatalBytes) {
      if (fatalBytes !== mostBytes) {
        link.report('devicelink.download-frame', `a frame of ${length} bytes, which kills the backup agent`);
        link.drop('the backup agent was killed for its memory');
      }
      link.checked(() => {
        throw new HostBreach('devicelink.download-path', `a path of ${length} bytes`, 'Invalid path');
      });
    }
    const frame = link.reader.tryFrame();
    if (frame !== undefined) return frame;
    await link.reader.more();
  }
}

function checkPath(path: string, open: ReadonlySet<string>, paths: readonly string[]): void {
  if (open.has(path)) return;
  const what = paths.includes(path) ? 'came twice' : 'was not asked for';
  throw new HostBreach('devicelink.download-path', `${JSON.stringify(path)} ${what}`, 'Unexpected file');
}

/** The status has to name the files that did not come, and no others. */
async function checkAnswer(link: HostLink, failed: Map<string, number>, asked: ReadonlySet<string>): Promise<void> {
  const { code, value } = await link.done('DLMessageDownloadFiles');
  if (code === DL_STATUS.ok && failed.size > 0) {
    link.report('devicelink.download-status', `status 0 although ${[...failed.keys()].join(', ')} failed`);
  }
  if (code !== DL_STATUS.multiStatus) {
    if (code !== DL_STATUS.ok) for (const path of asked) failed.set(path, code);
    return;
  }
  const told = link.checked(() => parseMultiStatus(value, (path) => asked.has(path)));
  for (const path of failed.keys()) {
    if (!told.has(path)) link.report('devicelink.download-status', `the multi-status does not name ${path}`);
  }
  for (const [path, status] of told) failed.set(path, status);
}
