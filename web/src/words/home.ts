import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

/** Where the newest version of a device lies, counted with the vault. */
export interface CopyFacts {
  readonly places: number;
  readonly offSite: number;
  /** When all of them were proven, the oldest proof. */
  readonly provenAt: string | undefined;
}

export const homeWords = inBoth({
  en: {
    titles: {
      safe: 'Everything is safe',
      attention: 'Something needs attention',
      'at-risk': 'Something is at risk',
      unknown: 'How things stand',
      empty: 'No device yet',
    },
    devices: 'Devices',
    backUp: 'Back up now',
    started: (name: string) => `${name} is being backed up.`,
    running: 'Show progress',
    setUp: 'Set up',
    details: 'Details',
    next: 'Next:',
    copies: (v: CopyFacts, f: Formats) => {
      const places =
        v.places === 1
          ? 'Its newest version lies in one place only'
          : `Its newest version lies in ${f.number(v.places)} places`;
      const offSite =
        v.offSite === 0
          ? ', none of them off-site'
          : v.offSite === 1
            ? ', one of them off-site'
            : `, ${f.number(v.offSite)} of them off-site`;
      const proven = v.provenAt === undefined ? '' : `, proven ${f.day(v.provenAt)}`;
      return `${places}${v.places === 1 ? '' : offSite}${proven}.`;
    },
    storage: (used: string, free: string | undefined) =>
      `${used} of the disk are in use${free === undefined ? '' : `, ${free} are free`}.`,
    fullOn: (month: string) => `At this pace the disk is full in ${month}.`,
    checkup: (ago: string) => `The last checkup was ${ago}:`,
    noCheckup: 'There has been no checkup yet.',
    aside: 'Storage and copies',
    toCopies: 'Copies',
    toCheckups: 'Checkups',
    alarms: 'What needs attention',
    allAlarms: 'All alarms',
    emptyTitle: 'No iPhone or iPad is known yet',
    emptyText:
      'Connect the first one to this computer with a cable. The set-up leads through the rest and notices by itself what is done.',
    emptyOwnerTitle: 'No device is yours yet',
    emptyOwnerText:
      'Whoever runs Holdfast here connects it with a cable once, and then says in the settings, under “Accounts”, that it is yours.',
    firstPhone: 'Set up the first device',
    addDevice: 'Add a device',
    lost: {
      link: 'A device is lost: what now?',
      title: 'Which one is gone?',
      lead: 'What helps now stands on its page: numbers for the police and the provider, where it was last, and how its content comes back.',
      none: 'No device is known here',
      seen: (when: string) => `last seen ${when}`,
    },
  },
  de: {
    titles: {
      safe: 'Alles ist sicher',
      attention: 'Etwas braucht Aufmerksamkeit',
      'at-risk': 'Etwas ist in Gefahr',
      unknown: 'Wie es steht',
      empty: 'Noch kein Gerät',
    },
    devices: 'Geräte',
    backUp: 'Jetzt sichern',
    started: (name: string) => `${name} wird gesichert.`,
    running: 'Fortschritt zeigen',
    setUp: 'Einrichten',
    details: 'Einzelheiten',
    next: 'Weiter:',
    copies: (v: CopyFacts, f: Formats) => {
      const places =
        v.places === 1
          ? 'Seine neueste Version liegt nur an einem Ort'
          : `Seine neueste Version liegt an ${f.number(v.places)} Orten`;
      const offSite =
        v.offSite === 0
          ? ', keiner davon außer Haus'
          : v.offSite === 1
            ? ', einer davon außer Haus'
            : `, ${f.number(v.offSite)} davon außer Haus`;
      const proven = v.provenAt === undefined ? '' : `, nachgewiesen ${f.day(v.provenAt)}`;
      return `${places}${v.places === 1 ? '' : offSite}${proven}.`;
    },
    storage: (used: string, free: string | undefined) =>
      `Von der Platte sind ${used} belegt${free === undefined ? '' : `, ${free} sind frei`}.`,
    fullOn: (month: string) => `Geht es so weiter, ist die Platte im ${month} voll.`,
    checkup: (ago: string) => `Die letzte Prüfung war ${ago}:`,
    noCheckup: 'Es hat noch keine Prüfung gegeben.',
    aside: 'Speicher und Kopien',
    toCopies: 'Kopien',
    toCheckups: 'Prüfungen',
    alarms: 'Was Aufmerksamkeit braucht',
    allAlarms: 'Alle Warnungen',
    emptyTitle: 'Noch ist kein iPhone oder iPad bekannt',
    emptyText:
      'Das erste mit einem Kabel an diesen Computer anschließen. Die Einrichtung führt durch alles Weitere und merkt von selbst, was erledigt ist.',
    emptyOwnerTitle: 'Noch ist diesem Konto kein Gerät zugeordnet',
    emptyOwnerText:
      'Wer Holdfast hier betreut, schließt es einmal mit dem Kabel an und ordnet es dann in den Einstellungen unter „Konten“ zu.',
    firstPhone: 'Erstes Gerät einrichten',
    addDevice: 'Gerät hinzufügen',
    lost: {
      link: 'Ein Gerät ist weg: was nun?',
      title: 'Welches ist weg?',
      lead: 'Was jetzt hilft, steht auf seiner Seite: Nummern für Polizei und Anbieter, wo es zuletzt war und wie seine Inhalte zurückkommen.',
      none: 'Hier ist kein Gerät bekannt',
      seen: (when: string) => `zuletzt gesehen ${when}`,
    },
  },
});
