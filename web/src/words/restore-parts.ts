import type { Formats, RestorableKind, RestoreParts } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

type Kinds = Readonly<Record<RestorableKind, string>>;
/** Some kinds need a word more. */
type KindHelp = Readonly<Partial<Record<RestorableKind, string>>>;
type Amount = RestoreParts['exchanged'][number]['before'];
type Why = Readonly<Record<RestoreParts['stays'][number]['why'], string>>;
/** A service that was updated may have a part this page has no word for. */
type ByPart<T> = Readonly<Record<string, T>>;
type OneAndMany = readonly [one: string, many: string];

const kindHelp = (words: KindHelp): KindHelp => words;
const byPart = (words: ByPart<string>): ByPart<string> => words;

function amountWith(counted: ByPart<OneAndMany>, files: OneAndMany) {
  return (part: string, { items, files: count, bytes }: Amount, f: Formats): string => {
    const [one, many] = counted[part] ?? files;
    const told = [`${f.number(count)} ${f.plural(count, ...files)}`, f.bytes(bytes)];
    if (items !== undefined && counted[part] !== undefined)
      told.unshift(`${f.number(items)} ${f.plural(items, one, many)}`);
    return told.join(', ');
  };
}

export const restorePartsWords = inBoth({
  en: {
    extent: 'What comes back',
    everything: 'Everything in the version',
    parts: 'Only parts of it (experimental)',
    note:
      'What you choose becomes as it was in this version; everything else on the device stays as it is. The device is ' +
      'always backed up first: that version is the way back. This is experimental: it has not been tried on every iPhone and iOS.',
    kindsTitle: 'Kinds of things',
    kinds: {
      messages: 'Messages',
      contacts: 'Contacts',
      calls: 'Call history',
      notes: 'Notes',
      calendar: 'Calendars',
      reminders: 'Reminders',
      safari: 'Safari',
      'voice-memos': 'Voice memos',
      photos: 'Photos and videos',
    } satisfies Kinds,
    kindHelp: kindHelp({
      safari: 'Bookmarks, history and tabs',
      photos: 'All of the library; only without iCloud Photos',
    }),
    appsTitle: 'All data of an app',
    findApp: 'Find an app',
    noApps: 'This version does not say which apps there were.',
    noSuchApp: 'No app is called that.',
    chooseSome: 'Choose at least one thing that is to come back.',
    backUpFirst: (name: string) => `${name} has no version yet to compare with. Back it up once, then rehearse.`,
    devicePassword: 'Password of the backups that the device makes now',
    devicePasswordHelp: 'Leave it empty where it is the same, or kept on this computer.',
    allowDecryption: 'What comes back may be unencrypted from now on',
    allowDecryptionHelp:
      'The version is encrypted, the backups of this device are not. Better: turn encryption on for the device first.',
    exchangedTitle: 'What would be exchanged',
    now: 'Now',
    afterwards: 'Afterwards',
    titles: byPart({
      messages: 'Messages and their attachments',
      contacts: 'Contacts',
      calls: 'Call history',
      notes: 'Notes and their attachments',
      'notes-of-mail': 'Notes of mail accounts',
      calendar: 'Calendars',
      reminders: 'Reminders',
      bookmarks: 'Bookmarks',
      'browsing-history': 'Browsing history',
      tabs: 'Tabs and profiles',
      'voice-memos': 'Voice memos',
      photos: 'Photos and videos',
    }),
    dataOf: (app: string) => `Data of ${app}`,
    amount: amountWith(
      {
        messages: ['message', 'messages'],
        contacts: ['contact', 'contacts'],
        calls: ['call', 'calls'],
        notes: ['note', 'notes'],
        calendar: ['event', 'events'],
        reminders: ['reminder', 'reminders'],
        bookmarks: ['bookmark', 'bookmarks'],
        'browsing-history': ['page visited', 'pages visited'],
        photos: ['photo or video', 'photos and videos'],
      },
      ['file', 'files'],
    ),
    stays: (what: string, why: string) => `${what}: stays as it is, because ${why}.`,
    why: {
      'nothing-there': 'the version has nothing of it',
      'encrypted-only': 'devices take it from encrypted backups only',
      moved: 'this iOS keeps it in another place and would not find it',
    } satisfies Why,
    restStays: 'Everything else on the device stays as it is.',
    notRemoved:
      'The backups of this device are not encrypted and so do not hold everything: what only the device has is not removed.',
    loads: (app: string) => `The device will load ${app} from the App Store.`,
    leftOut: (count: number, f: Formats) =>
      `${f.number(count)} ${f.plural(count, 'file', 'files')} cannot be read from the version: the device keeps its own.`,
    warnings: {
      'ios-converts': (from: string, to: string) =>
        `The data is of iOS ${from}; iOS ${to} converts it when it is first used. That may take a while and, as with every conversion, may not bring over everything.`,
      'other-device':
        'The data is of another device: what it ties to that device or its account may be missing or odd here.',
      'in-icloud': (names: string) =>
        `Where iCloud is on for ${names}, it brings its own state back: turn it off on the device before, or what comes back may vanish again.`,
      'app-missing': (app: string) => `${app} is not on the device: its data waits there until you load the app.`,
      'app-older': (app: string) =>
        `The data is of a newer version of ${app} than the device has: update the app first.`,
      'app-passwords': (app: string) =>
        `Passwords that ${app} keeps in the keychain do not come along: you may have to sign in again.`,
    },
    inCloud: byPart({
      Messages: 'Messages',
      Contacts: 'Contacts',
      'iCloud Drive (call history)': 'iCloud Drive (call history)',
      Notes: 'Notes',
      Calendars: 'Calendars',
      Reminders: 'Reminders',
      'Voice Memos': 'Voice Memos',
      Photos: 'Photos',
    }),
    goText: (name: string, when: string) =>
      `${name} is backed up, then what you chose becomes as it was on ${when}. For that it restores all of itself: it shows a progress bar, restarts, and asks for its passcode. Leave it connected.`,
    confirm: (name: string) => `I know that what I chose is replaced on ${name}`,
    done: 'What you chose is back. The device restarts.',
    wayBack: 'The version made just before',
    wayBackText: 'Should anything be wrong: restoring all of it brings back what the device had.',
  },
  de: {
    extent: 'Was zurückkommt',
    everything: 'Alles aus der Version',
    parts: 'Nur Teile davon (in Erprobung)',
    note:
      'Das Ausgewählte wird, wie es in dieser Version war; alles andere auf dem Gerät bleibt, wie es ist. Das Gerät wird ' +
      'vorher immer gesichert: Diese Version ist der Weg zurück. Noch in Erprobung: nicht auf jedem iPhone und iOS ausprobiert.',
    kindsTitle: 'Arten von Inhalten',
    kinds: {
      messages: 'Nachrichten',
      contacts: 'Kontakte',
      calls: 'Anrufliste',
      notes: 'Notizen',
      calendar: 'Kalender',
      reminders: 'Erinnerungen',
      safari: 'Safari',
      'voice-memos': 'Sprachmemos',
      photos: 'Fotos und Videos',
    },
    kindHelp: kindHelp({
      safari: 'Lesezeichen, Verlauf und Tabs',
      photos: 'Die ganze Mediathek; nur ohne iCloud-Fotos',
    }),
    appsTitle: 'Alle Daten einer App',
    findApp: 'App suchen',
    noApps: 'Diese Version sagt nicht, welche Apps es gab.',
    noSuchApp: 'Keine App heißt so.',
    chooseSome: 'Mindestens etwas auswählen, das zurückkommen soll.',
    backUpFirst: (name: string) =>
      `Von ${name} gibt es noch keine Version zum Vergleichen. Einmal sichern, dann proben.`,
    devicePassword: 'Passwort der Sicherungen, die das Gerät jetzt macht',
    devicePasswordHelp: 'Leer lassen, wenn es dasselbe ist oder auf diesem Computer aufbewahrt wird.',
    allowDecryption: 'Was zurückkommt, darf von nun an unverschlüsselt sein',
    allowDecryptionHelp:
      'Die Version ist verschlüsselt, die Sicherungen dieses Geräts sind es nicht. Besser: zuerst die Verschlüsselung des Geräts einschalten.',
    exchangedTitle: 'Was ausgetauscht würde',
    now: 'Jetzt',
    afterwards: 'Danach',
    titles: byPart({
      messages: 'Nachrichten und ihre Anhänge',
      contacts: 'Kontakte',
      calls: 'Anrufliste',
      notes: 'Notizen und ihre Anhänge',
      'notes-of-mail': 'Notizen von Mail-Konten',
      calendar: 'Kalender',
      reminders: 'Erinnerungen',
      bookmarks: 'Lesezeichen',
      'browsing-history': 'Verlauf',
      tabs: 'Tabs und Profile',
      'voice-memos': 'Sprachmemos',
      photos: 'Fotos und Videos',
    }),
    dataOf: (app: string) => `Daten von ${app}`,
    amount: amountWith(
      {
        messages: ['Nachricht', 'Nachrichten'],
        contacts: ['Kontakt', 'Kontakte'],
        calls: ['Anruf', 'Anrufe'],
        notes: ['Notiz', 'Notizen'],
        calendar: ['Termin', 'Termine'],
        reminders: ['Erinnerung', 'Erinnerungen'],
        bookmarks: ['Lesezeichen', 'Lesezeichen'],
        'browsing-history': ['besuchte Seite', 'besuchte Seiten'],
        photos: ['Foto oder Video', 'Fotos und Videos'],
      },
      ['Datei', 'Dateien'],
    ),
    stays: (what: string, why: string) => `${what}: bleibt, wie es ist, denn ${why}.`,
    why: {
      'nothing-there': 'die Version hat nichts davon',
      'encrypted-only': 'Geräte nehmen das nur aus verschlüsselten Sicherungen',
      moved: 'dieses iOS bewahrt es woanders auf und fände es nicht',
    },
    restStays: 'Alles andere auf dem Gerät bleibt, wie es ist.',
    notRemoved:
      'Die Sicherungen dieses Geräts sind nicht verschlüsselt und enthalten deshalb nicht alles: Was nur das Gerät hat, wird nicht entfernt.',
    loads: (app: string) => `Das Gerät lädt ${app} aus dem App Store.`,
    leftOut: (count: number, f: Formats) =>
      `${f.number(count)} ${f.plural(count, 'Datei lässt', 'Dateien lassen')} sich nicht aus der Version lesen: Das Gerät behält dort, was es hat.`,
    warnings: {
      'ios-converts': (from: string, to: string) =>
        `Die Daten sind von iOS ${from}; iOS ${to} wandelt sie um, wenn sie zum ersten Mal gebraucht werden. Das kann dauern, und wie bei jeder Umwandlung kommt vielleicht nicht alles mit.`,
      'other-device':
        'Die Daten sind von einem anderen Gerät: Was an jenem Gerät oder seinem Account hängt, fehlt hier vielleicht oder stimmt nicht.',
      'in-icloud': (names: string) =>
        `Wo iCloud eingeschaltet ist (${names}), stellt es seinen eigenen Stand wieder her: vorher auf dem Gerät ausschalten, sonst verschwindet das Zurückgeholte vielleicht wieder.`,
      'app-missing': (app: string) => `${app} ist nicht auf dem Gerät: Die Daten warten dort, bis die App geladen ist.`,
      'app-older': (app: string) =>
        `Die Daten sind von einer neueren Version von ${app}, als das Gerät hat: zuerst die App aktualisieren.`,
      'app-passwords': (app: string) =>
        `Passwörter, die ${app} im Schlüsselbund hat, kommen nicht mit: Vielleicht ist eine neue Anmeldung nötig.`,
    },
    inCloud: byPart({
      Messages: 'Nachrichten',
      Contacts: 'Kontakte',
      'iCloud Drive (call history)': 'iCloud Drive (Anrufliste)',
      Notes: 'Notizen',
      Calendars: 'Kalender',
      Reminders: 'Erinnerungen',
      'Voice Memos': 'Sprachmemos',
      Photos: 'Fotos',
    }),
    goText: (name: string, when: string) =>
      `${name} wird gesichert, dann wird das Ausgewählte, wie es am ${when} war. Dafür stellt sich das Gerät im Ganzen wieder her: Es zeigt einen Balken, startet neu und fragt nach seinem Code. Verbunden lassen.`,
    confirm: (name: string) => `Ich weiß, dass das Ausgewählte auf ${name} ersetzt wird`,
    done: 'Das Ausgewählte ist zurück. Das Gerät startet neu.',
    wayBack: 'Die Version von unmittelbar davor',
    wayBackText: 'Falls etwas nicht stimmt: Sie im Ganzen zurückzuspielen, bringt zurück, was das Gerät hatte.',
  },
});
