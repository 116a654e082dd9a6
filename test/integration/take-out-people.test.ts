import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { callsExport } from '../../src/export/calls/calls-export.ts';
import { contactsExport } from '../../src/export/contacts/contacts-export.ts';
import { ExportFolder } from '../../src/export/folder/export-folder.ts';
import type { ContentExport, ExportOptions } from '../../src/export/kind.ts';
import { voicemailExport } from '../../src/export/voicemail/voicemail-export.ts';
import { accountsExport } from '../../src/export/lists/accounts.ts';
import { blockedExport } from '../../src/export/lists/blocked.ts';
import { dataUsageExport } from '../../src/export/lists/data-usage.ts';
import { interactionsExport } from '../../src/export/lists/interactions.ts';

const HOSTILE = '<script>alert(1)</script>';
const FORMULA = '=cmd|x';

/** Everything that a name can do in a page, a table or a path, wherever a name can stand. */
const BACKUP = memoryBackup({
  'HomeDomain:Library/AddressBook/AddressBook.sqlitedb': databaseBytes(`
    CREATE TABLE ABPerson (First TEXT, Last TEXT, Note TEXT, Nickname TEXT);
    CREATE TABLE ABMultiValue (record_id, property, label, value); CREATE TABLE ABMultiValueLabel (value);
    INSERT INTO ABMultiValueLabel VALUES ('"><script>'), ('_$!<<b>>!$_');
    INSERT INTO ABPerson VALUES ('${HOSTILE}', '../../x', '${HOSTILE}', '${FORMULA}'), ('${FORMULA}', NULL, NULL, NULL);
    INSERT INTO ABMultiValue VALUES (1, 22, 1, 'javascript:alert(1)'), (1, 3, 2, '"><script>'), (1, 4, 1, '${HOSTILE}@x');`),
  'HomeDomain:Library/CallHistoryDB/CallHistory.storedata': databaseBytes(`
    CREATE TABLE ZCALLRECORD (ZDATE, ZORIGINATED, ZADDRESS, ZNAME, ZSERVICE_PROVIDER, ZLOCATION, ZCALLTYPE);
    INSERT INTO ZCALLRECORD VALUES (0, 0, '${FORMULA}', '${HOSTILE}', '${HOSTILE}', '${HOSTILE}', 0), (86400, 1, '+49', NULL, NULL, NULL, 1);`),
  'HomeDomain:Library/Voicemail/voicemail.db': databaseBytes(`
    CREATE TABLE voicemail (date, sender, flags); INSERT INTO voicemail VALUES (978307200, '${HOSTILE}', 3), (0, '${FORMULA}', 67);`),
  'HomeDomain:Library/Voicemail/1.amr': Buffer.from('no sound at all'),
  'HomeDomain:Library/Accounts/Accounts3.sqlite': databaseBytes(`
    CREATE TABLE ZACCOUNT (ZIDENTIFIER, ZUSERNAME, ZACCOUNTDESCRIPTION); INSERT INTO ZACCOUNT VALUES ('1', '${FORMULA}', '${HOSTILE}');`),
  'HomeDomain:Library/CoreDuet/People/interactionC.db': databaseBytes(`
    CREATE TABLE ZINTERACTIONS (ZSTARTDATE, ZBUNDLEID, ZGROUPNAME); INSERT INTO ZINTERACTIONS VALUES (0, '${HOSTILE}', '${FORMULA}');`),
  'WirelessDomain:Library/Databases/DataUsage.sqlite': databaseBytes(`
    CREATE TABLE ZPROCESS (ZPROCNAME, ZBUNDLENAME); INSERT INTO ZPROCESS VALUES ('${FORMULA}', '${HOSTILE}');`),
  'HomeDomain:Library/Preferences/com.apple.cmfsyncagent.plist': encodeBinaryPlist({
    __kCMFBlockListStoreTopLevelKey: {
      __kCMFBlockListStoreArrayKey: [HOSTILE, FORMULA].map((address) => ({ __kCMFItemEmailUnformattedKey: address })),
    },
  }),
});

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('names out of a backup', () => {
  for (const wanted of [
    contactsExport,
    callsExport,
    voicemailExport,
    blockedExport,
    interactionsExport,
    accountsExport,
    dataUsageExport,
  ]) {
    test(`are inert in pages and tables of ${wanted.kind}`, async () => {
      const page = (await takeOut(wanted, 'html')).find(([path]) => path.endsWith('.html'))?.[1] ?? '';
      assert.ok(page.includes('&lt;script&gt;'));
      assert.doesNotMatch(page, /<script|javascript:alert\(1\)"|href="javascript/);
      const table = (await takeOut(wanted, 'csv')).find(([path]) => path.endsWith('.csv'))?.[1] ?? '';
      assert.ok(table.includes(`'${FORMULA}`));
      assert.doesNotMatch(table, /(?:^|,|")=cmd/m);
      const data = (await takeOut(wanted, 'json')).find(([path]) => path.endsWith('.json'))?.[1] ?? '';
      assert.ok(Array.isArray(JSON.parse(data)) && data.includes(HOSTILE));
    });
  }
});

test('only what is asked for is taken out', async () => {
  assert.equal((await callRows({})).length, 2);
  assert.equal((await callRows({ people: ['+49'] })).length, 1);
  assert.equal((await callRows({ until: new Date('2001-01-01T12:00:00Z') })).length, 1);
  assert.deepEqual(await callRows({ people: ['nobody'] }), []);
});

test('what is not there, or no sound, is told', async () => {
  const folder = await ExportFolder.create(join(dir, 'voicemail'));
  const summary = await voicemailExport.run(requestFor(folder, 'html', {}));
  assert.deepEqual(summary?.notes, [
    'Of one message, the recording is not in the backup: the phone had not fetched it, or has let go of it.',
    'Of one message, there is the original recording but no WAV copy: it is not the AMR sound that was expected.',
  ]);
  const empty = { ...requestFor(folder, 'html', {}), backup: memoryBackup({}) };
  assert.equal(await blockedExport.run(empty), undefined);
});

async function callRows(options: ExportOptions): Promise<string[]> {
  const [file] = await takeOut(callsExport, 'csv', options);
  return file?.[1].trim().split('\r\n').slice(1) ?? [];
}

/** Paths and texts of what an export writes. */
async function takeOut(
  wanted: ContentExport,
  format: string,
  options: ExportOptions = {},
): Promise<[string, string][]> {
  const folder = await ExportFolder.create(mkdtempSync(join(dir, 'out-')));
  await wanted.run(requestFor(folder, format, options));
  return folder.files.map(({ path }) => [path, readFileSync(join(folder.dir, path), 'utf8')]);
}

function requestFor(folder: ExportFolder, format: string, options: ExportOptions): Parameters<ContentExport['run']>[0] {
  const signal = new AbortController().signal;
  return { backup: BACKUP, folder, format, timeZone: 'Europe/Berlin', signal, options };
}
