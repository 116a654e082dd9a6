/** Debian's idevicebackup2 against the virtual iPhone: backup, password, restore. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  matchesDigest,
  folderSource,
  openManifest,
  readContent,
  readManifestPlist,
  readStatus,
  unlockBackup,
} from '../../src/snapshot/index.ts';
import {
  isEncryptedOnly,
  mutateLibrary,
  type PhoneFile,
  type VirtualIphoneOptions,
} from '../../src/virtual-iphone/index.ts';
import { eventually, JudgedPhone } from './harness.ts';

const PASSWORD = 'correct horse';
const NEW_PASSWORD = 'battery staple';

describe('idevicebackup2 backup', () => {
  test('makes a full backup, and after a day an incremental one', async () => {
    await using judge = await paired();
    assert.match(await backUp(judge), /Backup Successful/);
    await assertHoldsPhone(judge);
    mutateLibrary(judge.phone.disk);
    const output = await backUp(judge);
    assert.match(output, /Incremental backup mode/);
    await assertHoldsPhone(judge);
    assert.match(await backUp(judge, '--full'), /Backup Successful/);
    await assertHoldsPhone(judge);
    assert.deepEqual(judge.phone.breaches.list(), []);
  });

  test('works over Wi-Fi', async () => {
    await using judge = await paired({ wifi: { address: '127.0.0.31' } });
    judge.phone.unplug();
    assert.match(await judge.ok('idevicebackup2', ['-n', 'backup', folderOf(judge)]), /Backup Successful/);
    await assertHoldsPhone(judge);
    assert.deepEqual(judge.phone.breaches.list(), []);
  });

  test('works with a phone of iOS 9, whose TLS is old and whose folder is flat', async () => {
    await using judge = await paired({ productVersion: '9.3.5' });
    assert.match(await backUp(judge), /Backup Successful/);
    await assertHoldsPhone(judge);
    assert.ok((await readdir(join(folderOf(judge), judge.phone.udid))).includes('Manifest.mbdb'));
    assert.deepEqual(judge.phone.breaches.list(), []);
  });

  test('goes on after it was cut short', async () => {
    await using judge = await paired();
    const service = 'com.apple.mobilebackup2';
    judge.phone.faults.onStream({ service, direction: 'out', afterBytes: 1_000_000, action: 'cut' });
    assert.notEqual((await judge.run('idevicebackup2', ['backup', folderOf(judge)])).status, 0);
    assert.match(await backUp(judge), /Backup Successful/);
    await assertHoldsPhone(judge);
  });

  for (const { mode, status } of [
    { mode: 'accept', status: 0 },
    // The client exits with minus the phone's error, of which the low eight bits remain.
    { mode: 'deny', status: -208 & 0xff },
  ] as const) {
    test(`ends with ${status} when the person answers the passcode question with “${mode}”`, async () => {
      await using judge = await paired({ passcode: { mode, delayMs: 50 } });
      assert.equal((await judge.run('idevicebackup2', ['backup', folderOf(judge)])).status, status);
    });
  }
});

describe('idevicebackup2 encryption and changepw', () => {
  test('turn encryption on, change the password and turn it off again', async () => {
    await using judge = await paired();
    await backUp(judge);
    await judge.ok('idevicebackup2', ['encryption', 'on', PASSWORD, folderOf(judge)]);
    await backUp(judge);
    await assertHoldsPhone(judge, PASSWORD);

    // This client does not let the phone near the folder: what lies there keeps its password until the next backup.
    await judge.ok('idevicebackup2', ['changepw', PASSWORD, NEW_PASSWORD, folderOf(judge)]);
    await assertHoldsPhone(judge, PASSWORD);
    mutateLibrary(judge.phone.disk);
    await backUp(judge);
    await assertHoldsPhone(judge, NEW_PASSWORD);

    const wrong = await judge.run('idevicebackup2', ['encryption', 'off', PASSWORD, folderOf(judge)]);
    assert.match(wrong.stdout + wrong.stderr, /207/);
    await judge.ok('idevicebackup2', ['encryption', 'off', NEW_PASSWORD, folderOf(judge)]);
    await backUp(judge);
    await assertHoldsPhone(judge);
    assert.deepEqual(judge.phone.breaches.list(), []);
  });
});

describe('idevicebackup2 restore', () => {
  for (const { title, options, words } of [
    { title: 'unencrypted', options: {}, words: [] },
    { title: 'encrypted', options: { backupPassword: PASSWORD }, words: ['--password', PASSWORD] },
  ] satisfies { title: string; options: Partial<VirtualIphoneOptions>; words: string[] }[]) {
    test(`brings back an ${title} backup`, async () => {
      await using judge = await paired(options);
      await backUp(judge);
      const isBackedUp = (file: PhoneFile): boolean =>
        file.domain !== 'NotBackedUpDomain' && ('backupPassword' in options || !isEncryptedOnly(file));
      const before = judge.phone.disk.fingerprint(isBackedUp);
      mutateLibrary(judge.phone.disk, { share: 0.3 });
      assert.notEqual(judge.phone.disk.fingerprint(isBackedUp), before);
      const command = ['restore', '--system', '--settings', '--remove', ...words, folderOf(judge)];
      assert.match(await judge.ok('idevicebackup2', command), /Restore Successful/);
      await eventually('the phone is as it was', () => judge.phone.disk.fingerprint(isBackedUp) === before);
      await eventually('the phone is back', async () =>
        (await judge.ok('idevice_id', ['-l'])).includes(judge.phone.udid),
      );
      assert.deepEqual(judge.phone.breaches.list(), []);
    });
  }

  test('is refused with the wrong password', async () => {
    await using judge = await paired({ backupPassword: PASSWORD });
    await backUp(judge);
    const command = ['restore', '--system', '--password', 'wrong', folderOf(judge)];
    const { status, stdout } = await judge.run('idevicebackup2', command);
    assert.match(stdout, /207/);
    assert.equal(status, -207 & 0xff);
  });
});

async function paired(options: Partial<VirtualIphoneOptions> = {}): Promise<JudgedPhone> {
  const judge = await JudgedPhone.start(options);
  await mkdir(folderOf(judge));
  await judge.ok('idevicepair', ['pair']);
  return judge;
}

function folderOf(judge: JudgedPhone): string {
  return join(judge.directory, 'backup');
}

function backUp(judge: JudgedPhone, ...words: string[]): Promise<string> {
  return judge.ok('idevicebackup2', ['backup', ...words, folderOf(judge)]);
}

/** The backup is finished and holds what is on the phone, every digest right, and nothing else. */
async function assertHoldsPhone(judge: JudgedPhone, password?: string): Promise<void> {
  const source = folderSource(join(folderOf(judge), judge.phone.udid));
  assert.equal((await readStatus(source))?.isFinished, true);
  const facts = await readManifestPlist(source);
  assert.equal(facts?.isEncrypted, password !== undefined);
  const classKeys = facts && password !== undefined ? await unlockBackup(facts, password) : undefined;
  using manifest = await openManifest(source, classKeys ? { classKeys } : {});
  const held = new Map<string, string>();
  for (const entry of manifest.entries()) {
    if (entry.kind !== 'file') continue;
    const { digest } = entry.details();
    const stored = await source.read(manifest.contentPath(entry.fileId));
    if (digest !== undefined) assert.ok(await matchesDigest(stored, digest), `the digest of ${entry.relativePath}`);
    const hash = createHash('sha256');
    const options = classKeys ? { classKeys } : {};
    for await (const chunk of readContent(source, manifest, entry, options)) hash.update(chunk);
    held.set(`${entry.domain} ${entry.relativePath}`, hash.digest('hex'));
  }
  assert.deepEqual(held, contentOfPhone(judge, password !== undefined));
}

function contentOfPhone({ phone }: JudgedPhone, isEncrypted: boolean): Map<string, string> {
  const content = new Map<string, string>();
  for (const file of phone.disk.all()) {
    if (file.kind !== 'file' || file.domain === 'NotBackedUpDomain' || (!isEncrypted && isEncryptedOnly(file)))
      continue;
    content.set(
      `${file.domain} ${file.relativePath}`,
      createHash('sha256').update(phone.disk.read(file)).digest('hex'),
    );
  }
  return content;
}
