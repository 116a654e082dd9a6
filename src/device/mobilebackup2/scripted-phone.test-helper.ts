import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { asDictionary, type PlistDictionary, PlistReal, type PlistValue } from '../../formats/index.ts';
import { DeviceLinkConnection } from '../devicelink/device-link.test-helper.ts';
import { encodeFrame, END_OF_FILES } from '../devicelink/frame.ts';
import type { DeviceLinkMessage } from '../devicelink/messages.ts';
import type { MobileBackupEvent } from './events.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import type { MobileBackupRequest, MobileBackupResponse } from './requests.ts';
import { runMobileBackup } from './run.ts';

export const UDID = '00008110-000A1B2C3D4E5F60';

/** A file as it goes up: pieces, then the code it ends with. */
export interface PhoneFile {
  readonly path: string;
  readonly pieces?: readonly (string | Buffer)[];
  readonly end?: number;
  readonly text?: string;
}

/** The device's side of a conversation, driven step by step by a test. */
export class ScriptedPhone {
  readonly link: DeviceLinkConnection;

  constructor(link: DeviceLinkConnection) {
    this.link = link;
  }

  /** The handshake up to the request, which is returned. */
  async greet(version = 400): Promise<PlistDictionary> {
    await this.link.writeMessage(['DLMessageVersionExchange', version, 0]);
    assert.deepEqual(await this.link.readMessage(), [
      'DLMessageVersionExchange',
      'DLVersionsOk',
      Math.min(400, version),
    ]);
    await this.link.writeMessage(['DLMessageDeviceReady']);
    const hello = asDictionary((await this.link.readMessage())?.[1]);
    assert.deepEqual(hello?.['SupportedProtocolVersions'], [new PlistReal(2), new PlistReal(2.1)]);
    await this.respond(0, { ProtocolVersion: new PlistReal(2.1) });
    return asDictionary((await this.link.readMessage())?.[1]) ?? {};
  }

  /** Asks for something and returns the host's answer without its name. */
  async ask(...message: DeviceLinkMessage): Promise<PlistValue[]> {
    await this.link.writeMessage(message);
    return await this.answer();
  }

  async answer(): Promise<PlistValue[]> {
    const [name, ...rest] = (await this.link.readMessage()) ?? ['nothing'];
    assert.equal(name, 'DLMessageStatusResponse');
    assert.equal(rest.length, 3);
    return rest;
  }

  async upload(files: readonly PhoneFile[], progress = 0, totalBytes = 0): Promise<PlistValue[]> {
    await this.link.writeMessage(['DLMessageUploadFiles', {}, new PlistReal(progress), totalBytes]);
    await this.link.write(encodeUpload(files));
    return await this.answer();
  }

  /** Fetches files; `text` and `code` are those of each file's last frame. */
  async download(
    paths: readonly string[],
  ): Promise<{ files: Map<string, { content: Buffer; code: number; text: string }>; answer: PlistValue[] }> {
    await this.link.writeMessage(['DLMessageDownloadFiles', [...paths], {}, new PlistReal(0), 0]);
    const files = new Map<string, { content: Buffer; code: number; text: string }>();
    for (let path = await this.#frame(); path.length > 0; path = await this.#frame()) {
      const pieces: Buffer[] = [];
      let frame = await this.#frame();
      for (; frame[0] === 0x0c; frame = await this.#frame()) pieces.push(frame.subarray(1));
      assert.ok(pieces.every((piece) => piece.length > 0 && piece.length <= 32 * 1024));
      files.set(path.toString(), {
        content: Buffer.concat(pieces),
        code: frame[0] ?? -1,
        text: frame.toString('utf8', 1),
      });
    }
    return { files, answer: await this.answer() };
  }

  async respond(ErrorCode: number, more: PlistDictionary = {}): Promise<void> {
    await this.link.writeMessage(['DLMessageProcessMessage', { MessageName: 'Response', ErrorCode, ...more }]);
  }

  async #frame(): Promise<Buffer> {
    return (await this.link.readFrame(1024 * 1024)) ?? assert.fail('the host closed the connection');
  }
}

export function encodeUpload(files: readonly PhoneFile[]): Buffer {
  const frames = files.flatMap(({ path, pieces = [], end = 0, text = '' }) => [
    encodeFrame(Buffer.from(`/.b/6/${path}`)),
    encodeFrame(Buffer.from(path)),
    ...pieces.map((piece) => encodeFrame(Buffer.concat([Buffer.of(0x0c), Buffer.from(piece)]))),
    encodeFrame(Buffer.concat([Buffer.of(end), Buffer.from(text)])),
  ]);
  return Buffer.concat([...frames, END_OF_FILES]);
}

export interface Conversation {
  readonly result: Promise<MobileBackupResponse>;
  readonly events: MobileBackupEvent[];
  readonly target: MemoryTarget;
}

/** Runs a job against a phone that behaves as `script` says, and returns when both are through. */
export async function converse(
  script: (phone: ScriptedPhone, stream: { destroy(): void }) => Promise<void>,
  options: { request?: MobileBackupRequest; target?: MemoryTarget; signal?: AbortSignal } = {},
): Promise<Conversation> {
  const [stream, device] = duplexPair();
  // As from a socket, what is read is a copy: the writer uses its buffers again.
  const push = device.push.bind(device);
  device.push = (chunk: Buffer | null) => push(chunk === null ? null : Buffer.from(chunk));
  const target = options.target ?? new MemoryTarget();
  const events: MobileBackupEvent[] = [];
  const result = runMobileBackup({
    stream,
    request: options.request ?? { kind: 'backup', udid: UDID },
    target,
    signal: options.signal,
    onEvent: (event) => events.push(event.kind === 'progress' ? { ...event, counters: { ...event.counters } } : event),
  });
  result.catch(() => {});
  await script(new ScriptedPhone(new DeviceLinkConnection(device)), device);
  await Promise.allSettled([result]);
  device.destroy();
  return { result, events, target };
}

/** A conversation with the handshake and the final response around it. */
export async function backUp(
  script: (phone: ScriptedPhone) => Promise<void>,
  options: Parameters<typeof converse>[1] = {},
): Promise<Conversation> {
  return await converse(async (phone) => {
    await phone.greet();
    await script(phone);
    await phone.respond(0);
  }, options);
}
