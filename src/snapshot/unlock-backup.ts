import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { parseKeybag, unlockKeybag, type ClassKeys } from '../keybag/index.ts';
import { untilAborted } from '../shared/flow/until-aborted.ts';
import { FormatError } from '../shared/errors.ts';
import type { ManifestFacts } from './facts.ts';

const slowHash = promisify<string, Buffer, number, Buffer>(scrypt);
const PROOF_BYTES = 32;

/** A keybag that was opened in this process, or is being opened. */
interface Opened {
  /** For telling whether another opening brings the same password; slow to guess from, unlike the password itself. */
  readonly salt: Buffer;
  readonly proof: Promise<Buffer>;
  readonly keys: Promise<ClassKeys>;
}

/** By the SHA-256 of the keybag's bytes: a password change makes another keybag. A process sees few of them. */
const openedBags = new Map<string, Opened>();

/**
 * Opens the keybag of a backup with its password. Takes seconds the first time, in Node's thread pool; the same keybag
 * with the same password opens at once for as long as the process lives. The password itself is not kept.
 *
 * @param signal stops the waiting.
 * @throws {AppError} WRONG_PASSWORD
 * @throws {FormatError} when there is no keybag, or a damaged one.
 */
export async function unlockBackup(facts: ManifestFacts, password: string, signal?: AbortSignal): Promise<ClassKeys> {
  signal?.throwIfAborted();
  const bytes = keybagOf(facts);
  const name = nameOf(bytes);
  const known = openedBags.get(name);
  if (known !== undefined && (await hasPassword(known, password))) return untilAborted(known.keys, signal);
  const salt = randomBytes(16);
  const keys = unlockKeybag(parseKeybag(bytes), password);
  const opened: Opened = { salt, proof: slowHash(password, salt, PROOF_BYTES), keys };
  // A wrong password must not take the place of keys that are known.
  if (known === undefined) openedBags.set(name, opened);
  keys.then(
    () => openedBags.set(name, opened),
    () => openedBags.get(name) === opened && openedBags.delete(name),
  );
  return untilAborted(keys, signal);
}

/** The keys of a backup whose keybag this process has opened before: then nobody need be asked for the password. */
export async function knownClassKeys({ keybag }: ManifestFacts): Promise<ClassKeys | undefined> {
  const opened = keybag && openedBags.get(nameOf(keybag));
  try {
    return await opened?.keys;
  } catch {
    // Whoever is opening it hears what went wrong.
    return undefined;
  }
}

async function hasPassword({ salt, proof }: Opened, password: string): Promise<boolean> {
  return timingSafeEqual(await proof, await slowHash(password, salt, PROOF_BYTES));
}

function keybagOf({ keybag }: ManifestFacts): Buffer {
  if (keybag) return keybag;
  throw new FormatError('the backup says that it is encrypted but holds no keybag, so no password opens it', {
    hint: 'Its Manifest.plist is incomplete: use an earlier backup, or back up the device again.',
  });
}

function nameOf(keybag: Uint8Array): string {
  return createHash('sha256').update(keybag).digest('hex');
}
