import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesField, varintField } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { openWhatsApp } from './whatsapp.ts';

const PLACE = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';
const CHAT = `CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
  INSERT INTO ZWACHATSESSION VALUES (1, '120363@g.us', 'Kochen');`;
const hex = (bytes: Uint8Array): string => `x'${Buffer.from(bytes).toString('hex')}'`;

const cocoa = (date: string): number => (Date.parse(date) - Date.UTC(2001, 0)) / 1000;

/** Fields of a poll as WhatsApp keeps them beside its message. */
const POLL = bytesField(
  8,
  bytesField(2, 'Wann?'),
  bytesField(3, bytesField(1, 'heute')),
  bytesField(3, bytesField(1, 'morgen')),
  bytesField(5, varintField(1, 0), varintField(1, 1), bytesField(4, '1@lid')),
  bytesField(5, varintField(1, 1), bytesField(4, '2@lid')),
  bytesField(6, varintField(1, 7)),
);

test('a poll says what it asks, and how many chose what', async () => {
  const bytes = databaseBytes(`${CHAT}
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZMESSAGETYPE INTEGER,
      ZTEXT VARCHAR, ZMESSAGEINFO INTEGER);
    CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZRECEIPTINFO BLOB);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 700000000, 46, NULL, 5), (2, 1, 700000001, 66, NULL, NULL), (3, 1, 700000002, 46, NULL, 6);
    INSERT INTO ZWAMESSAGEINFO VALUES (5, ${hex(POLL)}), (6, x'42ff');`);
  using whatsapp = await openWhatsApp(memoryBackup({ [`${PLACE}:ChatStorage.sqlite`]: bytes }));
  assert.deepEqual(
    [...(whatsapp?.accounts[0]?.messages() ?? [])].map(({ kind, text, event, problem }) => [
      kind,
      text,
      event,
      problem,
    ]),
    [
      ['poll', 'Wann?\n• heute (1)\n• morgen (2)', undefined, undefined],
      ['event', null, 'A vote in a poll', undefined],
      ['poll', null, undefined, 'reactions'],
    ],
  );
});

test('files of kinds that have no name here are told by their names, and found from either side', async () => {
  const bytes = databaseBytes(`${CHAT}
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZMESSAGETYPE INTEGER);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 1, 38), (2, 1, 2, 54), (3, 1, 3, 99);
    INSERT INTO ZWAMEDIAITEM VALUES (7, 1, 'Media/a.jpg'), (8, 2, 'Media/b.mp4'), (9, 3, 'Media/c.bin');`);
  const backup = memoryBackup({
    [`${PLACE}:ChatStorage.sqlite`]: bytes,
    [`${PLACE}:Message/Media/a.jpg`]: Buffer.from('a'),
  });
  using whatsapp = await openWhatsApp(backup);
  assert.deepEqual(
    [...(whatsapp?.accounts[0]?.messages() ?? [])].map(({ kind, media }) => [kind, media?.state]),
    [
      ['image', 'in-backup'],
      ['video', 'not-in-backup'],
      ['unknown', 'not-in-backup'],
    ],
  );
});

test('what stands beside the conversations may be damaged, and they are still there', async () => {
  const chats = databaseBytes(`${CHAT}
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZTEXT VARCHAR);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 1, 'Hallo');`);
  const backup = memoryBackup({
    [`${PLACE}:ChatStorage.sqlite`]: chats,
    [`${PLACE}:LID.sqlite`]: Buffer.alloc(0),
    [`${PLACE}:ContactsV2.sqlite`]: Buffer.from('no database'),
    [`${PLACE}:CallHistory.sqlite`]: databaseBytes('CREATE TABLE other (x)'),
    'AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared:ChatStorage.sqlite': Buffer.from('no database either'),
  });
  using whatsapp = await openWhatsApp(backup);
  assert.deepEqual(
    whatsapp?.accounts.flatMap((account) => Array.from(account.messages(), ({ text }) => text)),
    ['Hallo'],
  );
  assert.deepEqual(
    backup.damages.map((sentence) => sentence.replace(/ could not be read: .*/, '')),
    ['ContactsV2.sqlite of WhatsApp', 'CallHistory.sqlite of WhatsApp', 'WhatsApp Business'],
  );
});

test('pinned conversations, which are thousands of years late, have the day of their last message', async () => {
  const bytes =
    databaseBytes(`CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZLASTMESSAGEDATE TIMESTAMP);
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP);
    INSERT INTO ZWACHATSESSION VALUES (1, '1@s.whatsapp.net', ${cocoa('+008024-05-06T07:08:09Z')}),
      (2, '2@s.whatsapp.net', ${cocoa('2024-05-06T07:08:09Z')}), (3, '3@s.whatsapp.net', ${cocoa('+012025-02-03T04:05:06Z')}),
      (4, '4@s.whatsapp.net', 9e30), (5, '5@s.whatsapp.net', NULL);`);
  using whatsapp = await openWhatsApp(memoryBackup({ [`${PLACE}:ChatStorage.sqlite`]: bytes }));
  const chats = whatsapp?.accounts[0]?.chats ?? [];
  assert.deepEqual(
    chats.toSorted((one, other) => one.row - other.row).map(({ lastMessageAt }) => lastMessageAt?.toISOString()),
    ['2024-05-06T07:08:09.000Z', '2024-05-06T07:08:09.000Z', '2025-02-03T04:05:06.000Z', undefined, undefined],
  );
});

test('what can be seen once is what it was, and a call in a conversation is a call', async () => {
  const bytes = databaseBytes(`${CHAT}
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZMESSAGETYPE INTEGER,
      ZGROUPEVENTTYPE INTEGER);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 1, 38, 0), (2, 1, 2, 39, 0), (3, 1, 3, 53, 0), (4, 1, 4, 59, 5), (5, 1, 5, 10, 45);
    INSERT INTO ZWAMEDIAITEM VALUES (7, 1, NULL);`);
  using whatsapp = await openWhatsApp(memoryBackup({ [`${PLACE}:ChatStorage.sqlite`]: bytes }));
  assert.deepEqual(
    [...(whatsapp?.accounts[0]?.messages() ?? [])].map(({ kind, event, media }) => [kind, event, media?.state]),
    [
      ['image', undefined, 'not-downloaded'],
      ['video', undefined, undefined],
      ['audio', undefined, undefined],
      ['event', 'Call', undefined],
      ['event', 'Missed voice call', undefined],
    ],
  );
});

test('what says nothing and has no kind is the file that came with it', async () => {
  const bytes = databaseBytes(`${CHAT}
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZMESSAGETYPE INTEGER,
      ZTEXT VARCHAR);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR, ZVCARDSTRING VARCHAR);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 1, 0, NULL), (2, 1, 2, 0, NULL), (3, 1, 3, 0, 'Hallo'), (4, 1, 4, 0, NULL), (5, 1, 5, 0, NULL);
    INSERT INTO ZWAMEDIAITEM VALUES (1, 1, NULL, 'image/jpeg'), (2, 2, 'Media/a.mp4', NULL), (3, 3, NULL, 'image/jpeg'),
      (4, 4, NULL, 'application/pdf');`);
  using whatsapp = await openWhatsApp(memoryBackup({ [`${PLACE}:ChatStorage.sqlite`]: bytes }));
  assert.deepEqual(
    [...(whatsapp?.accounts[0]?.messages() ?? [])].map(({ kind, media }) => [kind, media?.state]),
    [
      ['image', 'not-downloaded'],
      ['video', 'not-in-backup'],
      ['text', undefined],
      ['document', 'not-downloaded'],
      ['text', undefined],
    ],
  );
});
