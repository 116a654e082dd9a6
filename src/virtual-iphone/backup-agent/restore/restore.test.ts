import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  asDictionary,
  decodePlist,
  encodeBinaryPlist,
  encodeXmlPlist,
  type PlistDictionary,
} from '../../../formats/index.ts';
import { openDatabaseBytes } from '../../../database/index.ts';
import { fileIdOf } from '../../../snapshot/index.ts';
import { NOT_BACKED_UP_DOMAIN } from '../../context.ts';
import { setPassword } from '../keys/backup-keys.ts';
import { AGENT_SETTINGS } from '../settings.ts';
import { PhoneBench } from '../testing/phone-bench.ts';

const EVERYTHING = { RestoreSystemFiles: true, RestoreDontCopyBackup: true, RemoveItemsNotRestored: true };

describe('a restore', () => {
  test('brings the phone back to what it was', async () => {
    await using bench = await backedUp();
    const before = bench.disk.fingerprint();
    changeEverything(bench);
    assert.equal(await restore(bench), 0);
    assert.equal(bench.disk.fingerprint(), before);
    assert.deepEqual(bench.breaches, []);
  });

  test('brings back an encrypted backup', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(5);
    bench.disk.writeSynthetic('CameraRollDomain', 'Media/DCIM/big.mov', { seed: 9, sizeBytes: 700_001 });
    await setPassword(bench.context, 'secret');
    await bench.backUp();
    const before = bench.disk.fingerprint();
    changeEverything(bench);
    assert.equal(await restore(bench, { ...EVERYTHING, Password: 'secret' }), 0);
    assert.equal(bench.disk.fingerprint(), before);
  });

  test('brings the files onto another phone', async () => {
    await using old = await backedUp();
    await using bench = await PhoneBench.start();
    for (const path of old.folder.files()) bench.folder.write(path, old.folder.read(path) ?? Buffer.alloc(0));
    const { response } = await bench.ask({ MessageName: 'Restore', SourceIdentifier: old.udid, Options: EVERYTHING });
    assert.equal(response['ErrorCode'], 0);
    assert.equal(bench.disk.fingerprint(), old.disk.fingerprint());
  });

  test('keeps what the backup does not have, when told to', async () => {
    await using bench = await backedUp();
    bench.disk.writeFile('HomeDomain', 'mine', Buffer.from('kept'));
    await restore(bench, { ...EVERYTHING, RemoveItemsNotRestored: false });
    assert.equal(bench.contentOf('HomeDomain', 'mine'), 'kept');
  });

  test('leaves system files and settings alone, when told to', async () => {
    await using bench = await PhoneBench.start();
    bench.disk.writeFile('SystemPreferencesDomain', 'system', Buffer.from('old'));
    bench.disk.writeFile('HomeDomain', 'Library/Preferences/app.plist', Buffer.from('old'));
    bench.disk.writeFile('HomeDomain', 'file', Buffer.from('old'));
    await bench.backUp();
    bench.disk.writeFile('SystemPreferencesDomain', 'system', Buffer.from('new'));
    bench.disk.writeFile('HomeDomain', 'Library/Preferences/app.plist', Buffer.from('new'));
    bench.disk.writeFile('HomeDomain', 'file', Buffer.from('new'));
    await restore(bench, { RestorePreserveSettings: true, RemoveItemsNotRestored: false, RestoreDontCopyBackup: true });
    assert.equal(bench.contentOf('SystemPreferencesDomain', 'system'), 'new');
    assert.equal(bench.contentOf('HomeDomain', 'Library/Preferences/app.plist'), 'new');
    assert.equal(bench.contentOf('HomeDomain', 'file'), 'old');
  });

  test('restarts the phone unless told not to, and a second one before that is error 102', async () => {
    await using bench = await backedUp();
    assert.equal(await restore(bench), 0);
    assert.equal(bench.reboots, 1);
    assert.equal(await restore(bench, { ...EVERYTHING, RestoreShouldReboot: false }), 0);
    assert.equal(bench.reboots, 1);
    assert.equal(await restore(bench), 102);
    bench.context.reboot();
    assert.equal(await restore(bench), 0);
  });

  test('has the computer copy the backup of this phone first, unless told not to', async () => {
    await using bench = await backedUp();
    bench.folder.write(`${bench.udid}/Info.plist`, encodeXmlPlist({ 'Product Version': '18.5' }));
    const { host } = await bench.ask({
      MessageName: 'Restore',
      Options: { ...EVERYTHING, RestoreDontCopyBackup: false },
    });
    const copies = host.operations.filter(([name]) => name === 'DLMessageCopyItem');
    assert.equal(copies.length, 1);
    const [, from, to] = copies[0] ?? [];
    assert.equal(from, bench.udid);
    assert.ok(typeof to === 'string');
    assert.match(to.slice(bench.udid.length), /^-\d{8}-\d{6}$/);
    const info = asDictionary(decodePlist(bench.folder.read(`${to}/Info.plist`) ?? Buffer.alloc(0)));
    assert.ok(info?.['Display Name']);
  });

  test('reads which apps are to be installed again', async () => {
    await using bench = await backedUp();
    const list = encodeXmlPlist({ 'com.example.app': {} });
    bench.disk.writeFile(NOT_BACKED_UP_DOMAIN, 'Media/iTunesRestore/RestoreApplications.plist', list);
    await restore(bench);
    assert.deepEqual(bench.context.settings.get(AGENT_SETTINGS.restoredApplications), ['com.example.app']);
  });
});

describe('a restore is refused', () => {
  for (const { what, code, spoil } of [
    { what: 'without Status.plist', code: 204, spoil: (bench: PhoneBench) => remove(bench, 'Status.plist') },
    {
      what: 'from a folder that never held a whole backup',
      code: 204,
      spoil: (bench: PhoneBench) => changePlist(bench, 'Status.plist', { BackupState: 'empty' }),
    },
    {
      what: 'from an old format',
      code: 203,
      spoil: (bench: PhoneBench) => changePlist(bench, 'Status.plist', { Version: '2.3' }),
    },
    {
      what: 'from a future format',
      code: 203,
      spoil: (bench: PhoneBench) => changePlist(bench, 'Status.plist', { Version: '4.0' }),
    },
    {
      what: 'from a backup that is not finished',
      code: 205,
      spoil: (bench: PhoneBench) => changePlist(bench, 'Status.plist', { SnapshotState: 'moving' }),
    },
    {
      what: 'from a newer iOS',
      code: 203,
      spoil: ({ folder, udid }: PhoneBench) =>
        folder.write(`${udid}/Info.plist`, encodeXmlPlist({ 'Product Version': '18.10' })),
    },
    { what: 'without Manifest.plist', code: 205, spoil: (bench: PhoneBench) => remove(bench, 'Manifest.plist') },
    { what: 'without Manifest.db', code: 205, spoil: (bench: PhoneBench) => remove(bench, 'Manifest.db') },
    {
      what: 'from a Manifest.db that is none',
      code: 205,
      spoil: ({ folder, udid }: PhoneBench) => folder.write(`${udid}/Manifest.db`, Buffer.alloc(5000, 1)),
    },
    {
      what: 'from a manifest with a path no phone could have',
      code: 205,
      spoil: (bench: PhoneBench) =>
        changeManifest(bench, "UPDATE Files SET relativePath = '../../x' WHERE relativePath = 'Library/link'"),
    },
    {
      what: 'from a manifest with a damaged entry',
      code: 205,
      spoil: (bench: PhoneBench) =>
        changeManifest(bench, "UPDATE Files SET file = x'00' WHERE relativePath = 'file-1'"),
    },
    {
      what: 'when a file is missing',
      code: 205,
      spoil: (bench: PhoneBench) => bench.folder.remove(payloadPath(bench, 'file-1')),
    },
    {
      what: 'when a file has changed',
      code: 205,
      spoil: (bench: PhoneBench) => bench.folder.write(payloadPath(bench, 'file-1'), Buffer.from('rotten')),
    },
    {
      what: 'while Find My is on',
      code: 211,
      spoil: ({ context }: PhoneBench) => context.settings.set(AGENT_SETTINGS.findMy, true),
    },
    {
      what: 'when the phone is full',
      code: 106,
      spoil: ({ disk }: PhoneBench) =>
        disk.writeSynthetic('CameraRollDomain', 'huge', { seed: 1, sizeBytes: 127_999_999_999 }),
    },
  ]) {
    test(`${what}: error ${code}, and the phone stays as it is`, async () => {
      await using bench = await backedUp();
      spoil(bench);
      const before = bench.disk.count();
      assert.equal(await restore(bench), code);
      assert.equal(bench.disk.count(), before);
      assert.equal(bench.reboots, 0);
    });
  }

  for (const options of [EVERYTHING, { ...EVERYTHING, Password: 'wrong' }]) {
    test(`when the backup is encrypted and the password is ${'Password' in options ? 'wrong' : 'missing'}: error 207`, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      await setPassword(bench.context, 'secret');
      await bench.backUp();
      assert.equal(await restore(bench, options), 207);
    });
  }

  test('of a cut connection leaves the phone as it was', async () => {
    await using bench = await backedUp();
    const before = bench.disk.fingerprint();
    bench.context.faults.at({ point: 'mobilebackup2:restore', nth: 2, action: { kind: 'disconnect' } });
    await assert.rejects(restore(bench), /hung up/);
    assert.equal(bench.disk.fingerprint(), before);
    assert.equal(await restore(bench), 0);
  });
});

async function backedUp(): Promise<PhoneBench> {
  const bench = await PhoneBench.start({ backup: { batchFiles: 3 } });
  bench.fill(8);
  bench.disk.writeFile('HomeDomain', 'Library/Ü/empty', Buffer.alloc(0), { mode: 0o600 });
  bench.disk.makeSymlink('HomeDomain', 'Library/link', '/var/mobile');
  bench.disk.writeSynthetic('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_1.MOV', { seed: 1, sizeBytes: 200_000 });
  await bench.backUp();
  return bench;
}

/** Nothing is as it was, and some things are of another kind. */
function changeEverything({ disk }: PhoneBench): void {
  disk.writeFile('HomeDomain', 'file-1', Buffer.from('changed'));
  disk.remove('HomeDomain', 'file-2');
  disk.writeFile('HomeDomain', 'file-2/now a directory', Buffer.from('x'));
  disk.remove('HomeDomain', 'file-3');
  disk.makeSymlink('HomeDomain', 'file-3', 'elsewhere');
  disk.writeFile('HomeDomain', 'new', Buffer.from('new'));
  disk.writeFile('AppDomain-com.example.new', 'Documents/new', Buffer.from('new'));
  disk.setAttributes('HomeDomain', 'file-4', { mode: 0o600 });
}

async function restore(bench: PhoneBench, options: PlistDictionary = EVERYTHING): Promise<unknown> {
  const { response } = await bench.ask({ MessageName: 'Restore', SourceIdentifier: bench.udid, Options: options });
  return response['ErrorCode'];
}

function remove({ folder, udid }: PhoneBench, name: string): void {
  folder.remove(`${udid}/${name}`);
}

function changePlist({ folder, udid }: PhoneBench, name: string, changes: PlistDictionary): void {
  const path = `${udid}/${name}`;
  const facts = asDictionary(decodePlist(folder.read(path) ?? Buffer.alloc(0)));
  folder.write(path, encodeBinaryPlist({ ...facts, ...changes }));
}

function changeManifest({ folder, udid }: PhoneBench, sql: string): void {
  const path = `${udid}/Manifest.db`;
  using database = openDatabaseBytes(folder.read(path) ?? Buffer.alloc(0));
  database.exec(sql);
  folder.write(path, database.serialize());
}

function payloadPath({ udid }: PhoneBench, name: string): string {
  const id = fileIdOf('HomeDomain', name);
  return `${udid}/${id.slice(0, 2)}/${id}`;
}
