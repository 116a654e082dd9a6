import { DL_STATUS } from './wire/messages.ts';

/** The codes of MBErrorDomain that a backup agent answers with. */
export const MB_ERROR = {
  generic: 1,
  multiple: 2,
  exists: 3,
  notFound: 4,
  notADirectory: 5,
  isADirectory: 6,
  loop: 7,
  unimplemented: 8,
  malformed: 11,
  busy: 14,
  policyForbids: 22,
  restoringFromCloud: 25,
  inputOutput: 100,
  restoreDirectoryExists: 102,
  readFailed: 103,
  writeFailed: 104,
  computerFull: 105,
  phoneFull: 106,
  unsupportedVersion: 203,
  noBackup: 204,
  corrupt: 205,
  wrongPassword: 207,
  deviceLocked: 208,
  noCloudAccount: 210,
  findMyOn: 211,
  setupUnfinished: 212,
} as const;

/** What ends a request with an error the host is told: ErrorCode and ErrorDescription of the Response. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: number;

  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

const MB_OF_DL: ReadonlyMap<number, number> = new Map([
  [DL_STATUS.noSpace, MB_ERROR.computerFull],
  [DL_STATUS.multiStatus, MB_ERROR.multiple],
  [DL_STATUS.io, MB_ERROR.inputOutput],
  [DL_STATUS.loop, MB_ERROR.loop],
  [DL_STATUS.isADirectory, MB_ERROR.isADirectory],
  [DL_STATUS.notADirectory, MB_ERROR.notADirectory],
  [DL_STATUS.exists, MB_ERROR.exists],
  [DL_STATUS.notFound, MB_ERROR.notFound],
  [DL_STATUS.unimplemented, MB_ERROR.unimplemented],
  [DL_STATUS.generic, MB_ERROR.generic],
]);

/** The error an operation ends with when the host answered it with this DeviceLink status. */
export function errorOfStatus(status: number, description: string): AgentError {
  return new AgentError(MB_OF_DL.get(status) ?? MB_ERROR.inputOutput, description);
}
