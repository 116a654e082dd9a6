import { daysBefore } from '../apple-time.ts';
import { encodeRecording } from '../media/audio.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { encodePdf } from '../media/pdf.ts';
import { landscape, portrait } from '../media/scene.ts';
import { OBJECT_MARK, type NotePiece } from './note-body.ts';
import { encodeGallery, encodeTable, encodeTranscript } from './note-graph.ts';
import type { NewNote, NoteContent, NoteWriter } from './note-writer.ts';
import type { Random } from '../random.ts';

/** Identifiers of the notes that show everything Notes can do: the same on every virtual iPhone. */
export const SHOWCASE = {
  formatting: 'C0FFEE00-0000-4000-8000-000000000001',
  tables: 'C0FFEE00-0000-4000-8000-000000000002',
  files: 'C0FFEE00-0000-4000-8000-000000000003',
  locked: 'C0FFEE00-0000-4000-8000-000000000004',
  lockedByRecord: 'C0FFEE00-0000-4000-8000-000000000005',
  lockedArchive: 'C0FFEE00-0000-4000-8000-000000000006',
  lockedByPasscode: 'C0FFEE00-0000-4000-8000-000000000007',
  hostile: 'C0FFEE00-0000-4000-8000-000000000008',
} as const;

interface Folders {
  readonly standard: number;
  readonly nested: number;
}

/** Adds a note for every feature: all looks of text, lists, tables, files of all kinds, and each way of locking. */
export function addShowcase(writer: NoteWriter, folders: Folders): void {
  const { random, library } = writer;
  const made = daysBefore(library.now, 90);
  const add = (identifier: string, write: NewNote['write'], more: Partial<NewNote> = {}): void =>
    writer.addNote({ identifier, write, folder: folders.standard, made, changed: daysBefore(made, -30), ...more });
  add(SHOWCASE.formatting, formatting, { isPinned: true, folder: folders.nested });
  add(SHOWCASE.tables, (note) => tables(note, random));
  add(SHOWCASE.files, (note) => files(note, random, made));
  add(SHOWCASE.locked, (note) => secret(note, random), { locking: 'columns' });
  add(SHOWCASE.lockedByRecord, () => lines('Im Nachtrag', 'Nur im Datensatz steht der Schlüssel.'), {
    locking: 'record',
  });
  add(SHOWCASE.lockedArchive, () => lines('Im Umschlag', 'Seit iOS 17 liegt alles beisammen.'), { locking: 'archive' });
  add(SHOWCASE.lockedByPasscode, () => lines('Mit dem Code', 'Das liest nur das Telefon.'), { locking: 'passcode' });
  add(SHOWCASE.hostile, hostile);
}

const cell = (text: string, weight?: 'bold'): NotePiece[] => [{ text, ...(weight && { weight }) }];
const lines = (title: string, line: string): NotePiece[] => [{ text: `${title}\n`, style: 'title' }, { text: line }];

function formatting(note: NoteContent): NotePiece[] {
  return [
    { text: 'Alles, was geht 🧑‍💻\n', style: 'title' },
    { text: 'Überschrift\n', style: 'heading' },
    { text: 'Unterüberschrift\n', style: 'subheading' },
    { text: 'fett', weight: 'bold' },
    { text: ' ' },
    { text: 'kursiv', weight: 'italic' },
    { text: ' ' },
    { text: 'beides', weight: 'both' },
    { text: ' ' },
    { text: 'unterstrichen', isUnderlined: true },
    { text: ' ' },
    { text: 'gestrichen', isStruck: true },
    { text: ' H' },
    { text: '2', raised: 'sub' },
    { text: 'O m' },
    { text: '2', raised: 'super' },
    { text: '\n' },
    { text: 'lila', highlight: 'purple' },
    { text: 'rosa', highlight: 'pink' },
    { text: 'orange', highlight: 'orange' },
    { text: 'minze', highlight: 'mint' },
    { text: 'blau', highlight: 'blue' },
    { text: ' rot', colour: [1, 0.25, 0] },
    { text: '\n' },
    { text: 'Zeile eins\u2028Zeile zwei, ' },
    { text: 'ein Verweis', link: 'https://example.org/?q=1&r=ü' },
    { text: '\n\n' },
    { text: 'let x = 1\n  x += `y`\n', style: 'monospaced' },
    { text: 'Punkt\n', style: 'dotted' },
    { text: 'Punkt darunter\n', style: 'dotted', indent: 1 },
    { text: 'Strich\n', style: 'dashed' },
    { text: 'drittens\n', style: 'numbered', startsAt: 3 },
    { text: 'viertens\n', style: 'numbered' },
    { text: 'Milch\n', style: 'done' },
    { text: 'Brot 🍞\n', style: 'todo' },
    { text: 'mit Körnern\n', style: 'todo', indent: 1 },
    { text: 'Ein Zitat.\n', isQuoted: true },
    { text: 'in der Mitte\n', alignment: 'center' },
    { text: 'rechts\n', alignment: 'right' },
    note.inline('hashtag', '#Reise', 'REISE'),
    { text: ' mit ' },
    note.inline('mention', '@Ada', '_owner'),
    { text: ', siehe ' },
    note.inline('link', 'Tabellen', `applenotes:note/${SHOWCASE.tables.toLowerCase()}`),
    { text: ', 6 × 7 ' },
    note.inline('calculateresult', '= 42'),
  ];
}

function tables(note: NoteContent, random: Random): NotePiece[] {
  const prices = encodeTable(
    random,
    [
      [cell('Was', 'bold'), cell('Preis', 'bold')],
      [cell('A\u0308pfel | Birnen'), cell('2,50 €')],
      [cell('Käse'), []],
    ],
    { removedRow: [cell('weg'), cell('0')] },
  );
  const arabic = encodeTable(random, [[cell('أول'), cell('ثان')]], { isRightToLeft: true });
  return [
    { text: 'Tabellen\n', style: 'title' },
    note.attach({ uti: 'com.apple.notes.table', graph: prices }),
    { text: '\n' },
    note.attach({ uti: 'com.apple.notes.table', graph: arabic }),
    { text: '\nEnde' },
  ];
}

function files(note: NoteContent, random: Random, made: Date): NotePiece[] {
  const picture = (widthPx = 320, heightPx = 240): Buffer =>
    encodeJpeg({
      widthPx,
      heightPx,
      scene: random.chance(0.5) ? landscape(random) : portrait(random),
      random,
      grain: 1,
    });
  const gallery = random.uuid();
  const pages = [random.uuid(), random.uuid()];
  const galleryPiece = note.attach({
    uti: 'com.apple.notes.gallery',
    identifier: gallery,
    title: 'Gescannte Belege',
    graph: encodeGallery(random, pages),
  });
  // Pages are made in another order than they are looked at.
  for (const [i, identifier] of [...pages.entries()].toReversed()) {
    note.add({ uti: 'public.jpeg', identifier, file: { name: `Seite ${i + 1}.jpg`, bytes: picture() } }, gallery);
  }
  const words = ['Guten', 'Tag,', 'hier', 'ist', 'Ada.\n\n', 'Bis', 'morgen.'];
  const spoken = words.map((text, i) => ({ text, atSeconds: i * 0.5 }));
  const recording = encodeTranscript(random, spoken, 'Ada meldet sich');
  return [
    { text: 'Bilder und Dateien\n', style: 'title' },
    note.attach({
      uti: 'public.jpeg',
      title: 'Am See',
      file: { name: 'IMG_0815.jpeg', bytes: picture(640, 480) },
      more: { ZSIZEWIDTH: 640, ZSIZEHEIGHT: 480 },
    }),
    { text: '\n' },
    note.attach({ uti: 'public.jpeg', file: { name: 'Altes Bild.jpg', bytes: picture(), withoutGeneration: true } }),
    { text: '\n' },
    note.attach({
      uti: 'com.apple.paper',
      fallback: { kind: 'image', bytes: picture() },
      more: { ZHANDWRITINGSUMMARY: 'von Hand' },
    }),
    { text: '\n' },
    galleryPiece,
    { text: '\n' },
    note.attach({
      uti: 'com.apple.paper.doc.scan',
      title: 'Vertrag',
      fallback: { kind: 'pdf', bytes: encodePdf('Vertrag') },
      preview: picture(192, 144),
      more: { ZOCRSUMMARY: 'Paragraph eins' },
    }),
    { text: '\n' },
    note.attach({
      uti: 'com.adobe.pdf',
      title: 'Rechnung.pdf',
      file: { name: 'Rechnung.pdf', bytes: encodePdf('Rechnung') },
    }),
    { text: '\n' },
    note.attach({
      uti: 'com.apple.m4a-audio',
      title: 'Anruf',
      graph: recording,
      file: { name: 'Anruf.m4a', bytes: encodeRecording(made, 3, 440) },
      more: { ZDURATION: 3 },
    }),
    { text: '\n' },
    note.attach({ uti: 'com.apple.quicktime-movie', title: 'Film', file: { name: 'Film.mov' } }),
    { text: '\n' },
    note.attach({
      uti: 'public.url',
      title: 'Zitronenkuchen',
      url: 'https://example.org/kuchen?a=1&b=2',
      preview: picture(192, 144),
    }),
    { text: '\n' },
    note.attach({
      uti: 'public.url',
      title: 'Hafen',
      url: 'https://maps.apple.com/?ll=47.66,9.18',
      place: { latitude: 47.66, longitude: 9.18 },
    }),
    { text: '\n' },
    note.attach({
      uti: 'public.vcard',
      title: 'Bo',
      file: { name: 'Bo.vcf', bytes: Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bo\r\nEND:VCARD\r\n') },
    }),
    { text: '\n' },
    { text: OBJECT_MARK, attachment: { identifier: random.uuid(), uti: 'public.png' } },
  ];
}

function secret(note: NoteContent, random: Random): NotePiece[] {
  const picture = encodeJpeg({ widthPx: 160, heightPx: 120, scene: landscape(random), random, grain: 1 });
  return [
    { text: 'Geheimfach\n', style: 'title' },
    { text: 'Der Schlüssel liegt ' },
    { text: 'unter dem Topf', weight: 'bold' },
    { text: '.\n' },
    note.attach({ uti: 'com.apple.notes.table', graph: encodeTable(random, [[cell('PIN'), cell('1234')]]) }),
    { text: '\n' },
    note.attach({ uti: 'public.jpeg', file: { name: 'Topf.jpg', bytes: picture } }),
    { text: '\n' },
    note.attach({ uti: 'com.apple.drawing.2', fallback: { kind: 'image', bytes: picture } }),
    { text: '\n' },
    note.attach({ uti: 'public.url', title: 'Bank', url: 'https://bank.example' }),
  ];
}

/** What somebody may write to see whether it does harm. */
function hostile(note: NoteContent): NotePiece[] {
  return [
    { text: '=cmd|x <script>alert(1)</script> ../../etc/passwd\n', style: 'title' },
    { text: '<img src=x onerror=alert(1)> & "quotes" \'more\'\n' },
    { text: 'Hier klicken', link: 'javascript:alert(document.cookie)' },
    { text: '\n# keine Überschrift\n1. keine Liste\n[kein](http://link) *kein* _Fett_ | `nichts`\n' },
    note.attach({
      uti: 'public.html',
      title: '"><script>alert(2)</script>',
      file: { name: '../../../böse.html', bytes: Buffer.from('<b>x</b>') },
    }),
  ];
}
