/**
 * What a copy is for: the computer with the vault is gone, and so is Holdfast. restic gives back a folder, idevicebackup2
 * puts it onto the phone.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isEncryptedOnly, mutateLibrary, type VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { holdfast } from '../support/holdfast-cli.ts';
import { NEW_RESTIC } from './copy-places.ts';
import { eventually, JudgedPhone, run } from './harness.ts';

const PASSWORD = 'correct horse';

describe('what restic alone restores from a copy, idevicebackup2 puts back onto the phone', () => {
  for (const { title, options, words } of [
    { title: 'unencrypted', options: {}, words: [] },
    { title: 'encrypted', options: { backupPassword: PASSWORD }, words: ['--password', PASSWORD] },
  ] satisfies { title: string; options: Partial<VirtualIphoneOptions>; words: string[] }[]) {
    test(title, async () => {
      await using judge = await JudgedPhone.start(options);
      const repository = join(judge.directory, 'repository');
      const password = join(judge.directory, 'password');
      await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
      await ok(judge, 'pair');
      await ok(judge, 'backup');
      const how = ['--restic', repository, '--password-file', password, '--restic-binary', NEW_RESTIC];
      await ok(judge, 'copies', 'add', 'away', ...how);
      mutateLibrary(judge.phone.disk);
      await ok(judge, 'backup');
      const before = backedUpContent(judge, options);
      await ok(judge, 'copies', 'run');
      mutateLibrary(judge.phone.disk, { share: 0.2 });
      assert.notEqual(backedUpContent(judge, options), before);

      const restored = join(judge.directory, 'restored');
      const env = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
      const result = await run(NEW_RESTIC, ['--no-cache', 'restore', 'latest', '--target', restored], { env });
      assert.equal(result.status, 0, result.stderr);
      await judge.ok('idevicepair', ['pair']);
      await judge.ok('idevicebackup2', ['restore', '--system', '--settings', '--remove', ...words, restored]);
      // The client is done when the phone has everything; the phone puts it in place while it restarts.
      await eventually('the phone holds it again', () => backedUpContent(judge, options) === before);
      assert.deepEqual(judge.phone.breaches.list(), []);
    });
  }
});

async function ok(judge: JudgedPhone, ...words: string[]): Promise<void> {
  const env = { HOLDFAST_HOME: join(judge.directory, 'holdfast'), USBMUXD_SOCKET_ADDRESS: judge.socketPath };
  const { status, stdout, stderr } = await holdfast([...words, '--json'], { env });
  assert.equal(status, 0, `${words.join(' ')}: ${stderr}${stdout}`);
}

/** What of the phone is in a backup, as one hash. */
function backedUpContent({ phone }: JudgedPhone, { backupPassword }: Partial<VirtualIphoneOptions>): string {
  return phone.disk.fingerprint((file) => {
    return file.domain !== 'NotBackedUpDomain' && (backupPassword !== undefined || !isEncryptedOnly(file));
  });
}
