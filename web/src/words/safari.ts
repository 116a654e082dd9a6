import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

export const safariWords = inBoth({
  en: {
    parts: 'Parts of Safari',
    history: 'History',
    bookmarks: 'Bookmarks',
    tabs: 'Tabs',
    noHistory: 'There is no history in this version',
    noHistoryHint: 'Only encrypted backups hold it.',
    noBookmarks: 'There are no bookmarks in this version',
    noTabs: 'There are no tabs in this version',
    noDate: 'Without a date',
    otherDevice: 'On another device',
    unread: 'Not read yet',
    showPrivate: 'Show private tabs',
    lastViewed: 'Last seen',
    emptyFolder: 'Empty',
    cut: 'There are more bookmarks than can be shown.',
    roles: { favorites: 'Favourites', menu: 'Bookmarks', 'reading-list': 'Reading list' } as Readonly<
      Record<string, string>
    >,
    count: (count: number, f: Formats) => f.number(count),
    places: {
      group: 'Tab group',
      window: 'Open',
      pinned: 'Pinned',
      'recently-closed': 'Recently closed',
      'start-page': 'Start page',
      'other-device': 'On another device',
      earlier: 'Earlier',
    },
  },
  de: {
    parts: 'Teile von Safari',
    history: 'Verlauf',
    bookmarks: 'Lesezeichen',
    tabs: 'Tabs',
    noHistory: 'In dieser Version ist kein Verlauf',
    noHistoryHint: 'Nur verschlüsselte Sicherungen enthalten ihn.',
    noBookmarks: 'In dieser Version sind keine Lesezeichen',
    noTabs: 'In dieser Version sind keine Tabs',
    noDate: 'Ohne Datum',
    otherDevice: 'Auf einem anderen Gerät',
    unread: 'Noch nicht gelesen',
    showPrivate: 'Private Tabs zeigen',
    lastViewed: 'Zuletzt gesehen',
    emptyFolder: 'Leer',
    cut: 'Es gibt mehr Lesezeichen, als gezeigt werden können.',
    roles: { favorites: 'Favoriten', menu: 'Lesezeichen', 'reading-list': 'Leseliste' } as Readonly<
      Record<string, string>
    >,
    count: (count: number, f: Formats) => f.number(count),
    places: {
      group: 'Tabgruppe',
      window: 'Geöffnet',
      pinned: 'Angeheftet',
      'recently-closed': 'Zuletzt geschlossen',
      'start-page': 'Startseite',
      'other-device': 'Auf einem anderen Gerät',
      earlier: 'Früher',
    },
  },
});
