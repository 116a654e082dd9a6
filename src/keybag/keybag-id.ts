import { hash } from 'node:crypto';
import { isAppError } from '../shared/errors.ts';
import { parseKeybag } from './format.ts';

/**
 * Names a keybag, and so the password that opens it, without telling anything about either: its UUID, and the start of
 * a hash of it. The UUID alone stays the same when a device changes the password: keys and identifier are kept, and
 * wrapped anew.
 *
 * @returns "6f1c…(32 digits)-9a3b17d2", or undefined when the keybag is too damaged to have a name.
 */
export function keybagId(bytes: Uint8Array): string | undefined {
  try {
    return `${parseKeybag(bytes).uuid.toString('hex')}-${hash('sha256', bytes).slice(0, 8)}`;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
