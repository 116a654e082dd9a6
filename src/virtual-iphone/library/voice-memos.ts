import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel, type CoreDataStore } from './core-data.ts';
import type { Library } from './library.ts';
import { encodeRecording } from './media/audio.ts';
import { title } from './texts.ts';

const DOMAIN = 'AppDomainGroup-group.com.apple.VoiceMemos.shared';

const MODEL: CoreDataModel = {
  versionIdentifier: '1.0',
  entities: { CloudRecording: { number: 1 }, Folder: { number: 3 } },
  tables: {
    ZCLOUDRECORDING: {
      INTEGER: 'ZFLAGS ZSHAREDFLAGS ZSYNCSTATE ZFOLDER',
      TIMESTAMP: 'ZDATE ZEVICTIONDATE',
      FLOAT: 'ZDURATION ZLOCALDURATION',
      VARCHAR: 'ZCUSTOMLABEL ZCUSTOMLABELFORSORTING ZENCRYPTEDTITLE ZPATH ZUNIQUEID',
      BLOB: 'ZAUDIODIGEST ZAUDIOFUTUREUUID',
    },
    ZFOLDER: { INTEGER: 'ZCOUNTOFRECORDINGS ZRANK', VARCHAR: 'ZENCRYPTEDNAME ZUUID' },
  },
};

/** Voice memos: the recordings and the list of them. */
export function fillVoiceMemos(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('voice memos');
  const bytes = makeCoreData(MODEL, random.uuid(), (store) => {
    for (let i = 0; i < amounts.voiceMemos; i++) {
      const madeAt = random.moment(daysBefore(now, 400), now);
      const seconds = random.between(2, 12);
      const stamp = madeAt.toISOString();
      const path = `${stamp.slice(0, 10).replaceAll('-', '')} ${stamp.slice(11, 19).replaceAll(':', '')}-${random.uuid().slice(0, 8)}.m4a`;
      const recording = encodeRecording(madeAt, seconds, random.between(200, 900));
      disk.writeFile(DOMAIN, `Recordings/${path}`, recording, { modifiedAt: madeAt });
      const name = random.pick([title(random), 'Neue Aufnahme 7', 'Probe – 2. Satz 🎻']);
      store.add('CloudRecording', 'ZCLOUDRECORDING', {
        ZDATE: cocoaSeconds(madeAt),
        ZDURATION: seconds,
        ZLOCALDURATION: seconds,
        ZCUSTOMLABEL: stamp,
        ZCUSTOMLABELFORSORTING: name,
        ZENCRYPTEDTITLE: name,
        ZPATH: path,
        ZUNIQUEID: random.uuid(),
        ZFLAGS: 4,
      });
    }
    addSpecialMemos(library, store);
  });
  disk.writeFile(DOMAIN, 'Recordings/CloudRecordings.db', bytes, { modifiedAt: now });
}

/** Words with when they were said, as the phone keeps them. */
function transcriptOf(words: readonly string[]): string {
  const runs = words.flatMap((word, i) => [i === 0 ? word : ` ${word}`, i]);
  const attributeTable = words.map((_, i) => ({ timeRange: [i * 0.4, (i + 1) * 0.4] }));
  return JSON.stringify({ locale: { identifier: 'de_DE', current: 0 }, attributedString: { runs, attributeTable } });
}

/** Recordings in a folder, with transcripts in both kinds of files, thrown away, and only on other devices. */
function addSpecialMemos(library: Library, store: CoreDataStore): void {
  const { disk, now } = library;
  const random = library.random('special voice memos');
  const folder = store.add('Folder', 'ZFOLDER', {
    ZENCRYPTEDNAME: 'Chor & Orchester 🎶',
    ZUUID: random.uuid(),
    ZRANK: 1,
  });
  const silence = JSON.stringify({ locale: { identifier: 'de_DE' }, attributedString: '' });
  const memos = [
    { title: 'Einkaufszettel', transcript: transcriptOf(['Milch,', 'Eier', 'und', 'Brötchen.']) },
    { title: 'Idee <fürs> Fest', transcript: transcriptOf(['Lampions', 'im', 'Garten!']), isQuickTime: true, folder },
    { title: 'Stille', transcript: silence, folder },
    { title: 'Weggeworfen', deletedAt: daysBefore(now, 3) },
    { title: 'Nur auf dem iPad', isAway: true },
  ];
  memos.forEach(({ title: name, ...memo }, i) => {
    const madeAt = daysBefore(now, 10 + i);
    // The list goes on saying .m4a when a recording became a QuickTime file.
    const path = `2026111${i} 183000-${random.uuid().slice(0, 8)}.m4a`;
    const recording = encodeRecording(madeAt, 1, 440, memo);
    const place = `Recordings/${memo.isQuickTime === true ? path.replace('.m4a', '.qta') : path}`;
    if (memo.isAway !== true) disk.writeFile(DOMAIN, place, recording, { modifiedAt: madeAt });
    store.add('CloudRecording', 'ZCLOUDRECORDING', {
      ZDATE: cocoaSeconds(madeAt),
      ZDURATION: 1,
      ZLOCALDURATION: 1,
      ZCUSTOMLABEL: madeAt.toISOString(),
      ZCUSTOMLABELFORSORTING: name,
      ZENCRYPTEDTITLE: name,
      ZPATH: path,
      ZUNIQUEID: random.uuid(),
      ZFLAGS: 4,
      ZFOLDER: memo.folder,
      ZEVICTIONDATE: memo.deletedAt && cocoaSeconds(memo.deletedAt),
    });
  });
}
