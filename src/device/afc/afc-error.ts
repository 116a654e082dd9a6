import { AppError } from '../../shared/errors.ts';
import { AFC_STATUS } from './constants.ts';

export type AfcStatusName = keyof typeof AFC_STATUS;

/** The device's file service declined a request. `status` says why, in the service's own words. */
export class AfcError extends AppError {
  override readonly name = 'AfcError';
  readonly status: AfcStatusName;

  constructor(status: AfcStatusName, what: string) {
    super('DEVICE_REFUSED', `the device could not ${what}: ${WORDS[status] ?? 'it reports an error'}`, {
      ...(HINTS[status] === undefined ? {} : { hint: HINTS[status] }),
      details: { afcStatus: status, deviceCode: AFC_STATUS[status] },
    });
    this.status = status;
  }
}

/** The error for a status code, or undefined when the code is 0. Codes nobody has described count as `unknown`. */
export function afcErrorFor(code: number, what: string): AfcError | undefined {
  if (code === AFC_STATUS.ok) return undefined;
  return new AfcError(NAMES.get(code) ?? 'unknown', what);
}

const NAMES = new Map<number, AfcStatusName>(
  Object.entries(AFC_STATUS).map(([name, code]) => [code, name as AfcStatusName]),
);

const WORDS: Partial<Record<AfcStatusName, string>> = {
  notFound: 'there is no such file',
  isDirectory: 'it is a folder',
  denied: 'it does not allow that',
  exists: 'it exists already',
  busy: 'it is in use',
  noSpace: 'the device is full',
  wouldBlock: 'another program holds the lock',
  directoryNotEmpty: 'the folder is not empty',
  unsupported: 'this device cannot do that',
  readError: 'reading failed',
  writeError: 'writing failed',
};

const HINTS: Partial<Record<AfcStatusName, string>> = {
  noSpace: 'Free some space on the device and try again.',
  denied: 'Unlock the device and try again.',
  wouldBlock: 'Close iTunes, Finder or any other program that is syncing with the device, and try again.',
};
