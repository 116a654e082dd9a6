import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

export const searchWords = inBoth({
  en: {
    title: 'Search',
    results: (query: string) => `What was found for “${query}”`,
    found: (count: number, f: Formats) => `${f.number(count)} ${f.plural(count, 'hit', 'hits')}, the newest first`,
    atLeast: (count: number, f: Formats) => `The newest ${f.number(count)} hits`,
    more: 'Show more',
    start: 'What are you looking for?',
    startHint:
      'Words find what contains all of them. “In quotes” finds them in this order; -word leaves out what has it.',
    none: (query: string) => `Nothing in this version has “${query}”`,
    noneAll: (query: string) => `No version has “${query}”`,
    noneHint: 'Fewer words find more. With “in all versions”, what was deleted before this version is found, too.',
    searching: 'Searching. The first search of a version takes longer: it makes an index.',
    unreadable: (kinds: string) => `Could not be looked through: ${kinds}.`,
    lockedVersions: (count: number, f: Formats) =>
      `${f.number(count)} ${f.plural(count, 'version has', 'versions have')} another password and ${f.plural(count, 'was', 'were')} left out. Open ${f.plural(count, 'it', 'them')} to search ${f.plural(count, 'it', 'them')}, too.`,
    goneSince: 'Gone since',
    inVersions: (first: string, last: string) => `In versions from ${first} to ${last}`,
    inVersion: (day: string) => `In the version of ${day}`,
    all: 'All',
    which: 'Which kinds',
    titleOf: (title: string) => title,
    otherKinds: {
      interactions: 'Interactions',
      fragments: 'Recovered',
    },
  },
  de: {
    title: 'Suche',
    results: (query: string) => `Was zu „${query}“ gefunden wurde`,
    found: (count: number, f: Formats) =>
      `${f.number(count)} ${f.plural(count, 'Treffer', 'Treffer')}, die neuesten zuerst`,
    atLeast: (count: number, f: Formats) => `Die neuesten ${f.number(count)} Treffer`,
    more: 'Mehr zeigen',
    start: 'Was wird gesucht?',
    startHint:
      'Mehrere Wörter finden, was alle enthält. „In Anführungszeichen“ findet sie in dieser Folge; -Wort lässt weg, was es enthält.',
    none: (query: string) => `In dieser Version ist nichts mit „${query}“`,
    noneAll: (query: string) => `In keiner Version ist etwas mit „${query}“`,
    noneHint: 'Weniger Wörter finden mehr. „In allen Versionen“ findet auch, was vor dieser Version gelöscht wurde.',
    searching: 'Es wird gesucht. Die erste Suche in einer Version dauert länger: Sie legt ein Verzeichnis an.',
    unreadable: (kinds: string) => `War nicht zu durchsuchen: ${kinds}.`,
    lockedVersions: (count: number, f: Formats) =>
      `${f.number(count)} ${f.plural(count, 'Version hat', 'Versionen haben')} ein anderes Passwort und ${f.plural(count, 'wurde', 'wurden')} ausgelassen. Erst geöffnet ${f.plural(count, 'wird sie', 'werden sie')} mit durchsucht.`,
    goneSince: 'Weg seit',
    inVersions: (first: string, last: string) => `In Versionen von ${first} bis ${last}`,
    inVersion: (day: string) => `In der Version von ${day}`,
    all: 'Alle',
    which: 'Welche Arten',
    // The service names what somebody wrote themselves in English.
    titleOf: (title: string) => title.replace(/^You to /, 'Du an ').replace(/^You in /, 'Du in '),
    otherKinds: {
      interactions: 'Kontakte mit anderen',
      fragments: 'Gerettet',
    },
  },
});
