import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asDictionary, decodePlist, type PlistDictionary } from '../../../formats/index.ts';
import { fileIdOf } from '../../../snapshot/index.ts';
import { MemoryFolder } from '../testing/memory-folder.ts';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone, contentsOf, manifestOf } from '../testing/read-backup.ts';
import type { Operation } from '../testing/scripted-host.ts';

describe('a full backup', () => {
  test('goes through the phases of an iPhone, in their order', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
    bench.fill(3);
    const { host } = bench.connect();
    await host.greet();
    const states: string[] = [];
    host.manners = {
      keep: (path, bytes) => {
        if (path.endsWith('/Status.plist')) states.push(stateIn(bytes));
      },
    };
    assert.deepEqual(await host.request(backupOf(bench)), { MessageName: 'Response', ErrorCode: 0 });
    assert.deepEqual(states, ['uploading', 'moving', 'removing', 'finished']);
    assert.deepEqual(withoutRepeats(host.operations.map(([name]) => name)), [
      'DLMessageDownloadFiles',
      'DLMessageGetFreeDiskSpace',
      'DLMessageCreateDirectory',
      'DLMessageUploadFiles',
      'DLMessageMoveItems',
      'DLMessageUploadFiles',
      'DLMessageRemoveItems',
      'DLMessageUploadFiles',
      'DLMessageDownloadFiles',
      'DLContentsOfDirectory',
    ]);
    const batches = host.operations.filter(([name]) => name === 'DLMessageMoveItems').map(([, moves]) => sizeOf(moves));
    assert.deepEqual(batches, [2, 1, 2]);
    assert.deepEqual(bench.breaches, []);
    host.close();
  });

  test('leaves a folder that holds exactly what the manifest names', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(40);
    await bench.backUp();
    const { udid, folder } = bench;
    using manifest = await manifestOf(folder, udid);
    const names = [...manifest.contentIds()].map((id) => `${udid}/${manifest.contentPath(id)}`);
    const own = ['Manifest.db', 'Manifest.plist', 'Status.plist'].map((name) => `${udid}/${name}`);
    assert.deepEqual(folder.files(), [...own, ...names].toSorted());
    const status = plistAt(bench, 'Status.plist');
    assert.equal(status['SnapshotState'], 'finished');
    assert.equal(status['BackupState'], 'new');
    assert.equal(status['IsFullBackup'], false);
    assert.equal(status['Version'], '3.3');
  });

  test('holds every file as it is on the phone, empty and large ones too', async () => {
    await using bench = await PhoneBench.start({ backup: { uploadChunkBytes: 32 * 1024 } });
    bench.disk.writeFile('HomeDomain', 'Library/empty', Buffer.alloc(0));
    bench.disk.writeFile('HomeDomain', 'Library/Ünïcödé 名前', Buffer.from('small'));
    bench.disk.writeSynthetic('CameraRollDomain', 'Media/DCIM/big.mov', { seed: 5, sizeBytes: 1_000_001 });
    await bench.backUp();
    const contents = await contentsOf(bench.folder, bench.udid);
    assert.equal(contents.get('HomeDomain/Library/empty'), '');
    assert.equal(contents.get('HomeDomain/Library/Ünïcödé 名前'), 'small');
    const big = bench.contentOf('CameraRollDomain', 'Media/DCIM/big.mov');
    assert.equal(contents.get('CameraRollDomain/Media/DCIM/big.mov'), big);
  });

  test('describes directories, links, attributes and digests', async () => {
    await using bench = await PhoneBench.start();
    const modifiedAt = new Date('2024-05-06T07:08:09Z');
    const extendedAttributes = { 'com.apple.test': Buffer.from([1, 2, 3]) };
    bench.disk.writeFile('HomeDomain', 'a/file', Buffer.from('x'), { mode: 0o600, modifiedAt, extendedAttributes });
    bench.disk.makeSymlink('HomeDomain', 'link', '../elsewhere');
    bench.disk.writeFile('AppDomain-com.example.app', 'Documents/d', Buffer.from('y'));
    await bench.backUp();
    using manifest = await manifestOf(bench.folder, bench.udid);
    const file = manifest.find('HomeDomain', 'a/file')?.details();
    assert.equal(file?.mode, 0o100600);
    assert.equal(file?.sizeBytes, 1);
    assert.deepEqual(file?.modifiedAt, modifiedAt);
    assert.equal(file?.digest?.toString('hex'), '11f6ad8ec52a2984abaafd7c3b516503785c2072');
    assert.ok(file?.extendedAttributes);
    assert.equal(manifest.find('HomeDomain', 'link')?.details().linkTarget, '../elsewhere');
    assert.equal(manifest.find('HomeDomain', 'a')?.kind, 'directory');
    assert.equal(manifest.find('HomeDomain', '')?.kind, 'directory');
    assert.equal(manifest.find('AppDomain-com.example.app', 'Documents/d')?.details().digest, undefined);
  });

  test('leaves out what is never backed up, and without a password Health and the like', async () => {
    await using bench = await PhoneBench.start();
    bench.disk.writeFile('NotBackedUpDomain', 'Media/lock', Buffer.from('x'));
    bench.disk.writeFile('HealthDomain', 'Health/healthdb.sqlite', Buffer.from('x'));
    bench.disk.writeFile('HomeDomain', 'kept', Buffer.from('x'));
    await bench.backUp();
    assert.deepEqual([...(await contentsOf(bench.folder, bench.udid)).keys()], ['HomeDomain/kept']);
  });

  test('is the same for two computers', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(20);
    await bench.backUp();
    const first = bench.folder;
    bench.folder = new MemoryFolder();
    await bench.backUp();
    const [mine, theirs] = [first, bench.folder].map((folder) =>
      folder
        .files()
        .filter((path) => !/(Status|Manifest)\.plist$/.test(path))
        .map((path) => [path, folder.read(path)?.toString('hex')]),
    );
    assert.deepEqual(mine, theirs);
  });

  test('goes to older hosts in older words', async () => {
    await using bench = await PhoneBench.start({ backup: { deviceLinkVersion: 100 } });
    bench.fill(2);
    const { host } = bench.connect();
    await host.greet({ version: 100 });
    assert.equal((await host.request(backupOf(bench)))['ErrorCode'], 0);
    const names = new Set(host.operations.map(([name]) => name));
    assert.ok(names.has('DLMessageMoveFiles') && names.has('DLMessageRemoveFiles'));
    assert.ok(!names.has('DLMessageGetFreeDiskSpace'));
    host.close();
  });

  test('of another phone kills the agent', async () => {
    await using bench = await PhoneBench.start();
    const { host } = bench.connect();
    await host.greet();
    await assert.rejects(host.request({ MessageName: 'Backup', TargetIdentifier: 'somebody-else' }), /hung up/);
    assert.deepEqual(bench.breaches, ['mobilebackup2.target-identifier']);
  });
});

describe('free space on the computer', () => {
  const NEEDED = 3000 + 128 * 1024 * 1024;

  test('is enough with more than the files and 128 MiB', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3, 1000);
    bench.folder.freeBytes = NEEDED + 1;
    assert.equal((await bench.backUp()).code, 0);
  });

  test('is asked to be made when it is short, and then asked for again', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3, 1000);
    bench.folder.freeBytes = NEEDED;
    const { host } = bench.connect();
    await host.greet();
    const purges: Operation[] = [];
    host.manners = {
      before: (operation) => {
        if (operation[0] !== 'DLMessagePurgeDiskSpace') return;
        purges.push(operation);
        bench.folder.freeBytes = NEEDED + 1;
      },
    };
    assert.equal((await host.request(backupOf(bench)))['ErrorCode'], 0);
    assert.deepEqual(purges, [['DLMessagePurgeDiskSpace', 2 * 1024 ** 3, 4]]);
    host.close();
  });

  test('ends the job with 105 when there is none to be had', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(3, 1000);
    bench.folder.freeBytes = NEEDED;
    assert.equal((await bench.backUp()).code, 105);
    assert.deepEqual(bench.folder.files(), []);
  });

  test('is not looked at when the host answers with an error', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(1);
    const { host } = bench.connect();
    await host.greet();
    host.manners = {
      before: ([name]) => {
        if (name !== 'DLMessageGetFreeDiskSpace') return false;
        host.status(-1, 'no idea');
        return true;
      },
    };
    assert.equal((await host.request(backupOf(bench)))['ErrorCode'], 0);
    host.close();
  });
});

describe('a file that cannot be read properly', () => {
  for (const as of ['modified', 'modified-empty']) {
    test(`is sent again when it changed while it was read (${as})`, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(3);
      bench.context.faults.at({ point: 'mobilebackup2:read-file', nth: 2, action: { kind: 'behave', as } });
      assert.equal((await bench.backUp()).code, 0);
      assert.equal(
        (await contentsOf(bench.folder, bench.udid)).get('HomeDomain/file-1'),
        bench.contentOf('HomeDomain', 'file-1'),
      );
    });
  }

  test('is sent as it is now when it really changed meanwhile, or left out when it is gone', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 3, uploadChunkBytes: 32 * 1024 } });
    for (const name of ['a', 'b', 'c']) bench.disk.writeFile('HomeDomain', name, Buffer.from(`small ${name}`));
    for (const name of ['x', 'y', 'z']) bench.disk.writeFile('HomeDomain', name, Buffer.alloc(100_000, name));
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name]) => {
          if (name !== 'DLMessageGetFreeDiskSpace') return;
          bench.disk.writeFile('HomeDomain', 'a', Buffer.from('small and changed'));
          bench.disk.writeFile('HomeDomain', 'x', Buffer.alloc(90_000, 'changed'));
          bench.disk.remove('HomeDomain', 'b');
          bench.disk.remove('HomeDomain', 'y');
        },
      },
    );
    assert.equal(response['ErrorCode'], 0);
    await assertHoldsPhone(bench);
    await bench.backUp();
    await assertHoldsPhone(bench);
  });

  test('is left out when it changes again', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(1);
    bench.context.faults.at({
      point: 'mobilebackup2:read-file',
      times: 2,
      action: { kind: 'behave', as: 'modified' },
    });
    assert.equal((await bench.backUp()).code, 0);
    assert.deepEqual([...(await contentsOf(bench.folder, bench.udid)).keys()], []);
    assert.equal(bench.folder.read(`${bench.udid}/${fileIdOf('HomeDomain', 'file-0')}`), undefined);
  });

  test('is left out for a second computer as well, though the first one has it', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(2);
    await bench.backUp();
    bench.folder = new MemoryFolder();
    bench.context.faults.at({ point: 'mobilebackup2:read-file', action: { kind: 'behave', as: 'omit' } });
    assert.equal((await bench.backUp()).code, 0);
    assert.deepEqual([...(await contentsOf(bench.folder, bench.udid)).keys()], ['HomeDomain/file-1']);
    await bench.backUp();
    await assertHoldsPhone(bench);
  });

  for (const as of ['missing', 'omit']) {
    test(`is left out when it is not there (${as})`, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(2);
      bench.context.faults.at({ point: 'mobilebackup2:read-file', action: { kind: 'behave', as } });
      assert.equal((await bench.backUp()).code, 0);
      assert.deepEqual([...(await contentsOf(bench.folder, bench.udid)).keys()], ['HomeDomain/file-1']);
    });
  }
});

function backupOf({ udid }: PhoneBench): PlistDictionary {
  return { MessageName: 'Backup', TargetIdentifier: udid };
}

function plistAt(bench: PhoneBench, name: string): PlistDictionary {
  return asDictionary(decodePlist(bench.folder.read(`${bench.udid}/${name}`) ?? Buffer.alloc(0))) ?? {};
}

function stateIn(status: Buffer): string {
  const state = asDictionary(decodePlist(status))?.['SnapshotState'];
  return typeof state === 'string' ? state : '';
}

function sizeOf(value: unknown): number {
  return Object.keys(asDictionary(value) ?? {}).length;
}

function withoutRepeats(names: readonly string[]): string[] {
  return names.filter((name, i) => name !== names[i - 1]);
}
