import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readManifestPlist, readStatus } from '../../../snapshot/index.ts';
import { setPassword } from '../keys/backup-keys.ts';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone, manifestOf, sourceOf } from '../testing/read-backup.ts';

describe('a phone with iOS 9', () => {
  test('writes Manifest.mbdb and keeps all payloads in one directory', async () => {
    await using bench = await PhoneBench.start({ productVersion: '9.3.5' });
    bench.fill(6);
    bench.disk.writeFile('HomeDomain', 'x', Buffer.from('x'), { extendedAttributes: { name: Buffer.from([255, 0]) } });
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
    const { folder, udid } = bench;
    assert.ok(folder.files().every((path) => path.split('/').length === 2));
    const source = sourceOf(folder, udid);
    assert.equal((await readStatus(source))?.version, '2.4');
    assert.equal((await readManifestPlist(source))?.version, '9.1');
    using manifest = await manifestOf(folder, udid);
    assert.equal(manifest.format, 'mbdb');
    assert.deepEqual(bench.breaches, []);
  });

  test('goes on incrementally, resumes, and encrypts', async () => {
    await using bench = await PhoneBench.start({ productVersion: '9.3.5', backup: { batchFiles: 2 } });
    bench.fill(6);
    await setPassword(bench.context, 'secret');
    let uploads = 0;
    await bench.backUpUntil(([name]) => name === 'DLMessageUploadFiles' && ++uploads === 3);
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench, 'secret');
    bench.disk.remove('HomeDomain', 'file-2');
    bench.disk.writeFile('HomeDomain', 'file-3', Buffer.from('changed'));
    const { host } = await bench.backUp();
    assert.equal(host.uploads.filter((path) => /[0-9a-f]{40}$/.test(path)).length, 1);
    await assertHoldsPhone(bench, 'secret');
  });

  test('is restored from what it wrote', async () => {
    await using bench = await PhoneBench.start({ productVersion: '9.3.5' });
    bench.fill(3);
    await bench.backUp();
    const before = bench.disk.fingerprint();
    bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from('changed'));
    const { response } = await bench.ask({
      MessageName: 'Restore',
      Options: { RestoreSystemFiles: true, RestoreDontCopyBackup: true },
    });
    assert.equal(response['ErrorCode'], 0);
    assert.equal(bench.disk.fingerprint(), before);
  });
});
