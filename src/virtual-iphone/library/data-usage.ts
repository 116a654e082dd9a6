import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel } from './core-data.ts';
import type { Library } from './library.ts';

const MODEL: CoreDataModel = {
  versionIdentifier: '9',
  entities: { LiveUsage: { number: 5 }, Process: { number: 7 } },
  tables: {
    ZLIVEUSAGE: {
      INTEGER: 'ZKIND ZMETADATA ZTAG ZHASPROCESS',
      TIMESTAMP: 'ZBILLCYCLEEND ZTIMESTAMP',
      FLOAT: 'ZWIFIIN ZWIFIOUT ZWWANIN ZWWANOUT',
    },
    ZPROCESS: { TIMESTAMP: 'ZFIRSTTIMESTAMP ZTIMESTAMP', VARCHAR: 'ZBUNDLENAME ZPROCNAME' },
  },
};

const PROCESSES = [
  { app: 'com.apple.mobilesafari', process: 'MobileSafari' },
  { app: 'net.example.talk', process: 'net.example.talk' },
  { app: null, process: 'CumulativeUsageTracker' },
];

/** What some apps have sent and received on the last days. */
export function fillDataUsage(library: Library): void {
  const { disk, now } = library;
  const random = library.random('data usage');
  const bytes = makeCoreData(MODEL, random.uuid(), (store) => {
    for (const { app, process } of PROCESSES) {
      const owner = store.add('Process', 'ZPROCESS', {
        ZFIRSTTIMESTAMP: cocoaSeconds(daysBefore(now, 400)),
        ZTIMESTAMP: cocoaSeconds(daysBefore(now, 1)),
        ZBUNDLENAME: app,
        ZPROCNAME: process,
      });
      for (let day = random.between(1, 4); day > 0; day--) {
        store.add('LiveUsage', 'ZLIVEUSAGE', {
          ZKIND: 0,
          ZTAG: 1,
          ZHASPROCESS: owner,
          ZTIMESTAMP: cocoaSeconds(daysBefore(now, day)),
          ZWIFIIN: 0,
          ZWIFIOUT: 0,
          ZWWANIN: random.below(80_000_000),
          ZWWANOUT: random.below(9_000_000),
        });
      }
    }
  });
  disk.writeFile('WirelessDomain', 'Library/Databases/DataUsage.sqlite', bytes, { modifiedAt: now });
}
