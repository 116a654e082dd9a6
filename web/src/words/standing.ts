import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

interface Counts {
  readonly copies: number;
  readonly media: number;
  readonly offSite: number;
}

/** Where backups lie, and how safe that is. */
export const standingWords = inBoth({
  en: {
    title: 'Where its backups lie',
    rule: 'Safe means: backed up lately, three copies with the device itself, on two media, one of them in another building, and proven.',
    free: (bytes: string) => `${bytes} are free where the backups lie.`,
    counts: (v: Counts, f: Formats) =>
      `${f.number(v.copies)} ${f.plural(v.copies, 'copy', 'copies')} with the device itself, on ${f.number(v.media)} ${f.plural(v.media, 'medium', 'media')}, ${v.offSite === 0 ? 'none' : f.number(v.offSite)} off-site.`,
    kindsOfPlace: { phone: 'The device itself', vault: 'This Holdfast', copy: 'Copy', icloud: 'iCloud' },
    media: {
      device: 'in the device',
      disk: 'disk of this computer',
      removable: 'disk that can be taken away',
      network: 'another computer',
      cloud: 'a service on the internet',
      unknown: 'it is not known what it lies on',
    },
    offSite: 'off-site',
    onSite: 'in the same building',
    asOf: (when: string) => `As of ${when}.`,
    provenOn: (when: string) => `Proven ${when}.`,
    neverProven: 'Never proven.',
    versions: (count: number, f: Formats) => `${f.number(count)} ${f.plural(count, 'version', 'versions')}.`,
    places: (count: number, f: Formats) => `Where it lies: ${f.number(count)} ${f.plural(count, 'place', 'places')}`,
    toDevice: (name: string) => `More about ${name}`,
    doThis: 'What to do',
    steps: {
      'do-run-copy': (copy: string) => `Bring the copy “${copy}” up to date.`,
      'do-say-where-copy-lies': (copy: string) =>
        `If the copy “${copy}” lies in another building, say so where it is changed. If not, add one in a folder on another disk.`,
      'do-give-copy-time': (copy: string) =>
        `Give the copy “${copy}” longer hours, or bring it up to date once by hand: its hours are over before it is through.`,
      'do-forget-copy': (copy: string) =>
        `Forget the copy “${copy}”, which deletes nothing there, and add one in another place.`,
      'do-prove-copy': (copy: string) => `Have the copy “${copy}” proven: it is read back and compared.`,
      'do-add-copy': () => 'Add a copy on another disk or away from home.',
      'do-add-copy-elsewhere': () => 'Add a copy in another building, or carry a disk there.',
      'do-add-other-disk': () => 'Add a copy on another disk.',
    },
    emptyTitle: 'No device is known yet',
    emptyText: 'As soon as the first one is backed up, it stands here where its backups lie and how safe that is.',
  },
  de: {
    title: 'Wo seine Sicherungen liegen',
    rule: 'Sicher heißt: kürzlich gesichert, drei Kopien mit dem Gerät selbst, auf zwei Datenträgern, eine davon in einem anderen Gebäude, und nachgewiesen.',
    free: (bytes: string) => `Wo die Sicherungen liegen, sind ${bytes} frei.`,
    counts: (v: Counts, f: Formats) =>
      `${f.number(v.copies)} ${f.plural(v.copies, 'Kopie', 'Kopien')} mit dem Gerät selbst, auf ${f.number(v.media)} ${f.plural(v.media, 'Datenträger', 'Datenträgern')}, ${v.offSite === 0 ? 'keine' : f.number(v.offSite)} außer Haus.`,
    kindsOfPlace: { phone: 'Das Gerät selbst', vault: 'Dieses Holdfast', copy: 'Kopie', icloud: 'iCloud' },
    media: {
      device: 'im Gerät',
      disk: 'Platte dieses Computers',
      removable: 'Platte, die man mitnehmen kann',
      network: 'ein anderer Computer',
      cloud: 'ein Dienst im Internet',
      unknown: 'worauf es liegt, ist nicht bekannt',
    },
    offSite: 'außer Haus',
    onSite: 'im selben Gebäude',
    asOf: (when: string) => `Stand: ${when}.`,
    provenOn: (when: string) => `Nachgewiesen ${when}.`,
    neverProven: 'Nie nachgewiesen.',
    versions: (count: number, f: Formats) => `${f.number(count)} ${f.plural(count, 'Version', 'Versionen')}.`,
    places: (count: number, f: Formats) => `Wo es liegt: ${f.number(count)} ${f.plural(count, 'Ort', 'Orte')}`,
    toDevice: (name: string) => `Mehr zu ${name}`,
    doThis: 'Was zu tun ist',
    steps: {
      'do-run-copy': (copy: string) => `Die Kopie „${copy}“ auf den Stand bringen.`,
      'do-say-where-copy-lies': (copy: string) =>
        `Liegt die Kopie „${copy}“ außer Haus, es bei ihr so einstellen. Sonst eine in einem Ordner auf einer anderen Festplatte hinzufügen.`,
      'do-give-copy-time': (copy: string) =>
        `Der Kopie „${copy}“ ein längeres Zeitfenster geben oder sie einmal von Hand auf den Stand bringen: Ihre Zeit ist um, bevor sie fertig wird.`,
      'do-forget-copy': (copy: string) =>
        `Die Kopie „${copy}“ vergessen, wobei dort nichts gelöscht wird, und eine an einem anderen Ort hinzufügen.`,
      'do-prove-copy': (copy: string) => `Die Kopie „${copy}“ nachweisen: Sie wird zurückgelesen und verglichen.`,
      'do-add-copy': () => 'Eine Kopie auf einer anderen Platte oder außer Haus hinzufügen.',
      'do-add-copy-elsewhere': () => 'Eine Kopie in einem anderen Gebäude hinzufügen oder eine Platte dorthin bringen.',
      'do-add-other-disk': () => 'Eine Kopie auf einer anderen Platte hinzufügen.',
    },
    emptyTitle: 'Noch ist kein Gerät bekannt',
    emptyText: 'Sobald das erste gesichert ist, steht hier, wo seine Sicherungen liegen und wie sicher das ist.',
  },
});
