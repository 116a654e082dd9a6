/** Real address books, accounts and the like, where the folder with them stands beside the repository. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import {
  openAccounts,
  openCalls,
  openContacts,
  openDataUsage,
  openVoicemail,
  type ContactCard,
} from '../../src/content/index.ts';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { readZip } from '../support/zip.ts';

const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
const ADDRESS_BOOK = 'HomeDomain:Library/AddressBook/AddressBook.sqlitedb';

if (existsSync(DATA)) {
  describe('what other tools read', () => {
    test('an address book of iOS 15, with its write-ahead log, record by record', async () => {
      const backup = backupOfZip('testdata.addressBook.addressBook.josh_ios15_ffs.zip', 'Library/AddressBook');
      using contacts = await openContacts(backup);
      assert.ok(contacts);
      const known = contacts;
      const { data } = JSON.parse(
        readFileSync(join(DATA, 'ileapp', 'addressBook.addressBook.josh_ios15_ffs.20250621194251.json'), 'utf8'),
      ) as { data: (string | number | null)[][] };
      const rows = known.cards.map((card) => {
        const own = { rows: [card.row], preferredImageRow: undefined };
        const { photo, thumbnail } = {
          photo: known.photo({ ...card, ...own }),
          thumbnail: known.thumbnail({ ...card, ...own }),
        };
        return [seconds(card.createdAt), thumbnail && PICTURE, photo && PICTURE, ...reported(card)].map(
          (value) => value ?? null,
        );
      });
      assert.deepEqual(rows, data);
      assert.equal(known.people.length, 8, 'two of the cards are one person');
    });

    test('a voice mail of iOS 15 that is empty', async () => {
      const backup = backupOfZip('testdata.voicemail.voicemail.josh_ios15_ffs.zip', 'Library/Voicemail');
      using voicemails = await openVoicemail(backup);
      assert.deepEqual(await Array.fromAsync(voicemails?.all() ?? []), []);
      assert.deepEqual(voicemails?.notAvailable, []);
    });

    test('accounts of iOS 15 that are only in the write-ahead log, and of iOS 13', async () => {
      const backup = backupOfZip('testdata.accountData.accountData.josh_ios15_ffs.zip', 'Library/Accounts');
      const accounts = await openAccounts(backup);
      assert.equal(accounts?.length, 19);
      const gmail = accounts?.find(({ type }) => type === 'Gmail');
      assert.equal(gmail?.username, 'thisisdfir@gmail.com');
      assert.equal(accounts?.filter(({ parent }) => parent === gmail?.key).length, 3);
      const older = await openAccounts(
        fileBackup('HomeDomain:Library/Accounts/Accounts3.sqlite', 'plaso/Accounts3.sqlite'),
      );
      const icloud = older?.find(({ type }) => type === 'iCloud');
      assert.equal(older?.length, 18);
      assert.equal(icloud?.addedAt?.toISOString(), '2020-03-21T21:47:57.068Z');
      assert.equal(icloud?.enabledFor.length, 18);
      assert.equal(icloud?.properties['primaryEmailVerified'], true);
    });

    test('data usage of iOS 16', async () => {
      const place = 'WirelessDomain:Library/Databases/DataUsage.sqlite';
      const usage = await openDataUsage(fileBackup(place, 'plaso/DataUsage.sqlite'));
      assert.equal(usage?.processes.length, 371);
      assert.equal(usage?.processes.flatMap(({ periods }) => periods).length, 887);
    });
  });

  describe('rows in the layout of iOS 18', () => {
    test('of contacts', async () => {
      const file = 'novkostya/contacts/testdata/contacts.1.AddressBook.sqlitedb';
      using contacts = await openContacts(fileBackup(ADDRESS_BOOK, file));
      assert.deepEqual(
        contacts?.cards.map(({ key, name, kind, groups, store, phones }) => [
          key,
          name,
          kind,
          groups[0],
          store,
          phones.length,
        ]),
        [
          ['fx-person-1', 'Dr. Alex Quinn Fixture Jr.', 'person', 'Fixture Friends', 'Fixture Store', 3],
          ['fx-person-2', 'Broken Label', 'person', undefined, null, 1],
          ['fx-person-3', 'Acme Synthetics', 'organisation', undefined, 'Local Fixture', 1],
          ['fx-person-4', 'Solo', 'person', 'Fixture Friends', null, 0],
        ],
      );
      const [alex, broken] = contacts?.cards ?? [];
      assert.deepEqual(alex?.birthday, { year: 1990, month: 4, day: 1 });
      assert.deepEqual(alex?.addresses[0], {
        street: '1 Synthetic Way',
        city: 'Faketown',
        state: 'FX',
        zip: '00001',
        country: 'Fixtureland',
        label: 'Home',
        isBuiltIn: true,
      });
      assert.equal(broken?.phones[0]?.problem, 'unknown-label');
      assert.equal(contacts?.nameFor('(555) 0142'), 'Acme Synthetics');
    });

    test('of calls', async () => {
      const file = 'novkostya/calls/testdata/calls.1.CallHistory.storedata';
      using calls = await openCalls(fileBackup('HomeDomain:Library/CallHistoryDB/CallHistory.storedata', file));
      assert.deepEqual(
        [...(calls?.all() ?? [])].map((call) => [
          call.outcome,
          call.medium,
          call.participants.map(({ address }) => address),
        ]),
        [
          ['connected', 'phone', ['+1 555 0100']],
          ['missed', 'phone', ['+1 555 0142']],
          ['connected', 'facetime-video', ['+1 555 0300', '+1 555 0301']],
          ['answered', 'phone', ['+1 555 0166']],
          ['answered', 'phone', ['+1 555 0199']],
        ],
      );
      assert.equal([...(calls?.all() ?? [])][3]?.problem, 'unknown-participant');
    });
  });

  describe('layouts of older releases', () => {
    for (const path of globSync('schemas/schemas/{calls,voicemails}/*.sql', { cwd: DATA })) {
      test(basename(path), async () => {
        const schema = readFileSync(join(DATA, path), 'utf8').replaceAll(/CREATE TABLE sqlite_sequence[^;]*;/g, '');
        if (path.includes('voicemails')) {
          const row = "INSERT INTO voicemail (date, sender, flags) VALUES (1400000000, '+49', 67)";
          const bytes = databaseBytes(`${schema}; ${row}`);
          using voicemails = await openVoicemail(memoryBackup({ 'HomeDomain:Library/Voicemail/voicemail.db': bytes }));
          const [only] = await Array.fromAsync(voicemails?.all() ?? []);
          assert.deepEqual([only?.state, only?.sender, only?.receiver], ['heard', '+49', undefined]);
          return;
        }
        const isOld = !schema.includes('ZCALLRECORD');
        const row = isOld
          ? "INSERT INTO call (address, date, duration, flags) VALUES ('+49', 1400000000, 5, 5)"
          : "INSERT INTO ZCALLRECORD (ZADDRESS, ZDATE, ZDURATION, ZORIGINATED) VALUES (x'2b3439', 421692800, 5, 1)";
        const place = isOld
          ? 'WirelessDomain:Library/CallHistory/call_history.db'
          : 'HomeDomain:Library/CallHistoryDB/CallHistory.storedata';
        using calls = await openCalls(memoryBackup({ [place]: databaseBytes(`${schema}; ${row}`) }));
        assert.deepEqual(
          [...(calls?.all() ?? [])].map(({ at, outcome, participants }) => [at, outcome, participants]),
          [[new Date(1_400_000_000_000), 'connected', [{ address: '+49' }]]],
        );
      });
    }
  });
}

/** What stands in a report for a picture that is there. */
const PICTURE = 'mock_embedded_html_path';

const seconds = (date: Date | null | undefined): number | null => (date ? Math.floor(date.getTime() / 1000) : null);

function lines(values: readonly { label: string | null; text: string }[]): string | null {
  return values.length === 0 ? null : values.map(({ label, text }) => `${label ?? ' '}: ${text}`).join('\r');
}

function reported(card: ContactCard): (string | number | null | undefined)[] {
  const plain = (values: readonly { label: string | null; value: string }[]): string | null =>
    lines(values.map(({ label, value }) => ({ label, text: value })));
  const addresses = card.addresses.map(({ label, isBuiltIn: _isBuiltIn, problem: _problem, ...parts }) => ({
    label,
    text: Object.values(parts).join(' - '),
  }));
  return [
    card.first,
    card.last,
    card.organization,
    plain(card.phones),
    plain(card.emails),
    lines(addresses),
    plain(card.urls),
    card.store,
    seconds(card.modifiedAt),
  ];
}

function fileBackup(place: string, file: string): Backup {
  return memoryBackup({ [place]: readFileSync(join(DATA, file)) });
}

/** The files of one folder of an archive, as they lie in a backup. */
function backupOfZip(name: string, folder: string): Backup {
  const files = [...readZip(join(DATA, 'ileapp', name))].map(
    ([path, bytes]) => [`HomeDomain:${folder}/${basename(path)}`, bytes] as const,
  );
  return memoryBackup(Object.fromEntries(files));
}
