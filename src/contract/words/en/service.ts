import type { WordsFor } from '../reason-values.ts';
import type { ServiceReasons } from '../service-reasons.ts';

export const service: WordsFor<ServiceReasons> = {
  'vault-away': (v) => `Waits for the disk with the backups: nothing is in ${v.place}.`,
  'vault-moved': (v) =>
    `The backups were moved from ${v.place} to ${v.to}: start again whatever still looks for them in the old folder.`,
  'vault-unusable': (v) => `The backups in ${v.place} cannot be opened.`,
};
