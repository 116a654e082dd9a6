/**
 * Damaged notes: bodies, tables, galleries, transcripts, locked ones and HTML. Each is read or refused, quickly and in
 * bounded memory. What is packed is damaged before it is packed, else nearly all damage would end at the checksum.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeNoteBody } from '../../src/content/notes/body/body.ts';
import { byIdentifier, plainText } from '../../src/content/notes/body/plain-text.ts';
import { decodeGallery } from '../../src/content/notes/attachments/gallery.ts';
import { documentFromHtml } from '../../src/content/notes/legacy/html.ts';
import { NotePassword } from '../../src/content/notes/locked/locked.ts';
import { unappliedRecordOf } from '../../src/content/notes/locked/locked-archive.ts';
import { decodeTranscript } from '../../src/content/notes/attachments/recording.ts';
import { decodeTable } from '../../src/content/notes/body/table.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { encodeGallery, encodeTable, encodeTranscript } from '../../src/virtual-iphone/library/notes/note-graph.ts';
import { encodeNoteBody, type NotePiece } from '../../src/virtual-iphone/library/notes/note-body.ts';
import { LEGACY_NOTES } from '../../src/virtual-iphone/library/notes/legacy-notes.ts';
import { lockedArchive, makeRowLock, unappliedRecord } from '../../src/virtual-iphone/library/notes/note-lock.ts';
import { Random as LibraryRandom } from '../../src/virtual-iphone/library/random.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

const LIMIT_MS = 2000;

interface Sample {
  readonly bytes: Buffer;
  readonly isPacked: boolean;
  readonly read: (bytes: Buffer) => unknown;
}

export async function run(count: number, seed: number): Promise<void> {
  const samples = allSamples();
  for (let round = 0; round < count; round++) {
    const own = seedOfRound(seed, round);
    const random = randomFrom(own);
    const { bytes, isPacked, read } = random.pick(samples);
    const damaged =
      isPacked && !random.onceIn(10)
        ? gzipSync(mutate(random, gunzipSync(bytes)), { level: 1 })
        : mutate(random, bytes);
    const startedMs = performance.now();
    try {
      await read(damaged);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw new Error(`seed ${own}`, { cause: error });
    }
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`seed ${own}: took too long`);
  }
}

const cell = (text: string): NotePiece[] => [{ text, weight: 'bold' }];

function allSamples(): Sample[] {
  const random = new LibraryRandom(1, 'fuzz');
  const pieces: NotePiece[] = [
    { text: 'Titel 🧑‍💻\n', style: 'title' },
    { text: 'fett', weight: 'both', highlight: 'mint', colour: [1, 0, 0], raised: 'sub' },
    { text: ' x\u2028y\n', link: 'https://example.org/' },
    { text: 'eins\n', style: 'todo', indent: 2 },
    { text: 'zwei\n', style: 'numbered', startsAt: 7, isQuoted: true },
    { text: '\uFFFC', attachment: { identifier: random.uuid(), uti: 'com.apple.notes.table' } },
  ];
  const table = encodeTable(
    random,
    [
      [cell('a'), cell('b')],
      [cell('c'), []],
    ],
    { removedRow: [cell('d'), cell('e')] },
  );
  const transcript = encodeTranscript(
    random,
    ['Guten', 'Tag.\n\n'].map((text, i) => ({ text, atSeconds: i, speaker: '+49' })),
    'kurz',
  );
  const lock = makeRowLock(random);
  const sealed = lock.lock(Buffer.from('geheim'));
  // Deriving a key costs more than everything else here; without a password only what leads to it is read.
  const closed = new NotePassword(undefined);
  return [
    {
      bytes: encodeNoteBody(pieces, random.bytes(16)),
      isPacked: true,
      read: (bytes) => plainText(decodeNoteBody(bytes), byIdentifier([])),
    },
    { bytes: table, isPacked: true, read: decodeTable },
    { bytes: encodeGallery(random, [random.uuid(), random.uuid()]), isPacked: true, read: decodeGallery },
    { bytes: transcript, isPacked: false, read: decodeTranscript },
    { bytes: lockedArchive(random, Buffer.from('geheim')), isPacked: false, read: (bytes) => closed.open(bytes, []) },
    { bytes: unappliedRecord(lock, sealed), isPacked: false, read: unappliedRecordOf },
    ...LEGACY_NOTES.map(({ body }) => ({
      bytes: Buffer.from(body),
      isPacked: false,
      read: (bytes: Buffer) => documentFromHtml(bytes.toString()),
    })),
  ];
}
