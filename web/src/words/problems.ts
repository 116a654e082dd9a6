import type { Language } from '../../../src/contract/index.ts';

/** What the service says in English when something stands in the way, in German; by its code in docs/exit-codes.md. */
const GERMAN: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  SIGN_IN_NEEDED: ['Hier muss man angemeldet sein'],
  SIGN_IN_FAILED: ['Name oder Passwort stimmt nicht', 'Auf Groß- und Kleinschreibung achten.'],
  NOT_ALLOWED: ['Das steht diesem Konto nicht zu'],
  TOO_MANY_TRIES: ['Das waren zu viele Versuche', 'Etwas warten und es dann noch einmal versuchen.'],
  NOT_FOUND: ['Das gibt es nicht (mehr)'],
  USAGE: ['Das konnte der Dienst nicht verstehen'],
  DEVICE_NOT_FOUND: ['Das Gerät ist gerade nicht da', 'Nach Hause bringen oder mit Kabel anschließen und entsperren.'],
  DEVICE_LOCKED: ['Das Gerät muss zuerst entsperrt werden', 'Entsperren und noch einmal versuchen.'],
  DEVICE_NOT_TRUSTED: ['Das Gerät vertraut diesem Computer nicht', 'Mit Kabel anschließen und auf „Vertrauen“ tippen.'],
  CONNECTION_LOST: ['Die Verbindung ist abgerissen', 'Der nächste Versuch geht dort weiter, wo sie abriss.'],
  PROTOCOL_VIOLATION: ['Das Gerät sagte etwas Unverständliches', 'Das Gerät neu starten.'],
  USBMUXD_UNAVAILABLE: ['Auf diesem Computer spricht nichts mit dem Kabel', 'usbmuxd installieren und starten.'],
  TRUST_REFUSED: ['Auf dem Gerät wurde „Nicht vertrauen“ getippt', 'Noch einmal koppeln und „Vertrauen“ tippen.'],
  PASSCODE_NOT_ENTERED: ['Niemand hat den Code eingegeben', 'Mit dem Gerät in der Hand noch einmal versuchen.'],
  DEVICE_REFUSED: ['Das Gerät hat abgelehnt', 'Das Gerät neu starten und noch einmal versuchen.'],
  WRONG_PASSWORD: ['Das ist nicht das Passwort dieser Sicherung'],
  SNAPSHOT_CORRUPT: [
    'Gespeicherte Dateien sind beschädigt oder fehlen',
    'Eine Prüfung nennt sie und holt sie aus einer Kopie.',
  ],
  VAULT_BUSY: ['Gerade schreibt etwas anderes in die Sicherungen', 'Warten, bis es fertig ist.'],
  ALREADY_RUNNING: ['Damit geschieht gerade schon etwas', 'Warten, bis es fertig ist.'],
  OUT_OF_SPACE: ['Die Platte ist voll', 'Platz schaffen; danach geht es dort weiter, wo es aufhörte.'],
  VAULT_NOT_FOUND: ['Der Ordner mit den Sicherungen ist nicht da', 'Seine Platte anschließen oder einhängen.'],
  VAULT_UNREADABLE: [
    'Die Sicherungen sind beschädigt oder von einer neueren Fassung von Holdfast',
    'Holdfast aktualisieren.',
  ],
  SNAPSHOT_NOT_FOUND: ['Diese Version gibt es nicht (mehr)'],
  SNAPSHOT_PROTECTED: [
    'Diese Version ist geschützt',
    'Sie ist angeheftet, die neueste oder die einzige nachgewiesene.',
  ],
  DEVICE_BUSY: ['Mit diesem Gerät läuft schon etwas', 'Warten, bis es fertig ist.'],
  STORAGE_FAILED: ['Die Platte hat mit einem Fehler geantwortet', 'Platte und Kabel prüfen.'],
  PAIRING_NEEDS_CABLE: ['Neue Geräte werden nur über das Kabel gekoppelt', 'Mit Kabel anschließen.'],
  CONTENT_NOT_FOUND: ['Davon ist in dieser Sicherung nichts'],
  SECRETS_UNREADABLE: [
    'Die versiegelten Passwörter lassen sich nicht öffnen',
    'Sicherungen sind davon nicht betroffen.',
  ],
  RESTORE_BLOCKED: ['Der Wiederherstellung steht etwas im Weg', 'Auf das Gerät wurde nichts geschrieben.'],
  SETTINGS_INVALID: ['Diese Einstellungen passen nicht zusammen'],
  COPY_NOT_FOUND: ['Eine Kopie dieses Namens gibt es nicht'],
  COPY_UNREACHABLE: [
    'Der Ort der Kopie ist nicht zu erreichen',
    'Seine Platte anschließen oder nachsehen, ob der Server läuft.',
  ],
  COPY_UNEXPECTED: ['Dort liegt eine andere Platte oder Ablage', 'Die richtige anschließen.'],
  COPY_FAILED: ['Das Programm, das die Kopie pflegt, ist gescheitert'],
  COPY_REFUSED: [
    'Dort kann keine Kopie liegen: in den Sicherungen, um sie herum oder wo das System seine Dateien hat',
    'Einen Ordner auf einer anderen Platte wählen, der selbst schon da ist oder in einem vorhandenen liegt.',
  ],
  COPIES_UNREADABLE: [
    'Die Liste der Kopien lässt sich nicht lesen',
    'Die Datei copies.json im Ordner des Dienstes zurückholen, oder sie beiseitelegen und die Kopien neu hinzufügen: Was in ihnen liegt, wird wieder gefunden.',
  ],
  COPY_DAMAGED: ['Die Kopie enthält nicht, was sie sollte', 'Sie nachprüfen und reparieren.'],
  PROGRAM_MISSING: ['Ein nötiges Programm fehlt oder ist zu alt', 'Es auf diesem Computer installieren.'],
  DEVICE_AMBIGUOUS: ['Mehrere Geräte kommen dafür in Frage'],
  NOT_A_BACKUP: ['Dieser Ordner ist keine Sicherung in Apples Format'],
  BACKUP_UNFINISHED: [
    'Die Sicherung in diesem Ordner wurde nie fertig',
    'Sie mit dem Programm abschließen, das sie begann.',
  ],
  FOLDER_NOT_EMPTY: ['In diesem Ordner liegt schon etwas', 'Einen leeren oder neuen wählen.'],
  FORMAT_INVALID: ['Was dort steht, folgt seinem Format nicht'],
  VAULT_MOVED: ['Die Sicherungen sind umgezogen oder noch unterwegs'],
  CONTENT_LOCKED: ['Diese Version ist gesperrt', 'Mit ihrem Passwort öffnen.'],
  TELLING_FAILED: ['Die Nachricht kam nicht durch', 'Nachsehen, ob die Adresse stimmt und dieser Computer online ist.'],
  REPORT_CHANGED: ['Ein Bericht fehlt oder ist nicht mehr, wie er geschrieben wurde'],
  REQUEST_REFUSED: ['Diese Anfrage kam nicht von den Seiten dieses Dienstes', 'Die Seite neu laden.'],
  TOO_LARGE: ['Das ist mehr, als hier angenommen wird'],
  ALREADY_THERE: ['Das gibt es schon'],
  CANCELLED: ['Angehalten'],
};

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A problem of the service in the language that is shown. What German has no words for is told as the service told it. */
export function tellProblem({ code, message, hint }: Told, language: Language): Pick<Told, 'message' | 'hint'> {
  const german = language === 'de' && Object.hasOwn(GERMAN, code) ? GERMAN[code] : undefined;
  return german === undefined ? { message, hint } : { message: german[0], hint: german[1] };
}
