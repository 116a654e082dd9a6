/**
 * DeviceLink messages as a phone reads and writes them: property lists that are arrays of a name and its arguments.
 * A codec apart from the host's, on purpose: a mistake in one of them must not be hidden by the other making it too.
 */
import { asDictionary, decodePlist, integerAt, type PlistDictionary, type PlistValue } from '../../../formats/index.ts';
import { isAppError } from '../../../shared/errors.ts';

/** Stands for an argument that is not given. */
const EMPTY_PARAMETER = '___EmptyParameterString___';

/** Status codes of DeviceLink. */
export const DL_STATUS = {
  ok: 0,
  generic: -1,
  unimplemented: -2,
  invalidArgument: -3,
  notFound: -6,
  exists: -7,
  notADirectory: -8,
  isADirectory: -9,
  loop: -10,
  io: -11,
  multiStatus: -13,
  disconnected: -14,
  noSpace: -15,
} as const;

export interface Message {
  readonly name: string;
  readonly args: readonly PlistValue[];
}

/** The host's answer to a file operation. */
export interface StatusAnswer {
  readonly code: number;
  readonly text: string;
  readonly value: PlistValue;
}

/** The host said something that DeviceLink does not allow. `reason` is what the phone disconnects with. */
export class HostBreach extends Error {
  override readonly name = 'HostBreach';
  readonly rule: string;
  readonly reason: string;

  constructor(rule: string, detail: string, reason: string) {
    super(detail);
    this.rule = rule;
    this.reason = reason;
  }
}

/** @throws {HostBreach} when the body is no property list, or not an array that begins with a name. */
export function decodeMessage(body: Uint8Array): Message {
  const [name, ...args] = arrayIn(body);
  if (typeof name !== 'string') {
    throw new HostBreach('devicelink.message-name', 'a message does not begin with a name', 'Invalid message');
  }
  return { name, args };
}

/**
 * Reads a DLMessageStatusResponse. An iPhone demands exactly four elements, and takes negative codes in both
 * spellings: signed, and as the unsigned 64-bit number with the same bits.
 *
 * @throws {HostBreach}
 */
export function parseStatus({ args }: Message): StatusAnswer {
  const [code, text, value] = args;
  if (args.length < 3 || value === undefined) {
    throw new HostBreach(
      'devicelink.status-elements',
      `a status has ${args.length + 1} elements`,
      'Too few components',
    );
  }
  if (args.length > 3) {
    throw new HostBreach('devicelink.status-elements', `a status has ${args.length + 1} elements`, 'Invalid message');
  }
  const signed = signedCode(code);
  if (signed === undefined || typeof text !== 'string') {
    throw new HostBreach('devicelink.status-types', 'a status has a code or a text of another type', 'Invalid message');
  }
  return { code: signed, text: text === EMPTY_PARAMETER ? '' : text, value };
}

/** Whether a code is one that DeviceLink has. An iPhone takes others for a general failure. */
export function isKnownCode(code: number): boolean {
  return KNOWN_CODES.has(code);
}

const KNOWN_CODES: ReadonlySet<number> = new Set(Object.values(DL_STATUS));

/** Whether a value says nothing: what belongs into the answer to an operation that asked for none. */
export function isNoValue(value: PlistValue): boolean {
  if (value === EMPTY_PARAMETER) return true;
  const dictionary = asDictionary(value);
  return dictionary !== undefined && Object.keys(dictionary).length === 0;
}

/**
 * The files that failed in an operation on many: path → DeviceLink status.
 *
 * @throws {HostBreach} unless every key is one of `asked`, spelled the same, with a code and a text.
 */
export function parseMultiStatus(value: PlistValue, asked: (path: string) => boolean): Map<string, number> {
  const entries = Object.entries(asDictionary(value) ?? {});
  if (entries.length === 0) {
    throw new HostBreach('devicelink.multi-status', 'a multi-status names no file', 'Invalid multi status');
  }
  return new Map(
    entries.map(([path, detail]) => {
      const facts: PlistDictionary | undefined = asDictionary(detail);
      const code = signedCode(facts?.['DLFileErrorCode']);
      if (!asked(path)) {
        throw new HostBreach('devicelink.multi-status', `nobody asked for ${JSON.stringify(path)}`, 'Invalid path');
      }
      if (code === undefined || code === 0 || typeof facts?.['DLFileErrorString'] !== 'string') {
        throw new HostBreach('devicelink.multi-status', `${path} has no error code and text`, 'Invalid multi status');
      }
      return [path, code];
    }),
  );
}

function signedCode(code: PlistValue | undefined): number | undefined {
  if (typeof code === 'bigint') return Number(BigInt.asIntN(64, code));
  return integerAt({ code: code ?? null }, 'code');
}

function arrayIn(body: Uint8Array): PlistValue[] {
  try {
    const value = decodePlist(body);
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    throw new HostBreach('devicelink.message-plist', `a message cannot be read: ${error.message}`, 'Invalid message');
  }
  throw new HostBreach('devicelink.message-array', 'a message is not an array', 'Invalid message');
}
