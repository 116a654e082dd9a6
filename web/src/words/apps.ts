import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

/** Words of the apps of a version. */
export const appsWords = inBoth({
  en: {
    lead: 'The apps themselves are in no backup: a restored phone fetches them from the App Store. On a phone set up anew, these are the ones to put back.',
    sum: (installed: number, withoutData: number, size: string, f: Formats) =>
      `${f.number(installed)} ${f.plural(installed, 'app was', 'apps were')} installed. What they keep in this version is ${size}${
        withoutData === 0 ? '' : `; ${f.number(withoutData)} ${f.plural(withoutData, 'keeps', 'keep')} nothing in it`
      }.`,
    takeOut: 'Take out the list',
    find: 'Find an app',
    order: 'Order',
    byName: 'By name',
    bySize: 'By size',
    none: 'There are no apps in this version',
    notFound: 'No app like that',
    installed: 'To put back',
    builtIn: 'Come with the system',
    keepsNothing: 'keeps nothing in it',
    dock: 'in the dock',
    page: (page: number) => `page ${page}`,
    folder: (page: string, name: string) => `${page}, in “${name}”`,
    inStore: 'App Store',
    inStoreLabel: (name: string) => `${name} in the App Store`,
  },
  de: {
    lead: 'Die Apps selbst sind in keiner Sicherung: Ein wiederhergestelltes Gerät lädt sie aus dem App Store. Auf einem neu eingerichteten Gerät sind es diese, die wieder dazukommen.',
    sum: (installed: number, withoutData: number, size: string, f: Formats) =>
      `${f.number(installed)} ${f.plural(installed, 'App war', 'Apps waren')} installiert. In dieser Version haben sie ${size}${
        withoutData === 0 ? '' : `; ${f.number(withoutData)} ${f.plural(withoutData, 'hat', 'haben')} nichts darin`
      }.`,
    takeOut: 'Die Liste herausholen',
    find: 'Eine App suchen',
    order: 'Reihenfolge',
    byName: 'Nach Name',
    bySize: 'Nach Größe',
    none: 'In dieser Version sind keine Apps',
    notFound: 'Keine solche App',
    installed: 'Wieder zu installieren',
    builtIn: 'Gehören zum System',
    keepsNothing: 'hat nichts darin',
    dock: 'im Dock',
    page: (page: number) => `Seite ${page}`,
    folder: (page: string, name: string) => `${page}, in „${name}“`,
    inStore: 'App Store',
    inStoreLabel: (name: string) => `${name} im App Store`,
  },
});
