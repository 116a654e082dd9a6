import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError, FormatError } from '../shared/errors.ts';
import { untilAborted } from '../shared/flow/until-aborted.ts';
import { ClassKeys } from './class-keys.ts';
import type { Keybag, KeybagClass } from './format.ts';
import { unwrapKey, WRAPPED_KEY_BYTES } from './key-wrap.ts';

const deriveKey = promisify(pbkdf2);

const KEY_BYTES = 32;
/** Ten times what iOS uses. A hostile backup must not keep a processor busy for hours. */
const MAX_ITERATIONS = 100_000_000;

const WRAPPED_BY_DEVICE = 1;
const WRAPPED_BY_PASSWORD = 2;

/**
 * Opens a keybag with the backup password. Takes 2 to 4 s for a bag since iOS 10.2 (ten million rounds), in Node's
 * thread pool: do it once per backup and keep the result.
 *
 * @param signal stops the waiting, not the computation already begun.
 * @throws {AppError} WRONG_PASSWORD
 * @throws {FormatError} when the number of rounds is absurd or no class is wrapped by a password.
 */
export async function unlockKeybag(keybag: Keybag, password: string, signal?: AbortSignal): Promise<ClassKeys> {
  const wrapped = keybag.classes.filter(isOpenedByPassword);
  if (wrapped.length === 0) throw new FormatError('the keybag is damaged: it holds no key that a password opens');
  for (const spelling of spellingsOf(password)) {
    const classKeys = unwrapClasses(wrapped, await derivePasswordKey(keybag, spelling, signal));
    if (classKeys) return classKeys;
  }
  throw new AppError('WRONG_PASSWORD', 'the backup password is wrong', {
    hint: 'It is the password set for encrypted backups, not the passcode of the device or the Apple Account password.',
  });
}

/** A key of another size cannot even be tried. */
function isOpenedByPassword({ wrap, wrappedKey }: KeybagClass): boolean {
  return (wrap & WRAPPED_BY_PASSWORD) !== 0 && wrappedKey?.length === WRAPPED_KEY_BYTES;
}

/** As it was typed, and as another keyboard or system may have composed the same letters: é is one letter, or two. */
function spellingsOf(password: string): Set<string> {
  return new Set([password, password.normalize('NFC'), password.normalize('NFD')]);
}

/** Undefined when the password opens none of them. One that it does not open while it opens others is damaged. */
function unwrapClasses(classes: readonly KeybagClass[], passwordKey: Buffer): ClassKeys | undefined {
  const keys = new Map<number, Buffer>();
  const deviceBound = new Map<number, Buffer>();
  const damaged = new Set<number>();
  for (const { protectionClass, wrap, wrappedKey = Buffer.alloc(0) } of classes) {
    const key = unwrapKey(passwordKey, wrappedKey);
    if (key) ((wrap & WRAPPED_BY_DEVICE) === 0 ? keys : deviceBound).set(protectionClass, key);
    else damaged.add(protectionClass);
  }
  return keys.size + deviceBound.size === 0 ? undefined : new ClassKeys(keys, deviceBound, damaged);
}

/** The part of a keybag that turns a password into the key that wraps the class keys. */
export type PasswordDerivation = Pick<Keybag, 'salt' | 'iterations' | 'doubleProtection'>;

/** The presence of DPSL decides on the first step, not the version of iOS. */
export async function derivePasswordKey(
  { salt, iterations, doubleProtection }: PasswordDerivation,
  password: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  checkIterations(iterations);
  if (doubleProtection) checkIterations(doubleProtection.iterations);
  signal?.throwIfAborted();
  const steps = async (): Promise<Buffer> => {
    const first = doubleProtection
      ? await deriveKey(password, doubleProtection.salt, doubleProtection.iterations, KEY_BYTES, 'sha256')
      : Buffer.from(password);
    signal?.throwIfAborted();
    return deriveKey(first, salt, iterations, KEY_BYTES, 'sha1');
  };
  return untilAborted(steps(), signal);
}

function checkIterations(iterations: number): void {
  if (iterations < 1 || iterations > MAX_ITERATIONS) {
    throw new FormatError('the keybag asks for an impossible number of rounds', { details: { iterations } });
  }
}
