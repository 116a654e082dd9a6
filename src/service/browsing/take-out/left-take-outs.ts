import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where kinds in formats wait until they are fetched: decrypted, readable by the service's user alone. */
export const takeOutFolder = (stateDir: string): string => join(stateDir, 'take-out');

/** Removes what a service that was killed has left there. Called when one starts. */
export function removeLeftTakeOuts(stateDir: string): void {
  rmSync(takeOutFolder(stateDir), { recursive: true, force: true });
}
