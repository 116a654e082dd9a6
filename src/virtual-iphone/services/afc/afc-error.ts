import { AFC_STATUS } from '../../../device/index.ts';
import { PhoneDiskError, type PhoneDiskErrorReason } from '../../disk/index.ts';

/** A request the phone declines, with the status code it answers. */
export class AfcError extends Error {
  override readonly name = 'AfcError';
  readonly status: number;

  constructor(status: keyof typeof AFC_STATUS) {
    super(`AFC status ${status}`);
    this.status = AFC_STATUS[status];
  }
}

const STATUS_OF_REASON: Readonly<Record<PhoneDiskErrorReason, number>> = {
  'not-found': AFC_STATUS.notFound,
  exists: AFC_STATUS.exists,
  'not-empty': AFC_STATUS.directoryNotEmpty,
  'not-a-directory': AFC_STATUS.notFound,
  'is-a-directory': AFC_STATUS.isDirectory,
  'invalid-path': AFC_STATUS.invalidArgument,
};

/** The status code for a failure; undefined for what is none of the file system's. */
export function afcStatusOf(error: unknown): number | undefined {
  if (error instanceof AfcError) return error.status;
  return error instanceof PhoneDiskError ? STATUS_OF_REASON[error.reason] : undefined;
}
