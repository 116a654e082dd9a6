/** Hosts that do what they need not, in an order of their own, and all the same work with every iPhone. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { encodeBinaryPlist, encodeXmlPlist, type PlistDictionary } from '../../formats/index.ts';
import { PhoneBench } from './testing/phone-bench.ts';
import { assertHoldsPhone } from './testing/read-backup.ts';
import type { HostManners } from './testing/scripted-host.ts';

const XML: HostManners = { dialect: 'xml' };

describe('a host that speaks XML and counts without signs, as pymobiledevice3 does', () => {
  test('backs up into a folder in which it has made up a Status.plist and an empty Manifest.plist', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(5);
    for (const full of [true, false, true]) {
      prepareFolder(bench, full);
      assert.equal(await codeOf(bench, { MessageName: 'Backup', Options: { ForceFullBackup: full } }), 0);
      await assertHoldsPhone(bench);
      bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from(`changed after ${full}`));
    }
    assert.deepEqual(bench.breaches, []);
  });

  test('goes on after it was cut off, with the empty Manifest.plist still there', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 1 } });
    bench.fill(5);
    prepareFolder(bench, true);
    let uploads = 0;
    await bench.backUpUntil(([name]) => name === 'DLMessageUploadFiles' && ++uploads === 4);
    prepareFolder(bench, false);
    assert.equal(await codeOf(bench, { MessageName: 'Backup', Options: { ForceFullBackup: false } }), 0);
    await assertHoldsPhone(bench);
    assert.deepEqual(bench.breaches, []);
  });

  test('turns encryption on, changes the password, backs up and restores', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3);
    const before = bench.disk.fingerprint();
    const steps: [PlistDictionary, number][] = [
      [{ MessageName: 'ChangePassword', NewPassword: 'one' }, 0],
      [{ MessageName: 'Backup', Options: { ForceFullBackup: false } }, 0],
      [{ MessageName: 'ChangePassword', OldPassword: 'wrong', NewPassword: 'two' }, 207],
      [{ MessageName: 'ChangePassword', OldPassword: 'one', NewPassword: 'two' }, 0],
      [{ MessageName: 'Restore', Options: { RestoreSystemFiles: true, Password: 'one' } }, 207],
      [{ MessageName: 'Restore', Options: { RestoreSystemFiles: true, Password: 'two' } }, 0],
    ];
    for (const [request, code] of steps) {
      if (request['MessageName'] === 'Backup') prepareFolder(bench, false);
      assert.equal(await codeOf(bench, request), code, JSON.stringify(request));
    }
    assert.equal(bench.disk.fingerprint(), before);
    assert.deepEqual(bench.breaches, []);
  });
});

test('a host that sends files in frames of 128 MiB, as pymobiledevice3 did until 2026, is told so and served', async () => {
  await using bench = await PhoneBench.start();
  bench.disk.writeSynthetic('HomeDomain', 'film', { seed: 1, sizeBytes: 3_000_000 });
  await bench.backUp();
  const before = bench.disk.fingerprint();
  bench.disk.remove('HomeDomain', 'film');
  const request = { MessageName: 'Restore', Options: { RestoreSystemFiles: true } };
  const { response } = await bench.ask(request, { downloadChunkBytes: 128 * 1024 * 1024 });
  assert.equal(response['ErrorCode'], 0);
  assert.equal(bench.disk.fingerprint(), before);
  assert.deepEqual([...new Set(bench.breaches)], ['devicelink.download-frame']);
});

async function codeOf(bench: PhoneBench, request: PlistDictionary): Promise<unknown> {
  return (await bench.ask(request, XML)).response['ErrorCode'];
}

/** What pymobiledevice3 leaves in the folder before it asks for a backup. */
function prepareFolder({ folder, udid, context }: PhoneBench, full: boolean): void {
  folder.write(`${udid}/Info.plist`, encodeXmlPlist({ 'Product Version': context.identity.productVersion }));
  if (full || folder.read(`${udid}/Status.plist`) === undefined) {
    const status = {
      BackupState: 'new',
      Date: new Date(),
      IsFullBackup: full,
      SnapshotState: 'finished',
      UUID: randomUUID().toUpperCase(),
      Version: '3.3',
    };
    folder.write(`${udid}/Status.plist`, encodeBinaryPlist(status));
    folder.write(`${udid}/Manifest.plist`, Buffer.alloc(0));
  }
  if (folder.read(`${udid}/Manifest.plist`) === undefined) folder.write(`${udid}/Manifest.plist`, Buffer.alloc(0));
}
