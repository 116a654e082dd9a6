import { createHash } from 'node:crypto';
import { parseKeybag, unlockKeybag, type ClassKeys } from '../../keybag/index.ts';
import { FormatError } from '../../shared/errors.ts';

interface Held {
  readonly keys: Promise<ClassKeys>;
  users: number;
}

/**
 * The class keys that one session has opened, by keybag: versions between two password changes share one. They are the
 * session's own. What other parts of the service have opened with a password is never looked at, or one person's
 * password would open a backup for another.
 */
export class Keyring {
  readonly #held = new Map<string, Held>();

  has(keybag: Uint8Array): boolean {
    return this.#held.has(nameOf(keybag));
  }

  /**
   * The keys of a keybag, to be given back with `release`.
   *
   * @param password undefined where the keys must be there already.
   * @returns undefined when they are not, and there is no password.
   * @throws {AppError} WRONG_PASSWORD
   */
  async take(keybag: Uint8Array | undefined, password: string | undefined): Promise<ClassKeys | undefined> {
    if (keybag === undefined) throw new FormatError('the backup says that it is encrypted but holds no keybag');
    const name = nameOf(keybag);
    // A password that was given is tried, also where the keys are known: whoever types one expects it to be checked.
    if (password !== undefined) {
      const keys = await unlockKeybag(parseKeybag(keybag), password);
      const known = this.#held.get(name);
      if (known === undefined) this.#held.set(name, { keys: Promise.resolve(keys), users: 1 });
      else {
        known.users++;
        keys.wipe();
      }
      return this.#held.get(name)?.keys;
    }
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    held.users++;
    return held.keys;
  }

  /** Wipes the keys when nobody uses them any more. */
  async release(keybag: Uint8Array): Promise<void> {
    const name = nameOf(keybag);
    const held = this.#held.get(name);
    if (held === undefined || --held.users > 0) return;
    this.#held.delete(name);
    (await held.keys).wipe();
  }
}

const nameOf = (keybag: Uint8Array): string => createHash('sha256').update(keybag).digest('hex');
