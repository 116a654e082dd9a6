import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel } from './core-data.ts';
import type { Library } from './library.ts';
import { fullName } from './people.ts';

const MODEL: CoreDataModel = {
  versionIdentifier: '24',
  entities: {
    Attachment: { number: 1 },
    Contacts: { number: 2 },
    Interactions: { number: 3 },
    Keywords: { number: 4 },
  },
  tables: {
    ZATTACHMENT: {
      INTEGER: 'ZSIZEINBYTES',
      VARCHAR: 'ZCONTENTTEXT ZUTI ZCONTENTURL ZCLOUDIDENTIFIER ZPHOTOLOCALIDENTIFIER',
      BLOB: 'ZIDENTIFIER',
    },
    ZCONTACTS: {
      INTEGER: `ZINCOMINGRECIPIENTCOUNT ZINCOMINGSENDERCOUNT ZOUTGOINGRECIPIENTCOUNT ZPERSONIDTYPE ZTYPE`,
      TIMESTAMP: `ZCREATIONDATE ZFIRSTINCOMINGSENDERDATE ZLASTINCOMINGSENDERDATE ZFIRSTOUTGOINGRECIPIENTDATE
        ZLASTOUTGOINGRECIPIENTDATE`,
      VARCHAR: 'ZCUSTOMIDENTIFIER ZDISPLAYNAME ZIDENTIFIER ZPERSONID',
    },
    ZINTERACTIONS: {
      INTEGER: 'ZDIRECTION ZISRESPONSE ZMECHANISM ZRECIPIENTCOUNT ZSENDER',
      TIMESTAMP: 'ZCREATIONDATE ZENDDATE ZSTARTDATE ZUPDATEDATE',
      VARCHAR: `ZACCOUNT ZBUNDLEID ZCONTENTURL ZDERIVEDINTENTIDENTIFIER ZDOMAINIDENTIFIER ZGROUPNAME ZLOCATIONUUID
        ZTARGETBUNDLEID ZUUID`,
    },
  },
  more: `
    CREATE TABLE Z_1INTERACTIONS (Z_1ATTACHMENTS INTEGER, Z_3INTERACTIONS INTEGER,
      PRIMARY KEY (Z_1ATTACHMENTS, Z_3INTERACTIONS));
    CREATE TABLE Z_2INTERACTIONRECIPIENT (Z_2RECIPIENTS INTEGER, Z_3INTERACTIONRECIPIENT INTEGER,
      PRIMARY KEY (Z_2RECIPIENTS, Z_3INTERACTIONRECIPIENT));
  `,
};

const COUNT = 30;

/** What the phone noticed of whom its owner was in touch with: messages both ways, to groups too, and a shared photo. */
export function fillInteractions(library: Library): void {
  const { disk, now, people } = library;
  const random = library.random('interactions');
  const bytes = makeCoreData(MODEL, random.uuid(), (store) => {
    const contacts = people.slice(0, 6).map((person) =>
      store.add('Contacts', 'ZCONTACTS', {
        ZDISPLAYNAME: fullName(person),
        ZIDENTIFIER: person.phone,
        ZTYPE: 1,
        ZCREATIONDATE: cocoaSeconds(daysBefore(now, 200)),
      }),
    );
    for (let i = 0; i < COUNT; i++) {
      const startedAt = cocoaSeconds(random.moment(daysBefore(now, 60), now));
      const isIncoming = random.chance(0.5);
      const recipients = isIncoming ? [] : random.some(contacts, random.chance(0.2) ? 3 : 1);
      const interaction = store.add('Interactions', 'ZINTERACTIONS', {
        ZDIRECTION: isIncoming ? 0 : 1,
        ZISRESPONSE: random.chance(0.3),
        ZMECHANISM: 4,
        ZRECIPIENTCOUNT: recipients.length,
        ZSENDER: isIncoming ? random.pick(contacts) : null,
        ZSTARTDATE: startedAt,
        ZENDDATE: startedAt,
        ZCREATIONDATE: startedAt + 1,
        ZBUNDLEID: random.pick(['com.apple.MobileSMS', 'net.example.talk']),
        ZGROUPNAME: recipients.length > 1 ? 'Chor 🎶' : null,
        ZDOMAINIDENTIFIER: random.uuid(),
        ZUUID: random.uuid(),
      });
      for (const recipient of recipients) {
        store.database.prepare('INSERT INTO Z_2INTERACTIONRECIPIENT VALUES (?, ?)').run(recipient, interaction);
      }
      if (i !== 0) continue;
      const picture = { ZUTI: 'public.jpeg', ZCONTENTTEXT: null, ZSIZEINBYTES: 4096 };
      const attachment = store.add('Attachment', 'ZATTACHMENT', picture);
      store.database.prepare('INSERT INTO Z_1INTERACTIONS VALUES (?, ?)').run(attachment, interaction);
    }
  });
  disk.writeFile('HomeDomain', 'Library/CoreDuet/People/interactionC.db', bytes, { modifiedAt: now });
}
