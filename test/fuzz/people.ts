/**
 * Damaged address books, lists of calls, voice mail with transcripts, accounts, interactions, data usage and block
 * lists: all that is left of them is read, or they are refused with an expected error, quickly.
 */
import assert from 'node:assert/strict';
import {
  accountsItems,
  blockedItems,
  callsItems,
  contactsItems,
  dataUsageItems,
  interactionsItems,
  openAccounts,
  openBlocked,
  openCalls,
  openContacts,
  openDataUsage,
  openInteractions,
  openVoicemail,
  voicemailItems,
} from '../../src/content/index.ts';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { vcard } from '../../src/export/contacts/vcard.ts';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject } from '../../src/formats/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what these small files need, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 10_000;

/** Reads `count` damaged files; throws on the first that is neither read nor refused, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const { place, bytes, beside = {}, read } = random.pick(CASES);
    const startedMs = performance.now();
    try {
      await read(memoryBackup({ ...beside, [place]: mutate(random, bytes) }), random);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) {
        throw new Error(`${place} fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause: error });
      }
    }
    assert.ok(performance.now() - startedMs < HANG_MS, `${place} took too long with seed ${seedOfRound(seed, i)}`);
  }
}

interface Case {
  readonly place: string;
  readonly bytes: Buffer;
  readonly beside?: Readonly<Record<string, Buffer>>;
  readonly read: (backup: Backup, random: Random) => Promise<void>;
}

const VOICEMAIL = 'HomeDomain:Library/Voicemail';
const VOICEMAIL_ROWS = databaseBytes(`
  CREATE TABLE voicemail (ROWID INTEGER PRIMARY KEY, date INTEGER, sender TEXT, duration INTEGER, trashed_date INTEGER, flags INTEGER);
  INSERT INTO voicemail VALUES (1, 1700000000, '+491', 5, 0, 67), (2, 1700000100, NULL, 6, 700000000, 75);`);
const TRANSCRIPT = encodeKeyedArchive(
  new KeyedObject('VMVoicemailTranscript', {
    transcriptionString: 'Guten Tag 🥨',
    confidence: 0.5,
    transcriptionSegments: [new KeyedObject('S', { substring: 'Guten', timestamp: 0.5, duration: 1, confidence: 1 })],
  }),
);

async function readVoicemail(backup: Backup): Promise<void> {
  using voicemails = await openVoicemail(backup);
  if (voicemails !== undefined) await Array.fromAsync(voicemailItems(voicemails));
}

const CASES: readonly Case[] = [
  {
    place: 'HomeDomain:Library/AddressBook/AddressBook.sqlitedb',
    bytes: databaseBytes(`
      CREATE TABLE ABPerson (First TEXT, Last TEXT, Kind INTEGER, Birthday TEXT, PersonLink INTEGER, guid TEXT, StoreID INTEGER);
      CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, label INTEGER, value TEXT);
      CREATE TABLE ABMultiValueLabel (value TEXT); CREATE TABLE ABStore (Name TEXT, AccountID INTEGER);
      CREATE TABLE ABMultiValueEntry (parent_id INTEGER, key INTEGER, value TEXT); CREATE TABLE ABMultiValueEntryKey (value TEXT);
      INSERT INTO ABPerson VALUES ('Anna', 'Müller', 0, '-315576000', 1, 'g1', 1), ('Anne', NULL, 0, '-12527524800', 1, 'g2', 1);
      INSERT INTO ABMultiValueLabel VALUES ('_$!<Home>!$_'); INSERT INTO ABStore VALUES ('Card', 1);
      INSERT INTO ABMultiValueEntryKey VALUES ('Street'); INSERT INTO ABMultiValueEntry VALUES (3, 1, 'Weg');
      INSERT INTO ABMultiValue VALUES (1, 1, 3, 1, '+49151'), (2, 1, 4, 1, 'a@b.c'), (3, 2, 5, 1, NULL), (4, 2, 12, 1, '0');`),
    async read(backup) {
      using contacts = await openContacts(backup);
      if (contacts === undefined) return;
      contacts.nameFor('+49151');
      for (const person of contacts.people) for (const version of ['3.0', '4.0'] as const) vcard(person, version);
      assert.equal([...contactsItems(contacts)].length, contacts.people.length);
    },
  },
  {
    place: 'HomeDomain:Library/CallHistoryDB/CallHistory.storedata',
    bytes: databaseBytes(`
      CREATE TABLE ZCALLRECORD (ZDATE, ZORIGINATED, ZANSWERED, ZDURATION, ZADDRESS, ZCALLTYPE, ZUNIQUE_ID);
      CREATE TABLE ZHANDLE (Z_PK INTEGER PRIMARY KEY, ZVALUE);
      CREATE TABLE Z_2REMOTEPARTICIPANTHANDLES (Z_2REMOTEPARTICIPANTCALLS INTEGER, Z_4REMOTEPARTICIPANTHANDLES INTEGER);
      INSERT INTO ZCALLRECORD VALUES (1.5, 0, 1, 60, '+49', 1, 'u'), (2, 1, 0, 0, x'2b34', 8, 'v');
      INSERT INTO ZHANDLE VALUES (1, '+491'); INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (2, 1), (2, 3);`),
    async read(backup) {
      using calls = await openCalls(backup);
      if (calls !== undefined) Array.from(callsItems(calls));
    },
  },
  {
    place: `${VOICEMAIL}/voicemail.db`,
    bytes: VOICEMAIL_ROWS,
    beside: { [`${VOICEMAIL}/1.transcript`]: TRANSCRIPT },
    read: readVoicemail,
  },
  {
    place: `${VOICEMAIL}/1.transcript`,
    bytes: TRANSCRIPT,
    beside: { [`${VOICEMAIL}/voicemail.db`]: VOICEMAIL_ROWS },
    read: readVoicemail,
  },
  {
    place: 'HomeDomain:Library/Accounts/Accounts3.sqlite',
    bytes: databaseBytes(`
      CREATE TABLE ZACCOUNT (ZIDENTIFIER, ZUSERNAME, ZACCOUNTTYPE, ZDATE);
      CREATE TABLE ZACCOUNTPROPERTY (ZOWNER INTEGER, ZKEY, ZVALUE);
      INSERT INTO ZACCOUNT VALUES ('A', 'ada', 1, 5);
      INSERT INTO ZACCOUNTPROPERTY VALUES (1, 'firstName', x'${encodeKeyedArchive('Ada').toString('hex')}');`),
    async read(backup) {
      Array.from(accountsItems((await openAccounts(backup)) ?? []));
    },
  },
  {
    place: 'HomeDomain:Library/CoreDuet/People/interactionC.db',
    bytes: databaseBytes(`
      CREATE TABLE ZINTERACTIONS (Z_PK INTEGER PRIMARY KEY, ZSTARTDATE, ZBUNDLEID, ZDIRECTION, ZSENDER);
      CREATE TABLE ZCONTACTS (Z_PK INTEGER PRIMARY KEY, ZDISPLAYNAME, ZIDENTIFIER);
      CREATE TABLE Z_2INTERACTIONRECIPIENT (Z_2RECIPIENTS INTEGER, Z_3INTERACTIONRECIPIENT INTEGER);
      INSERT INTO ZINTERACTIONS VALUES (1, 1, 'a.b', 0, 1); INSERT INTO ZCONTACTS VALUES (1, 'Anna', '+49');
      INSERT INTO Z_2INTERACTIONRECIPIENT VALUES (1, 1);`),
    async read(backup) {
      using interactions = await openInteractions(backup);
      if (interactions !== undefined) Array.from(interactionsItems(interactions));
    },
  },
  {
    place: 'WirelessDomain:Library/Databases/DataUsage.sqlite',
    bytes: databaseBytes(`
      CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, ZPROCNAME, ZBUNDLENAME);
      CREATE TABLE ZLIVEUSAGE (ZHASPROCESS INTEGER, ZWWANIN, ZTIMESTAMP);
      INSERT INTO ZPROCESS VALUES (1, 'a', 'b'); INSERT INTO ZLIVEUSAGE VALUES (1, 5.0, 6), (2, 7, 8);`),
    async read(backup) {
      const usage = await openDataUsage(backup);
      if (usage !== undefined) Array.from(dataUsageItems(usage));
    },
  },
  {
    place: 'HomeDomain:Library/Preferences/com.apple.cmfsyncagent.plist',
    bytes: encodeBinaryPlist({
      __kCMFBlockListStoreTopLevelKey: {
        __kCMFBlockListStoreArrayKey: [{ __kCMFItemTypeKey: 0, __kCMFItemPhoneNumberUnformattedKey: '+49151' }],
      },
    }),
    async read(backup) {
      const list = await openBlocked(backup);
      if (list !== undefined) Array.from(blockedItems(list));
    },
  },
];
