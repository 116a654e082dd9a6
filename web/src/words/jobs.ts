import type { Formats, JobKind, JobState } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

interface Received {
  readonly files: number;
  readonly bytes: number;
}

/** A service that was updated may be in a phase this page has no word for. */
function phases(words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return words;
}

export const jobWords = inBoth({
  en: {
    title: 'What is running',
    open: 'Show what is running',
    fold: 'Fold up',
    dismiss: 'Put away',
    several: (count: string) => `${count} things are running`,
    kinds: {
      backup: 'Backup',
      restore: 'Restore',
      encryption: 'Changing encryption',
      pair: 'Pairing',
      verify: 'Verification',
      copy: 'Copying',
      checkup: 'Checkup',
      'take-out': 'Taking out',
      import: 'Taking in',
      forget: 'Removing versions',
    } satisfies Record<JobKind, string>,
    of: (kind: string, name: string) => `${kind} of ${name}`,
    states: {
      waiting: 'Waits for its turn',
      running: 'Running',
      done: 'Done',
      failed: 'Failed',
      cancelled: 'Stopped',
      'not-confirmed': 'Not confirmed',
    } satisfies Record<JobState, string>,
    phases: phases({
      connecting: 'Connecting',
      'waiting-for-passcode': 'Waits for the passcode',
      preparing: 'The device is getting ready',
      receiving: 'Receiving',
      moving: 'Putting files in place',
      removing: 'Removing what is gone from the device',
      verifying: 'Verifying',
      sending: 'Giving the device what is coming back',
      applying: 'The device puts everything in place',
      composing: 'Putting together what comes back',
      'safety-backup': 'Backing up what is on the device first',
      finishing: 'Finishing',
    }),
    received: (v: Received, f: Formats) =>
      `${f.number(v.files)} ${f.plural(v.files, 'file', 'files')}, ${f.bytes(v.bytes)}`,
    rate: (rate: string) => `${rate} a second`,
    left: (duration: string) => `about ${duration} left`,
    percent: (percent: string) => `${percent} done`,
    preparingHint: 'It compares what has changed. That can take some minutes, during which it says nothing.',
    stop: 'Stop',
    stopTitle: (what: string) => `Stop: ${what}?`,
    stopText: 'What has arrived is kept: the next try goes on from there. Earlier versions are not touched.',
    stopNo: 'Let it go on',
    stopYes: 'Stop it',
    askTitle: (name: string) => `${name} asks for its passcode`,
    askText: 'Unlock it now. A page asks to enter the passcode so that the backup can begin.',
    askWhere: 'This page comes up on the device by itself; the keys are below the rings.',
    askMissed: 'If it is not there, lock the device and unlock it again.',
    result: 'Show the version',
    warnings: (count: number, f: Formats) => `${f.number(count)} ${f.plural(count, 'remark', 'remarks')}`,
    begunBySelf: 'Begun by itself',
    thisDevice: 'the device',
  },
  de: {
    title: 'Was gerade läuft',
    open: 'Zeigen, was gerade läuft',
    fold: 'Zuklappen',
    dismiss: 'Weglegen',
    several: (count: string) => `${count} Vorgänge laufen`,
    kinds: {
      backup: 'Sicherung',
      restore: 'Zurückspielen',
      encryption: 'Verschlüsselung ändern',
      pair: 'Koppeln',
      verify: 'Nachprüfung',
      copy: 'Kopieren',
      checkup: 'Prüfung',
      'take-out': 'Herausholen',
      import: 'Hereinholen',
      forget: 'Versionen entfernen',
    },
    of: (kind: string, name: string) => `${kind}: ${name}`,
    states: {
      waiting: 'Wartet, bis es an der Reihe ist',
      running: 'Läuft',
      done: 'Fertig',
      failed: 'Gescheitert',
      cancelled: 'Angehalten',
      'not-confirmed': 'Nicht bestätigt',
    },
    phases: phases({
      connecting: 'Verbindung wird aufgebaut',
      'waiting-for-passcode': 'Wartet auf den Code',
      preparing: 'Das Gerät bereitet sich vor',
      receiving: 'Empfängt',
      moving: 'Legt Dateien an ihren Platz',
      removing: 'Entfernt, was auf dem Gerät nicht mehr ist',
      verifying: 'Prüft nach',
      sending: 'Gibt dem Gerät, was zurückkommt',
      applying: 'Das Gerät legt alles an seinen Platz',
      composing: 'Stellt zusammen, was zurückkommt',
      'safety-backup': 'Sichert zuerst, was auf dem Gerät ist',
      finishing: 'Schließt ab',
    }),
    received: (v: Received, f: Formats) =>
      `${f.number(v.files)} ${f.plural(v.files, 'Datei', 'Dateien')}, ${f.bytes(v.bytes)}`,
    rate: (rate: string) => `${rate} je Sekunde`,
    left: (duration: string) => `noch etwa ${duration}`,
    percent: (percent: string) => `${percent} geschafft`,
    preparingHint:
      'Es vergleicht, was sich geändert hat. Das kann einige Minuten dauern, in denen es nichts von sich hören lässt.',
    stop: 'Anhalten',
    stopTitle: (what: string) => `Anhalten: ${what}?`,
    stopText:
      'Was angekommen ist, bleibt: Der nächste Versuch geht von dort weiter. Frühere Versionen bleiben unberührt.',
    stopNo: 'Weiterlaufen lassen',
    stopYes: 'Anhalten',
    askTitle: (name: string) => `${name} fragt nach dem Code`,
    askText: 'Jetzt entsperren. Eine Seite bittet um den Code, damit die Sicherung beginnen kann.',
    askWhere: 'Diese Seite erscheint von selbst auf dem Gerät; die Tasten sind unter den Ringen.',
    askMissed: 'Ist sie nicht da: das Gerät sperren und noch einmal entsperren.',
    result: 'Version zeigen',
    warnings: (count: number, f: Formats) => `${f.number(count)} ${f.plural(count, 'Bemerkung', 'Bemerkungen')}`,
    begunBySelf: 'Von selbst begonnen',
    thisDevice: 'das Gerät',
  },
});
