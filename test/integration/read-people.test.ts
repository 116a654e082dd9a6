/** Contacts, calls, voicemail and what is about people: out of a backup as they were put into the phone. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  namesOfCall,
  openAccounts,
  openBlocked,
  openCalls,
  openContacts,
  openDataUsage,
  openInteractions,
  openVoicemail,
  type Contact,
} from '../../src/content/index.ts';
import { openDatabaseBytes, type Row } from '../../src/database/index.ts';
import { ExportFolder } from '../../src/export/index.ts';
import { CONTENT_EXPORTS } from '../../src/export/registry.ts';
import { partsOf, readVcards, unescaped } from '../../src/export/contacts/vcard-reader.test-helper.ts';
import { openForReading, type OpenedForReading } from '../../src/service/index.ts';
import { inventPeople, fullName } from '../../src/virtual-iphone/library/people.ts';
import { Random } from '../../src/virtual-iphone/library/random.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const SEED = 7;
const PEOPLE = inventPeople(new Random(SEED, 'people'), 28);
const ADDRESS_BOOK = ['HomeDomain', 'Library/AddressBook/AddressBook.sqlitedb'] as const;
const CALLS = ['HomeDomain', 'Library/CallHistoryDB/CallHistory.storedata'] as const;
const VOICEMAIL = ['HomeDomain', 'Library/Voicemail/voicemail.db'] as const;

for (const password of [undefined, 'correct horse']) {
  describe(password === undefined ? 'an unencrypted backup' : 'an encrypted backup', () => {
    let both: PhoneAndVault;
    let opened: OpenedForReading;
    let folders: string;

    before(async () => {
      folders = mkdtempSync(join(tmpdir(), 'holdfast-'));
      both = await PhoneAndVault.start({
        files: 0,
        library: 'small',
        seed: SEED,
        ...(password !== undefined && { backupPassword: password }),
      });
      await both.backUp();
      opened = await openForReading({
        wanted: 'latest',
        vaultDir: both.vaultDir,
        stateDir: join(both.directory, 'state'),
        password: async () => password,
      });
    });

    after(async () => {
      await opened[Symbol.asyncDispose]();
      await both[Symbol.asyncDispose]();
      rmSync(folders, { recursive: true });
    });

    test('gives everybody back by number and by address', async () => {
      using contacts = await openContacts(opened.backup);
      assert.ok(contacts);
      for (const person of PEOPLE) {
        assert.equal(contacts.nameFor(person.phone), fullName(person));
        assert.equal(contacts.nameFor(person.email.toUpperCase()), fullName(person));
      }
      const german = PEOPLE.find(({ country }) => country === 'de');
      assert.ok(german);
      assert.equal(contacts.nameFor(german.phone.replace('+49', '0')), fullName(german));
    });

    test('gives every card back as it is in the phone, linked ones as one person', async () => {
      using contacts = await openContacts(opened.backup);
      assert.ok(contacts);
      const rows = query(both, ADDRESS_BOOK, 'SELECT * FROM ABPerson ORDER BY ROWID');
      assert.deepEqual(
        contacts.cards.map(({ key, first, last, note, nickname }) => [key, first, last, note, nickname]),
        rows.map((row) => [row['guid'], row['First'], row['Last'], row['Note'], row['Nickname']]),
      );
      const values = query(
        both,
        ADDRESS_BOOK,
        'SELECT value FROM ABMultiValue WHERE property = 3 ORDER BY record_id, UID',
      );
      assert.deepEqual(
        contacts.cards.flatMap(({ phones }) => phones.map(({ value }) => value)),
        values.map(({ value }) => value),
      );
      const linked = new Set(rows.map((row) => row['PersonLink']).filter((link) => link !== -1));
      assert.equal(linked.size, 2);
      assert.equal(contacts.people.length, rows.length - linked.size);
      const birthdays = rows.filter((row) => row['Birthday'] !== null);
      const readBirthdays = contacts.cards.filter(({ birthday }) => birthday);
      assert.equal(readBirthdays.length, birthdays.length);
      assert.ok(readBirthdays.some(({ birthday }) => birthday?.year === undefined));
      assert.equal(contacts.cards.filter(({ groups }) => groups.includes('Chor')).length, 4);
      const images = query(
        both,
        ['HomeDomain', 'Library/AddressBook/AddressBookImages.sqlitedb'],
        'SELECT record_id, data FROM ABFullSizeImage',
      );
      for (const { record_id: row, data } of images) {
        const person: Contact | undefined = contacts.people.find(({ rows: own }) => own.includes(Number(row)));
        assert.ok(person && data instanceof Uint8Array);
        assert.deepEqual(contacts.photo(person)?.bytes, Buffer.from(data));
      }
    });

    test('gives the card with everything back in both versions of vCard', async () => {
      for (const version of ['vcard3', 'vcard4'] as const) {
        const files = await takeOut('contacts', version);
        const cards = readVcards(files.get('Contacts.vcf') ?? '');
        const card = cards.find((each) => each.some(({ name, value }) => name === 'TITLE' && value === '=Meisterin'));
        assert.ok(card);
        const valueOf = (name: string): string => card.find((each) => each.name === name)?.value ?? '';
        assert.deepEqual(partsOf(valueOf('N')), ['Müller-佐藤', '真理', 'Zoë; "Zo", x', 'Dr.', 'MSc']);
        assert.equal(unescaped(valueOf('NICKNAME')), 'Mäx, the; \\back');
        assert.deepEqual(partsOf(valueOf('ORG')), ['Bäckerei <Krümel> & Co; KG', 'Backstube, Nacht']);
        assert.equal(unescaped(valueOf('NOTE')), 'erste Zeile\nzweite; Zeile, mit \\n darin 🥨');
        assert.deepEqual(partsOf(valueOf('ADR')), [
          '',
          '',
          'Hintere; Gasse 3\n2. Stock, links',
          'Konstanz',
          '',
          '78462',
          'Deutschland',
        ]);
        assert.equal(valueOf('BDAY'), version === 'vcard3' ? '1604-02-29' : '--0229');
        assert.equal(valueOf('X-PHONETIC-FIRST-NAME'), 'まり');
        assert.equal(valueOf('X-MAIDENNAME'), 'Çelik');
        assert.equal(valueOf('IMPP'), 'skype:mari%20m%C3%BCller');
        assert.equal(valueOf('X-SOCIALPROFILE'), 'https://social.example/@mari');
        assert.equal(valueOf('URL'), 'https://example.org/~mari?a=1,2;b');
        const labels = card.filter(({ name }) => name === 'X-ABLabel').map(({ value }) => value);
        assert.ok(labels.includes('Ferienhaus'));
        const pictures = cards.filter((each) => each.some(({ name }) => name === 'PHOTO'));
        assert.ok(pictures.length >= 9);
      }
      const each = await takeOut('contacts', 'vcard4-each');
      assert.equal(each.size, 28 + 2);
      const page = (await takeOut('contacts', 'html')).get('Contacts.html') ?? '';
      assert.ok(page.includes('Bäckerei &lt;Krümel&gt;') && !page.includes('<Krümel>'));
      const table = (await takeOut('contacts', 'csv')).get('Contacts.csv') ?? '';
      assert.ok(table.includes("'=Meisterin"));
    });

    test('gives every call back', async () => {
      using calls = await openCalls(opened.backup);
      // iOS keeps them out of backups that are not encrypted.
      assert.equal(calls === undefined, password === undefined);
      if (calls === undefined) return;
      using contacts = await openContacts(opened.backup);
      const rows = query(both, CALLS, 'SELECT * FROM ZCALLRECORD ORDER BY ZDATE, Z_PK');
      const all = [...calls.all()];
      assert.deepEqual(
        all.map((call) => [call.key, call.isAnswered, call.durationSeconds, call.rawType]),
        rows.map((row) => [row['ZUNIQUE_ID'], row['ZANSWERED'] === 1, row['ZDURATION'], row['ZCALLTYPE']]),
      );
      const groups = query(
        both,
        CALLS,
        'SELECT count(*) AS n FROM Z_2REMOTEPARTICIPANTHANDLES GROUP BY Z_2REMOTEPARTICIPANTCALLS HAVING n > 1',
      );
      assert.equal(all.filter(({ participants }) => participants.length > 1).length, groups.length);
      assert.ok(groups.length > 0);
      for (const outcome of ['answered', 'missed', 'blocked', 'connected', 'not-reached']) {
        assert.ok(
          all.some((call) => call.outcome === outcome),
          outcome,
        );
      }
      const names = new Set(PEOPLE.map(fullName));
      const known = all.filter((call) => namesOfCall(call, contacts).every((name) => names.has(name)));
      assert.equal(known.length, all.length - 4);
      assert.deepEqual(
        all
          .filter(({ isEmergency }) => isEmergency)
          .map(({ ownLine, participants }) => [ownLine, participants[0]?.address]),
        [['+4915550123456', '112']],
      );
      assert.equal((await takeOut('calls', 'csv')).get('Calls.csv')?.split('\r\n').length, all.length + 2);
    });

    test('gives every voicemail back: recording, transcript, state, the greeting', async () => {
      using voicemails = await openVoicemail(opened.backup);
      assert.ok(voicemails);
      const rows = query(both, VOICEMAIL, 'SELECT * FROM voicemail ORDER BY date');
      const all = await Array.fromAsync(voicemails.all());
      assert.deepEqual(
        all.slice(0, -1).map(({ key, sender, durationSeconds }) => [key, sender, durationSeconds]),
        rows.map((row) => [row['uuid'], row['sender'], row['duration']]),
      );
      assert.deepEqual(all.map(({ state }) => state).toSorted(), ['deleted', 'heard', 'new', 'trashed']);
      for (const { row, recording } of all.slice(0, -1)) {
        assert.equal(recording.state, 'in-backup');
        if (recording.state !== 'in-backup') continue;
        const bytes = await opened.backup.bytes(recording.entry, 1e9);
        const { disk } = both.phone;
        const file = disk.get('HomeDomain', `Library/Voicemail/${row}.amr`);
        assert.ok(file && Buffer.from(disk.read(file)).equals(bytes));
      }
      const transcribed = all.filter(({ transcript }) => transcript !== undefined);
      assert.ok(transcribed.length > 0);
      for (const { transcript } of transcribed) {
        assert.equal(transcript?.segments.map(({ text }) => text).join(' '), transcript?.text);
      }
      assert.equal(voicemails.greetings.length, 1);
      const files = await takeOut('voicemail', 'html');
      const names = [...files.keys()];
      assert.equal(names.filter((name) => name.endsWith('.wav')).length, 4);
      assert.equal(names.filter((name) => name.endsWith('.amr')).length, 4);
      assert.equal(names.filter((name) => name.endsWith('.txt')).length, transcribed.length);
      assert.deepEqual(voicemails.unclaimedRecordings(), []);
    });

    test('gives blocked callers, accounts, interactions and data usage back', async () => {
      const blocked = await openBlocked(opened.backup);
      const expected = [...PEOPLE.slice(-2).map(({ phone }) => phone), 'lästig@example.com'];
      assert.deepEqual(
        blocked?.addresses.map(({ address }) => address),
        expected,
      );
      const accounts = await openAccounts(opened.backup);
      assert.deepEqual(
        accounts?.map(({ type, username, parent }) => [type, username, parent === accounts[0]?.key]),
        [
          ['iCloud', 'ada@example.org', false],
          ['CardDAV', null, true],
          ['IMAP', 'büro@verein.example', false],
        ],
      );
      assert.equal(accounts?.[0]?.properties['firstName'], 'Ada');
      using contacts = await openContacts(opened.backup);
      assert.equal(contacts?.cards[0]?.account, accounts?.[1]?.key);
      using interactions = await openInteractions(opened.backup);
      const all = [...(interactions?.all() ?? [])];
      assert.equal(all.length, 30);
      assert.ok(
        all.every(({ problem, sender, recipients }) => problem === undefined && (sender || recipients.length > 0)),
      );
      assert.equal(all.filter(({ attachments }) => attachments.length > 0).length, 1);
      const usage = await openDataUsage(opened.backup);
      const sql = 'SELECT sum(ZWWANIN) AS total FROM ZLIVEUSAGE';
      const [row] = query(both, ['WirelessDomain', 'Library/Databases/DataUsage.sqlite'], sql);
      const total = usage?.processes
        .flatMap(({ periods }) => periods)
        .reduce((sum, each) => sum + (each.cellularInBytes ?? 0), 0);
      assert.equal(total, row?.['total']);
      for (const kind of ['blocked', 'accounts', 'interactions', 'data-usage']) {
        for (const format of ['html', 'csv', 'json']) assert.equal((await takeOut(kind, format)).size, 1);
      }
    });

    /** What an export writes, by path. */
    async function takeOut(kind: string, format: string): Promise<Map<string, string>> {
      const wanted = CONTENT_EXPORTS.find((each) => each.kind === kind);
      assert.ok(wanted);
      const folder = await ExportFolder.create(mkdtempSync(join(folders, 'out-')));
      const signal = new AbortController().signal;
      const request = { backup: opened.backup, folder, format, timeZone: 'Europe/Berlin', signal, options: {} };
      const summary = await wanted.run(request);
      assert.ok(summary && summary.items > 0);
      return new Map(folder.files.map(({ path }) => [path, readFileSync(join(folder.dir, path), 'utf8')]));
    }
  });
}

/** Rows straight from the phone's own file. */
function query(both: PhoneAndVault, [domain, path]: readonly [string, string], sql: string): Row[] {
  const { disk } = both.phone;
  const file = disk.get(domain, path);
  assert.ok(file);
  using database = openDatabaseBytes(disk.read(file));
  return database.prepare(sql).all();
}
