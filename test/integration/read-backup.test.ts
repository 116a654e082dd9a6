/** A backup reads the same from the vault and from a folder that another program made of the same phone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { openForReading, type OpenedForReading } from '../../src/service/index.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { backUpIntoFolder } from '../support/lifelike-backup.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'Straße 7';

describe('a snapshot and a folder of the same phone hold the same', () => {
  for (const { title, options } of [
    { title: 'unencrypted', options: {} },
    { title: 'encrypted', options: { backupPassword: PASSWORD } },
    { title: 'unencrypted, iOS 9', options: { productVersion: '9.3.5', backup: { deviceLinkVersion: 300 } } },
    {
      title: 'encrypted, iOS 9',
      options: { backupPassword: PASSWORD, productVersion: '9.3.5', backup: { deviceLinkVersion: 300 } },
    },
  ]) {
    test(title, async () => {
      await using both = await PhoneAndVault.start({ library: 'small', files: 0, ...options });
      await both.backUp();
      const folder = await backUpIntoFolder(both.phone, both.directory);
      const before = everythingIn(folder);
      await using snapshot = await open(both, 'latest');
      await using other = await open(both, folder);
      assert.deepEqual([snapshot.folder, other.folder], [undefined, folder]);
      const held = await contentsOf(snapshot.backup);
      assert.ok(held.size > 200);
      assert.deepEqual(held, await contentsOf(other.backup));
      assert.equal(other.backup.isEncrypted, 'backupPassword' in options);
      // Read, and nothing written beside it.
      assert.deepEqual(everythingIn(folder), before);
    });
  }
});

test('a backup is asked its password of once, again while it is wrong, and not at all when its keys are known', async () => {
  await using both = await PhoneAndVault.start({ files: 5, backupPassword: PASSWORD });
  await both.backUp();
  const answers = ['wrong', PASSWORD];
  const asked: boolean[] = [];
  const password = async (again: boolean): Promise<string | undefined> => {
    asked.push(again);
    return answers.shift();
  };
  {
    await using opened = await open(both, 'latest', password);
    assert.equal(opened.record?.encrypted, true);
  }
  await using _again = await open(both, 'latest', () => assert.fail('its keys are known'));
  assert.deepEqual(asked, [false, true]);
});

test('a password that nobody gives is missed, and a wrong one that nobody corrects is wrong', async () => {
  await using both = await PhoneAndVault.start({ files: 1, backupPassword: PASSWORD });
  await both.backUp();
  await assert.rejects(
    open(both, 'latest', async () => undefined),
    { code: 'WRONG_PASSWORD', hint: /--password-file/ },
  );
  const wrongOnce = oneAnswer('wrong');
  await assert.rejects(open(both, 'latest', wrongOnce), { code: 'WRONG_PASSWORD', message: /is wrong/ });
});

test('what is meant is found: an id, its beginning, a folder, the folder around it', async () => {
  await using both = await PhoneAndVault.start({ files: 3 });
  const { snapshot } = await both.backUp();
  const folder = await backUpIntoFolder(both.phone, both.directory);
  for (const [wanted, expected] of [
    ['latest', snapshot],
    [snapshot, snapshot],
    [snapshot.slice(0, 6), snapshot],
    [folder, folder],
    [join(folder, '..'), folder],
  ] as const) {
    await using opened = await open(both, wanted);
    assert.equal(opened.record?.id ?? opened.folder, expected);
  }
  await assert.rejects(open(both, 'no-such-thing'), { code: 'SNAPSHOT_NOT_FOUND' });
  await assert.rejects(open(both, join(both.directory, 'nowhere')), { code: 'NOT_A_BACKUP' });
  await assert.rejects(open(both, both.directory), { code: 'NOT_A_BACKUP' });
});

test('a backup that was never finished is read, with a warning', async () => {
  await using both = await PhoneAndVault.start({ files: 3 });
  const folder = await backUpIntoFolder(both.phone, both.directory);
  const warnings: string[] = [];
  const warned = async (): Promise<string[]> => {
    await using opened = await open(both, folder, undefined, (warning) => warnings.push(warning));
    assert.ok(opened.backup.manifest.entries().toArray().length > 3);
    return warnings.splice(0);
  };
  assert.deepEqual(await warned(), []);
  writeFileSync(join(folder, 'Status.plist'), encodeBinaryPlist({ SnapshotState: 'uploading' }));
  assert.match((await warned()).join(), /never finished.*uploading/);
  writeFileSync(join(folder, 'Status.plist'), 'damaged');
  assert.match((await warned()).join(), /damaged/);
  rmSync(join(folder, 'Status.plist'));
  assert.match((await warned()).join(), /no Status\.plist/);
});

function open(
  both: PhoneAndVault,
  wanted: string,
  password = oneAnswer(PASSWORD),
  onWarning?: (warning: string) => void,
): Promise<OpenedForReading> {
  const stateDir = join(both.directory, 'state');
  return openForReading({ wanted, vaultDir: both.vaultDir, stateDir, password, onWarning });
}

function oneAnswer(password: string): (again: boolean) => Promise<string | undefined> {
  return async (again) => (again ? undefined : password);
}

/** Every entry with all that is said about it but its key, and the SHA-256 of its plain content, by its place. */
async function contentsOf(backup: Backup): Promise<Map<string, unknown>> {
  const held = new Map<string, unknown>();
  for (const entry of backup.manifest.entries({ onProblem: (problem) => assert.fail(JSON.stringify(problem)) })) {
    const { encryptionKey, digest, ...details } = entry.details();
    const hash = createHash('sha256');
    if (entry.kind === 'file') {
      for await (const chunk of backup.chunks(entry, () => assert.fail(entry.relativePath))) hash.update(chunk);
    }
    const facts = { ...details, hasKey: encryptionKey !== undefined, hasDigest: digest !== undefined };
    held.set(`${entry.domain} ${entry.relativePath}`, { kind: entry.kind, ...facts, content: hash.digest('hex') });
  }
  return new Map([...held].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}
