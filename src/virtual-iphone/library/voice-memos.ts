import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel } from './core-data.ts';
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
  });
  disk.writeFile(DOMAIN, 'Recordings/CloudRecordings.db', bytes, { modifiedAt: now });
}
