/** Debian's libimobiledevice tools, ifuse and go-ios against the virtual iPhone. */
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { JudgedPhone } from './harness.ts';

const PHOTO = Buffer.from('not really a photo, but every byte of it counts');

describe('idevice_id', () => {
  test('lists the phone on the cable, and the phone on the network', async () => {
    await using judged = await JudgedPhone.start({ wifi: { address: '127.0.0.21' } });
    const { udid } = judged.phone;
    assert.equal((await judged.ok('idevice_id', ['-l'])).trim(), udid);
    assert.equal((await judged.ok('idevice_id', ['-n'])).trim(), udid);
    judged.phone.unplug();
    assert.equal((await judged.ok('idevice_id', ['-l'])).trim(), '');
    judged.phone.plug();
    assert.equal((await judged.ok('idevice_id', ['-l'])).trim(), udid);
  });

  test('finds it over TCP as well', async () => {
    await using judged = await JudgedPhone.start();
    const env = { USBMUXD_SOCKET_ADDRESS: `127.0.0.1:${judged.phone.tcpPort}` };
    assert.equal((await judged.ok('idevice_id', ['-l'], { env })).trim(), judged.phone.udid);
  });
});

describe('idevicepair', () => {
  test('pairs, validates, lists and unpairs', async () => {
    await using judged = await JudgedPhone.start();
    const { phone } = judged;
    assert.match(await judged.ok('idevicepair', ['pair']), /^SUCCESS: Paired with device/);
    assert.match(await judged.ok('idevicepair', ['validate']), /^SUCCESS: Validated pairing/);
    assert.equal(phone.trustedHosts.length, 1);
    const hostId = (await judged.ok('idevicepair', ['hostid'])).trim();
    assert.deepEqual(phone.trustedHosts, [hostId]);
    await judged.ok('idevicepair', ['list']);
    assert.match(await judged.ok('idevicepair', ['unpair']), /^SUCCESS: Unpaired/);
    assert.deepEqual(phone.trustedHosts, []);
    assert.deepEqual(phone.breaches.list(), []);
  });

  test('is told to wait while the Trust dialog is open', async () => {
    await using judged = await JudgedPhone.start({ trust: { mode: 'pending', times: 1 } });
    const waiting = await judged.run('idevicepair', ['pair']);
    assert.notEqual(waiting.status, 0);
    assert.match(waiting.stdout, /accept the trust dialog/);
    await judged.ok('idevicepair', ['pair']);
  });

  test('is told when the person says no, and when the phone is locked', async () => {
    await using judged = await JudgedPhone.start({ trust: { mode: 'deny' } });
    const denied = await judged.run('idevicepair', ['pair']);
    assert.match(denied.stdout, /denied the trust dialog/);
    judged.phone.setTrust({ mode: 'accept' });
    judged.phone.setLocked(true);
    const locked = await judged.run('idevicepair', ['pair']);
    assert.match(locked.stdout, /passcode is set/);
  });

  test('notices that the phone has forgotten it', async () => {
    await using judged = await JudgedPhone.start();
    await judged.ok('idevicepair', ['pair']);
    judged.phone.forgetHosts();
    judged.phone.setTrust({ mode: 'deny' });
    assert.notEqual((await judged.run('idevicepair', ['validate'])).status, 0);
  });
});

describe('ideviceinfo', () => {
  test('reads one value and whole domains', async () => {
    await using judged = await JudgedPhone.start({ name: 'Grüße 📱', productVersion: '18.5' });
    await judged.ok('idevicepair', ['pair']);
    assert.equal(await judged.ok('ideviceinfo', ['-k', 'ProductVersion']), '18.5\n');
    assert.equal(await judged.ok('ideviceinfo', ['-k', 'DeviceName']), 'Grüße 📱\n');
    assert.match(await judged.ok('ideviceinfo', ['-q', 'com.apple.mobile.battery']), /^BatteryCurrentCapacity: \d+$/m);
    assert.match(await judged.ok('ideviceinfo', ['-q', 'com.apple.disk_usage']), /^TotalDataAvailable: \d+$/m);
    assert.match(await judged.ok('ideviceinfo', []), new RegExp(`^UniqueDeviceID: ${judged.phone.udid}$`, 'm'));
    assert.deepEqual(judged.phone.breaches.list(), []);
  });

  test('reads what is public without being paired', async () => {
    await using judged = await JudgedPhone.start({ trust: { mode: 'deny' } });
    assert.match(await judged.ok('ideviceinfo', ['-s', '-k', 'ProductType']), /^iPhone/);
    assert.equal((await judged.run('ideviceinfo', ['-s', '-k', 'SerialNumber'])).stdout, '');
  });

  test('speaks TLS 1.0 to a phone with iOS 9', async () => {
    await using judged = await JudgedPhone.start({ productVersion: '9.3.5' });
    assert.match(judged.phone.udid, /^[0-9a-f]{40}$/);
    await judged.ok('idevicepair', ['pair']);
    assert.match(await judged.ok('ideviceinfo', ['-k', 'SerialNumber']), /\w{10}/);
    assert.deepEqual(judged.phone.breaches.list(), []);
  });

  test('goes over Wi-Fi to a phone without a cable, but cannot pair that way', async () => {
    await using judged = await JudgedPhone.start({ wifi: { address: '127.0.0.22' } });
    judged.phone.unplug();
    const stranger = await judged.run('ideviceinfo', ['-n', '-k', 'SerialNumber']);
    assert.match(stranger.stderr, /Pairing prohibited over this connection/);
    judged.phone.plug();
    await judged.ok('idevicepair', ['pair']);
    judged.phone.unplug();
    assert.match(await judged.ok('ideviceinfo', ['-n', '-k', 'SerialNumber']), /\w{10}/);
    assert.deepEqual(judged.phone.breaches.list(), []);
  });
});

test('ideviceinstaller lists the apps', async () => {
  await using judged = await JudgedPhone.start();
  await judged.ok('idevicepair', ['pair']);
  const listed = await judged.ok('ideviceinstaller', ['-l']);
  assert.match(listed, /^CFBundleIdentifier, CFBundleVersion, CFBundleDisplayName$/m);
  assert.ok(listed.trim().split('\n').length > 1, listed);
  assert.deepEqual(judged.phone.breaches.list(), []);
});

describe('ifuse', () => {
  test('mounts the media folder, lists it and copies a photo out', async () => {
    await using judged = await JudgedPhone.start();
    judged.phone.disk.writeFile('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_9001.JPG', PHOTO);
    await judged.ok('idevicepair', ['pair']);
    await using mounted = await mount(judged, []);
    assert.ok((await readdir(mounted.path)).includes('DCIM'));
    assert.ok((await readdir(join(mounted.path, 'DCIM/100APPLE'))).includes('IMG_9001.JPG'));
    const copy = join(judged.directory, 'copy.jpg');
    await judged.ok('cp', [join(mounted.path, 'DCIM/100APPLE/IMG_9001.JPG'), copy]);
    assert.deepEqual(await readFile(copy), PHOTO);
  });

  test('writes, moves and removes', async () => {
    await using judged = await JudgedPhone.start();
    await judged.ok('idevicepair', ['pair']);
    await using mounted = await mount(judged, []);
    const script = 'cd "$0"; mkdir new; echo hello >new/a; mv new/a new/b; ln -s new/b link; cat link; rm link';
    assert.equal(await judged.ok('sh', ['-ec', script, mounted.path]), 'hello\n');
    const file = judged.phone.disk.get('MediaDomain', 'Media/new/b');
    assert.equal(file && Buffer.from(judged.phone.disk.read(file)).toString(), 'hello\n');
    assert.deepEqual(judged.phone.breaches.list(), []);
  });

  test('mounts the documents of an app', async () => {
    await using judged = await JudgedPhone.start();
    const listed = judged.phone.context.settings.get('apps') as { bundleId: string; fileSharing: boolean }[];
    const bundleId = listed.find((app) => app.fileSharing)?.bundleId ?? '';
    judged.phone.disk.writeFile(`AppDomain-${bundleId}`, 'Documents/shared.txt', PHOTO);
    await judged.ok('idevicepair', ['pair']);
    await using mounted = await mount(judged, ['--documents', bundleId]);
    assert.deepEqual(await readFile(join(mounted.path, 'shared.txt')), PHOTO);
  });
});

describe('go-ios', () => {
  test('lists the phone with its details', async () => {
    await using judged = await JudgedPhone.start();
    await judged.goIos('pair');
    const { deviceList } = JSON.parse(await judged.goIos('list', '--details')) as { deviceList: unknown };
    assert.deepEqual(deviceList, [
      {
        Udid: judged.phone.udid,
        ProductName: 'iPhone OS',
        ProductType: 'iPhone14,5',
        ProductVersion: '18.5',
        ConnectionType: 'USB',
      },
    ]);
  });

  test('reads values, apps, battery and files', async () => {
    await using judged = await JudgedPhone.start();
    judged.phone.disk.writeFile('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_9001.JPG', PHOTO);
    await judged.goIos('pair');
    const info = JSON.parse(await judged.goIos('info')) as Record<string, unknown>;
    assert.equal(info['UniqueDeviceID'], judged.phone.udid);
    assert.match(await judged.goIos('apps', '--list'), /^\S+\.\S+ .* [\d.]+$/m);
    assert.match(await judged.goIos('fsync', 'tree', '--path=/DCIM'), /IMG_9001\.JPG/);
    const battery = JSON.parse(await judged.goIos('batterycheck')) as Record<string, unknown>;
    assert.equal(battery['HasBattery'], true);
    assert.deepEqual(judged.phone.breaches.list(), []);
  });
});

/** A mounted phone; unmounted again in the end. */
async function mount(judged: JudgedPhone, args: readonly string[]): Promise<AsyncDisposable & { path: string }> {
  const path = join(judged.directory, 'mounted');
  await mkdir(path);
  await judged.ok('ifuse', [...args, path]);
  return { path, [Symbol.asyncDispose]: async () => void (await judged.ok('fusermount', ['-u', path])) };
}
