import { SETTINGS, type PhoneContext } from '../context.ts';
import { forgetKeys } from './keys/backup-keys.ts';
import { LedgerShelf } from './ledger/ledger-shelf.ts';
import { AGENT_SETTINGS } from './settings.ts';

/** What goes with "Erase All Content and Settings", but for the computers that were trusted. */
export function eraseContent(context: PhoneContext): void {
  const { disk, settings } = context;
  disk.erase();
  forgetKeys(context);
  new LedgerShelf(disk.stateDir).clear();
  for (const name of [...Object.values(AGENT_SETTINGS), SETTINGS.cloudBackup]) settings.delete(name);
  settings.set(SETTINGS.setUp, false);
}
