import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

/** Words of the files of a version. */
export const filesWords = inBoth({
  en: {
    title: 'Files',
    lead: 'Everything in this version, as it lies on the device: apps, and parts of the system.',
    apps: 'Apps',
    system: 'Parts of the system',
    none: 'There are no files in this version',
    find: 'Find a file by its name',
    go: 'Find',
    findHelp: 'A part of the name, or a pattern with * and ?',
    found: 'Found',
    nothingFound: 'No file is called that',
    more: 'There are more than these: a longer name finds fewer.',
    emptyFolder: 'This folder is empty',
    where: 'Where this is',
    folder: 'Folder',
    link: 'Link',
    amount: (files: number, f: Formats) => `${f.number(files)} ${f.plural(files, 'file', 'files')}`,
    takeOut: (name: string) => `Take out ${name}`,
    takeOutFolder: 'Take out this folder',
    notHere: 'Its content is not in this backup',
    columns: { name: 'Name', size: 'Size', changed: 'Changed', takeOut: 'Take out' },
    large: {
      title: 'Take out a folder',
      text: (files: string, size: string) =>
        `${files}, ${size}, as one zip. It is not encrypted: whoever has it reads what is in it.`,
      go: 'Take out',
    },
  },
  de: {
    title: 'Dateien',
    lead: 'Alles in dieser Version, wie es auf dem Gerät liegt: Apps und Teile des Systems.',
    apps: 'Apps',
    system: 'Teile des Systems',
    none: 'In dieser Version sind keine Dateien',
    find: 'Eine Datei nach ihrem Namen finden',
    go: 'Finden',
    findHelp: 'Ein Teil des Namens oder ein Muster mit * und ?',
    found: 'Gefunden',
    nothingFound: 'So heißt keine Datei',
    more: 'Es gibt mehr als diese: Ein längerer Name findet weniger.',
    emptyFolder: 'Dieser Ordner ist leer',
    where: 'Wo das ist',
    folder: 'Ordner',
    link: 'Verweis',
    amount: (files: number, f: Formats) => `${f.number(files)} ${f.plural(files, 'Datei', 'Dateien')}`,
    takeOut: (name: string) => `${name} herausholen`,
    takeOutFolder: 'Diesen Ordner herausholen',
    notHere: 'Der Inhalt ist nicht in dieser Sicherung',
    columns: { name: 'Name', size: 'Größe', changed: 'Geändert', takeOut: 'Herausholen' },
    large: {
      title: 'Einen Ordner herausholen',
      text: (files: string, size: string) =>
        `${files}, ${size}, als ein Zip. Es ist nicht verschlüsselt: Wer es hat, liest, was darin ist.`,
      go: 'Herausholen',
    },
  },
});
