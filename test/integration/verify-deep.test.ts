/** `holdfast verify --deep`, on what a phone sent: nothing wrong in it, and every sort of damage found and named. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../src/database/index.ts';
import {
  createKeybag,
  decryptFileContent,
  encryptFileContent,
  parseKeybag,
  unlockKeybag,
  type ClassKeys,
} from '../../src/keybag/index.ts';
import { encodeMbFile, fileIdOf, folderSource, openBackup, readManifestPlist } from '../../src/snapshot/index.ts';
import { mutateLibrary } from '../../src/virtual-iphone/index.ts';
import { holdfast, type CliEvent, type CliResult } from '../support/holdfast-cli.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'correct horse';
const SNAPSHOT_CORRUPT = 21;

let both: PhoneAndVault;
/** The snapshot as a folder, never changed; each test copies it. */
let whole = '';
let photo: { domain: string; relativePath: string };

before(async () => {
  both = await PhoneAndVault.start({ library: 'small', backupPassword: PASSWORD, files: 0 });
  await both.backUp();
  await using vault = await both.openVault('none');
  const exported = join(both.directory, 'export');
  await Array.fromAsync(vault.export(vault.findSnapshot('latest'), exported));
  whole = join(exported, both.phone.udid);
  using backup = await openBackup(folderSource(whole), { password: PASSWORD });
  const found = backup.manifest
    .entries({ domain: 'CameraRollDomain' })
    .find(({ kind, relativePath }) => kind === 'file' && relativePath.endsWith('.JPG'));
  assert.ok(found);
  photo = { domain: found.domain, relativePath: found.relativePath };
});
after(() => both[Symbol.asyncDispose]());

const SMS = { domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' };

describe('a backup in which everything is right', () => {
  for (const { title, wanted } of [
    { title: 'a snapshot', wanted: () => 'latest' },
    { title: 'a folder', wanted: () => whole },
  ]) {
    test(`is proved to be restorable: ${title}`, async () => {
      const result = await verify(wanted());
      assert.equal(result.status, 0, result.stdout + result.stderr);
      const done = result.events.at(-1);
      const { files, decrypted, databases, databasesPassed } = done ?? {};
      assert.ok(Number(files) > 200 && decrypted === files && Number(databases) > 10 && databasesPassed === databases);
      assert.deepEqual(findingsOf(result), []);
    });
  }

  test('is told in one sentence', async () => {
    const { status, stdout } = await verify('latest', { json: false });
    assert.equal(status, 0);
    assert.match(
      stdout,
      /Everything in it can be restored: each of \d+ files .* decrypts, .*digest.*databases are intact/,
    );
  });

  test('needs its password', async () => {
    const { status, error } = await verify(whole, { password: 'wrong' });
    assert.deepEqual([status, error?.['code']], [20, 'WRONG_PASSWORD']);
    const { status: without } = await verify(whole, { password: '' });
    assert.equal(without, 20);
  });
});

describe('damage is found and named', () => {
  for (const { title, kind, file, harm } of [
    { title: 'a byte that flipped', kind: 'changed', file: () => SMS, harm: flipByte },
    {
      title: 'a file that was cut',
      kind: 'cut-off',
      file: () => SMS,
      harm: (path: string) => truncateSync(path, 4096),
    },
    {
      title: 'a photo that was cut',
      kind: 'cut-off',
      file: () => photo,
      harm: (path: string) => truncateSync(path, 160),
    },
    { title: 'a file that is gone', kind: 'missing', file: () => photo, harm: (path: string) => rmSync(path) },
    { title: 'a file encrypted with another key', kind: 'undecryptable', file: () => photo, harm: encryptAnew },
  ]) {
    test(title, async () => {
      const dir = copyOfWhole(kind);
      harm(placeIn(dir, file()));
      const result = await verify(dir);
      assert.equal(result.status, SNAPSHOT_CORRUPT);
      assert.deepEqual(findingsOf(result), [{ kind, ...file() }]);
      assert.equal(result.error?.['code'], 'SNAPSHOT_CORRUPT');
      rmSync(dir, { recursive: true });
    });
  }

  test('a database that broke on the computer, in a domain without digests', async () => {
    const dir = copyOfWhole('database');
    using backup = await openBackup(folderSource(dir), { password: PASSWORD });
    const entry = backup.manifest
      .entries()
      .find(
        ({ domain, relativePath }) => domain.startsWith('AppDomainGroup-') && relativePath.endsWith('NoteStore.sqlite'),
      );
    assert.ok(entry);
    const key = backup.classKeys?.unwrapFileKey(entry.details().encryptionKey ?? Buffer.alloc(0));
    assert.ok(key);
    const path = placeIn(dir, entry);
    const { content } = decryptFileContent(key, readFileSync(path));
    content.fill(0xee, 4096, 4196);
    writeFileSync(path, encryptFileContent(key, content));
    const { domain, relativePath } = entry;
    assert.deepEqual(findingsOf(await verify(dir)), [{ kind: 'database', domain, relativePath }]);
  });

  test('files of a first backup that broke off, whose keys are lost', async () => {
    const dir = copyOfWhole('lost');
    const changed = await loseKeys(dir);
    const result = await verify(dir);
    const findings = result.events.filter(({ event }) => event === 'finding');
    assert.equal(findings.length, 1);
    assert.deepEqual([findings[0]?.['kind'], findings[0]?.['files']], ['lost-keys', changed]);
    assert.equal(result.status, SNAPSHOT_CORRUPT);
    const { stdout, stderr } = await verify(dir, { json: false });
    assert.match(stdout, /encrypted with keys that this backup does not have/);
    assert.match(stderr, /holdfast backup --full/);
  });

  test('a database that is broken on the phone, which is told apart, and much less than before', async () => {
    const { disk } = both.phone;
    const file = databaseOnPhone();
    const bytes = Buffer.from(disk.read(file));
    bytes.fill(0xee, 4096, 4196);
    disk.writeFile(file.domain, file.relativePath, bytes);
    const files = Array.from(disk.all());
    for (const each of files) {
      if (each.domain === 'CameraRollDomain' && each.kind === 'file')
        disk.remove(each.domain, each.relativePath, false);
    }
    mutateLibrary(disk, { share: 0.01 });
    disk.writeFile(file.domain, file.relativePath, bytes);
    await both.backUp();
    const result = await verify('latest');
    const finding = result.events.find(({ event }) => event === 'finding');
    assert.deepEqual([finding?.['kind'], finding?.['asSent']], ['database', true]);
    const { previous } = result.events[0] ?? {};
    assert.ok(typeof previous === 'string');
    assert.equal(result.status, SNAPSHOT_CORRUPT);
    assert.ok(result.events.some(({ kind, domain }) => kind === 'shrunk' && domain === 'CameraRollDomain'));
  });
});

function databaseOnPhone() {
  const file = both.phone.disk.get(SMS.domain, SMS.relativePath);
  assert.ok(file);
  return file;
}

function verify(wanted: string, { password = PASSWORD, json = true } = {}): Promise<CliResult> {
  return holdfast(['verify', '--deep', wanted, ...(json ? ['--json'] : [])], {
    env: {
      HOLDFAST_HOME: join(both.directory, 'home'),
      HOLDFAST_VAULT: both.vaultDir,
      HOLDFAST_PASSWORD: password,
    },
  });
}

function findingsOf({ events }: CliResult): object[] {
  return events.filter(({ event }) => event === 'finding').map(({ kind, file }) => ({ kind, ...placeOf(file) }));
}

function placeOf(file: CliEvent[string]): object {
  const { domain, relativePath } = file as { domain: string; relativePath: string };
  return { domain, relativePath };
}

function copyOfWhole(name: string): string {
  const dir = join(both.directory, `copy-${name}`);
  rmSync(dir, { recursive: true, force: true });
  cpSync(whole, dir, { recursive: true });
  return dir;
}

function placeIn(dir: string, { domain, relativePath }: { domain: string; relativePath: string }): string {
  const id = fileIdOf(domain, relativePath);
  return join(dir, id.slice(0, 2), id);
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function encryptAnew(path: string): void {
  const { length } = readFileSync(path);
  writeFileSync(path, encryptFileContent(Buffer.alloc(32, 0xee), Buffer.alloc(length - 16, 'photo')));
}

/** Gives the photos keys that the keybag does not open, as an earlier backup would have left them. @returns how many */
async function loseKeys(dir: string): Promise<number> {
  const facts = await readManifestPlist(folderSource(dir));
  assert.ok(facts?.keybag && facts.manifestKey);
  const classKeys: ClassKeys = await unlockKeybag(parseKeybag(facts.keybag), PASSWORD);
  const { classKeys: lost } = await createKeybag('lost', { iterations: 5, doubleIterations: 5 });
  const manifestKey = classKeys.unwrapFileKey(facts.manifestKey);
  const path = join(dir, 'Manifest.db');
  writeFileSync(path, decryptFileContent(manifestKey, readFileSync(path)).content);
  let changed = 0;
  {
    using backup = await openBackup(folderSource(dir));
    using database = openDatabase(path);
    const update = database.prepare('UPDATE Files SET file = ? WHERE fileID = ?');
    const entries = backup.manifest.entries({ domain: 'CameraRollDomain' }).toArray();
    for (const entry of entries) {
      if (entry.kind !== 'file') continue;
      const key = Buffer.alloc(32, ++changed);
      const stored = encryptFileContent(key, Buffer.alloc(500, changed));
      writeFileSync(placeIn(dir, entry), stored);
      const encryptionKey = lost.wrapFileKey(3, key);
      update.run(encodeMbFile({ ...entry.details(), encryptionKey }), entry.fileId);
    }
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  writeFileSync(path, encryptFileContent(manifestKey, readFileSync(path)));
  return changed;
}
