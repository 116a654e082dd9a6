import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

type Details = Readonly<Record<string, number>>;
type Count = (count: number, details: Details, f: Formats) => string;

/** "12 notes", in whichever form the number wants. */
function counted(one: string, many: string): Count {
  return (count, _details, f) => `${f.number(count)} ${f.plural(count, one, many)}`;
}

export const shelfWords = inBoth({
  en: {
    lead: (system: string, files: string, size: string) => `iOS ${system}, ${files} files, ${size}.`,
    compare: 'Compare',
    takeOut: 'Take out',
    inIt: 'What is in this version',
    newest: 'Newest',
    unreadable: 'Is here, but could not be read',
    counts: {
      messages: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} in ${f.number(details['conversations'] ?? 0)} ${f.plural(details['conversations'] ?? 0, 'conversation', 'conversations')}`,
      photos: (count: number, details: Details, f: Formats) =>
        details['videos'] ? `${f.number(count)}, ${f.number(details['videos'])} of them videos` : f.number(count),
      contacts: counted('person', 'people'),
      calls: counted('call', 'calls'),
      voicemail: counted('message', 'messages'),
      notes: counted('note', 'notes'),
      calendar: counted('event', 'events'),
      reminders: counted('reminder', 'reminders'),
      safari: (_count: number, details: Details, f: Formats) =>
        `${f.number(details['visits'] ?? 0)} visits, ${f.number(details['tabs'] ?? 0)} tabs`,
      whatsapp: counted('chat', 'chats'),
      health: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} values of ${f.number(details['types'] ?? 0)} kinds`,
      'voice-memos': counted('recording', 'recordings'),
      apps: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} ${f.plural(count, 'app', 'apps')}, ${f.number(details['withData'] ?? 0)} with data`,
      accounts: counted('account', 'accounts'),
      wifi: counted('network', 'networks'),
      alarms: counted('alarm', 'alarms'),
      blocked: counted('number or address', 'numbers and addresses'),
      files: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} ${f.plural(count, 'file', 'files')}, ${f.bytes(details['bytes'] ?? 0)}`,
    },
    missing: {
      title: 'Not in this backup',
      lead: 'So that nobody looks for it in vain.',
      absent: 'is not in it.',
      empty: 'is empty on the phone.',
      needsEncryption: 'is held by encrypted backups only, and this one is not encrypted.',
      notEncrypted:
        'This backup is not encrypted: passwords, Health, the call history and the history of Safari are in encrypted backups only.',
      apps: 'Apps without data in it:',
      never: 'No backup of an iPhone or iPad holds:',
      nothing: 'Everything that backups can hold is in it.',
    },
    presence: {
      here: 'is here.',
      partly: 'are here in part.',
      absent: 'is not in it.',
      sealed: 'is sealed.',
    },
  },
  de: {
    lead: (system: string, files: string, size: string) => `iOS ${system}, ${files} Dateien, ${size}.`,
    compare: 'Vergleichen',
    takeOut: 'Herausholen',
    inIt: 'Was in dieser Version ist',
    newest: 'Zuletzt',
    unreadable: 'Ist da, war aber nicht zu lesen',
    counts: {
      messages: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} in ${f.number(details['conversations'] ?? 0)} ${f.plural(details['conversations'] ?? 0, 'Unterhaltung', 'Unterhaltungen')}`,
      photos: (count: number, details: Details, f: Formats) =>
        details['videos'] ? `${f.number(count)}, davon ${f.number(details['videos'])} Videos` : f.number(count),
      contacts: counted('Person', 'Personen'),
      calls: counted('Anruf', 'Anrufe'),
      voicemail: counted('Nachricht', 'Nachrichten'),
      notes: counted('Notiz', 'Notizen'),
      calendar: counted('Termin', 'Termine'),
      reminders: counted('Erinnerung', 'Erinnerungen'),
      safari: (_count: number, details: Details, f: Formats) =>
        `${f.number(details['visits'] ?? 0)} Besuche, ${f.number(details['tabs'] ?? 0)} Tabs`,
      whatsapp: counted('Chat', 'Chats'),
      health: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} Werte von ${f.number(details['types'] ?? 0)} Arten`,
      'voice-memos': counted('Aufnahme', 'Aufnahmen'),
      apps: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} ${f.plural(count, 'App', 'Apps')}, ${f.number(details['withData'] ?? 0)} mit Daten`,
      accounts: counted('Account', 'Accounts'),
      wifi: counted('Netz', 'Netze'),
      alarms: counted('Wecker', 'Wecker'),
      blocked: counted('Nummer oder Adresse', 'Nummern und Adressen'),
      files: (count: number, details: Details, f: Formats) =>
        `${f.number(count)} ${f.plural(count, 'Datei', 'Dateien')}, ${f.bytes(details['bytes'] ?? 0)}`,
    },
    missing: {
      title: 'Nicht in dieser Sicherung',
      lead: 'Damit niemand vergeblich danach sucht.',
      absent: 'nicht darin.',
      empty: 'auf dem Gerät leer.',
      needsEncryption: 'nur in verschlüsselten Sicherungen, und diese ist nicht verschlüsselt.',
      notEncrypted:
        'Diese Sicherung ist nicht verschlüsselt: Passwörter, Health, Anrufliste und der Verlauf von Safari sind nur in verschlüsselten Sicherungen.',
      apps: 'Apps ohne Daten darin:',
      never: 'Keine Sicherung eines iPhone oder iPad enthält:',
      nothing: 'Alles, was Sicherungen enthalten können, ist darin.',
    },
    presence: {
      here: 'ist da.',
      partly: 'nur zum Teil da.',
      absent: 'nicht darin.',
      sealed: 'versiegelt.',
    },
  },
});
