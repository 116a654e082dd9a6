/** Why a job failed, by the code of its error (docs/exit-codes.md): a main clause behind “zuletzt:”, and what to do. */
const FAILURES: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  DEVICE_NOT_FOUND: ['es war nicht zu finden', 'Es nach Hause bringen oder mit Kabel anschließen.'],
  DEVICE_LOCKED: ['es muss erst entsperrt werden', 'Es zu Hause einmal entsperren.'],
  DEVICE_NOT_TRUSTED: [
    'es vertraut diesem Computer nicht mehr',
    'Es mit Kabel anschließen, entsperren und auf „Vertrauen“ tippen.',
  ],
  CONNECTION_LOST: [
    'die Verbindung ist abgebrochen',
    'Es am Kabel oder nahe am Router lassen, bis die Sicherung fertig ist. Sie geht weiter, wo sie aufgehört hat.',
  ],
  PROTOCOL_VIOLATION: ['es hat etwas gesagt, das niemand versteht', 'Es neu starten; hilft das nicht, bitte melden.'],
  USBMUXD_UNAVAILABLE: [
    'auf diesem Computer spricht nichts mit dem Kabel',
    'usbmuxd auf diesem Computer installieren und starten.',
  ],
  TRUST_REFUSED: ['dort wurde auf „Nicht vertrauen“ getippt', 'Es erneut koppeln und auf „Vertrauen“ tippen.'],
  PASSCODE_NOT_ENTERED: [
    'niemand hat den Code eingegeben',
    'Es zu Hause entsperren und den Code eingeben, wenn danach gefragt wird.',
  ],
  DEVICE_REFUSED: [
    'es hat abgelehnt',
    'Es neu starten und noch einmal versuchen; der Verlauf zeigt seinen eigenen Code.',
  ],
  WRONG_PASSWORD: ['das Backup-Passwort war falsch', 'Das richtige Passwort angeben oder prüfen, welches gemeint ist.'],
  SNAPSHOT_CORRUPT: [
    'gespeicherte Dateien sind beschädigt oder fehlen',
    'Eine Prüfung starten: Sie nennt sie und holt sie aus einer Kopie.',
  ],
  ALREADY_RUNNING: ['damit geschah gerade schon etwas', 'Es fertig werden lassen und dann noch einmal versuchen.'],
  VAULT_BUSY: [
    'etwas anderes hat gerade in die Sicherungen geschrieben',
    'Nachsehen, was dort läuft, und es fertig werden lassen.',
  ],
  OUT_OF_SPACE: [
    'die Festplatte war voll',
    'Auf dieser Festplatte Platz schaffen, weniger Versionen behalten oder die Sicherungen auf eine größere umziehen.',
  ],
  VAULT_NOT_FOUND: ['der Ordner mit den Sicherungen war nicht da', 'Seine Festplatte anschließen oder einhängen.'],
  VAULT_UNREADABLE: [
    'die Sicherungen sind beschädigt oder stammen von einer neueren Version von Holdfast',
    'Holdfast aktualisieren; liegt es nicht daran, die Sicherungen aus einer Kopie wiederherstellen.',
  ],
  VAULT_MOVED: [
    'die Sicherungen wurden in einen anderen Ordner umgezogen',
    'Den Ordner nennen, in dem sie jetzt liegen.',
  ],
  DEVICE_BUSY: [
    'etwas anderes hat gerade damit gearbeitet',
    'Andere Programme schließen, die es benutzen, oder auf sie warten.',
  ],
  STORAGE_FAILED: [
    'die Festplatte hat einen Fehler gemeldet',
    'Die Festplatte, ihr Kabel und die Schreibrechte prüfen.',
  ],
  SECRETS_UNREADABLE: [
    'die versiegelten Passwörter lassen sich nicht öffnen',
    'Den Schlüssel der versiegelten Passwörter zurücklegen.',
  ],
  COPY_UNREACHABLE: [
    'ihr Ort war nicht zu erreichen',
    'Ihre Festplatte anschließen oder nachsehen, ob ihr Server läuft.',
  ],
  COPY_UNEXPECTED: [
    'dort liegt eine andere Festplatte oder ein anderes Archiv',
    'Die richtige Festplatte anschließen.',
  ],
  COPY_FAILED: ['das Programm, das sie führt, ist gescheitert', 'Der Verlauf zeigt, was dieses Programm gesagt hat.'],
  COPY_DAMAGED: ['sie enthält nicht, was sie sollte', 'Diese Kopie prüfen und reparieren.'],
  COPIES_UNREADABLE: [
    'die Liste der Kopien lässt sich nicht lesen',
    'Die Datei copies.json zurückholen oder die Kopien neu hinzufügen.',
  ],
  PROGRAM_MISSING: ['ein Programm fehlt dafür oder ist zu alt', 'Dieses Programm auf diesem Computer installieren.'],
};

export const reasonOf = (error: string): string =>
  (Object.hasOwn(FAILURES, error) ? FAILURES[error]?.[0] : undefined) ?? `ein Fehler mit dem Code ${error}`;

export const adviceOn = (error: string): string =>
  (Object.hasOwn(FAILURES, error) ? FAILURES[error]?.[1] : undefined) ??
  `Der Verlauf zeigt, was geschehen ist (${error}).`;
