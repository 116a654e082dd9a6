import { encodeKeyedArchive } from '../../formats/index.ts';
import { after, cocoaSeconds, DAY_MS, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel, type CoreDataStore } from './core-data.ts';
import type { Library } from './library.ts';
import type { Random } from './random.ts';
import { phrase, title } from './texts.ts';

const DOMAIN = 'AppDomainGroup-group.com.apple.reminders';
const FOLDER = 'Container_v1/Stores';

const TABLES: CoreDataModel['tables'] = {
  ZREMCDREMINDER: {
    INTEGER: `ZALLDAY ZCKDIRTYFLAGS ZCOMPLETED ZFLAGGED ZICSDISPLAYORDER ZMARKEDFORDELETION ZPRIORITY
      ZSPOTLIGHTINDEXCOUNT ZACCOUNT ZLIST ZPARENTREMINDER`,
    TIMESTAMP: 'ZCOMPLETIONDATE ZCREATIONDATE ZDISPLAYDATEDATE ZDUEDATE ZLASTMODIFIEDDATE ZSTARTDATE',
    VARCHAR: 'ZCKIDENTIFIER ZICSURL ZNOTES ZTIMEZONE ZTITLE',
    BLOB: 'ZIDENTIFIER',
  },
  ZREMCDBASELIST: {
    INTEGER: 'ZISGROUP ZMARKEDFORDELETION ZSHARINGSTATUS ZSORTINGSTYLE ZACCOUNT ZPARENTLIST',
    VARCHAR: 'ZBADGEEMBLEM ZCKIDENTIFIER ZNAME',
    BLOB: 'ZCOLOR ZIDENTIFIER ZMEMBERSHIPSOFREMINDERSINSECTIONSASDATA',
  },
  ZREMCDBASESECTION: {
    INTEGER: 'ZMARKEDFORDELETION ZACCOUNT ZLIST',
    TIMESTAMP: 'ZCREATIONDATE',
    VARCHAR: 'ZCKIDENTIFIER ZDISPLAYNAME',
    BLOB: 'ZIDENTIFIER',
  },
  ZREMCDHASHTAGLABEL: { TIMESTAMP: 'ZRECENCYDATE', VARCHAR: 'ZCANONICALNAME ZNAME' },
  ZREMCDOBJECT: {
    INTEGER: `ZMARKEDFORDELETION ZACCOUNT ZREMINDER ZREMINDER1 ZREMINDER2 ZREMINDER3 ZREMINDER4 ZTRIGGER ZPROXIMITY
      ZHASHTAGLABEL ZFREQUENCY ZINTERVAL ZOCCURRENCECOUNT ZASSIGNEE ZLISTTYPERAWVALUE`,
    TIMESTAMP: 'ZENDDATE',
    FLOAT: 'ZLATITUDE ZLONGITUDE ZRADIUS ZTIMEINTERVAL',
    VARCHAR: 'ZNAME ZNAME1 ZFIRSTNAME ZLASTNAME ZADDRESS ZADDRESS1 ZTITLE ZURL ZFILENAME ZUTI',
    BLOB: 'ZDATECOMPONENTSDATA ZDAYSOFTHEWEEK ZDAYSOFTHEMONTH ZMONTHSOFTHEYEAR ZSETPOSITIONS',
  },
};

/** Names of entities in the order of their numbers, with the entity each is a kind of. */
const ENTITIES: readonly (readonly [name: string, parent?: string])[] = [
  ['REMCDObject'],
  ['REMCDBaseList'],
  ['REMCDList', 'REMCDBaseList'],
  ['REMCDBaseSection'],
  ['REMCDListSection', 'REMCDBaseSection'],
  ['REMCDHashtagLabel'],
  ['REMCDReminder'],
  ['REMCDAccount', 'REMCDObject'],
  ['REMCDAlarm', 'REMCDObject'],
  ['REMCDAlarmTrigger', 'REMCDObject'],
  ['REMCDAlarmDateTrigger', 'REMCDAlarmTrigger'],
  ['REMCDAlarmLocationTrigger', 'REMCDAlarmTrigger'],
  ['REMCDAlarmTimeIntervalTrigger', 'REMCDAlarmTrigger'],
  ['REMCDAssignment', 'REMCDObject'],
  ['REMCDAttachment', 'REMCDObject'],
  ['REMCDURLAttachment', 'REMCDAttachment'],
  ['REMCDHashtag', 'REMCDObject'],
  ['REMCDRecurrenceRule', 'REMCDObject'],
  ['REMCDSharee', 'REMCDObject'],
];

/** @param first the number of the first entity: it differs from store to store. */
function model(first: number): CoreDataModel {
  const numberOf = (name: string): number => first + ENTITIES.findIndex(([each]) => each === name);
  const entities = ENTITIES.map(([name, parent]) => [
    name,
    { number: numberOf(name), ...(parent !== undefined && { parent: numberOf(parent) }) },
  ]);
  return { versionIdentifier: 'v20240521', entities: Object.fromEntries(entities), tables: TABLES };
}

/** Two stores, as every phone has: that of the account with the reminders, and a local one without any. */
export function fillReminders(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('reminders');
  const store = makeCoreData(model(1), random.uuid(), (data) => {
    const account = data.add('REMCDAccount', 'ZREMCDOBJECT', { ZNAME: 'iCloud' });
    const lists = ['Erinnerungen', 'Umzug 📦'].map((name) => addList(data, random, name, account));
    for (let i = 0; i < amounts.notes; i++) {
      const made = random.moment(daysBefore(now, 300), now);
      const isDone = random.chance(0.5);
      const isAllDay = random.chance(0.5);
      const moment = after(made, random.between(1, 40) * DAY_MS);
      const due = random.chance(0.6) ? cocoaSeconds(isAllDay ? midnight(moment) : moment) : null;
      addReminder(data, random, {
        ZTITLE: random.chance(0.5) ? title(random) : phrase(random, 'de'),
        ZNOTES: random.chance(0.2) ? phrase(random) : null,
        ZACCOUNT: account,
        ZLIST: random.pick(lists),
        ZCREATIONDATE: cocoaSeconds(made),
        ZLASTMODIFIEDDATE: cocoaSeconds(made) + 5,
        ZDUEDATE: due,
        ZDISPLAYDATEDATE: due,
        ZTIMEZONE: due === null || isAllDay ? null : library.owner.timeZone,
        ZALLDAY: isAllDay,
        ZCOMPLETED: isDone,
        ZCOMPLETIONDATE: isDone ? cocoaSeconds(after(made, DAY_MS)) : null,
        ZFLAGGED: random.chance(0.1),
        ZPRIORITY: random.pick([0, 0, 0, 1, 5, 9]),
      });
    }
    addSpecialReminders(data, random, account);
  });
  disk.writeFile(DOMAIN, `${FOLDER}/Data-${random.uuid()}.sqlite`, store, { modifiedAt: now });
  const local = makeCoreData(model(3), random.uuid(), () => {});
  disk.writeFile(DOMAIN, `${FOLDER}/Data-local.sqlite`, local, { modifiedAt: now });
}

const midnight = (moment: Date): Date => new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS);

type Values = Parameters<CoreDataStore['add']>[2];

function addList(data: CoreDataStore, random: Random, name: string, account: number, more: Values = {}): number {
  return data.add('REMCDList', 'ZREMCDBASELIST', {
    ZNAME: name,
    ZIDENTIFIER: random.bytes(16),
    ZISGROUP: 0,
    ZSHARINGSTATUS: 0,
    ZMARKEDFORDELETION: 0,
    ZACCOUNT: account,
    ...more,
  });
}

function addReminder(data: CoreDataStore, random: Random, values: Values): number {
  const identifier = random.bytes(16);
  return data.add('REMCDReminder', 'ZREMCDREMINDER', {
    ZIDENTIFIER: identifier,
    ZCOMPLETED: 0,
    ZALLDAY: 0,
    ZFLAGGED: 0,
    ZPRIORITY: 0,
    ZMARKEDFORDELETION: 0,
    ...values,
  });
}

/** What reminders can have beside a date, one of each, the same on every phone. */
function addSpecialReminders(data: CoreDataStore, random: Random, account: number): void {
  const [fruit, reminder] = ['5EC710F0-0000-4000-8000-000000000001', 'AAAAAAAA-0000-4000-8000-00000000000A'];
  const list = addList(data, random, 'Einkauf 🛒', account, {
    ZSHARINGSTATUS: 1,
    ZCOLOR: encodeKeyedArchive({ daHexString: '#FF9500', ckSymbolicColorName: 'orange' }),
    ZMEMBERSHIPSOFREMINDERSINSECTIONSASDATA: Buffer.from(
      JSON.stringify({ memberships: [{ memberID: reminder, groupID: fruit }] }),
    ),
  });
  data.add('REMCDListSection', 'ZREMCDBASESECTION', {
    ZCKIDENTIFIER: fruit,
    ZDISPLAYNAME: 'Obst & Gemüse',
    ZLIST: list,
    ZMARKEDFORDELETION: 0,
  });
  const apples = addReminder(data, random, {
    ZTITLE: 'Äpfel, 2 kg; <b>süß</b>',
    ZCKIDENTIFIER: reminder,
    ZNOTES: 'vom Markt\nnicht die grünen',
    ZLIST: list,
    ZACCOUNT: account,
    ZDUEDATE: cocoaSeconds(new Date('2026-11-21T08:30:00Z')),
    ZTIMEZONE: 'Europe/Berlin',
    ZPRIORITY: 1,
    ZFLAGGED: 1,
    ZICSDISPLAYORDER: 1,
  });
  const part = { ZLIST: list, ZACCOUNT: account, ZPARENTREMINDER: apples };
  addReminder(data, random, { ...part, ZTITLE: 'Korb mitnehmen', ZICSDISPLAYORDER: 2 });
  addReminder(data, random, {
    ...part,
    ZTITLE: 'Pfandflaschen',
    ZICSDISPLAYORDER: 3,
    ZCOMPLETED: 1,
    ZCOMPLETIONDATE: cocoaSeconds(new Date('2026-11-19T10:00:00Z')),
  });
  addReminder(data, random, { ZTITLE: 'Weg damit', ZLIST: list, ZACCOUNT: account, ZMARKEDFORDELETION: 1 });
  const label = data.add('REMCDHashtagLabel', 'ZREMCDHASHTAGLABEL', {
    ZNAME: 'wochenmarkt',
    ZCANONICALNAME: 'wochenmarkt',
  });
  const own = { ZMARKEDFORDELETION: 0, ZACCOUNT: account };
  data.add('REMCDHashtag', 'ZREMCDOBJECT', { ...own, ZREMINDER3: apples, ZHASHTAGLABEL: label });
  data.add('REMCDURLAttachment', 'ZREMCDOBJECT', { ...own, ZREMINDER2: apples, ZURL: 'https://example.org/markt' });
  data.add('REMCDRecurrenceRule', 'ZREMCDOBJECT', {
    ...own,
    ZREMINDER4: apples,
    ZFREQUENCY: 1,
    ZINTERVAL: 2,
    ZOCCURRENCECOUNT: 0,
    ZDAYSOFTHEWEEK: Buffer.from('[{"dayOfTheWeek":7,"weekNumber":0},{"dayOfTheWeek":1,"weekNumber":0}]'),
  });
  const sharee = data.add('REMCDSharee', 'ZREMCDOBJECT', {
    ...own,
    ZFIRSTNAME: 'Zoé',
    ZLASTNAME: 'Çaillat',
    ZADDRESS1: 'mailto:zoe@example.net',
  });
  data.add('REMCDAssignment', 'ZREMCDOBJECT', { ...own, ZREMINDER1: apples, ZASSIGNEE: sharee });
  const place = data.add('REMCDAlarmLocationTrigger', 'ZREMCDOBJECT', {
    ...own,
    ZTITLE: 'Wochenmarkt',
    ZADDRESS: 'Stephansplatz, Konstanz',
    ZLATITUDE: 47.6629,
    ZLONGITUDE: 9.1747,
    ZRADIUS: 100,
    ZPROXIMITY: 1,
  });
  const date = data.add('REMCDAlarmDateTrigger', 'ZREMCDOBJECT', {
    ...own,
    ZDATECOMPONENTSDATA: Buffer.from('{"year":2026,"month":11,"day":21,"hour":9,"minute":30,"second":0}'),
  });
  for (const trigger of [place, date])
    data.add('REMCDAlarm', 'ZREMCDOBJECT', { ...own, ZREMINDER: apples, ZTRIGGER: trigger });
}
