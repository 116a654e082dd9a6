import type { Database } from '../../database/index.ts';
import { encodeKeyedArchive, KeyedObject, PlistReal } from '../../formats/index.ts';
import { cocoaSeconds, daysBefore, unixSeconds } from './apple-time.ts';
import type { Library } from './library.ts';
import { encodeAmr } from './media/amr.ts';
import { insert, makeDatabase } from './sqlite.ts';
import { phrase } from './texts.ts';

const DOMAIN = 'HomeDomain';
const FOLDER = 'Library/Voicemail';

const COLUMNS = `ROWID INTEGER PRIMARY KEY AUTOINCREMENT, remote_uid INTEGER, date INTEGER, token TEXT, sender TEXT,
  callback_num TEXT, duration INTEGER, expiration INTEGER, trashed_date INTEGER, flags INTEGER, receiver TEXT, label TEXT`;
const SCHEMA = `
CREATE TABLE _SqliteDatabaseProperties (key TEXT, value TEXT, UNIQUE(key));
CREATE TABLE voicemail (${COLUMNS}, uuid TEXT);
CREATE TABLE deleted (${COLUMNS}, uuid TEXT);
CREATE TABLE map (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, label TEXT);
CREATE INDEX date_index ON voicemail(date);
CREATE INDEX remote_uid_index ON voicemail(remote_uid);
`;

/** Heard; heard and thrown away; new. */
const FLAGS_OLD = 67;
const FLAGS_DELETED = 75;
const FLAGS_NEW = 3;

/** Messages left on the voice mail: a row, a recording and, mostly, what the phone understood. */
export function fillVoicemail(library: Library): void {
  const { disk, now, amounts, people } = library;
  const random = library.random('voicemail');
  const bytes = makeDatabase(SCHEMA, (database) => {
    const label = random.uuid();
    insert(database, 'map', { account: `8949${random.digits(15)}`, label });
    for (let i = 0; i < amounts.voicemails; i++) {
      const person = random.pick(people);
      const date = random.moment(daysBefore(now, 120), now);
      const seconds = random.between(3, 40);
      const isDeleted = i === 1;
      const row = insert(database, 'voicemail', {
        remote_uid: 100 + i,
        date: unixSeconds(date),
        token: 'Complete',
        sender: person.phone,
        callback_num: person.phone,
        duration: seconds,
        expiration: unixSeconds(date) + 30 * 86_400,
        // Unlike `date`, this one counts from 2001.
        trashed_date: isDeleted ? Math.floor(cocoaSeconds(now)) : 0,
        flags: isDeleted ? FLAGS_DELETED : i === 0 ? FLAGS_NEW : FLAGS_OLD,
        receiver: library.owner.phone,
        label,
        uuid: random.uuid(),
      });
      disk.writeFile(DOMAIN, `${FOLDER}/${row}.amr`, encodeAmr(random, seconds), { modifiedAt: date });
      if (!random.chance(0.7)) continue;
      const phraseText = phrase(random, person.language);
      const understood = {
        transcriptionString: phraseText,
        confidence: new PlistReal(0.5 + random.below(500) / 1000),
        isRated: false,
        transcriptionSegments: segments(phraseText),
      };
      const transcript = encodeKeyedArchive(new KeyedObject('VMVoicemailTranscript', understood));
      disk.writeFile(DOMAIN, `${FOLDER}/${row}.transcript`, transcript, { modifiedAt: date });
    }
    addDeleted(database, library);
  });
  const greeting = encodeAmr(library.random('greeting'), 4);
  disk.writeFile(DOMAIN, `${FOLDER}/greeting.amr`, greeting, { modifiedAt: daysBefore(now, 300) });
  disk.writeFile(DOMAIN, `${FOLDER}/voicemail.db`, bytes, { modifiedAt: now });
}

/** The words and when they were said, about. */
function segments(text: string): KeyedObject[] {
  return text.split(' ').map(
    (substring, i) =>
      new KeyedObject('VMVoicemailTranscriptSegment', {
        substring,
        timestamp: new PlistReal(i * 0.5),
        duration: new PlistReal(0.25),
        confidence: new PlistReal(0.75),
      }),
  );
}

/** One that is gone for good: only its row is left. */
function addDeleted(database: Database, { now, owner, ...library }: Library): void {
  const random = library.random('deleted voicemail');
  const date = unixSeconds(daysBefore(now, 150));
  insert(database, 'deleted', {
    remote_uid: 7,
    date,
    token: 'Complete',
    sender: '+497531555020',
    callback_num: '+497531555020',
    duration: 9,
    expiration: date + 30 * 86_400,
    trashed_date: Math.floor(cocoaSeconds(daysBefore(now, 120))),
    flags: FLAGS_DELETED,
    receiver: owner.phone,
    uuid: random.uuid(),
  });
}
