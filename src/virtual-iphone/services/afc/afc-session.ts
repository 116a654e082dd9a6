import {
  AFC_LINK,
  AFC_LOCK,
  AFC_OPEN_MODE,
  AFC_OPERATION,
  AFC_STATUS,
  encodeAfcArgs,
  encodeAfcPacket,
  readAfcNumber,
  readAfcStrings,
  type AfcPacket,
} from '../../../device/index.ts';
import type { PhoneContext } from '../../context.ts';
import { AfcError, afcStatusOf } from './afc-error.ts';
import { AfcFiles } from './afc-files.ts';
import type { AfcRoot } from './afc-root.ts';
import type { OpenFile, OpenFiles } from './open-files.ts';

/** The most a single Read gives, whatever was asked for. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
const NS_PER_MS = 1_000_000n;

interface Handle {
  readonly file: OpenFile;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly appends: boolean;
  position: number;
}

interface Reply {
  readonly operation: number;
  readonly args?: Uint8Array;
  readonly payload?: Uint8Array;
}

type Handler = (session: AfcSession, packet: AfcPacket) => Reply;

const NAME_OF = new Map<number, string>(Object.entries(AFC_OPERATION).map(([name, code]) => [code, name]));

/** The state of one AFC connection, its open handles, and the answers to its requests. */
export class AfcSession {
  readonly files: AfcFiles;
  readonly #context: PhoneContext;
  readonly #openFiles: OpenFiles;
  readonly #handles = new Map<number, Handle>();
  #lastHandle = 0;

  constructor(context: PhoneContext, root: AfcRoot, openFiles: OpenFiles) {
    this.#context = context;
    this.#openFiles = openFiles;
    this.files = new AfcFiles(context, root, openFiles);
  }

  /** The whole reply to one request. */
  answer(packet: AfcPacket, forcedStatus?: number): Buffer {
    const { packetNumber } = packet;
    return encodeAfcPacket({
      packetNumber,
      ...(forcedStatus === undefined ? this.#reply(packet) : status(forcedStatus)),
    });
  }

  /** Ends the connection: handles close, locks fall, what was written is saved. */
  close(): void {
    for (const number of this.#handles.keys()) this.closeHandle(number);
  }

  openFile(mode: number, path: string): number {
    const modes = AFC_OPEN_MODE;
    if (mode < modes.read || mode > modes.appendRead) throw new AfcError('invalidArgument');
    const location = this.files.openable(path, mode !== modes.read);
    const handle: Handle = {
      file: this.#openFiles.open(location),
      readable: mode !== modes.write && mode !== modes.append,
      writable: mode !== modes.read,
      appends: mode === modes.append || mode === modes.appendRead,
      position: 0,
    };
    if (mode === modes.write || mode === modes.writeRead) handle.file.resize(0);
    if (handle.appends) handle.position = handle.file.sizeBytes;
    this.#handles.set(++this.#lastHandle, handle);
    return this.#lastHandle;
  }

  closeHandle(number: number): void {
    const handle = this.handle(number);
    this.#handles.delete(number);
    this.#openFiles.close(handle.file, handle);
  }

  handle(number: number): Handle {
    const handle = this.#handles.get(number);
    if (handle === undefined) throw new AfcError('invalidArgument');
    return handle;
  }

  lock(handle: Handle, operation: number): boolean {
    const { locks } = this.#openFiles;
    switch (operation | 4) {
      case AFC_LOCK.unlock:
        locks.release(handle.file.key, handle);
        return true;
      case AFC_LOCK.shared:
        return locks.acquire(handle.file.key, handle, 'shared');
      case AFC_LOCK.exclusive:
        return locks.acquire(handle.file.key, handle, 'exclusive');
      default:
        throw new AfcError('invalidArgument');
    }
  }

  #reply(packet: AfcPacket): Reply {
    const handler = HANDLERS.get(packet.operation);
    if (handler === undefined) {
      this.#context.breaches.report('afc.operation', `there is no operation ${packet.operation}`);
      return status(AFC_STATUS.unknownPacketType);
    }
    try {
      return handler(this, packet);
    } catch (error) {
      const code = afcStatusOf(error);
      if (code === undefined) throw error;
      return status(code);
    }
  }
}

/** The name of an operation, for the fault plan. */
export function afcOperationName(operation: number): string {
  return NAME_OF.get(operation) ?? String(operation);
}

const HANDLERS = new Map<number, Handler>([
  [AFC_OPERATION.readDirectory, ({ files }, { args }) => strings(files.list(pathOf(args)))],
  [AFC_OPERATION.fileInfo, ({ files }, { args }) => pairs(files.info(pathOf(args)))],
  [AFC_OPERATION.deviceInfo, ({ files }) => pairs(files.deviceInfo())],
  [AFC_OPERATION.hash, ({ files }, { args }) => data(files.hash(pathOf(args)))],
  [AFC_OPERATION.makeDirectory, ({ files }, { args }) => done(files.makeDirectory(pathOf(args)))],
  [AFC_OPERATION.removePath, ({ files }, { args }) => done(files.remove(pathOf(args), false))],
  [AFC_OPERATION.removeTree, ({ files }, { args }) => done(files.remove(pathOf(args), true))],
  [AFC_OPERATION.rename, rename],
  [AFC_OPERATION.makeLink, makeLink],
  [AFC_OPERATION.setModifiedTime, setModifiedTime],
  [AFC_OPERATION.truncate, truncate],
  [AFC_OPERATION.open, open],
  [AFC_OPERATION.close, (session, { args }) => done(session.closeHandle(readAfcNumber(args, 0)))],
  [AFC_OPERATION.read, read],
  [AFC_OPERATION.write, write],
  [AFC_OPERATION.seek, seek],
  [AFC_OPERATION.tell, tell],
  [AFC_OPERATION.setSize, setSize],
  [AFC_OPERATION.lock, lock],
]);

function rename({ files }: AfcSession, { args }: AfcPacket): Reply {
  const [from, to] = readAfcStrings(args);
  if (from === undefined || to === undefined) throw new AfcError('invalidArgument');
  return done(files.rename(from, to));
}

function makeLink({ files }: AfcSession, { args }: AfcPacket): Reply {
  const [target, path] = readAfcStrings(args, 8);
  if (target === undefined || path === undefined) throw new AfcError('invalidArgument');
  if (readAfcNumber(args, 0) !== AFC_LINK.symbolic) throw new AfcError('unsupported');
  return done(files.makeLink(target, path));
}

function setModifiedTime({ files }: AfcSession, { args }: AfcPacket): Reply {
  if (args.length < 8) throw new AfcError('invalidArgument');
  const modifiedAt = new Date(Number(args.readBigUInt64LE(0) / NS_PER_MS));
  return done(files.setModifiedAt(pathOf(args, 8), modifiedAt));
}

function truncate(session: AfcSession, { args }: AfcPacket): Reply {
  const path = pathOf(args, 8);
  // Of the modes that write, none leaves alone what is not there.
  session.files.openable(path, false);
  const handle = session.openFile(AFC_OPEN_MODE.readWrite, path);
  try {
    session.handle(handle).file.resize(readAfcNumber(args, 0));
  } finally {
    session.closeHandle(handle);
  }
  return status(AFC_STATUS.ok);
}

function open(session: AfcSession, { args }: AfcPacket): Reply {
  const handle = session.openFile(readAfcNumber(args, 0), pathOf(args, 8));
  return { operation: AFC_OPERATION.openResult, args: encodeAfcArgs(handle) };
}

function read(session: AfcSession, { args }: AfcPacket): Reply {
  const handle = session.handle(readAfcNumber(args, 0));
  if (!handle.readable) throw new AfcError('denied');
  const bytes = handle.file.read(handle.position, Math.min(readAfcNumber(args, 8), MAX_READ_BYTES));
  handle.position += bytes.length;
  return data(bytes);
}

function write(session: AfcSession, { args, payload }: AfcPacket): Reply {
  const handle = session.handle(readAfcNumber(args, 0));
  if (!handle.writable) throw new AfcError('denied');
  if (handle.appends) handle.position = handle.file.sizeBytes;
  handle.file.write(handle.position, payload);
  handle.position += payload.length;
  return status(AFC_STATUS.ok);
}

function seek(session: AfcSession, { args }: AfcPacket): Reply {
  if (args.length < 24) throw new AfcError('invalidArgument');
  const handle = session.handle(readAfcNumber(args, 0));
  const origins = [0, handle.position, handle.file.sizeBytes];
  const origin = origins[readAfcNumber(args, 8)];
  const position = (origin ?? Number.NaN) + Number(args.readBigInt64LE(16));
  if (!(position >= 0)) throw new AfcError('invalidArgument');
  handle.position = position;
  return status(AFC_STATUS.ok);
}

function tell(session: AfcSession, { args }: AfcPacket): Reply {
  const { position } = session.handle(readAfcNumber(args, 0));
  return { operation: AFC_OPERATION.tellResult, args: encodeAfcArgs(position) };
}

function setSize(session: AfcSession, { args }: AfcPacket): Reply {
  const handle = session.handle(readAfcNumber(args, 0));
  if (!handle.writable) throw new AfcError('denied');
  handle.file.resize(readAfcNumber(args, 8));
  return status(AFC_STATUS.ok);
}

function lock(session: AfcSession, { args }: AfcPacket): Reply {
  const handle = session.handle(readAfcNumber(args, 0));
  return status(session.lock(handle, readAfcNumber(args, 8)) ? AFC_STATUS.ok : AFC_STATUS.wouldBlock);
}

function pathOf(args: Buffer, offset = 0): string {
  const [path] = readAfcStrings(args, offset);
  if (path === undefined) throw new AfcError('invalidArgument');
  return path;
}

function strings(values: readonly string[]): Reply {
  return data(Buffer.from(values.map((value) => `${value}\0`).join('')));
}

function pairs(values: Readonly<Record<string, string>>): Reply {
  return strings(Object.entries(values).flat());
}

function data(payload: Uint8Array): Reply {
  return { operation: AFC_OPERATION.data, payload };
}

function done(_nothing: void): Reply {
  return status(AFC_STATUS.ok);
}

function status(code: number): Reply {
  return { operation: AFC_OPERATION.status, args: encodeAfcArgs(code) };
}
