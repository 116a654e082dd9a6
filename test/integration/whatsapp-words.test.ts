import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWhatsApp } from '../../src/content/index.ts';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { wordsOf } from '../../src/export/whatsapp/words.ts';

const PLACE = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared:ChatStorage.sqlite';

test('what has lost the row of its file is still said to be one, and a new name of a group is that name', async () => {
  const bytes =
    databaseBytes(`CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
    INSERT INTO ZWACHATSESSION VALUES (1, '1@s.whatsapp.net', 'Anna');
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZMESSAGETYPE INTEGER,
      ZGROUPEVENTTYPE INTEGER, ZTEXT VARCHAR);
    INSERT INTO ZWAMESSAGE VALUES (1, 1, 1, 1, 0, NULL), (2, 1, 2, 38, 0, NULL), (3, 1, 3, 8, 0, NULL), (4, 1, 4, 2, 0, 'Da!'),
      (5, 1, 5, 6, 56, '{"previous_subject":"Alt","new_subject":"Neu"}'), (6, 1, 6, 6, 1, '{Neu'), (7, 1, 7, 6, 56, '{"a":1}');`);
  using whatsapp = await openWhatsApp(memoryBackup({ [PLACE]: bytes }));
  assert.deepEqual(
    Array.from(whatsapp?.accounts[0]?.messages() ?? [], (message) => wordsOf(message)),
    [
      'Photo',
      'Photo',
      'Document',
      'Da!',
      'Anna changed the subject “Neu”',
      'Anna changed the subject “{Neu”',
      'Anna changed the subject “{"a":1}”',
    ],
  );
});
