import type { CheckupReasons } from '../checkup-reasons.ts';
import type { Formats } from '../formats.ts';
import type { WordsFor } from '../reason-values.ts';
import { reasonOf } from './failures.ts';

export const checkup: WordsFor<CheckupReasons> = {
  'checkup-safe': (v, f) =>
    `Alles ist unversehrt und ließe sich wiederherstellen: ${points(v.proven, f)} ${are(v.proven)} bewiesen.`,
  'checkup-safe-with-gaps': (v, f) =>
    `Alles, was angesehen wurde, ist unversehrt: ${points(v.proven, f)} ${are(v.proven)} bewiesen. ${v.unproven === 1 ? 'Einer konnte' : `${f.number(v.unproven)} konnten`} nicht angesehen werden; der Bericht nennt ${v.unproven === 1 ? 'ihn' : 'sie'}.`,
  'checkup-safe-after-repair': (v, f) =>
    `Etwas war beschädigt und ist wieder heil: ${points(v.repaired, f)} ${v.repaired === 1 ? 'wurde' : 'wurden'} repariert. Alles andere, was angesehen wurde, ist unversehrt.`,
  'checkup-attention': (v, f) =>
    `Von keiner Version ist bekannt, dass sie beschädigt wäre, aber ${points(v.points, f)} ${v.points === 1 ? 'braucht' : 'brauchen'} Aufmerksamkeit.`,
  'checkup-at-risk': (v, f) =>
    `Sicherungen sind beschädigt oder in Gefahr: Bei ${v.points === 1 ? 'einem Punkt' : `${f.number(v.points)} Punkten`} ist jetzt etwas zu tun.`,
  'checkup-nothing': () => 'Es gibt noch keine Version, also nichts zu beweisen.',

  'vault-read': (v, f) =>
    `Jedes Byte ${v.versions === 1 ? 'der einen Version' : `aller ${f.number(v.versions)} Versionen`} wurde erneut gelesen, begonnen ${f.moment(v.since)}, und ist, was gespeichert wurde: ${f.bytes(v.bytes)} in ${v.pieces === 1 ? 'einem Stück' : `${f.number(v.pieces)} Stücken`}.`,
  'vault-part-read': (v, f) =>
    `Von ${f.bytes(v.totalBytes)} wurden ${f.bytes(v.bytes)} erneut gelesen, begonnen ${f.moment(v.since)}, und sind, was gespeichert wurde; der Rest wurde diesmal nicht gelesen.`,
  'vault-not-read': (v, f) => `Die gespeicherten ${f.bytes(v.totalBytes)} wurden diesmal nicht gelesen.`,
  'vault-lists-read': (v, f) =>
    `Die Einträge und Listen ${v.versions === 1 ? 'der einen Version' : `aller ${f.number(v.versions)} Versionen`} von ${v.devices === 1 ? 'einem Gerät' : `${f.number(v.devices)} Geräten`} sind lesbar und unverändert.`,
  'vault-damaged': (v, f) =>
    `${v.places === 1 ? 'Eine Stelle' : `${f.number(v.places)} Stellen`} in den gespeicherten Sicherungen ${v.places === 1 ? 'ist' : 'sind'} beschädigt oder ${v.places === 1 ? 'fehlt' : 'fehlen'}; ${v.files === 1 ? 'eine Datei' : `${f.number(v.files)} Dateien`} von Versionen ${v.files === 1 ? 'gehört' : 'gehören'} dazu.`,
  'vault-repaired': (v, f) =>
    `${v.places === 1 ? 'Eine Stelle war beschädigt und ist' : `${f.number(v.places)} Stellen waren beschädigt und sind`} wieder heil.`,
  'vault-unreadable': (v) => `Es ließ sich nicht bis zum Ende lesen: ${reasonOf(v.error)}.`,
  'piece-changed': (v, f) => `${piece(v, f)} hat sich auf der Festplatte verändert.`,
  'piece-missing': (v, f) => `${piece(v, f)} fehlt.`,
  'piece-unreadable': (v, f) => `${piece(v, f)} lässt sich nicht von der Festplatte lesen.`,
  'piece-fetched': (v, f) => `${piece(v, f)} war beschädigt und kam heil aus „${v.copy}“ zurück.`,
  'piece-kept': (v, f) =>
    `${piece(v, f)} war in einer ihrer zwei Ablagen beschädigt; die andere ist heil und wird benutzt.`,
  'piece-unneeded': (v, f) => `${f.bytes(v.bytes)} in ${v.path} sind beschädigt; keine Version braucht sie.`,
  'pieces-alike': (v, f) =>
    `${v.files === 1 ? 'Eine weitere Datei hat' : `${f.number(v.files)} weitere Dateien haben`} dieselben Bytes.`,
  'record-damaged': (v) => `Der Eintrag ${v.path} ist nicht lesbar: Seine Version ist damit verloren.`,
  'record-fetched': (v) => `Der Eintrag ${v.path} war beschädigt und kam aus „${v.copy}“ zurück.`,
  'list-damaged': (v) => `Die Dateiliste der Version ${v.versions} ist nicht lesbar.`,
  'list-fetched': (v) => `Die Dateiliste der Version ${v.versions} war beschädigt und kam aus „${v.copy}“ zurück.`,
  'index-damaged': (v) => `Das Verzeichnis von ${v.path} ist beschädigt; die Dateien darin wurden einzeln gelesen.`,
  'base-damaged': (v) =>
    `Von den beiden Dateien von ${v.path} sind nicht beide heil; solange es eine ist, ist nichts verloren.`,
  'base-rewritten': (v) =>
    `Eine der beiden Dateien von ${v.path} war beschädigt und wurde aus der anderen neu geschrieben.`,
  'index-rewritten': (v) => `Das Verzeichnis von ${v.path} war beschädigt und wurde neu geschrieben.`,
  'copy-not-asked': (v) => `Die Kopie „${v.copy}“ konnte nicht gefragt werden: ${reasonOf(v.error)}.`,
  'and-more': (v, f) =>
    `Und ${f.number(v.count)} mehr; die Datendatei dieses Berichts nennt alle, die festgehalten wurden.`,

  'version-proven': (v, f) =>
    `Version ${v.version}, entstanden ${f.moment(v.takenAt)}, käme vollständig zurück: ${v.files === 1 ? 'Ihre eine Datei' : `Jede ihrer ${f.number(v.files)} Dateien`} (${f.bytes(v.bytes)}) wurde geöffnet und gelesen.`,
  'version-failed': (v, f) =>
    `In Version ${v.version}, entstanden ${f.moment(v.takenAt)}, ${v.problems === 1 ? 'ist eine Sache' : `sind ${f.number(v.problems)} Dinge`} nicht, wie sie sein ${v.problems === 1 ? 'sollte' : 'sollten'}.`,
  'version-no-password': (v, f) =>
    `Version ${v.version}, entstanden ${f.moment(v.takenAt)}, ließ sich nicht öffnen: Ihr Passwort liegt nicht auf diesem Computer.`,
  'version-broken': (v, f) =>
    `Version ${v.version}, entstanden ${f.moment(v.takenAt)}, ließ sich nicht öffnen: ${reasonOf(v.error)}.`,
  'version-not-tried': (v, f) =>
    `Version ${v.version}, entstanden ${f.moment(v.takenAt)}, wurde diesmal nicht erprobt; ${v.provenAt === undefined ? 'bewiesen wurde sie noch nie' : `zuletzt bewiesen wurde sie ${f.moment(v.provenAt)}`}.`,
  'version-only-there': (v, f) =>
    `Die Kopie „${v.copy}“ hat die Version ${v.version}, entstanden ${f.moment(v.takenAt)}; sie ist neuer als alles, was hier liegt.`,
  'version-decrypted': (v, f) =>
    `${v.files === 1 ? 'Eine Datei lässt' : `${f.number(v.files)} Dateien lassen`} sich entschlüsseln.`,
  'version-digests': (v, f) =>
    `${v.matched === 1 ? 'Eine ist' : `${f.number(v.matched)} sind`} auf das Byte, was das Gerät geschickt hat; bei ${f.number(v.without)} gab es nichts zum Vergleichen mit.`,
  'version-databases': (v, f) =>
    `${v.databases === 1 ? 'Eine Datenbank ist' : `${f.number(v.databases)} Datenbanken sind`} unversehrt.`,
  'found-missing': (v, f) =>
    `${v.files === 1 ? 'Eine Datei fehlt' : `${f.number(v.files)} Dateien fehlen`}, etwa ${v.example}.`,
  'found-changed': (v, f) => `${files(v, f)} nicht, was das Gerät geschickt hat, etwa ${v.example}.`,
  'found-cut-off': (v, f) => `${files(v, f)} abgeschnitten, etwa ${v.example}.`,
  'found-without-key': (v, f) =>
    `${files(v, f)} mit einem Schlüssel verschlossen, der nicht da ist, etwa ${v.example}.`,
  'found-undecryptable': (v, f) => `${files(v, f)} nicht zu entschlüsseln, etwa ${v.example}.`,
  'found-unreadable': (v, f) => `${files(v, f)} auf der Festplatte nicht lesbar, etwa ${v.example}.`,
  'found-database': (v, f) =>
    `${v.files === 1 ? 'Eine Datenbank ist' : `${f.number(v.files)} Datenbanken sind`} beschädigt, etwa ${v.example}.`,
  'found-property-list': (v, f) =>
    `${v.files === 1 ? 'Eine Liste von Einstellungen ist' : `${f.number(v.files)} Listen von Einstellungen sind`} beschädigt, etwa ${v.example}.`,
  'found-manifest-damaged': () => 'Die Liste all ihrer Dateien ist beschädigt.',

  'passwords-open': (v, f) =>
    `Das auf diesem Computer verwahrte Passwort öffnet ${v.versions === 1 ? 'die eine verschlüsselte Version' : `${f.number(v.versions)} verschlüsselte Versionen`}: gerade erprobt.`,
  'passwords-not-needed': (v, f) =>
    `${v.versions === 1 ? 'Eine Version braucht' : `${f.number(v.versions)} Versionen brauchen`} kein Passwort: nicht verschlüsselt.`,
  'passwords-not-kept': (v, f) =>
    `Das Passwort von ${v.versions === 1 ? 'einer verschlüsselten Version' : `${f.number(v.versions)} verschlüsselten Versionen`} liegt nicht auf diesem Computer; niemand konnte es erproben.`,
  'passwords-closed': (v, f) =>
    `${f.number(v.versions)} von ${v.total === 1 ? 'einer verschlüsselten Version' : `${f.number(v.total)} verschlüsselten Versionen`} ${v.versions === 1 ? 'ließ' : 'ließen'} sich mit keinem verwahrten Passwort öffnen.`,
  'passwords-damaged': (v, f) =>
    `${v.versions === 1 ? 'Eine verschlüsselte Version lässt' : `${f.number(v.versions)} verschlüsselte Versionen lassen`} sich mit keinem Passwort öffnen: Die Schlüssel darin sind beschädigt.`,
  'passwords-sealed': (v) => `Kein Passwort konnte erprobt werden: ${reasonOf(v.error)}.`,

  'copy-read': (v, f) =>
    `Jedes Byte dort wurde gelesen und verglichen: ${v.versions === 1 ? 'eine Version' : `${f.number(v.versions)} Versionen`}, ${f.bytes(v.bytes)}.`,
  'copy-part-read': (v, f) =>
    v.parts === 1
      ? 'Der Aufbau ist heil, und alle Daten wurden gelesen und verglichen.'
      : `Der Aufbau ist heil, und Teil ${f.number(v.part)} von ${f.number(v.parts)} der Daten wurde gelesen und verglichen.`,
  'copy-all-parts-since': (v, f) =>
    `Alle Teile wurden reihum gelesen, der am längsten zurückliegende ${f.moment(v.since)}.`,
  'copy-parts-left': (v, f) =>
    `${v.parts === 1 ? 'Ein Teil wurde' : `${f.number(v.parts)} Teile wurden`} reihum noch nie gelesen.`,
  'copy-same': (v) => `Die neueste Version von ${v.device} dort (${v.version}) ist Datei für Datei, was sie hier ist.`,
  'copy-sample': (v, f) =>
    `Von der neuesten Version von ${v.device} dort (${v.version}) hat jede Datei ihre Größe, und ${v.files === 1 ? 'eine zufällig gewählte Datei' : `${f.number(v.files)} zufällig gewählte Dateien`} (${f.bytes(v.bytes)}) ${v.files === 1 ? 'kam' : 'kamen'} Byte für Byte zurück.`,
  'copy-behind': (v, f) =>
    `${v.versions === 1 ? 'Eine Version ist' : `${f.number(v.versions)} Versionen sind`} noch nicht dort.`,
  'copy-damaged': (v, f) =>
    `${v.places === 1 ? 'Eine Stelle dort ist' : `${f.number(v.places)} Stellen dort sind`} beschädigt oder ${v.places === 1 ? 'fehlt' : 'fehlen'}.`,
  'copy-repaired': (v, f) =>
    `${v.places === 1 ? 'Eine Stelle dort war beschädigt und ist' : `${f.number(v.places)} Stellen dort waren beschädigt und sind`} wieder heil.`,
  'copy-unreachable': (v, f) => `Ihr Ort war nicht zu erreichen, also wurde dort nichts angesehen${provenAt(v, f)}.`,
  'copy-broken': (v) => `Sie ließ sich nicht zurücklesen: ${reasonOf(v.error)}.`,
  'copy-not-tried': (v, f) => `Sie wurde diesmal nicht zurückgelesen${provenAt(v, f)}.`,
  'copy-none': () => 'Es gibt nirgends sonst eine Kopie: Stirbt diese Festplatte, ist alles verloren.',
  'copy-program-said': (v) => `Das Programm, das sie führt, sagte: „${v.words}“.`,
  'copy-differs': (v) => `${v.path} der Version ${v.version} kommt nicht zurück, wie es war.`,
  'copy-lacks-files': (v, f) =>
    `Der Version ${v.version} ${v.files === 1 ? 'fehlt dort eine Datei' : `fehlen dort ${f.number(v.files)} Dateien`}.`,

  'backup-recent': (v, f) =>
    `Zuletzt gesichert ${f.moment(v.at)}${v.dueAt === undefined ? '' : `; die nächste Sicherung ist ${f.moment(v.dueAt)} fällig`}.`,
  'backup-late': (v, f) =>
    `Zuletzt gesichert ${f.moment(v.at)}: Seit ${v.days === 1 ? 'einem Tag' : `${f.number(v.days)} Tagen`} kam nichts mehr.`,
  'backup-paused': (v, f) =>
    `Zuletzt gesichert ${f.moment(v.at)}; die Sicherungen ruhen und gehen ${f.moment(v.until)} weiter.`,

  'disk-healthy': (v) => `${v.disk} findet an sich nichts auszusetzen (SMART).`,
  'disk-hours': (v, f) => `Sie ist ${v.hours === 1 ? 'eine Stunde' : `${f.number(v.hours)} Stunden`} gelaufen.`,
  'disk-celsius': (v, f) => `Sie hat ${f.number(v.celsius)} °C.`,
  'disk-used-up': (v, f) => `${f.percent(v.percent)} dessen, was sie schreiben kann, sind verbraucht.`,
  'disk-failing': (v) => `${v.disk} sagt von sich selbst, dass sie bald ausfällt (SMART).`,
  'disk-bad-places': (v, f) =>
    `${v.disk} hat ${v.places === 1 ? 'eine Stelle, die sie nicht lesen kann oder ersetzen musste' : `${f.number(v.places)} Stellen, die sie nicht lesen kann oder ersetzen musste`} (SMART).`,
  'disk-worn': (v, f) => `${v.disk} hat ${f.percent(v.percent)} dessen verbraucht, was sie schreiben kann (SMART).`,
  'disk-no-program': () =>
    'Niemand konnte die Festplatte nach ihrem Zustand fragen: smartctl ist auf diesem Computer nicht installiert.',
  'disk-no-rights': (v) =>
    `Niemand konnte ${v.disk} nach dem Zustand fragen: Dazu braucht es mehr Rechte, als Holdfast hier hat.`,
  'disk-says-nothing': (v) =>
    `${v.disk} sagt nicht, wie es ihr geht: Sie ist virtuell, im Netz oder hinter einem Adapter.`,
  'space-lasts': (v, f) =>
    `${f.bytes(v.freeBytes)} sind frei, und beim üblichen Wachstum wird die Festplatte in Jahren nicht voll.`,
  'space-full-on': (v, f) =>
    `${f.bytes(v.freeBytes)} sind frei; bei ${f.bytes(v.perDayBytes)} am Tag ist die Festplatte ${f.day(v.fullOn)} voll.`,
  'space-unforeseen': (v, f) =>
    `${f.bytes(v.freeBytes)} sind frei; wie lange das reicht, lässt sich nach drei Tagen mit Sicherungen sagen.`,
  'space-used-up': (v, f) => `Die Festplatte ist voll: ${f.bytes(v.freeBytes)} sind noch für Sicherungen da.`,
  'clock-agrees': (v, f) =>
    `Die Uhr dieses Computers passt zu jedem Datum, das vorher geschrieben wurde; geprüft ${f.moment(v.at)}.`,
  'clock-set-by-network': () => 'Sie wird aus dem Netz gestellt.',
  'clock-behind': (v, f) =>
    `Nach der Uhr dieses Computers war diese Prüfung ${f.moment(v.at)}, aber etwas wurde ${f.moment(v.known)} geschrieben.`,
  'clock-went-back': (v, f) =>
    `Die Uhr dieses Computers wurde während der Prüfung um ${v.seconds === 1 ? 'eine Sekunde' : `${f.number(v.seconds)} Sekunden`} zurückgestellt.`,
  'clock-differs-from-disk': (v, f) =>
    `Dateien bekommen Zeiten, die um ${v.seconds === 1 ? 'eine Sekunde' : `${f.number(v.seconds)} Sekunden`} von der Uhr dieses Computers abweichen.`,

  'alarms-delivered': (v) => `Eine Probenachricht ging über „${v.channel}“ hinaus.`,
  'alarms-failing': (v) => `Eine Probenachricht über „${v.channel}“ kam nicht durch: ${v.problem}.`,
  'alarms-nobody': () => 'Niemand erfährt, wenn etwas schiefgeht: Kein Weg dafür ist eingerichtet.',
  'alarms-untried': () => 'Diesmal wurde keine Probenachricht gesendet.',

  'reports-unchanged': (v, f) =>
    `${v.reports === 1 ? 'Ein früherer Bericht ist, wie er' : `${f.number(v.reports)} frühere Berichte sind, wie sie`} geschrieben ${v.reports === 1 ? 'wurde' : 'wurden'}.`,
  'report-first': () => 'Dies ist der erste Bericht; der nächste beweist, dass er nicht verändert wurde.',
  'report-changed': (v) => `Der Bericht ${v.report} wurde verändert, nachdem er geschrieben war.`,
  'report-missing': (v) => `Der Bericht ${v.report} fehlt.`,
  'reports-unreadable': (v) => `Was es an früheren Berichten gibt, lässt sich nicht lesen: ${v.path}.`,
  'report-out-of-chain': (v) => `Der Bericht ${v.report} gehört nicht zu dem vor ihm.`,

  'do-repair': () => '`holdfast checkup --repair` ausführen: Was eine Kopie heil hat, wird aus ihr zurückgeholt.',
  'do-bring-copy': () =>
    'Eine Kopie anschließen, die nicht gefragt wurde, und `holdfast checkup --repair` ausführen; was das Gerät noch hat, kommt mit seiner nächsten Sicherung zurück.',
  'do-back-up-now': () => 'Das Gerät sichern: Was es noch hat, wird neu gespeichert.',
  'do-back-up-fully': () =>
    '`holdfast backup --full` ausführen, solange das Gerät noch alles hat, und die früheren Versionen behalten.',
  'do-repair-copy': (v) =>
    `\`holdfast copies verify ${v.copy} --repair\` ausführen: Was dort beschädigt ist, wird erneut gesendet. Auch ihre Festplatte prüfen.`,
  'do-run-copy': (v) => `Sie auf den neuesten Stand bringen: \`holdfast copies run ${v.copy}\`.`,
  'do-add-copy': () => 'Eine auf einer anderen Festplatte oder außer Haus einrichten: `holdfast copies add`.',
  'do-fetch-versions': () => 'Sie aus einer Kopie zurückholen, die sie hat: `holdfast copies restore`.',
  'do-replace-disk': () => 'Alles bald auf eine andere Festplatte umziehen und diese ersetzen.',
  'do-install-smartctl': () => 'smartmontools auf diesem Computer installieren, damit Festplatten gefragt werden.',
  'do-allow-smartctl': () =>
    'Sie selbst fragen, mit `sudo smartctl -H`, oder es dem Dienst erlauben; docs/checkup.md sagt, wie.',
  'do-add-channel': () => 'In den Einstellungen einen einrichten: Mail, ntfy, Gotify oder einen Webhook.',
  'do-let-checkup-finish': () => '`holdfast checkup` ohne --quick ausführen und zu Ende kommen lassen.',
  'do-find-report': () =>
    'Herausfinden, wer dort schreiben konnte; mit den Berichten vergleichen, die verschickt wurden.',
};

const points = (count: number, f: Formats): string => (count === 1 ? 'ein Punkt' : `${f.number(count)} Punkte`);

const are = (count: number): string => (count === 1 ? 'ist' : 'sind');

const piece = (v: CheckupReasons['piece-changed'], f: Formats): string =>
  `${v.device}, Version ${v.version}: ${v.path} (${f.bytes(v.bytes)})`;

const files = (v: CheckupReasons['found-missing'], f: Formats): string =>
  v.files === 1 ? 'Eine Datei ist' : `${f.number(v.files)} Dateien sind`;

const provenAt = (v: { readonly provenAt?: string }, f: Formats): string =>
  v.provenAt === undefined ? '; bewiesen wurde sie noch nie' : `; zuletzt bewiesen wurde sie ${f.moment(v.provenAt)}`;
