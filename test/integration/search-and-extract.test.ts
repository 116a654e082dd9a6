/** What people do with their versions: find a word, find what is gone, take it out, hand it over as evidence. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabaseBytes } from '../../src/database/index.ts';
import { JudgedPhone } from '../judges/harness.ts';
import { holdfast, type CliEvent, type CliResult } from '../support/holdfast-cli.ts';

const PASSWORD = 'Zwölf Äpfel';
const MESSAGES = ['HomeDomain', 'Library/SMS/sms.db'] as const;
const CALLS = ['HomeDomain', 'Library/CallHistoryDB/CallHistory.storedata'] as const;

describe('the versions of an encrypted phone', () => {
  let judge: JudgedPhone;
  let lostGuid: string;
  let lostCall: string;
  let versions: readonly string[];
  let passwordFile: string;

  before(async () => {
    judge = await JudgedPhone.start({ backupPassword: PASSWORD, library: 'small' });
    passwordFile = join(judge.directory, 'password');
    await writeFile(passwordFile, `${PASSWORD}\n`);
    await ok('pair');
    edit(
      MESSAGES,
      `UPDATE message SET text = 'Der Schlüssel liegt unter Xylophon 4711', attributedBody = NULL
      WHERE ROWID = (SELECT min(ROWID) FROM message WHERE text IS NOT NULL AND associated_message_type = 0)`,
    );
    lostGuid = valueIn(MESSAGES, "SELECT guid AS value FROM message WHERE text LIKE '%Xylophon%'");
    lostCall = valueIn(CALLS, 'SELECT ZUNIQUE_ID AS value FROM ZCALLRECORD ORDER BY ZDATE LIMIT 1');
    const first = await backup();
    edit(MESSAGES, `DELETE FROM message WHERE guid = '${lostGuid}'`);
    edit(CALLS, `DELETE FROM ZCALLRECORD WHERE ZUNIQUE_ID = '${lostCall}'`);
    versions = [first, await backup()];
  });
  after(async () => {
    await judge[Symbol.asyncDispose]();
  });

  test('a deleted message is found, with the days between which it went', async () => {
    assert.deepEqual(await found('xylophon'), []);
    const [first, another] = await found('xylophon', '--all-versions');
    assert.equal(another, undefined);
    assert.equal(first?.['key'], lostGuid);
    assert.equal(versionOf(first['lastSeen']), versions[0]);
    assert.equal(versionOf(first['goneSince']), versions[1]);
    const gone = await found('--gone', '--kind', 'messages');
    assert.deepEqual(
      gone.map((each) => each['key']),
      [lostGuid],
    );
  });

  test('the index is kept sealed, for its owner alone', async () => {
    const index = join(judge.directory, 'home', 'state', 'search', `${judge.phone.udid}-${versions[0]}.index`);
    const bytes = await readFile(index);
    assert.ok(!bytes.includes('Xylophon') && !bytes.includes('SQLite'));
    assert.equal((await stat(index)).mode & 0o077, 0);
    await writeFile(index, bytes.subarray(0, bytes.length - 5));
    assert.equal((await found('xylophon', '--snapshot', versions[0] ?? '')).length, 1);
  });

  test('searching asks for the password, and says so where nobody can be asked', async () => {
    const { status, stderr } = await ask(['search', 'x', '--json']);
    assert.equal(status, 20, stderr);
  });

  test('calls that the phone has forgotten come out with those it has', async () => {
    const newest = await takeOut('calls', '--format', 'json');
    const merged = await takeOut('calls', '--format', 'json', '--all-versions');
    assert.equal(
      newest.some((each) => each['key'] === lostCall),
      false,
    );
    assert.equal(merged.filter((each) => each['key'] === lostCall).length, 1);
    assert.equal(merged.length, newest.length + 1);
  });

  test('everything comes out into one folder that proves itself', async () => {
    const dir = join(judge.directory, 'everything');
    await ok('extract', 'everything', 'latest', '--to', dir, '--evidence', '--time-zone', 'Europe/Berlin');
    const sums = (await readFile(join(dir, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n');
    assert.ok(sums.length > 50);
    for (const line of sums) {
      const [sha256 = '', path = ''] = line.split('  ');
      assert.equal(
        createHash('sha256')
          .update(await readFile(join(dir, path)))
          .digest('hex'),
        sha256,
        path,
      );
    }
    const evidence = JSON.parse(await readFile(join(dir, 'evidence.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(evidence['timeZone'], 'Europe/Berlin');
    assert.equal((evidence['source'] as Record<string, unknown>)['snapshot'], versions[1]);
    assert.equal(evidence['files'], sums.length);
    const text = await readFile(join(dir, 'EVIDENCE.txt'), 'utf8');
    const sumOfSums = createHash('sha256')
      .update(await readFile(join(dir, 'SHA256SUMS')))
      .digest('hex');
    assert.ok(text.includes(sumOfSums) && text.includes(judge.phone.udid));
    await everyLinkLeadsSomewhere(dir);
  });

  test('what is asked for wrongly is answered before anything is written', async () => {
    const dir = join(judge.directory, 'never');
    for (const words of [
      ['extract', 'messages', 'latest', '--to', dir, '--format', 'docx'],
      ['extract', 'messages', 'latest', '--to', dir, '--time-zone', 'Mars/Olympus'],
      ['extract', 'messages', 'latest', '--to', dir, '--from', 'gestern'],
      ['extract', 'dreams', 'latest', '--to', dir],
    ]) {
      const { status, stderr } = await ask([...words, '--json', '--password-file', passwordFile]);
      assert.equal(status, 2, stderr);
    }
    await assert.rejects(stat(dir), { code: 'ENOENT' });
  });

  function edit([domain, path]: readonly [string, string], sql: string): void {
    const { disk } = judge.phone;
    const file = disk.get(domain, path);
    assert.ok(file !== undefined);
    using database = openDatabaseBytes(disk.read(file));
    database.exec(sql);
    disk.writeFile(domain, path, database.serialize());
  }

  function valueIn([domain, path]: readonly [string, string], sql: string): string {
    const file = judge.phone.disk.get(domain, path);
    assert.ok(file !== undefined);
    using database = openDatabaseBytes(judge.phone.disk.read(file));
    return String(database.prepare(sql).get()?.['value']);
  }

  async function backup(): Promise<string> {
    return String((await ok('backup', '--json')).events.at(-1)?.['snapshot']);
  }

  let takenOut = 0;
  async function takeOut(kind: string, ...options: readonly string[]): Promise<CliEvent[]> {
    const dir = join(judge.directory, `out-${takenOut++}`);
    await ok('extract', kind, 'latest', '--to', dir, '--json', ...options);
    const [file] = (await readdir(dir, { recursive: true })).filter((each) => each.endsWith('.json'));
    return JSON.parse(await readFile(join(dir, file ?? ''), 'utf8')) as CliEvent[];
  }

  async function found(...words: readonly string[]): Promise<CliEvent[]> {
    const { events } = await ok('search', ...words, '--json');
    return events.filter(({ event }) => event === 'found');
  }

  async function ok(...words: readonly string[]): Promise<CliResult> {
    const needsPassword = ['search', 'extract'].includes(words[0] ?? '');
    const result = await ask([...words, ...(needsPassword ? ['--password-file', passwordFile] : [])]);
    assert.equal(result.status, 0, `${words.join(' ')}: ${result.stderr}`);
    return result;
  }

  function ask(words: readonly string[]): Promise<CliResult> {
    const home = join(judge.directory, 'home');
    return holdfast(words, { env: { USBMUXD_SOCKET_ADDRESS: `UNIX:${judge.socketPath}`, HOLDFAST_HOME: home } });
  }
});

const versionOf = (version: unknown): unknown => (version as { id?: unknown } | null)?.id;

/** Of all pages: an address that is relative is that of a file or folder beside the page. */
async function everyLinkLeadsSomewhere(dir: string): Promise<void> {
  const pages = (await readdir(dir, { recursive: true })).filter((path) => path.endsWith('.html'));
  const broken: string[] = [];
  let links = 0;
  for (const path of pages) {
    const page = await readFile(join(dir, path), 'utf8');
    for (const [, address = ''] of page.matchAll(/ (?:href|src)="([^"#]+)(?:#[^"]*)?"/gi)) {
      if (/^[a-z-]+:/i.test(address)) continue;
      links++;
      const target = decodeURIComponent(address.replaceAll('&amp;', '&').replaceAll('&#39;', "'"));
      const isThere = await stat(join(dir, dirname(path), target)).then(Boolean, () => false);
      if (!isThere) broken.push(`${path} → ${address}`);
    }
  }
  assert.ok(pages.length > 10 && links > 50, `${pages.length} pages, ${links} links`);
  assert.deepEqual(broken, []);
}
