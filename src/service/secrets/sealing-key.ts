import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { removeDrafts, writeDraft } from '../../shared/files/write-file.ts';

/** What systemd hands over under this name: `LoadCredentialEncrypted=holdfast-key:…`. */
const CREDENTIAL = 'holdfast-key';
const OWN_KEY_FILE = 'secrets.key';
const KEY_BYTES = 32;
/** Fewer could be guessed. */
const MIN_KEY_BYTES = 16;
/** A key, not a disk image named by mistake. */
const MAX_KEY_BYTES = 64 * 1024;
const OTHERS = 0o077;

/** Where the key of the sealed secrets is. */
interface KeyPlace {
  readonly path: string;
  /** Ours, in the state folder, made when there is none. Otherwise somebody put it there for us. */
  readonly isOwn: boolean;
}

/**
 * The key that seals secrets: a systemd credential, else the file that `HOLDFAST_SECRET_KEY_FILE` names, else a file of
 * our own in the state folder, which keeps secrets from whoever gets hold of a copy of the rest, not from who can read
 * everything of this user.
 *
 * @param options.make whether a key of our own may be made: only where nothing is sealed yet.
 * @returns the key, or undefined where there is none yet.
 * @throws {AppError} SECRETS_UNREADABLE for a key that is missing, too short or open to others.
 */
export function sealingKey(stateDir: string, env: NodeJS.ProcessEnv, options: { make: boolean }): Buffer | undefined {
  const place = placeOfKey(stateDir, env);
  if (!place.isOwn) return readKey(place.path) ?? fail(`the key for sealed passwords in ${place.path} is not there`);
  return readOwnKey(place.path) ?? (options.make ? makeOwnKey(place.path) : undefined);
}

function placeOfKey(stateDir: string, env: NodeJS.ProcessEnv): KeyPlace {
  const credential = env['CREDENTIALS_DIRECTORY'] && join(env['CREDENTIALS_DIRECTORY'], CREDENTIAL);
  if (credential && statSync(credential, { throwIfNoEntry: false }) !== undefined) {
    return { path: credential, isOwn: false };
  }
  const named = env['HOLDFAST_SECRET_KEY_FILE'];
  return named ? { path: named, isOwn: false } : { path: join(stateDir, OWN_KEY_FILE), isOwn: true };
}

function readOwnKey(path: string): Buffer | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts !== undefined && process.platform !== 'win32' && (facts.mode & OTHERS) !== 0) {
    throw new AppError('SECRETS_UNREADABLE', `other users of this computer may read ${path}, the key for passwords`, {
      hint: `Take it away from them: chmod 600 '${path}'. If somebody may have read it, change the backup password.`,
    });
  }
  return readKey(path);
}

/** Every byte of the file counts, except a line break at its end. */
function readKey(path: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === 'ENOENT') return undefined;
    if (systemCode === undefined) throw cause;
    throw new AppError('SECRETS_UNREADABLE', `the key for sealed passwords in ${path} cannot be read`, {
      hint: 'Check who may read that file, and whether it is one.',
      details: { systemCode },
      cause,
    });
  }
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  if (end >= MIN_KEY_BYTES && end <= MAX_KEY_BYTES) return bytes.subarray(0, end);
  return fail(`${path} does not hold a key for sealed passwords: ${end} bytes`);
}

/** Of two processes that make one at the same time, one wins and both use its key. */
function makeOwnKey(path: string): Buffer {
  removeDrafts(path);
  const draft = writeDraft(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readOwnKey(path) ?? fail(`the key in ${path} vanished while it was made`);
}

function fail(message: string): never {
  throw new AppError('SECRETS_UNREADABLE', message, {
    hint: 'Put the key back: 16 random bytes or more, for example from `openssl rand -hex 32`. What is sealed opens with its own key only.',
  });
}
