import type { Duplex } from 'node:stream';
import {
  asDictionary,
  decodePlist,
  encodeBinaryPlist,
  encodeXmlPlist,
  PlistReal,
  type PlistDictionary,
  type PlistValue,
} from '../../../formats/index.ts';
import { ByteQueue } from '../../../shared/byte-queue.ts';
import { MemoryFolder } from './memory-folder.ts';

const EMPTY = '___EmptyParameterString___';
const DOWNLOAD_CHUNK_BYTES = 32 * 1024;

export type Operation = readonly [name: string, ...args: PlistValue[]];

/** What a test changes of the well-behaved host. Each returns true when it has dealt with the operation itself. */
export interface HostManners {
  /** Called with every operation before the host carries it out. */
  readonly before?: (operation: Operation, host: ScriptedHost) => boolean | void | Promise<boolean | void>;
  /** Called with each file as it arrived; its return value becomes the file's DeviceLink status. */
  readonly keep?: (path: string, bytes: Buffer) => number | void;
  /** Speaks as pymobiledevice3 does: XML, and negative codes as the unsigned numbers of the same bits. */
  readonly dialect?: 'xml';
  /** How much of a file goes into one frame. */
  readonly downloadChunkBytes?: number;
}

/**
 * A computer for tests: speaks DeviceLink as a good host does, keeps its folder in memory, and writes down what it was
 * asked. A second implementation of the host's side, so that the phone is not only tested with our own.
 */
export class ScriptedHost {
  readonly folder: MemoryFolder;
  /** Every operation of the phone, in order. */
  readonly operations: Operation[] = [];
  /** Host paths of all files that arrived whole, in order. */
  readonly uploads: string[] = [];
  manners: HostManners = {};
  readonly #stream: Duplex;
  readonly #queue = new ByteQueue();
  #wake: (() => void) | undefined;
  #isEnded = false;

  constructor(stream: Duplex, folder: MemoryFolder) {
    this.#stream = stream;
    this.folder = folder;
    stream.on('data', (chunk: Buffer) => {
      // A pair of streams in memory hands over the writer's own buffer, which a socket would have copied.
      this.#queue.push(Buffer.from(chunk));
      this.#notify();
    });
    const end = (): void => {
      this.#isEnded = true;
      this.#notify();
    };
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', end);
  }

  /** Agrees on a version, says Hello. @returns the answer to Hello. */
  async greet(wanted: { version?: number; versions?: PlistValue[] } = {}): Promise<PlistDictionary> {
    const { version, versions = [new PlistReal(2), new PlistReal(2.1)] } = wanted;
    const [, offered = null] = await this.message();
    this.send('DLMessageVersionExchange', 'DLVersionsOk', version ?? offered);
    await this.message();
    this.send('DLMessageProcessMessage', { MessageName: 'Hello', SupportedProtocolVersions: versions });
    return asDictionary((await this.message())[1]) ?? {};
  }

  /** Sends a request and serves the phone until it answers. @returns the Response. */
  async request(request: PlistDictionary): Promise<PlistDictionary> {
    this.send('DLMessageProcessMessage', request);
    for (;;) {
      const operation = await this.message();
      const [name, ...args] = operation;
      if (name === 'DLMessageProcessMessage') return asDictionary(args[0]) ?? {};
      if (name === 'DLMessagePing') continue;
      this.operations.push(operation);
      if ((await this.manners.before?.(operation, this)) === true) continue;
      await this.#serve(name, args);
    }
  }

  send(...message: PlistValue[]): void {
    this.sendFrame(this.manners.dialect === 'xml' ? encodeXmlPlist(message) : encodeBinaryPlist(message));
  }

  sendFrame(body: Uint8Array): void {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    this.#stream.write(header);
    this.#stream.write(body);
  }

  status(code: number | bigint, text = '', value: PlistValue = EMPTY): void {
    this.send('DLMessageStatusResponse', this.#spelled(code), text || EMPTY, value);
  }

  multiStatus(failed: ReadonlyMap<string, number>): void {
    const entries = [...failed].map(([path, code]) => [
      path,
      { DLFileErrorCode: this.#spelled(code), DLFileErrorString: 'no' },
    ]);
    this.status(-13, 'Multi status', Object.fromEntries(entries) as PlistDictionary);
  }

  async message(): Promise<Operation> {
    const value = decodePlist(await this.frame());
    if (!Array.isArray(value) || typeof value[0] !== 'string') throw new Error('not a message');
    return value as unknown as Operation; // checked above
  }

  async frame(): Promise<Buffer> {
    while (this.#queue.length < 4) await this.#more();
    const length = this.#queue.readUInt32BE();
    while (this.#queue.length < length) await this.#more();
    return this.#queue.take(length);
  }

  close(): void {
    this.send('DLMessageDisconnect', EMPTY);
    this.#stream.end();
  }

  /** Reads an upload up to its end. @returns the status of files that were not kept. */
  async receiveUpload(): Promise<Map<string, number>> {
    const failed = new Map<string, number>();
    for (;;) {
      const phonePath = await this.frame();
      if (phonePath.length === 0) return failed;
      const path = (await this.frame()).toString();
      const chunks: Buffer[] = [];
      for (;;) {
        const frame = await this.frame();
        if (frame[0] !== 0x0c) {
          const bytes = Buffer.concat(chunks);
          const status = frame[0] === 0 ? this.#keep(path, bytes) : 0;
          if (status !== 0) failed.set(path, status);
          break;
        }
        chunks.push(frame.subarray(1));
      }
    }
  }

  async #serve(name: string, args: readonly PlistValue[]): Promise<void> {
    const [first, second] = args;
    const path = typeof first === 'string' ? first : '';
    const paths = Array.isArray(first) ? first.map(textOf) : [];
    switch (name) {
      case 'DLMessageUploadFiles': {
        const failed = await this.receiveUpload();
        if (failed.size > 0) this.multiStatus(failed);
        else this.status(0);
        return;
      }
      case 'DLMessageDownloadFiles':
        return this.sendFiles(paths);
      case 'DLContentsOfDirectory':
        return this.status(0, '', this.#listing(path));
      case 'DLMessageCreateDirectory':
        this.folder.makeDirectory(path);
        return this.status(0);
      case 'DLMessageMoveItems':
      case 'DLMessageMoveFiles': {
        const moves = Object.entries(asDictionary(first) ?? {});
        const missing = moves.filter(([from, to]) => !this.folder.move(from, textOf(to))).map(([from]) => from);
        if (missing.length > 0) return this.multiStatus(new Map(missing.map((from) => [from, -6])));
        return this.status(0);
      }
      case 'DLMessageRemoveItems':
      case 'DLMessageRemoveFiles':
        for (const each of paths) this.folder.remove(each);
        return this.status(0);
      case 'DLMessageCopyItem':
        for (const each of this.folder.files(path)) {
          this.folder.write(`${textOf(second)}${each.slice(path.length)}`, this.folder.read(each) ?? Buffer.alloc(0));
        }
        return this.status(0);
      case 'DLMessageGetFreeDiskSpace':
        return this.status(0, '', this.folder.freeBytes);
      case 'DLMessagePurgeDiskSpace':
        return this.status(0, '', 0);
      default:
        return this.status(-2, 'unimplemented');
    }
  }

  sendFiles(paths: readonly string[]): void {
    const missing: string[] = [];
    for (const path of paths) {
      this.sendFrame(Buffer.from(path));
      const bytes = this.folder.read(path);
      if (bytes === undefined) {
        missing.push(path);
        this.sendFrame(Buffer.concat([Buffer.of(6), Buffer.from('No such file or directory')]));
        continue;
      }
      const { downloadChunkBytes = DOWNLOAD_CHUNK_BYTES } = this.manners;
      for (let at = 0; at < bytes.length; at += downloadChunkBytes) {
        this.sendFrame(Buffer.concat([Buffer.of(0x0c), bytes.subarray(at, at + downloadChunkBytes)]));
      }
      this.sendFrame(Buffer.of(0));
    }
    this.sendFrame(Buffer.alloc(0));
    if (missing.length > 0) this.multiStatus(new Map(missing.map((path) => [path, -6])));
    else this.status(0);
  }

  #spelled(code: number | bigint): number | bigint {
    return this.manners.dialect === 'xml' && code < 0 ? BigInt.asUintN(64, BigInt(code)) : code;
  }

  #keep(path: string, bytes: Buffer): number {
    const status = this.manners.keep?.(path, bytes) ?? 0;
    if (status !== 0) return status;
    this.uploads.push(path);
    this.folder.write(path, Buffer.from(bytes));
    return 0;
  }

  #listing(path: string): PlistDictionary {
    const entries = [...(this.folder.list(path) ?? [])].map(([name, entry]) => [
      name,
      {
        DLFileType: entry === 'directory' ? 'DLFileTypeDirectory' : 'DLFileTypeRegular',
        DLFileSize: entry === 'directory' ? 0 : entry.length,
        DLFileModificationDate: new Date(0),
      },
    ]);
    return Object.fromEntries(entries) as PlistDictionary;
  }

  #more(): Promise<void> {
    if (this.#isEnded) throw new Error('the phone hung up');
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function textOf(value: PlistValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError('the phone did not send a path');
  return value;
}
