/**
 * Every way this product can fail on purpose, with what each one means outside the process: the exit code of the
 * command line and the status of the HTTP API. Codes are stable and documented in docs/exit-codes.md; adding one is a
 * feature, renaming one is a breaking change.
 */
export const ERROR_CODES = {
  /** The words of the command were wrong: an unknown option, an impossible value. */
  USAGE: { exit: 2, http: 400 },
  DEVICE_NOT_FOUND: { exit: 10, http: 404 },
  DEVICE_LOCKED: { exit: 11, http: 409 },
  /** The device does not (or no longer) trust this computer. */
  DEVICE_NOT_TRUSTED: { exit: 12, http: 409 },
  CONNECTION_LOST: { exit: 13, http: 502 },
  /** The other side said something its protocol does not allow. */
  PROTOCOL_VIOLATION: { exit: 14, http: 502 },
  DEVICE_AMBIGUOUS: { exit: 15, http: 409 },
  /** No usbmuxd answers on this computer. */
  USBMUXD_UNAVAILABLE: { exit: 16, http: 503 },
  /** The person at the device said no to "Trust this computer?". */
  TRUST_REFUSED: { exit: 17, http: 403 },
  /** The device asked for its passcode and nobody entered it (MBErrorDomain/208). */
  PASSCODE_NOT_ENTERED: { exit: 18, http: 409 },
  /** The device understood and declined: its own error code is in the details as `deviceCode`. */
  DEVICE_REFUSED: { exit: 19, http: 409 },
  WRONG_PASSWORD: { exit: 20, http: 403 },
  SNAPSHOT_CORRUPT: { exit: 21, http: 500 },
  VAULT_BUSY: { exit: 22, http: 409 },
  OUT_OF_SPACE: { exit: 23, http: 507 },
  /** No vault where one is expected: most often a disk that is not mounted. */
  VAULT_NOT_FOUND: { exit: 24, http: 404 },
  SNAPSHOT_NOT_FOUND: { exit: 25, http: 404 },
  /** The folder given is not a backup in Apple's format. */
  NOT_A_BACKUP: { exit: 26, http: 400 },
  /** A backup folder whose last run did not finish. */
  BACKUP_UNFINISHED: { exit: 27, http: 409 },
  /** A folder to write into holds something that this product did not put there. */
  FOLDER_NOT_EMPTY: { exit: 28, http: 409 },
  /** A vault written by a newer version, or damaged beyond what can be opened. */
  VAULT_UNREADABLE: { exit: 29, http: 500 },
  /** A job for this device is already running. */
  DEVICE_BUSY: { exit: 30, http: 409 },
  /** Bytes from outside that do not follow their format. */
  FORMAT_INVALID: { exit: 31, http: 400 },
  /** The disk answered with an error, or is read-only. */
  STORAGE_FAILED: { exit: 32, http: 500 },
  /** The device does not accept new computers over this connection: a cable is needed. */
  PAIRING_NEEDS_CABLE: { exit: 33, http: 409 },
  /** The backup holds nothing of the kind that was asked for. */
  CONTENT_NOT_FOUND: { exit: 34, http: 404 },
  /** The passwords sealed on this computer cannot be opened: damaged, or their key is missing or another one. */
  SECRETS_UNREADABLE: { exit: 35, http: 500 },
  /** A check before a restore found something that would stop it. Nothing was written to the device. */
  RESTORE_BLOCKED: { exit: 36, http: 409 },
  /** The vault that was here is elsewhere now, or is still on its way here. */
  VAULT_MOVED: { exit: 37, http: 409 },
  /** The snapshot is not to be removed: it is pinned, held, the newest, the only proven one, or in use. */
  SNAPSHOT_PROTECTED: { exit: 40, http: 409 },
  /** No copy of that name is set up. */
  COPY_NOT_FOUND: { exit: 50, http: 404 },
  /** The place of a copy is not there now: a disk that is not connected, a server that does not answer. */
  COPY_UNREACHABLE: { exit: 51, http: 503 },
  /** Another disk or repository lies where a copy is expected. */
  COPY_UNEXPECTED: { exit: 52, http: 409 },
  /** The program that keeps a copy failed; what it said is in the details. */
  COPY_FAILED: { exit: 53, http: 502 },
  /** A copy does not hold what it should. */
  COPY_DAMAGED: { exit: 54, http: 500 },
  /** What the list of copies says cannot be read: nobody knows which there are. */
  COPIES_UNREADABLE: { exit: 59, http: 500 },
  /** A copy cannot be kept where it was to be: within the backups or around them, or where the system keeps its own. */
  COPY_REFUSED: { exit: 58, http: 409 },
  /** A report of a checkup is missing, or is not as it was written. */
  REPORT_CHANGED: { exit: 57, http: 409 },
  /** A message did not get through to where it was to go. */
  TELLING_FAILED: { exit: 56, http: 502 },
  /** A program that is needed is not installed, or too old. */
  PROGRAM_MISSING: { exit: 55, http: 503 },
  /** Nobody is signed in, or no longer. */
  SIGN_IN_NEEDED: { exit: 60, http: 401 },
  /** Name and password do not belong together; which of them is wrong is not said. */
  SIGN_IN_FAILED: { exit: 61, http: 401 },
  /** Somebody is signed in who may not do or see this. */
  NOT_ALLOWED: { exit: 62, http: 403 },
  /** Too often in too short a time. */
  TOO_MANY_TRIES: { exit: 63, http: 429 },
  /** A request that no page of ours would send: another host, another origin, no token. */
  REQUEST_REFUSED: { exit: 64, http: 403 },
  /** No such address, account, job or token. */
  NOT_FOUND: { exit: 65, http: 404 },
  /** What was sent is larger than anything that is taken here. */
  TOO_LARGE: { exit: 66, http: 413 },
  /** What is to be made is there already, or was changed in the meantime. */
  ALREADY_THERE: { exit: 67, http: 409 },
  /** The service does not listen where others could take it over or read along. */
  LISTENING_REFUSED: { exit: 68, http: 500 },
  /** What the settings file says cannot be understood, or is not allowed. */
  SETTINGS_INVALID: { exit: 70, http: 400 },
  /** The service runs already, or does what a command wants to do itself. */
  SERVICE_RUNNING: { exit: 71, http: 409 },
  /** Another process is doing this very work now: a checkup, something with the same copy. */
  ALREADY_RUNNING: { exit: 72, http: 409 },
  /** Content of an encrypted backup was asked for over the network before its password was given. */
  CONTENT_LOCKED: { exit: 41, http: 423 },
  /** Stopped by Ctrl-C, by a signal, or on the device. */
  CANCELLED: { exit: 130, http: 499 },
} as const satisfies Record<string, { exit: number; http: number }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts for the log and for `--json`: identifiers, offsets, byte counts. Never secrets, never file contents. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

export interface AppErrorOptions {
  /** What the person can do about it, as one sentence. Shown under the message in the terminal and the browser. */
  hint?: string;
  details?: ErrorDetails;
  cause?: unknown;
}

/** A failure we expected could happen. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].http;
  }
}

/** The other side said something its protocol does not allow. Never retried: the same bytes would come again. */
export class ProtocolError extends AppError {
  override readonly name: string = 'ProtocolError';

  constructor(message: string, options?: AppErrorOptions) {
    super('PROTOCOL_VIOLATION', message, options);
  }
}

/** Bytes from outside do not follow the format they claim: a property list, a list file, a database. */
export class FormatError extends AppError {
  override readonly name: string = 'FormatError';

  constructor(message: string, options?: AppErrorOptions) {
    super('FORMAT_INVALID', message, options);
  }
}

/** Whether `error` is an AppError, optionally one of the given codes. */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** The `code` of a Node system error ("ENOENT", "EPIPE"), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
