import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asDictionary, decodePlist, encodeBinaryPlist } from '../../../formats/index.ts';
import { fileIdOf } from '../../../snapshot/index.ts';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone, manifestOf } from '../testing/read-backup.ts';
import type { ScriptedHost } from '../testing/scripted-host.ts';

describe('an incremental backup', () => {
  test('sends only what is new or changed and removes what is gone', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(10);
    await bench.backUp();
    bench.disk.writeFile('HomeDomain', 'file-3', Buffer.from('changed'));
    bench.disk.writeFile('HomeDomain', 'new', Buffer.from('new'));
    bench.disk.remove('HomeDomain', 'file-7');
    bench.disk.makeDirectory('HomeDomain', 'new directory');
    const { code, host } = await bench.backUp();
    assert.equal(code, 0);
    assert.deepEqual(payloadsSent(host).toSorted(), idsOf('file-3', 'new').toSorted());
    const removed = host.operations.filter(([name]) => name === 'DLMessageRemoveItems').map(([, paths]) => paths);
    const gone = fileIdOf('HomeDomain', 'file-7');
    const { udid } = bench;
    assert.deepEqual(removed, [
      [`${udid}/${gone.slice(0, 2)}/${gone}`],
      [`${udid}/Snapshot`],
      [`${udid}/Manifest.mbdx`],
    ]);
    await assertHoldsPhone(bench);
    using manifest = await manifestOf(bench.folder, bench.udid);
    assert.equal(manifest.find('HomeDomain', 'new directory')?.kind, 'directory');
    assert.deepEqual(bench.breaches, []);
  });

  test('with nothing changed sends no file, and looks at all it relies on', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(10);
    await bench.backUp();
    const manifest = bench.folder.read(`${bench.udid}/Manifest.db`);
    const { code, host } = await bench.backUp();
    assert.equal(code, 0);
    assert.deepEqual(payloadsSent(host), []);
    assert.deepEqual(bench.folder.read(`${bench.udid}/Manifest.db`), manifest);
    const asked = host.operations.filter(([name]) => name === 'DLMessageDownloadFiles').flatMap(([, paths]) => paths);
    const three = ['Status.plist', 'Manifest.plist', 'Manifest.db'].map((name) => `${bench.udid}/${name}`);
    assert.deepEqual(asked, [...three, ...three]);
    assert.ok(host.operations.some(([name, path]) => name === 'DLContentsOfDirectory' && path === bench.udid));
  });

  test('notes changed attributes without sending the file', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(2);
    await bench.backUp();
    bench.disk.setAttributes('HomeDomain', 'file-1', { mode: 0o600, changedAt: new Date('2030-01-01') });
    const { host } = await bench.backUp();
    assert.deepEqual(payloadsSent(host), []);
    using manifest = await manifestOf(bench.folder, bench.udid);
    const details = manifest.find('HomeDomain', 'file-1')?.details();
    assert.equal(details?.mode, 0o100600);
    assert.ok(details?.digest);
    assert.equal(details?.sizeBytes, 100);
  });

  test('follows a file that became a directory, and back', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(1);
    await bench.backUp();
    bench.disk.remove('HomeDomain', 'file-0');
    bench.disk.writeFile('HomeDomain', 'file-0/inside', Buffer.from('x'));
    await bench.backUp();
    await assertHoldsPhone(bench);
    bench.disk.remove('HomeDomain', 'file-0', true);
    bench.disk.writeFile('HomeDomain', 'file-0', Buffer.from('a file again'));
    await bench.backUp();
    await assertHoldsPhone(bench);
  });

  test('goes on from whichever computer’s folder it is given', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(5);
    await bench.backUp();
    const older = bench.folder.copy();
    bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from('second'));
    await bench.backUp();
    bench.disk.writeFile('HomeDomain', 'file-2', Buffer.from('third'));
    const { host, ended } = bench.connect({ folder: older });
    await host.greet();
    const response = await host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid });
    host.close();
    await ended;
    assert.equal(response['ErrorCode'], 0);
    assert.deepEqual(payloadsSent(host).toSorted(), idsOf('file-1', 'file-2').toSorted());
  });
});

describe('a full backup over an earlier one is made', () => {
  const FULL = ['file-0', 'file-1', 'file-2'];

  test('when the host asks for it', async () => {
    await using bench = await prepared();
    const { code, host } = await bench.backUp({ ForceFullBackup: true });
    assert.equal(code, 0);
    assert.deepEqual(payloadsSent(host).toSorted(), idsOf(...FULL).toSorted());
    await assertHoldsPhone(bench);
  });

  for (const { what, spoil } of [
    {
      what: 'a payload is missing',
      spoil: (bench: PhoneBench) => bench.folder.remove(payloadPath(bench, 'file-1')),
    },
    {
      what: 'Manifest.db is another',
      spoil: (bench: PhoneBench) => bench.folder.write(pathOf(bench, 'Manifest.db'), Buffer.from('tampered with')),
    },
    {
      what: 'Manifest.plist is missing',
      spoil: (bench: PhoneBench) => bench.folder.remove(pathOf(bench, 'Manifest.plist')),
    },
    {
      what: 'the status has another UUID',
      spoil: (bench: PhoneBench) => changeStatus(bench, { UUID: 'C0FFEE00-0000-0000-0000-000000000000' }),
    },
    {
      what: 'the status is of an older format',
      spoil: (bench: PhoneBench) => changeStatus(bench, { Version: '3.1' }),
    },
  ]) {
    test(`when ${what}`, async () => {
      await using bench = await prepared();
      spoil(bench);
      bench.disk.remove('HomeDomain', 'file-2');
      const { code, host } = await bench.backUp();
      assert.equal(code, 0);
      assert.deepEqual(payloadsSent(host).toSorted(), idsOf('file-0', 'file-1').toSorted());
      await assertHoldsPhone(bench);
      assert.equal(bench.folder.read(payloadPath(bench, 'file-2')), undefined);
    });
  }

  for (const { what, status } of [
    { what: 'not a property list', status: Buffer.from('hello') },
    { what: 'of the wrong types', status: encodeBinaryPlist({ UUID: 1, Version: 3.3 }) },
    { what: 'empty', status: Buffer.alloc(0) },
  ]) {
    test(`but not when Status.plist is ${what}: that is error 11`, async () => {
      await using bench = await prepared();
      bench.folder.write(pathOf(bench, 'Status.plist'), status);
      assert.equal((await bench.backUp()).code, 11);
    });
  }
});

async function prepared(): Promise<PhoneBench> {
  const bench = await PhoneBench.start();
  bench.fill(3);
  await bench.backUp();
  return bench;
}

function pathOf({ udid }: PhoneBench, name: string): string {
  return `${udid}/${name}`;
}

function changeStatus(bench: PhoneBench, changes: Record<string, string>): void {
  const path = `${bench.udid}/Status.plist`;
  const status = asDictionary(decodePlist(bench.folder.read(path) ?? Buffer.alloc(0)));
  bench.folder.write(path, encodeBinaryPlist({ ...status, ...changes }));
}

function payloadPath(bench: PhoneBench, name: string): string {
  const id = fileIdOf('HomeDomain', name);
  return `${bench.udid}/${id.slice(0, 2)}/${id}`;
}

function idsOf(...names: string[]): string[] {
  return names.map((name) => fileIdOf('HomeDomain', name));
}

/** Ids of the payloads a host received. */
function payloadsSent(host: ScriptedHost): string[] {
  return host.uploads.map((path) => path.slice(path.lastIndexOf('/') + 1)).filter((name) => name.length === 40);
}
