import { cocoaSeconds, DAY_MS, daysBefore, after } from './apple-time.ts';
import { makeCoreData, type CoreDataModel } from './core-data.ts';
import type { Library } from './library.ts';
import { phrase, title } from './texts.ts';

const DOMAIN = 'AppDomainGroup-group.com.apple.reminders';
const FOLDER = 'Container_v1/Stores';

const MODEL: CoreDataModel = {
  versionIdentifier: 'v20240521',
  entities: {
    REMCDObject: { number: 1 },
    REMCDBaseList: { number: 5 },
    REMCDList: { number: 6, parent: 5 },
    REMCDReminder: { number: 30 },
  },
  tables: {
    ZREMCDREMINDER: {
      INTEGER: `ZALLDAY ZCKDIRTYFLAGS ZCOMPLETED ZFLAGGED ZICSDISPLAYORDER ZMARKEDFORDELETION ZPRIORITY
        ZSPOTLIGHTINDEXCOUNT ZACCOUNT ZLIST ZPARENTREMINDER`,
      TIMESTAMP: 'ZCOMPLETIONDATE ZCREATIONDATE ZDISPLAYDATEDATE ZDUEDATE ZLASTMODIFIEDDATE ZSTARTDATE',
      VARCHAR: 'ZCKIDENTIFIER ZNOTES ZTIMEZONE ZTITLE',
      BLOB: 'ZIDENTIFIER',
    },
    ZREMCDBASELIST: {
      INTEGER: 'ZISGROUP ZMARKEDFORDELETION ZSHARINGSTATUS ZSORTINGSTYLE ZACCOUNT ZPARENTLIST',
      VARCHAR: 'ZBADGEEMBLEM ZCKIDENTIFIER ZNAME',
      BLOB: 'ZIDENTIFIER',
    },
    ZREMCDOBJECT: {
      INTEGER: 'ZFREQUENCY ZINTERVAL ZOCCURRENCECOUNT ZREMINDER1 ZREMINDER4 ZASSIGNEE ZLISTTYPERAWVALUE',
      TIMESTAMP: 'ZENDDATE',
      VARCHAR: 'ZNAME ZFIRSTNAME ZLASTNAME ZADDRESS1',
    },
  },
};

/** Two stores, as every phone has: that of the account with the reminders, and a local one without any. */
export function fillReminders(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('reminders');
  const identifier = (): Buffer => random.bytes(16);
  const store = makeCoreData(MODEL, random.uuid(), (data) => {
    const lists = ['Erinnerungen', 'Umzug 📦'].map((name) =>
      data.add('REMCDList', 'ZREMCDBASELIST', {
        ZNAME: name,
        ZIDENTIFIER: identifier(),
        ZISGROUP: 0,
        ZMARKEDFORDELETION: 0,
      }),
    );
    for (let i = 0; i < amounts.notes; i++) {
      const made = random.moment(daysBefore(now, 300), now);
      const isDone = random.chance(0.5);
      const due = random.chance(0.6) ? cocoaSeconds(after(made, random.between(1, 40) * DAY_MS)) : null;
      const reminder = data.add('REMCDReminder', 'ZREMCDREMINDER', {
        ZTITLE: random.chance(0.5) ? title(random) : phrase(random, 'de'),
        ZNOTES: random.chance(0.2) ? phrase(random) : null,
        ZIDENTIFIER: identifier(),
        ZLIST: random.pick(lists),
        ZCREATIONDATE: cocoaSeconds(made),
        ZLASTMODIFIEDDATE: cocoaSeconds(made) + 5,
        ZDUEDATE: due,
        ZDISPLAYDATEDATE: due,
        ZALLDAY: random.chance(0.5),
        ZCOMPLETED: isDone,
        ZCOMPLETIONDATE: isDone ? cocoaSeconds(after(made, DAY_MS)) : null,
        ZFLAGGED: random.chance(0.1),
        ZPRIORITY: random.pick([0, 0, 0, 1, 5, 9]),
        ZMARKEDFORDELETION: 0,
      });
      if (i === 1) data.add('REMCDObject', 'ZREMCDOBJECT', { ZREMINDER4: reminder, ZFREQUENCY: 1, ZINTERVAL: 2 });
    }
  });
  disk.writeFile(DOMAIN, `${FOLDER}/Data-${random.uuid()}.sqlite`, store, { modifiedAt: now });
  const local = makeCoreData(MODEL, random.uuid(), () => {});
  disk.writeFile(DOMAIN, `${FOLDER}/Data-local.sqlite`, local, { modifiedAt: now });
}
