import { inBoth } from './in-both.ts';

export const dayStripWords = inBoth({
  en: {
    summary: (done: string, days: string) => `Backed up on ${done} of the last ${days} days`,
    states: { done: 'backed up', failed: 'failed', 'not-confirmed': 'passcode not entered', none: 'no backup' },
  },
  de: {
    summary: (done: string, days: string) => `An ${done} der letzten ${days} Tage gesichert`,
    states: {
      done: 'gesichert',
      failed: 'fehlgeschlagen',
      'not-confirmed': 'Code nicht eingegeben',
      none: 'keine Sicherung',
    },
  },
});
