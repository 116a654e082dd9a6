import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

type Names = Readonly<Record<string, string>>;
const names = (words: Names): Names => words;

/** Words of accounts, alarms and blocked callers of a version. */
export const smallListsWords = inBoth({
  en: {
    takeOut: 'Take out the list',
    accounts: {
      lead: 'What this phone was signed in to. On another one, these are the accounts to sign in to again; their passwords are not told here.',
      none: 'There are no accounts in this version',
      unnamed: 'Account without a name',
      added: 'Added',
      uses: names({
        Mail: 'Mail',
        Contacts: 'Contacts',
        Calendars: 'Calendars',
        Reminders: 'Reminders',
        Notes: 'Notes',
        Bookmarks: 'Bookmarks',
        News: 'News',
      }),
    },
    alarms: {
      none: 'There are no alarms in this version',
      sleep: 'Wake up',
      timer: 'Timer',
      noTime: 'No time',
      once: 'once',
      daily: 'every day',
      weekdays: 'on weekdays',
      weekends: 'on weekends',
      bedtime: (time: string) => `bedtime ${time}`,
      on: 'On',
      off: 'Off',
      length: (minutes: number, seconds: number, f: Formats) =>
        seconds === 0 ? `${f.number(minutes)} min` : `${f.number(minutes)} min ${f.number(seconds)} s`,
    },
    blocked: {
      lead: 'Numbers and addresses whose calls and messages this phone rejected.',
      none: 'Nobody is blocked in this version',
    },
  },
  de: {
    takeOut: 'Die Liste herausholen',
    accounts: {
      lead: 'Wo dieses Gerät angemeldet war. Auf einem anderen sind es diese Accounts, die neu anzumelden sind; ihre Passwörter stehen hier nicht.',
      none: 'In dieser Version sind keine Accounts',
      unnamed: 'Account ohne Namen',
      added: 'Dazugekommen',
      uses: names({
        Mail: 'Mail',
        Contacts: 'Kontakte',
        Calendars: 'Kalender',
        Reminders: 'Erinnerungen',
        Notes: 'Notizen',
        Bookmarks: 'Lesezeichen',
        News: 'News',
      }),
    },
    alarms: {
      none: 'In dieser Version sind keine Wecker',
      sleep: 'Aufwachen',
      timer: 'Timer',
      noTime: 'Ohne Uhrzeit',
      once: 'einmal',
      daily: 'jeden Tag',
      weekdays: 'werktags',
      weekends: 'am Wochenende',
      bedtime: (time: string) => `ins Bett um ${time}`,
      on: 'Ein',
      off: 'Aus',
      length: (minutes: number, seconds: number, f: Formats) =>
        seconds === 0 ? `${f.number(minutes)} Min.` : `${f.number(minutes)} Min. ${f.number(seconds)} Sek.`,
    },
    blocked: {
      lead: 'Nummern und Adressen, deren Anrufe und Nachrichten dieses Gerät abwies.',
      none: 'In dieser Version ist niemand blockiert',
    },
  },
});
