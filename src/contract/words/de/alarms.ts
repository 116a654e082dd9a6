import type { AlarmReasons } from '../alarm-reasons.ts';
import type { WordsFor } from '../reason-values.ts';
import { adviceOn, reasonOf } from './failures.ts';

export const alarms: WordsFor<AlarmReasons> = {
  'alarm-overdue': (v, f) => `${v.name} wurde seit ${f.span(v.days * DAY_MS)} nicht gesichert.`,
  'alarm-overdue-first': (v, f) =>
    `${v.name} wurde noch nie gesichert und ist seit ${f.span(v.days * DAY_MS)} bekannt.`,
  'alarm-failing': (v, f) =>
    `Die letzten ${f.number(v.tries)} Sicherungen von ${v.name} sind gescheitert, zuletzt: ${reasonOf(v.error)}.`,
  'alarm-not-confirmed': (v, f) =>
    `${v.name} hat ${f.number(v.tries)}-mal nach dem Code gefragt, und niemand hat ihn eingegeben, zuletzt ${f.moment(v.at)}.`,
  'alarm-disk-filling': (v, f) =>
    `Die Festplatte mit den Sicherungen wird ${f.day(v.fullOn)} voll sein; ${f.bytes(v.freeBytes)} sind frei.`,
  'alarm-disk-full': (v, f) => `Die Festplatte mit den Sicherungen ist voll: ${f.bytes(v.freeBytes)} sind frei.`,
  'alarm-pairing-lapses': (v, f) => `${v.name} antwortet in ${f.span(v.daysLeft * DAY_MS)} nicht mehr über WLAN.`,
  'alarm-pairing-over': (v) => `Von ${v.name} war so lange nichts zu hören, dass es nicht mehr über WLAN antwortet.`,
  'alarm-password-unknown': (v) =>
    `Die Sicherungen von ${v.name} sind verschlüsselt, und niemand hat gezeigt, dass das Passwort noch bekannt ist.`,
  'alarm-copy-late': (v, f) =>
    `Die Kopie „${v.copy}“ ist ${days(v.days, f.number(v.days))} alt, älter als sie sein soll.`,
  'alarm-copy-never': (v) => `Die Kopie „${v.copy}“ wurde noch nie angelegt.`,
  'alarm-copy-failing': (v, f) =>
    `Die Kopie „${v.copy}“ ist ${f.number(v.tries)}-mal nacheinander gescheitert, zuletzt: ${reasonOf(v.error)}.`,
  'alarm-checkup-failed': (v, f) =>
    `Bei der Prüfung ${f.day(v.at)} ${v.problems === 1 ? 'war eine Sache' : `waren ${f.number(v.problems)} Dinge`} nicht in Ordnung.`,
  'alarm-checkup-broke-off': (v, f) => `Die Prüfung konnte ${f.day(v.at)} nicht zu Ende gebracht werden.`,
  'alarm-checkup-late': (v, f) => `Die Prüfung ist seit ${f.span(v.days * DAY_MS)} überfällig.`,
  'alarm-version-shrunk': (v, f) =>
    `Die Version von ${v.name}, die ${f.day(v.at)} entstand, enthält ${f.percent(v.percent)} weniger als die vorige. Ältere Versionen werden vorerst alle behalten.`,
  'alarm-clock-wrong': (v, f) =>
    `Die Uhr dieses Computers kann nicht stimmen: Sie zeigt ${stamp(v.shows)}, aber ${stamp(v.latest)} war schon (nach dieser Uhr ${f.ago(v.latest)})${v.version === undefined || v.name === undefined ? '' : `: Version ${v.version} von ${v.name} trägt dieses Datum`}.`,
  'alarm-version-misdated': (v) =>
    `Version ${v.version} von ${v.name} trägt das Datum ${stamp(v.at)}, das erst noch kommt: Eine Uhr ging vor, als sie entstand. Bis dahin bleibt sie, was auch die Regel sagt, und gilt nicht als neueste.`,
  'alarm-vault-missing': (v) =>
    `Die Sicherungen in ${v.place} sind nicht zu erreichen: Ihre Festplatte ist nicht da, oder sie sind beschädigt.`,
  'alarm-settings-invalid': () =>
    'Die Datei mit den Einstellungen ist nicht zu verstehen; es gelten die letzten, die es waren.',
  'alarm-cannot-tell': (v, f) =>
    `Nachrichten über „${v.channel}“ kommen seit ${stamp(v.since)} nicht mehr an (${f.ago(v.since)}).`,

  'do-bring-home': () =>
    'Es nach Hause bringen, an den Strom hängen und eine Weile gesperrt lassen, oder eine Sicherung von Hand starten.',
  'do-enter-passcode': () => 'Es zu Hause entsperren und den Code eingeben, wenn danach gefragt wird.',
  'do-wait-for-next-try': () =>
    'Es wird von selbst wieder versucht; eine von Hand gestartete Sicherung zeigt, was im Weg steht.',
  'do-about-error': (v) => adviceOn(v.error),
  'do-make-room': () =>
    'Auf dieser Festplatte Platz schaffen, weniger Versionen behalten oder die Sicherungen auf eine größere umziehen.',
  'do-come-near': () => 'Es ins WLAN dieses Computers kommen lassen oder mit Kabel anschließen, und einmal entsperren.',
  'do-connect-once': () => 'Es mit Kabel anschließen und einmal entsperren; danach geht WLAN wieder.',
  'do-keep-password': () =>
    'Das Backup-Passwort auf der Seite des Geräts oder mit `holdfast encryption check` ausprobieren und auf ein Wiederherstellungsblatt schreiben.',
  'do-connect-copy': () =>
    'Ihre Festplatte anschließen oder nachsehen, ob ihr Server läuft; die Kopie wird dann von selbst aktuell.',
  'do-read-report': () => 'Der Bericht der Prüfung nennt alles einzeln und sagt, was zu tun ist.',
  'do-start-checkup': () => 'Eine Prüfung von Hand starten und diesen Computer anlassen, bis sie fertig ist.',
  'do-compare-versions': (v, f) =>
    `Die Unterschiede zwischen den beiden Versionen ansehen. War es so gewollt, ist nichts zu tun${v.until === undefined ? '' : `: Ältere Versionen werden ${f.day(v.until)} wieder ausgedünnt`}.`,
  'do-set-clock': () =>
    'Die Uhr dieses Computers stellen, am besten von selbst aus dem Netz. Bis dahin wird nichts nach Datum ausgedünnt.',
  'do-set-clock-or-forget': (v) =>
    `Die Uhr dieses Computers stellen, am besten von selbst aus dem Netz; bis dahin wird nichts nach Datum ausgedünnt. Stimmt sie, jene Version entfernen, sobald es eine neuere gibt: \`holdfast forget ${v.version}\`.`,
  'do-forget-misdated': (v) =>
    `Solange sie bleibt, geht nichts verloren. Gibt es eine neuere Version, lässt sie sich entfernen: \`holdfast forget ${v.version}\`.`,
  'do-connect-vault': () =>
    'Die Festplatte anschließen oder einhängen; `holdfast doctor` sagt mehr. Bis dahin wird nichts gesichert.',
  'do-correct-settings': () => 'Die Datei berichtigen oder die Einstellungen auf ihrer Seite einmal speichern.',
  'do-check-channel': () => 'Die Einstellungen dazu ansehen und eine Probenachricht senden.',

  'over-overdue': (v) => `${v.name} ist nicht mehr überfällig.`,
  'over-failing': (v) => `Die Sicherungen von ${v.name} scheitern nicht mehr.`,
  'over-not-confirmed': (v) => `${v.name} wartet nicht mehr auf seinen Code.`,
  'over-disk-filling': () => 'Die Festplatte mit den Sicherungen hat wieder Platz.',
  'over-pairing-lapses': (v) => `Von ${v.name} war wieder zu hören.`,
  'over-password-unknown': (v) => `Das Passwort für die Sicherungen von ${v.name} steht nicht mehr in Zweifel.`,
  'over-copy-late': (v) => `Die Kopie „${v.copy}“ ist nicht mehr überfällig.`,
  'over-copy-failing': (v) => `Die Kopie „${v.copy}“ scheitert nicht mehr.`,
  'over-checkup-failed': () => 'Die Prüfung ist wieder in Ordnung.',
  'over-checkup-late': () => 'Die Prüfung ist nicht mehr überfällig.',
  'over-version-shrunk': (v) => `Die kleinere Version von ${v.name} hält das Ausdünnen älterer nicht mehr auf.`,
  'over-clock-wrong': () => 'Die Uhr dieses Computers kann wieder stimmen.',
  'over-version-misdated': (v) => `Keine Version von ${v.name} trägt mehr ein Datum, das erst noch kommt.`,
  'over-vault-missing': () => 'Die Sicherungen sind wieder zu erreichen.',
  'over-copies-unreadable': () => 'Die Liste der Kopien lässt sich wieder lesen.',
  'over-settings-invalid': () => 'Die Datei mit den Einstellungen ist wieder zu verstehen.',
  'over-cannot-tell': (v) => `Nachrichten über „${v.channel}“ kommen wieder an.`,

  'notice-several': (v, f) => `${f.number(v.count)} Dinge brauchen Aufmerksamkeit.`,
  'notice-several-over': (v, f) => `${f.number(v.count)} Dinge sind wieder in Ordnung.`,
  'notice-well': () => 'Alles ist gut.',
  'notice-announce': (v) =>
    `Eine Sicherung von ${v.name} ist fällig: zu Hause entsperren und den Code eingeben, wenn danach gefragt wird.`,
  'notice-test': (v) => `Dies ist eine Probe: Nachrichten über „${v.channel}“ kommen an.`,
  'level-safe': () => 'In Ordnung.',
  'level-attention': () => 'Achtung.',
  'level-at-risk': () => 'In Gefahr.',
  'notice-from': (v) => `Das hat Holdfast auf ${v.computer} von selbst mitgeteilt. Antworten liest niemand.`,
  'well-device': (v, f) => `${v.name} wurde ${f.ago(v.at)} gesichert.`,
};

const DAY_MS = 86_400_000;

const days = (count: number, written: string): string => (count === 1 ? 'einen Tag' : `${written} Tage`);

/** Exact, as a clock is what it is about: “22.11.2026 18:40 UTC”. */
const stamp = (iso: string): string => iso.replace(/^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d).*$/, '$3.$2.$1 $4 UTC');
