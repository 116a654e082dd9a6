/**
 * What a device asks of the computer's folder while it works, read out of DeviceLink messages. Everything in them is
 * the device's word and checked for its type here; whether a path may be followed is decided by `PathGuard`.
 */
import { type PlistValue, asDictionary, PlistReal } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { DL_MESSAGE, type DeviceLinkMessage } from '../devicelink/messages.ts';
import { MAX_PATH_BYTES } from './upload-reader.ts';

export type DeviceOperation = { readonly progress?: number } & (
  | { readonly kind: 'download'; readonly paths: readonly string[]; readonly totalBytes: number }
  | { readonly kind: 'upload'; readonly totalBytes: number }
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'make-directory'; readonly path: string }
  | { readonly kind: 'move'; readonly items: readonly (readonly [from: string, to: string])[] }
  | { readonly kind: 'remove'; readonly paths: readonly string[] }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'free-space' }
  | { readonly kind: 'purge'; readonly bytes: number }
  | { readonly kind: 'unknown'; readonly name: string }
);

/**
 * Reads a message that asks for something. A name nobody knows becomes an `unknown` operation, which is answered.
 *
 * @throws {ProtocolError} when a known operation has arguments of other types than it must.
 */
export function parseOperation(message: DeviceLinkMessage): DeviceOperation {
  const [name, ...args] = message;
  switch (name) {
    case DL_MESSAGE.downloadFiles:
      return { kind: 'download', paths: namesAt(args, 0, name), totalBytes: sizeOf(args[3]), ...progressOf(args[2]) };
    case DL_MESSAGE.uploadFiles:
      return { kind: 'upload', totalBytes: sizeOf(args[2]), ...progressOf(args[1]) };
    case DL_MESSAGE.contentsOfDirectory:
      return { kind: 'list', path: pathAt(args, 0, name), ...progressOf(args[2]) };
    case DL_MESSAGE.createDirectory:
      return { kind: 'make-directory', path: pathAt(args, 0, name), ...progressOf(args[2]) };
    case DL_MESSAGE.moveItems:
    case DL_MESSAGE.oldMoveFiles:
      return { kind: 'move', items: movesAt(args, 0, name), ...progressOf(args[2]) };
    case DL_MESSAGE.removeItems:
    case DL_MESSAGE.oldRemoveFiles:
    case DL_MESSAGE.oldRemoveDirectory:
      return { kind: 'remove', paths: pathsAt(args, 0, name), ...progressOf(args[2]) };
    case DL_MESSAGE.copyItem:
      return { kind: 'copy', from: pathAt(args, 0, name), to: pathAt(args, 1, name), ...progressOf(args[3]) };
    case DL_MESSAGE.freeDiskSpace:
      return { kind: 'free-space' };
    case DL_MESSAGE.purgeDiskSpace:
      return { kind: 'purge', bytes: sizeOf(args[0]) };
    default:
      return { kind: 'unknown', name };
  }
}

/** A number of a message, whichever of the three ways property lists have for it. */
export function numberOf(value: PlistValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof PlistReal ? value.value : undefined;
}

function pathAt(args: readonly PlistValue[], index: number, name: string): string {
  const value = args[index];
  if (typeof value !== 'string') malformed(name, 'a path is not text');
  return value;
}

/** A list of paths; a single path where a list is due counts as a list of one. */
function pathsAt(args: readonly PlistValue[], index: number, name: string): string[] {
  const value = args[index];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) malformed(name, 'the list of paths is missing');
  return value.map((_, at) => pathAt(value, at, name));
}

/** Paths that go back to the device as names, each in a frame: none is longer than any path of a device. */
function namesAt(args: readonly PlistValue[], index: number, name: string): string[] {
  const paths = pathsAt(args, index, name);
  if (paths.some((path) => Buffer.byteLength(path) > MAX_PATH_BYTES)) malformed(name, 'a name is impossibly long');
  return paths;
}

function movesAt(args: readonly PlistValue[], index: number, name: string): [string, string][] {
  const items = asDictionary(args[index]);
  if (items === undefined) malformed(name, 'the paths to move are missing');
  return Object.entries(items).map(([from, to]) => {
    if (typeof to !== 'string') malformed(name, 'a path is not text');
    return [from, to];
  });
}

function sizeOf(value: PlistValue | undefined): number {
  const size = numberOf(value) ?? 0;
  return Number.isFinite(size) && size > 0 ? size : 0;
}

function progressOf(value: PlistValue | undefined): { progress?: number } {
  const progress = numberOf(value);
  return progress === undefined || !(progress >= 0 && progress <= 100) ? {} : { progress };
}

function malformed(name: string, reason: string): never {
  throw new ProtocolError(`the device sent ${name} with arguments that make no sense: ${reason}`, {
    details: { operation: name },
  });
}
