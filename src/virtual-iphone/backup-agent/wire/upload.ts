/**
 * Files to the host (DLMessageUploadFiles). For each: the phone's path, the host's path, frames of `0x0C` + data, one
 * frame of a final code; after the last an empty frame, then the host's status.
 */
import { PlistReal } from '../../../formats/index.ts';
import type { HostLink } from './host-link.ts';
import { DL_STATUS, parseMultiStatus } from './messages.ts';

const CODE_DATA = 0x0c;

/** How a file ends: a DeviceLink status without its sign. */
export const FINAL = { ok: 0x00, notFound: 0x06, inputOutput: 0x0b } as const;

/** One UploadFiles operation. `begin` → per file `open`, `data`…, `close` → `end`. */
export class UploadOperation {
  readonly #link: HostLink;
  readonly #hostPaths = new Set<string>();

  constructor(link: HostLink, options: { progress: number; totalBytes: number }) {
    this.#link = link;
    link.announce('DLMessageUploadFiles', {}, new PlistReal(options.progress), options.totalBytes);
  }

  /** Begins a file. `phonePath` is only ever shown; `hostPath` is where it goes. */
  open(phonePath: string, hostPath: string): void {
    this.#hostPaths.add(hostPath);
    this.#link.writer.text(phonePath);
    this.#link.writer.text(hostPath);
  }

  data(bytes: Uint8Array): void {
    this.#link.writer.code(CODE_DATA, bytes);
  }

  close(final: number = FINAL.ok, text = ''): void {
    if (text === '') this.#link.writer.code(final);
    else this.#link.writer.code(final, Buffer.from(text));
  }

  /** Says, in the place of a file's next frame, that the phone is still there. */
  ping(): void {
    this.#link.announce('DLMessagePing', 'Still sending');
  }

  /** Ends the session there. */
  sayGoodbye(reason: string): never {
    this.#link.sayGoodbye(reason);
  }

  /** Whether the network is behind; then `drained` is to be awaited before more is written. */
  get congested(): boolean {
    return this.#link.writer.congested;
  }

  async drained(): Promise<void> {
    await this.#link.writer.drained();
    this.#link.checkSilence();
  }

  /** Ends the operation without waiting for the host's answer, so that the phone can use the time. */
  finish(): void {
    this.#link.checkSilence();
    this.#link.writer.terminator();
    this.#link.writer.flush();
  }

  /**
   * The host's answer.
   *
   * @returns the files it could not keep, with their status; all of them when it names none.
   * @throws {HostGone}
   */
  async answer(): Promise<Map<string, number>> {
    const { code, value } = await this.#link.done('DLMessageUploadFiles');
    if (code === DL_STATUS.ok) return new Map();
    if (code !== DL_STATUS.multiStatus) return new Map([...this.#hostPaths].map((path) => [path, code]));
    return this.#link.checked(() => parseMultiStatus(value, (path) => this.#hostPaths.has(path)));
  }
}
