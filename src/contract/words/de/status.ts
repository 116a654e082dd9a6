import type { Formats } from '../formats.ts';
import type { WordsFor } from '../reason-values.ts';
import type { StatusReasons } from '../status-reasons.ts';
import { reasonOf } from './failures.ts';

export const status: WordsFor<StatusReasons> = {
  'status-safe': (v, f) => (v.devices === 1 ? 'Es ist sicher.' : `Alle ${f.number(v.devices)} Geräte sind sicher.`),
  'status-attention': (v, f) => `${devices(v.devices, f)} ${v.devices === 1 ? 'braucht' : 'brauchen'} Aufmerksamkeit.`,
  'status-at-risk': (v, f) => `${devices(v.devices, f)} ${v.devices === 1 ? 'ist' : 'sind'} in Gefahr.`,
  'status-unknown': (v, f) =>
    `Über ${f.number(v.devices)} ${f.plural(v.devices, 'Gerät', 'Geräte')} ist noch nichts bekannt.`,
  'status-empty': () => 'Noch ist kein Gerät bekannt.',
  'kept-well': (v, f) => `${where(v, f)}; nachgewiesen ${f.day(v.provenAt)}.`,
  'kept-so-far': (v, f) => `${where(v, f)}.`,
  'kept-here-only': () =>
    'Außer auf dem Gerät selbst liegt es nur auf dieser Festplatte: Geht das Gerät verloren und stirbt sie, ist alles weg.',
  'kept-on-one-disk': () => 'Alle seine Versionen liegen auf einer Festplatte und sterben mit ihr.',
  'kept-in-one-building': () => 'Alle Kopien sind in einem Haus: Ein Brand oder ein Einbruch nimmt sie zusammen.',
  'proof-missing': () => 'Noch niemand hat nachgewiesen, dass es zurückkäme.',
  'proof-old': (v, f) => `Dass es zurückkäme, wurde zuletzt ${f.day(v.at)} nachgewiesen.`,
  'phone-seen': (v, f) => `Gesehen ${f.moment(v.at)}.`,
  'phone-never-seen': () => 'Es wurde von diesem Computer noch nie gesehen.',
  'phone-long-away': (v, f) => `Es wurde zuletzt ${f.day(v.at)} gesehen und zählt deshalb nicht als Kopie.`,
  'place-empty': () => 'Dort liegt noch nichts davon.',
  'copy-never-filled': (v) => `Die Kopie „${v.copy}“ wurde noch nie gefüllt.`,
  'copy-lacks-device': (v) => `Die Kopie „${v.copy}“ hat noch nichts davon.`,
  'copy-old': (v, f) => `Die Kopie „${v.copy}“ liegt ${f.number(v.days)} ${f.plural(v.days, 'Tag', 'Tage')} zurück.`,
  'copy-stopped': (v, f) =>
    `Die Kopie „${v.copy}“ ließ sich ${f.moment(v.at)} nicht auf den neuesten Stand bringen: ${reasonOf(v.error)}.`,
  'copy-known-damaged': (v, f) => `Die Kopie „${v.copy}“ war ${f.day(v.at)} beschädigt.`,
  'copies-list-unreadable': () =>
    'Die Liste der Kopien lässt sich nicht lesen: Welche es gibt und wie es ihnen geht, ist nicht bekannt, und keine wird auf den neuesten Stand gebracht.',
  'copy-place-unknown': (v) =>
    `Die Kopie „${v.copy}“ ist über diesen Computer selbst zu erreichen: Auf welcher Festplatte sie liegt, lässt sich nicht sagen, deshalb zählt sie nicht als weitere.`,
  'copy-twice': (v) => `Die Kopien „${v.other}“ und „${v.copy}“ sind ein und dieselbe, und die zählt einmal.`,
  'copy-on-vault-disk': (v) =>
    `Die Kopie „${v.copy}“ liegt auf derselben Festplatte wie das, was sie kopiert, und stirbt mit ihr.`,
  'restic-is-old': () =>
    'Das restic auf diesem Computer kann kopieren, nachweisen und zurückspielen, aber verrottete Pakete nicht reparieren: 0.17.1 oder neuer kann es.',
  'copy-proof-missing': (v) => `Die Kopie „${v.copy}“ wurde noch nie zurückgelesen.`,
  'copy-proof-old': (v, f) => `Die Kopie „${v.copy}“ wurde zuletzt ${f.day(v.at)} zurückgelesen.`,
  'cloud-from': (v, f) =>
    `Apples eigene Sicherung kam zuletzt ${f.moment(v.at)} zu Ende. Außer Apple kann sie niemand nachweisen, deshalb zählt sie nicht.`,
  'cloud-old': (v, f) =>
    `Apples eigene Sicherung kam zuletzt ${f.day(v.at)} zu Ende. Apple löscht sie, wenn 180 Tage nichts kam.`,
  'cloud-off': () => 'Apples eigene Sicherung ist ausgeschaltet.',
  'cloud-never': () => 'Apples eigene Sicherung ist eingeschaltet; von einer, die zu Ende kam, sagt das Gerät nichts.',
  'cloud-not-told': () => 'Ob Apple eine Sicherung davon hat, hat das Gerät nicht gesagt.',
  'do-add-copy-elsewhere': () => 'Eine Kopie in einem anderen Haus einrichten oder eine Festplatte dorthin bringen.',
  'do-add-other-disk': () => 'Eine Kopie auf einer anderen Festplatte einrichten.',
  'do-prove': () => 'Eine Prüfung starten: Sie öffnet und liest jede Datei der neuesten Version.',
  'do-prove-copy': (v) => `Sie zurücklesen lassen: \`holdfast copies verify ${v.copy}\`.`,
  'do-mend-copies-list': (v) =>
    `${v.path} zurückholen, oder die Datei beiseitelegen und die Kopien neu hinzufügen: Was in ihnen liegt, wird wieder gefunden. Solange ändert sich dort nichts.`,
  'do-say-where-copy-lies': (v) =>
    `Liegt „${v.copy}“ außer Haus, es so sagen: \`holdfast copies change ${v.copy} --off-site\`. Sonst eine Kopie in einem Ordner auf einer anderen Festplatte einrichten.`,
  'do-forget-copy': (v) =>
    `Sie aus der Liste nehmen, wobei dort nichts gelöscht wird: \`holdfast copies remove ${v.copy}\`; dann eine an einem anderen Ort einrichten.`,
  'do-give-copy-time': (v) =>
    `Ihre Zeit ist um, bevor sie fertig wird: „${v.copy}“ ein längeres Zeitfenster geben oder sie einmal von Hand auf den neuesten Stand bringen, \`holdfast copies run ${v.copy}\`.`,
};

const devices = (count: number, f: Formats): string => `${f.number(count)} ${f.plural(count, 'Gerät', 'Geräte')}`;

function where(v: { copies: number; media: number; offSite: number }, f: Formats): string {
  const copies = `${f.number(v.copies)} ${f.plural(v.copies, 'Kopie', 'Kopien')}, das Gerät mitgezählt`;
  const media = `auf ${f.number(v.media)} ${f.plural(v.media, 'Medium', 'Medien')}`;
  const elsewhere = v.offSite === 0 ? 'keine davon außer Haus' : `${f.number(v.offSite)} davon außer Haus`;
  return `${copies}, ${media}, ${elsewhere}`;
}
