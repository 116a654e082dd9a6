import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryFolder } from '../testing/memory-folder.ts';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone } from '../testing/read-backup.ts';
import type { Operation } from '../testing/scripted-host.ts';

const FILES = 12;

/** Where the connection is cut: when the phone asks for an operation for the nth time, in a full backup and a small one. */
const CUTS: readonly { what: string; name: string; nth: number; nthOfFew: number }[] = [
  { what: 'before anything was sent', name: 'DLMessageCreateDirectory', nth: 1, nthOfFew: 1 },
  { what: 'before the first status', name: 'DLMessageUploadFiles', nth: 1, nthOfFew: 1 },
  { what: 'at the first files', name: 'DLMessageUploadFiles', nth: 2, nthOfFew: 2 },
  { what: 'in the middle of the files', name: 'DLMessageUploadFiles', nth: 4, nthOfFew: 3 },
  { what: 'at the manifest', name: 'DLMessageUploadFiles', nth: 9, nthOfFew: 6 },
  { what: 'before the files are called sent', name: 'DLMessageUploadFiles', nth: 10, nthOfFew: 7 },
  { what: 'before the files are moved', name: 'DLMessageMoveItems', nth: 1, nthOfFew: 1 },
  { what: 'while files are moved', name: 'DLMessageMoveItems', nth: 3, nthOfFew: 2 },
  { what: 'before the manifest is moved', name: 'DLMessageMoveItems', nth: 7, nthOfFew: 4 },
  { what: 'before the files are called moved', name: 'DLMessageUploadFiles', nth: 11, nthOfFew: 8 },
  { what: 'before the first thing is removed', name: 'DLMessageRemoveItems', nth: 1, nthOfFew: 1 },
  { what: 'after Snapshot/ was removed', name: 'DLMessageRemoveItems', nth: 2, nthOfFew: 3 },
  { what: 'before it is called finished', name: 'DLMessageUploadFiles', nth: 12, nthOfFew: 9 },
  { what: 'before it is verified', name: 'DLMessageDownloadFiles', nth: 2, nthOfFew: 4 },
];

describe('a backup that was cut short', () => {
  for (const { what, name, nth, nthOfFew } of CUTS) {
    test(`${what} is gone on with`, async () => {
      await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
      bench.fill(FILES);
      await bench.backUpUntil(nthOf(name, nth));
      bench.disk.writeFile('HomeDomain', 'file-3', Buffer.from('changed in between'));
      bench.disk.writeFile('HomeDomain', 'added', Buffer.from('in between'));
      bench.disk.remove('HomeDomain', 'file-5');
      assert.equal((await bench.backUp()).code, 0);
      await assertHoldsPhone(bench);
      assert.equal((await bench.backUp()).code, 0);
      assert.deepEqual(bench.breaches, []);
    });

    test(`${what}, in an incremental one, is gone on with`, async () => {
      await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
      bench.fill(FILES);
      await bench.backUp();
      for (let i = 0; i < FILES; i += 2) bench.disk.writeFile('HomeDomain', `file-${i}`, Buffer.from(`second ${i}`));
      bench.disk.remove('HomeDomain', 'file-1');
      await bench.backUpUntil(nthOf(name, nthOfFew));
      bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from('back again'));
      bench.disk.remove('HomeDomain', 'file-3');
      assert.equal((await bench.backUp()).code, 0);
      await assertHoldsPhone(bench);
    });
  }

  for (const { what, name, nth } of CUTS) {
    test(`${what}, for a second computer, is gone on with`, async () => {
      await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
      bench.fill(FILES);
      await bench.backUp();
      bench.folder = new MemoryFolder();
      await bench.backUpUntil(nthOf(name, nth));
      bench.disk.writeFile('HomeDomain', 'file-3', Buffer.from('changed in between'));
      bench.disk.setAttributes('HomeDomain', 'file-4', { mode: 0o600 });
      bench.disk.remove('HomeDomain', 'file-5');
      assert.equal((await bench.backUp()).code, 0);
      await assertHoldsPhone(bench);
    });
  }

  test('does not send again what the host has confirmed', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
    bench.fill(FILES);
    await bench.backUpUntil(nthOf('DLMessageUploadFiles', 4));
    const { host } = await bench.backUp();
    assert.equal(host.uploads.filter((path) => path.includes('/Snapshot/') && !path.includes('Manifest')).length, 8);
  });

  test('sends again what the host has lost meanwhile', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
    bench.fill(FILES);
    await bench.backUpUntil(nthOf('DLMessageUploadFiles', 5));
    const [lost] = bench.folder.files(`${bench.udid}/Snapshot`);
    bench.folder.remove(lost ?? '');
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
  });

  test('starts anew when the host lost a file that had been moved', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
    bench.fill(FILES);
    await bench.backUpUntil(nthOf('DLMessageMoveItems', 4));
    const [moved] = bench.folder.files(bench.udid).filter((path) => /\/[0-9a-f]{2}\/[0-9a-f]{40}$/.test(path));
    bench.folder.remove(moved ?? '');
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
  });

  test('starts anew when the person asks for a full one', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
    bench.fill(FILES);
    await bench.backUpUntil(nthOf('DLMessageUploadFiles', 5));
    const { code, host } = await bench.backUp({ ForceFullBackup: true });
    assert.equal(code, 0);
    assert.equal(host.uploads.filter((path) => /[0-9a-f]{40}$/.test(path)).length, FILES);
    await assertHoldsPhone(bench);
  });
});

describe('what the host did to the backup', () => {
  test('is found out in the end, when a file is missing', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3);
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name], host) => {
          if (name !== 'DLMessageRemoveItems') return;
          const [payload] = host.folder.files(bench.udid).filter((path) => /[0-9a-f]{40}$/.test(path));
          host.folder.remove(payload ?? '');
        },
      },
    );
    assert.equal(response['ErrorCode'], 205);
    assert.equal(response['ErrorDescription'], 'Manifest references files not in backup');
  });

  for (const name of ['Status.plist', 'Manifest.plist', 'Manifest.db']) {
    test(`is found out in the end, when it changed ${name}`, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      let downloads = 0;
      const { response } = await bench.ask(
        { MessageName: 'Backup' },
        {
          before: ([operation], host) => {
            if (operation !== 'DLMessageDownloadFiles' || ++downloads !== 2) return;
            const path = `${bench.udid}/${name}`;
            const bytes = Buffer.from(host.folder.read(path) ?? Buffer.alloc(0));
            bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
            host.folder.write(path, bytes);
          },
        },
      );
      assert.equal(response['ErrorCode'], 205);
    });
  }

  for (const { status, code } of [
    { status: -11, code: 104 },
    { status: -15, code: 105 },
  ]) {
    test(`ends it with ${code} when it cannot keep a file (${status}), and it can be gone on with`, async () => {
      await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
      bench.fill(6);
      let files = 0;
      const { response } = await bench.ask(
        { MessageName: 'Backup' },
        { keep: (path) => (/[0-9a-f]{40}$/.test(path) && ++files === 3 ? status : 0) },
      );
      assert.equal(response['ErrorCode'], code);
      assert.equal((await bench.backUp()).code, 0);
      await assertHoldsPhone(bench);
    });
  }

  test('is error 104 when Snapshot/ cannot be removed', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(1);
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name, paths], host) => {
          const snapshot = `${bench.udid}/Snapshot`;
          if (name !== 'DLMessageRemoveItems' || !Array.isArray(paths) || paths[0] !== snapshot) return false;
          host.multiStatus(new Map([[snapshot, -11]]));
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 104);
    assert.equal(response['ErrorDescription'], 'Error removing snapshot directory');
  });
});

function nthOf(wanted: string, nth: number): (operation: Operation) => boolean {
  let count = 0;
  return ([name]) => name === wanted && ++count === nth;
}
