import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { editCoreData, makeCoreData, type CoreDataModel, type CoreDataStore } from './core-data.ts';
import { rewrite, type Library } from './library.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

const DOMAIN = 'HomeDomain';
const PATH = 'Library/CallHistoryDB/CallHistory.storedata';

/** Values of ZCALLTYPE. */
const THIRD_PARTY = 0;
const PHONE = 1;
const FACETIME_VIDEO = 8;
const FACETIME_AUDIO = 16;

const MODEL: CoreDataModel = {
  versionIdentifier: '53',
  entities: {
    CallDBProperties: { number: 1 },
    CallRecord: { number: 2 },
    EmergencyMediaItem: { number: 3 },
    Handle: { number: 4 },
  },
  tables: {
    ZCALLDBPROPERTIES: {
      FLOAT: 'ZTIMER_ALL ZTIMER_INCOMING ZTIMER_LAST ZTIMER_LIFETIME ZTIMER_OUTGOING',
    },
    ZCALLRECORD: {
      INTEGER: `ZANSWERED ZAUTOANSWEREDREASON ZCALL_CATEGORY ZCALLTYPE ZDISCONNECTED_CAUSE ZFACE_TIME_DATA
        ZFILTERED_OUT_REASON ZHANDLE_TYPE ZHASMESSAGE ZJUNKCONFIDENCE ZNUMBER_AVAILABILITY ZORIGINATED ZREAD
        ZSCREENSHARINGTYPE ZUSEDEMERGENCYVIDEOSTREAMING ZVERIFICATIONSTATUS ZWASEMERGENCYCALL
        ZCOMMUNICATIONTRUSTSCORE ZLOCALPARTICIPANTHANDLE ZOUTGOINGLOCALPARTICIPANT ZINITIATOR`,
      TIMESTAMP: 'ZDATE',
      FLOAT: 'ZDURATION',
      VARCHAR: `ZADDRESS ZDEVICE_ID ZISO_COUNTRY_CODE ZJUNKIDENTIFICATIONCATEGORY ZLOCATION ZNAME ZSERVICE_PROVIDER
        ZUNIQUE_ID`,
      BLOB: 'ZLOCALPARTICIPANTUUID ZPARTICIPANTGROUPUUID',
    },
    ZEMERGENCYMEDIAITEM: { INTEGER: 'ZEMERGENCYMEDIATYPE ZCALLRECORD', VARCHAR: 'ZASSETID' },
    ZHANDLE: { INTEGER: 'ZTYPE', VARCHAR: 'ZNORMALIZEDVALUE ZVALUE' },
  },
  more: `
    CREATE TABLE Z_2REMOTEPARTICIPANTHANDLES (Z_2REMOTEPARTICIPANTCALLS INTEGER, Z_4REMOTEPARTICIPANTHANDLES INTEGER,
      PRIMARY KEY (Z_2REMOTEPARTICIPANTCALLS, Z_4REMOTEPARTICIPANTHANDLES));
    CREATE INDEX Z_CallRecord_date ON ZCALLRECORD (ZDATE);
  `,
};

/** The last half year's calls: by phone, FaceTime and an app; answered, missed, outgoing; one with several people. */
export function fillCalls(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('calls');
  const bytes = makeCoreData(MODEL, random.uuid(), (store) => {
    store.add('CallDBProperties', 'ZCALLDBPROPERTIES', { ZTIMER_ALL: 0, ZTIMER_LIFETIME: 0 });
    const dates = Array.from({ length: amounts.calls }, () => random.moment(daysBefore(now, 180), now));
    for (const date of dates.toSorted((a, b) => a.getTime() - b.getTime())) addCall(store, library, random, date);
    addOddCalls(store, library);
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
}

export function changeCalls(library: Library): void {
  const { now } = library;
  const random = library.random('calls');
  rewrite(library, DOMAIN, PATH, (bytes) =>
    editCoreData(bytes, (store) => {
      for (let i = random.between(1, 4); i > 0; i--)
        addCall(store, library, random, random.moment(daysBefore(now, 1), now));
    }),
  );
}

function addCall(store: CoreDataStore, { people }: Library, random: Random, date: Date): void {
  const person = random.pick(people);
  const isOutgoing = random.chance(0.45);
  const isAnswered = random.chance(0.75);
  const type = random.chance(0.6) ? PHONE : random.pick([FACETIME_VIDEO, FACETIME_AUDIO, THIRD_PARTY]);
  const isGroup = type === FACETIME_VIDEO && random.chance(0.2);
  const call = store.add('CallRecord', 'ZCALLRECORD', {
    ZORIGINATED: isOutgoing,
    // Of calls that go out, iOS does not write down whether the other side took them.
    ZANSWERED: !isOutgoing && isAnswered,
    ZREAD: random.chance(0.9),
    ZCALLTYPE: type,
    ZCALL_CATEGORY: type === FACETIME_VIDEO ? 2 : 1,
    ZHANDLE_TYPE: 2,
    ZDATE: cocoaSeconds(date),
    ZDURATION: isAnswered ? random.between(3, 3600) + 0.25 : 0,
    ZADDRESS: isGroup ? null : person.phone,
    ZISO_COUNTRY_CODE: person.country,
    ZLOCATION: type === PHONE ? '<<RecentsNumberLocationNotFound>>' : null,
    ZNAME: type === THIRD_PARTY ? person.first : null,
    ZSERVICE_PROVIDER: providerOf(type),
    ZUNIQUE_ID: random.uuid(),
  });
  for (const participant of isGroup ? random.some(people, 3) : [person]) addParticipant(store, call, participant);
}

/** One that was silenced as junk, one whose number was withheld, one from somewhere, one on the second line. */
function addOddCalls(store: CoreDataStore, library: Library): void {
  const random = library.random('odd calls');
  const line = store.add('Handle', 'ZHANDLE', {
    ZTYPE: 2,
    ZVALUE: library.owner.phone,
    ZNORMALIZEDVALUE: library.owner.phone,
  });
  const odd = [
    { ZADDRESS: '+4915550199999', ZJUNKCONFIDENCE: 2, ZJUNKIDENTIFICATIONCATEGORY: 'Spam', ZFILTERED_OUT_REASON: 1 },
    { ZADDRESS: null },
    { ZADDRESS: '+497531555020', ZLOCATION: 'Konstanz', ZANSWERED: true, ZDURATION: 61.5 },
    { ZADDRESS: '112', ZORIGINATED: true, ZDURATION: 12, ZWASEMERGENCYCALL: true, ZLOCALPARTICIPANTHANDLE: line },
  ];
  for (const [i, values] of odd.entries()) {
    store.add('CallRecord', 'ZCALLRECORD', {
      ZORIGINATED: false,
      ZANSWERED: false,
      ZREAD: true,
      ZCALLTYPE: PHONE,
      ZCALL_CATEGORY: 1,
      ZDATE: cocoaSeconds(daysBefore(library.now, i + 1)),
      ZDURATION: 0,
      ZSERVICE_PROVIDER: providerOf(PHONE),
      ZUNIQUE_ID: random.uuid(),
      ...values,
    });
  }
}

function addParticipant(store: CoreDataStore, call: number, { phone }: Person): void {
  const known = store.database.prepare('SELECT Z_PK FROM ZHANDLE WHERE ZVALUE = ?').get(phone)?.['Z_PK'];
  const handle = known ?? store.add('Handle', 'ZHANDLE', { ZTYPE: 2, ZVALUE: phone, ZNORMALIZEDVALUE: phone });
  store.database.prepare('INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (?, ?)').run(call, handle);
}

function providerOf(type: number): string {
  if (type === PHONE) return 'com.apple.Telephony';
  return type === THIRD_PARTY ? 'net.example.talk' : 'com.apple.FaceTime';
}
