import type { Formats, RestoreCheck, RestoreFindingCode, RestoreFindings } from '../../../src/contract/index.ts';
import type { Language } from './language.ts';
import { tellProblem } from './problems.ts';

type Sentences = readonly [message: string, hint?: string | undefined];
type Tell<C extends RestoreFindingCode> = (
  values: RestoreFindings[C],
  f: Pick<Formats, 'bytes' | 'number' | 'percent'>,
) => Sentences;

const ANOTHER = 'Eine andere Version wählen.';
const UPDATE = 'Das Gerät aktualisieren (Einstellungen › Allgemein › Softwareupdate) oder eine ältere Version wählen.';
const HOW_FIND_MY =
  'Einstellungen › eigener Name › „Wo ist?“ › „Mein iPhone suchen“. Mit dem Schutz für gestohlene Geräte dauert das außerhalb vertrauter Orte eine Stunde.';
const CHARGE = 'Das Gerät an den Strom hängen.';

/** What the checks before a restore say in English, in German. */
const GERMAN: { readonly [C in RestoreFindingCode]: Tell<C> } = {
  'over-wifi': () => [
    'Das Gerät ist über WLAN verbunden: Es dauert länger, und mehr kann dazwischenkommen.',
    'Wenn es geht, mit Kabel anschließen.',
  ],
  'perhaps-unfinished': () => ['Die Sicherung sagt nicht, dass sie je fertig wurde.', ANOTHER],
  'backup-empty': () => ['Die Sicherung ist leer.', ANOTHER],
  unfinished: ({ at }) => [`Die Sicherung wurde nie fertig: Sie blieb bei „${at}“ stehen.`, ANOTHER],
  'format-unknown': () => ['Die Sicherung hat ein Format, das kein heutiges Gerät zurückspielt.', ANOTHER],
  finished: () => ['Die Sicherung wurde fertig.'],
  'password-opens': () => ['Das Passwort öffnet die Sicherung.'],
  'not-encrypted': () => [
    'Die Sicherung ist nicht verschlüsselt: Gespeicherte Passwörter, WLAN-Netze, Health, der Verlauf von Safari und die Anrufliste sind nicht darin.',
    'Eine verschlüsselte Version, wenn es eine gibt, bringt sie zurück.',
  ],
  'ios-unknown': () => ['Ob das iOS des Geräts neu genug ist, ist nicht zu erfahren: Eines von beiden sagt es nicht.'],
  'ios-too-old': ({ theirs, mine }) => [`Die Sicherung ist von iOS ${theirs}; das Gerät hat erst ${mine}.`, UPDATE],
  'ios-little-older': ({ theirs, mine }) => [
    `Die Sicherung ist von iOS ${theirs}; das Gerät hat das etwas ältere ${mine}.`,
    'Das Gerät zuerst aktualisieren, falls es die Sicherung nicht nimmt.',
  ],
  'ios-fits': ({ theirs, mine }) => [`Das Gerät hat iOS ${mine}, die Sicherung ist von ${theirs}.`],
  'other-kind': ({ from, to }) => [
    `Die Sicherung ist von einem ${from}, das Gerät ist ein ${to}: Manche Apps und Einstellungen kommen nicht mit.`,
  ],
  'same-device': () => ['Die Sicherung ist von genau diesem Gerät.'],
  'other-device': ({ model }) => [
    model === ''
      ? 'Die Sicherung ist von einem anderen Gerät.'
      : `Die Sicherung ist von einem anderen Gerät (${model}).`,
  ],
  'space-never': ({ needed, capacity }, f) => [
    `Die Sicherung hat ${f.bytes(needed)}, auf das Gerät passen überhaupt nur ${f.bytes(capacity)}.`,
    'Auf ein Gerät mit mehr Speicher zurückspielen.',
  ],
  'space-unknown': ({ needed }, f) => [
    `Die Sicherung braucht ${f.bytes(needed)}; wie viel auf dem Gerät frei ist, ist nicht zu erfahren.`,
  ],
  'space-lacking': ({ needed, free }, f) => [
    `Die Sicherung braucht ${f.bytes(needed)}, auf dem Gerät sind ${f.bytes(free)} frei.`,
    'Dort Platz schaffen oder das Gerät zuerst löschen: Einstellungen › Allgemein › iPhone übertragen/zurücksetzen.',
  ],
  'space-tight': ({ needed, free }, f) => [
    `Die Sicherung braucht ${f.bytes(needed)} von ${f.bytes(free)}, die auf dem Gerät frei sind: Das ist knapp.`,
  ],
  'space-enough': ({ needed, free }, f) => [
    `Die Sicherung braucht ${f.bytes(needed)} von ${f.bytes(free)}, die auf dem Gerät frei sind.`,
  ],
  'find-my-on': () => [
    '„Wo ist?“ ist eingeschaltet: Das Gerät lehnt jedes Zurückspielen ab.',
    `Ausschalten: ${HOW_FIND_MY}`,
  ],
  'find-my-off': () => ['„Wo ist?“ ist ausgeschaltet.'],
  'find-my-unknown': () => [
    'Ob „Wo ist?“ ausgeschaltet ist, ist nicht zu erfahren.',
    `Dafür sorgen, dass es aus ist: ${HOW_FIND_MY}`,
  ],
  'set-up': () => ['Das Gerät ist eingerichtet.'],
  'not-set-up': () => [
    'Das Gerät ist noch nicht eingerichtet.',
    'Es bis zum Home-Bildschirm einrichten; ohne etwas zu übertragen genügt.',
  ],
  'set-up-unknown': () => [
    'Ob das Gerät eingerichtet ist, ist nicht zu erfahren.',
    'Es muss den Home-Bildschirm zeigen.',
  ],
  'supervised-neither-known': () => [
    'Weder von der Sicherung noch vom Gerät ist bekannt, dass eine Organisation sie verwaltet.',
  ],
  'supervised-backup-device-unknown': () => [
    'Die Sicherung ist von einem Gerät, das eine Organisation verwaltet; ob das auch für dieses gilt, ist nicht zu erfahren.',
  ],
  'supervised-device-backup-unknown': () => [
    'Das Gerät wird von einer Organisation verwaltet; ob das auch für das der Sicherung gilt, ist nicht zu erfahren.',
  ],
  'supervised-both': () => ['Beide werden von einer Organisation verwaltet.'],
  'supervised-neither': () => ['Keines von beiden wird von einer Organisation verwaltet.'],
  'supervised-backup': () => [
    'Die Sicherung ist von einem Gerät, das eine Organisation verwaltet, und dieses wird es nicht.',
    'Wer das alte Gerät verwaltet, kann dieses dazunehmen. Oder herausholen, was gebraucht wird.',
  ],
  'supervised-device': () => [
    'Das Gerät wird von einer Organisation verwaltet, und das der Sicherung wird es nicht.',
    'Auf ein eigenes Gerät zurückspielen. Oder herausholen, was gebraucht wird.',
  ],
  powered: () => ['Das Gerät hängt am Strom.'],
  'battery-unknown': () => ['Wie voll die Batterie ist, ist nicht zu erfahren.', CHARGE],
  'battery-powered': ({ percent }, f) => [`Die Batterie ist bei ${f.percent(percent)}, das Gerät hängt am Strom.`],
  'battery-enough': ({ percent }, f) => [`Die Batterie ist bei ${f.percent(percent)}.`],
  'battery-low': ({ percent }, f) => [
    `Die Batterie ist bei ${f.percent(percent)}, und das Gerät hängt nicht am Strom.`,
    'Es an den Strom hängen oder mit Kabel an diesen Computer.',
  ],
  unlocked: () => ['Das Gerät ist entsperrt.'],
  locked: () => [
    'Das Gerät ist gesperrt oder hat einen Code.',
    'Es entsperren und den Code eingeben, wenn es danach fragt.',
  ],
  'files-unchecked': () => ['Ob jede Datei zu lesen ist, wurde nicht angesehen.'],
  'files-lost': ({ count }, f) => [
    `${f.number(count)} der gesicherten Dateien lassen sich nicht zurückspielen: Sie fehlen, sind verändert oder nicht zu entschlüsseln.`,
    'Eine Prüfung sagt, was davon zu reparieren ist; jede andere Version lässt sich zurückspielen.',
  ],
  'files-damaged': ({ count }, f) => [
    `${f.number(count)} der gesicherten Datenbanken oder Listen sind beschädigt, wie sie es schon auf dem Gerät waren: Ihre Apps verlieren vielleicht Daten.`,
    'Eine frühere Version hat sie vielleicht noch ganz.',
  ],
  'files-good': ({ files, bytes, decrypted }, f) => [
    `Alle ${f.number(files)} Dateien (${f.bytes(bytes)}) lassen sich lesen${decrypted ? ' und entschlüsseln' : ''} und sind, was das Gerät geschickt hatte.`,
  ],
  'files-of-old-device': ({ files }, f) => [
    `${f.number(files)} Dateien kann nur das alte Gerät lesen; sie kommen nicht mit.`,
  ],
  'files-without-content': ({ files }, f) => [
    `${f.number(files)} leere oder vorläufige Dateien sind ohne Inhalt genannt.`,
    'Falls das Gerät die Sicherung deshalb ablehnt (sein Fehler 205), eine andere Version wählen.',
  ],
  'device-problem': ({ problem }) => {
    const { message, hint } = tellProblem({ code: problem, message: 'Das Gerät ist nicht zu erreichen' }, 'de');
    return [`${message}.`, hint];
  },
};

/** What a check says in the language that is shown. What German has no words for is told as the service told it. */
export function tellCheck(
  { code = '', values = {}, message, hint }: RestoreCheck,
  language: Language,
  formats: Pick<Formats, 'bytes' | 'number' | 'percent'>,
): { message: string; hint?: string | undefined } {
  if (language !== 'de' || !Object.hasOwn(GERMAN, code)) return { message, hint };
  // The service says what belongs to each code; what it sends is checked to be of plain values.
  const tell = GERMAN[code as RestoreFindingCode] as Tell<RestoreFindingCode>;
  const [german, whatToDo] = tell(values as never, formats);
  return { message: german, hint: whatToDo };
}
