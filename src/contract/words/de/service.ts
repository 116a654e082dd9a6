import type { WordsFor } from '../reason-values.ts';
import type { ServiceReasons } from '../service-reasons.ts';

export const service: WordsFor<ServiceReasons> = {
  'vault-away': (v) => `Wartet auf die Platte mit den Sicherungen: In ${v.place} liegt nichts.`,
  'vault-moved': (v) =>
    `Die Sicherungen wurden von ${v.place} nach ${v.to} umgezogen: Was sie noch im alten Ordner sucht, muss neu gestartet werden.`,
  'vault-unusable': (v) => `Die Sicherungen in ${v.place} lassen sich nicht öffnen.`,
};
