import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseBusyError, lockFile } from '../../database/index.ts';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import type { Places } from '../../shared/files/places.ts';
import { sealSecrets, unsealSecrets, type KeptSecret, type Secrets } from './sealed-file.ts';
import { sealingKey } from './sealing-key.ts';
import { removeDrafts, replaceFile } from '../../shared/files/write-file.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

const LOCK_PATIENCE_MS = 5000;

/** Secrets the owner wants kept on this computer, sealed. Every call looks at the file anew: others write as well. */
export interface SecretStore {
  /** @throws {AppError} SECRETS_UNREADABLE when the file is damaged, or its key is missing or another one. */
  get(name: string): string | undefined;
  /** @throws {AppError} as `get`, and STORAGE_FAILED, OUT_OF_SPACE. What was there before then still is. */
  set(name: string, secret: string): void;
  /** @returns whether it was there. */
  delete(name: string): boolean;
  /** All names, sorted. */
  names(): string[];
  /** Finds out beforehand what would keep a secret from being kept, as far as that can be known. @throws as `get` */
  assertUsable(): void;
  /** When it was set; undefined when it is not there. */
  setAt(name: string): Date | undefined;
}

export interface SecretStoreOptions {
  readonly now?: () => Date;
  /** For tests: see `replaceFile`. */
  readonly afterDraft?: () => void;
}

const MAX_NAME_LENGTH = 300;
const MAX_SECRET_LENGTH = 64 * 1024;

/**
 * Opens the sealed secrets of this user, `secrets.sealed` in the state folder. Nothing is made or read before it is
 * needed. Names so far: `backup-password/<UDID>/<keybag>`, `copy/<name>`.
 *
 * @param env where the key is told from: see `sealingKey`.
 */
export function openSecretStore(
  { stateDir }: Pick<Places, 'stateDir'>,
  env: NodeJS.ProcessEnv,
  { now = () => new Date(), afterDraft }: SecretStoreOptions = {},
): SecretStore {
  const path = join(stateDir, 'secrets.sealed');
  const read = (): Secrets => readSecrets(path, stateDir, env);
  const change = (edit: (secrets: Map<string, KeptSecret>) => void): void => {
    try {
      makeFolders(stateDir, 0o700);
      using _lock = lockIn(stateDir);
      removeDrafts(path);
      const secrets = new Map(read());
      edit(secrets);
      const key = sealingKey(stateDir, env, { make: true });
      if (key === undefined) throw new Error('a key that may be made is always there');
      replaceFile(path, sealSecrets(secrets, key), afterDraft);
    } catch (error) {
      throw asFailedWriting(error, path);
    }
  };
  return {
    get: (name) => read().get(name)?.secret,
    setAt: (name) => read().get(name)?.setAt,
    assertUsable: () => {
      read();
      sealingKey(stateDir, env, { make: false });
    },
    names: () => [...read().keys()].toSorted(),
    set: (name, secret) => {
      if (!isName(name) || secret.length > MAX_SECRET_LENGTH) throw new RangeError('not a name or secret to be kept');
      change((secrets) => secrets.set(name, { secret, setAt: now() }));
    },
    delete: (name) => {
      if (!read().has(name)) return false;
      let wasThere = false;
      change((secrets) => (wasThere = secrets.delete(name)));
      return wasThere;
    },
  };
}

const isName = (name: string): boolean => name.length <= MAX_NAME_LENGTH && /^[^\p{Cc}]+$/u.test(name);

function readSecrets(path: string, stateDir: string, env: NodeJS.ProcessEnv): Secrets {
  const sealed = readSealed(path);
  if (sealed === undefined) return new Map();
  // A key made now would open nothing, and hide that the right one is lost.
  const key = sealingKey(stateDir, env, { make: false });
  if (key === undefined) throw keyLost(path, join(stateDir, 'secrets.key'));
  const secrets = unsealSecrets(sealed, key);
  if (secrets === 'foreign') throw foreign(path);
  if (secrets === 'damaged') throw damaged(path);
  return secrets;
}

function readSealed(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === 'ENOENT') return undefined;
    if (systemCode === undefined) throw cause;
    throw new AppError('SECRETS_UNREADABLE', `the sealed passwords in ${path} cannot be read`, {
      hint: 'Check who may read that file, and the disk it is on.',
      details: { systemCode },
      cause,
    });
  }
}

const WITHOUT_THEM = 'Backups are not affected: give their passwords by hand';

function keyLost(path: string, keyPath: string): AppError {
  return new AppError('SECRETS_UNREADABLE', `the key ${keyPath} is lost, without which ${path} cannot be opened`, {
    hint: `Put the key back. If it is gone for ever, remove ${path}. ${WITHOUT_THEM}.`,
  });
}

function foreign(path: string): AppError {
  return new AppError('SECRETS_UNREADABLE', `the passwords in ${path} were sealed with another key than the one here`, {
    hint: `Use the key they were sealed with (the credential holdfast-key, HOLDFAST_SECRET_KEY_FILE, or secrets.key), or remove the file. ${WITHOUT_THEM}.`,
  });
}

function damaged(path: string): AppError {
  return new AppError('SECRETS_UNREADABLE', `the sealed passwords in ${path} are damaged`, {
    hint: `Bring the file back from a copy, or remove it. ${WITHOUT_THEM}, and keep them anew.`,
  });
}

/** The right to change the file, which ends with the process. Whoever has it writes one small file. */
function lockIn(stateDir: string): Disposable {
  const path = join(stateDir, 'secrets.lock');
  closeSync(openSync(path, 'a', 0o600));
  return lockFile(path, LOCK_PATIENCE_MS);
}

function asFailedWriting(error: unknown, path: string): unknown {
  if (error instanceof DatabaseBusyError) {
    return new AppError('STORAGE_FAILED', 'another process has been writing sealed passwords for too long', {
      hint: 'Try again; if it stays so, end that process.',
      cause: error,
    });
  }
  return writeFailure(
    error,
    `passwords could not be sealed in ${path}`,
    'Check who owns that folder, and whether its disk is writable.',
  );
}
