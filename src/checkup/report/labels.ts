import type { CheckupState, CheckupTopic, Verdict } from '../../contract/index.ts';

/** What stands on a report besides its sentences. */
export interface ReportLabels {
  readonly title: string;
  readonly madeFrom: (started: string, ended: string) => string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly states: Readonly<Record<CheckupState, string>>;
  readonly topics: Readonly<Record<CheckupTopic, string>>;
  readonly toDo: string;
  readonly inDetail: string;
  readonly next: string;
  readonly quick: string;
  readonly resumed: string;
  readonly more: (count: number) => string;
  readonly about: string;
  readonly facts: Readonly<Record<'computer' | 'vault' | 'vaultId' | 'product' | 'hash' | 'previous' | 'none', string>>;
  readonly howToProve: string;
  readonly unprovenMeans: string;
}

export const LABELS: Readonly<Record<'en' | 'de', ReportLabels>> = {
  en: {
    title: 'Checkup',
    madeFrom: (started, ended) => `Begun ${started}, done ${ended}.`,
    verdicts: { safe: 'Safe', attention: 'Needs attention', 'at-risk': 'At risk', unknown: 'Nothing to prove yet' },
    states: { proven: 'proven', repaired: 'repaired', failed: 'failed', unproven: 'not proven' },
    topics: {
      vault: 'What is stored on this computer',
      versions: 'Would the newest version come back?',
      passwords: 'Do the passwords still open?',
      copies: 'Copies elsewhere',
      backups: 'Backups',
      disks: 'Disks',
      space: 'Space',
      clock: 'Clock',
      alarms: 'Would somebody be told?',
      reports: 'Earlier reports',
    },
    toDo: 'What to do',
    inDetail: 'Point by point',
    next: 'To do:',
    quick: 'A quick checkup: what takes long was left out.',
    resumed: 'It was cut off and went on later.',
    more: (count) => `and ${count} more`,
    about: 'About this report',
    facts: {
      computer: 'Computer',
      vault: 'Folder of the backups',
      vaultId: 'Their id',
      product: 'Made by',
      hash: 'SHA-256 of report.json',
      previous: 'Report before this one',
      none: 'none: this is the first',
    },
    howToProve:
      'This report names the hash of the one before it, and the next one will name its own: none can be changed or taken away unseen. `holdfast checkup verify` looks at all of them; give it the hash above with `--expect` to compare with this page.',
    unprovenMeans: '“Not proven” is no damage: nobody could look. What is not named here was not looked at.',
  },
  de: {
    title: 'Prüfung',
    madeFrom: (started, ended) => `Begonnen ${started}, fertig ${ended}.`,
    verdicts: {
      safe: 'Sicher',
      attention: 'Braucht Aufmerksamkeit',
      'at-risk': 'Gefährdet',
      unknown: 'Noch nichts zu beweisen',
    },
    states: { proven: 'bewiesen', repaired: 'repariert', failed: 'gescheitert', unproven: 'nicht bewiesen' },
    topics: {
      vault: 'Was auf diesem Computer gespeichert ist',
      versions: 'Käme die neueste Version zurück?',
      passwords: 'Öffnen die Passwörter noch?',
      copies: 'Kopien anderswo',
      backups: 'Sicherungen',
      disks: 'Festplatten',
      space: 'Platz',
      clock: 'Uhr',
      alarms: 'Würde es jemand erfahren?',
      reports: 'Frühere Berichte',
    },
    toDo: 'Was zu tun ist',
    inDetail: 'Punkt für Punkt',
    next: 'Zu tun:',
    quick: 'Eine schnelle Prüfung: Was lange dauert, wurde ausgelassen.',
    resumed: 'Sie wurde unterbrochen und ging später weiter.',
    more: (count) => `und ${count} mehr`,
    about: 'Über diesen Bericht',
    facts: {
      computer: 'Computer',
      vault: 'Ordner der Sicherungen',
      vaultId: 'Ihre Kennung',
      product: 'Erstellt von',
      hash: 'SHA-256 von report.json',
      previous: 'Bericht davor',
      none: 'keiner: Dies ist der erste',
    },
    howToProve:
      'Dieser Bericht nennt die Prüfsumme des vorigen, und der nächste wird seine nennen: Keiner kann unbemerkt verändert oder entfernt werden. `holdfast checkup verify` sieht alle an; mit `--expect` und der Prüfsumme oben lässt sich mit dieser Seite vergleichen.',
    unprovenMeans:
      '„Nicht bewiesen“ ist kein Schaden: Niemand konnte nachsehen. Was hier nicht steht, wurde nicht angesehen.',
  },
};
