import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import {
  browseApps,
  encodePlistFrame,
  keepHeartbeat,
  NotificationProxy,
  PlistFrameReader,
  readAppIcons,
  readBatteryDiagnostics,
  StreamReader,
} from '../../device/index.ts';
import { asDictionary, bytesAt, dictionaryAt, stringAt } from '../../formats/index.ts';
import { APPS_SETTING, type InstalledApp } from '../apps.ts';
import type { Clock } from '../context.ts';
import { crashReportMover } from './crash-report-mover.ts';
import { diagnosticsRelay } from './diagnostics-relay.ts';
import { heartbeat } from './heartbeat.ts';
import { installationProxy } from './installation-proxy.ts';
import { insecureNotificationProxy } from './notification-proxy.ts';
import { encodePng } from './png.ts';
import { request, ServiceLab } from './service-lab.test-helper.ts';
import { springboard } from './springboard.ts';

describe('installation_proxy', () => {
  test('tells of every app what was asked for, in several messages when there are many', async () => {
    await using lab = await ServiceLab.start();
    lab.context.settings.set(APPS_SETTING, appsOf(45));
    const stream = lab.connect(installationProxy);
    const returnAttributes = ['CFBundleIdentifier', 'UIFileSharingEnabled'];
    const apps = await Array.fromAsync(browseApps(stream, { returnAttributes }));
    assert.equal(apps.length, 45);
    assert.deepEqual(apps[44], { CFBundleIdentifier: 'com.example.app44', UIFileSharingEnabled: false });
  });

  test('takes every app container for an app when nobody wrote a list', async () => {
    await using lab = await ServiceLab.start();
    lab.disk.writeFile('AppDomain-com.example.kettle', 'Documents/x', Buffer.alloc(7));
    lab.disk.writeFile('HomeDomain', 'Library/x', Buffer.alloc(7));
    const returnAttributes = ['CFBundleDisplayName', 'DynamicDiskUsage'];
    const apps = await Array.fromAsync(browseApps(lab.connect(installationProxy), { returnAttributes }));
    assert.deepEqual(apps, [{ CFBundleDisplayName: 'Kettle', DynamicDiskUsage: 7 }]);
  });

  test('looks apps up by their ids', async () => {
    await using lab = await ServiceLab.start();
    lab.context.settings.set(APPS_SETTING, appsOf(3));
    const ClientOptions = { BundleIDs: ['com.example.app1', 'none'], ReturnAttributes: ['CFBundleVersion'] };
    const answer = await request(lab.connect(installationProxy), { Command: 'Lookup', ClientOptions });
    assert.deepEqual(answer, {
      Status: 'Complete',
      LookupResult: { 'com.example.app1': { CFBundleVersion: '1' } },
    });
  });
});

describe('springboardservices', () => {
  test('draws an icon for every app, another for each', async () => {
    await using lab = await ServiceLab.start();
    lab.context.settings.set(APPS_SETTING, appsOf(2));
    const connect = (): Promise<ReturnType<ServiceLab['connect']>> => Promise.resolve(lab.connect(springboard));
    const ids = ['com.example.app0', 'com.example.app1'];
    const [first, second] = await Array.fromAsync(readAppIcons(ids, { connect }));
    assert.ok(first && second);
    assert.equal(first.png.toString('latin1', 1, 4), 'PNG');
    assert.notDeepEqual(first.png, second.png);
  });

  test('draws a wallpaper', async () => {
    await using lab = await ServiceLab.start();
    const answer = await request(lab.connect(springboard), { command: 'getHomeScreenWallpaperPNGData' });
    assert.equal(bytesAt(answer, 'pngData')?.toString('latin1', 1, 4), 'PNG');
  });

  test('tells the home screen as a list: the dock, then the pages', async () => {
    await using lab = await ServiceLab.start();
    lab.context.settings.set(APPS_SETTING, appsOf(1));
    const stream = lab.connect(springboard);
    stream.write(encodePlistFrame({ command: 'getIconState', formatVersion: '2' }));
    const state = await new PlistFrameReader(stream).read();
    assert.ok(Array.isArray(state));
    const [dock, page] = state;
    assert.deepEqual(dock, []);
    assert.ok(Array.isArray(page));
    assert.equal(stringAt(asDictionary(page[0]), 'bundleIdentifier'), 'com.example.app0');
  });

  test('hangs up on a command that it does not know', async () => {
    await using lab = await ServiceLab.start();
    assert.equal(await request(lab.connect(springboard), { command: 'dance' }), undefined);
    assert.equal(lab.context.breaches.list()[0]?.rule, 'com.apple.springboardservices.command');
  });
});

test('a picture holds the pixels it was made of', () => {
  const png = encodePng(2, 1, (x) => [x * 255, 1, 2, 255]);
  const data = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
  assert.deepEqual([...inflateSync(data)], [0, 0, 1, 2, 255, 255, 1, 2, 255]);
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2, 1]);
});

describe('diagnostics_relay', () => {
  test('knows the battery', async () => {
    await using lab = await ServiceLab.start();
    const battery = await readBatteryDiagnostics(lab.connect(diagnosticsRelay));
    assert.deepEqual([battery.cycleCount, battery.designCapacityMah, battery.maxCapacityMah], [212, 3227, 2910]);
  });

  test('says that MobileGestalt is gone, as iOS does since 17.4', async () => {
    await using lab = await ServiceLab.start();
    const question = { Request: 'MobileGestalt', MobileGestaltKeys: ['ProductType'] };
    const answer = await request(lab.connect(diagnosticsRelay), question);
    const gestalt = dictionaryAt(dictionaryAt(answer, 'Diagnostics'), 'MobileGestalt');
    assert.deepEqual(gestalt, { Status: 'MobileGestaltDeprecated' });
  });

  test('takes an empty class of entry for none, as libimobiledevice means it', async () => {
    await using lab = await ServiceLab.start();
    const question = { Request: 'IORegistry', EntryName: 'IOPMPowerSource', EntryClass: '' };
    const answer = await request(lab.connect(diagnosticsRelay), question);
    assert.equal(dictionaryAt(dictionaryAt(answer, 'Diagnostics'), 'IORegistry')?.['CycleCount'], 212);
  });

  test('restarts the phone when the host has said goodbye, not under its hands', async () => {
    const hostGone = new AbortController();
    let restarts = 0;
    await using lab = await ServiceLab.start({ reboot: () => void restarts++, clock: patientClock() });
    const stream = lab.connect(diagnosticsRelay, { signal: hostGone.signal });
    const question = { Request: 'Restart', WaitForDisconnect: true };
    assert.deepEqual(await request(stream, question), { Status: 'Success' });
    assert.deepEqual(await request(stream, { Request: 'Goodbye' }), { Status: 'Success' });
    assert.equal(restarts, 0);
    hostGone.abort();
    await lab.over();
    assert.equal(restarts, 1);
  });

  test('answers what it cannot do, and says goodbye', async () => {
    await using lab = await ServiceLab.start();
    const stream = lab.connect(diagnosticsRelay);
    assert.deepEqual(await request(stream, { Request: 'Fly' }), { Status: 'UnknownRequest' });
    assert.deepEqual(await request(stream, { Request: 'Goodbye' }), { Status: 'Success' });
    await lab.over();
  });
});

describe('a service of property lists', () => {
  test('meets the error, the silence or the cut that was ordered for a command', async () => {
    await using lab = await ServiceLab.start();
    const point = 'com.apple.mobile.diagnostics_relay:GasGauge';
    lab.context.faults.at({ point, action: { kind: 'error', code: 'Busy' } });
    lab.context.faults.at({ point, action: { kind: 'stall', ms: 1 } });
    lab.context.faults.at({ point, action: { kind: 'disconnect' } });
    const stream = lab.connect(diagnosticsRelay);
    assert.deepEqual(await request(stream, { Request: 'GasGauge' }), { Status: 'Busy' });
    assert.equal((await request(stream, { Request: 'GasGauge' }))?.['Status'], 'Success');
    stream.write(encodePlistFrame({ Request: 'GasGauge' }));
    await lab.over();
  });
});

test('the insecure notification proxy knows of nothing but pairing', async () => {
  await using lab = await ServiceLab.start();
  const heard: string[] = [];
  lab.context.notifications.listen((name) => heard.push(name));
  const stream = lab.connect(insecureNotificationProxy, { hostId: undefined });
  const proxy = new NotificationProxy(stream);
  proxy.post('com.apple.itunes-mobdev.syncWillStart');
  proxy.post('com.apple.mobile.lockdown.request_pair');
  await proxy.close();
  assert.deepEqual(heard, ['com.apple.mobile.lockdown.request_pair']);
});

test('the heartbeat hears every answer, and notices one that is none', async () => {
  await using lab = await ServiceLab.start();
  let polos = 0;
  const enough = Promise.withResolvers<void>();
  const service = heartbeat({ intervalMs: 1, onPolo: () => ++polos === 3 && enough.resolve() });
  const stream = lab.connect(service);
  const keeping = keepHeartbeat(stream);
  await enough.promise;
  stream.destroy();
  await keeping.catch(() => {});
  const wrong = lab.connect(service);
  await request(wrong, { Command: 'Solo' });
  await request(wrong, { Command: 'Polo' });
  assert.deepEqual(
    lab.context.breaches.list().map(({ rule }) => rule),
    ['heartbeat.polo'],
  );
});

function appsOf(count: number): InstalledApp[] {
  return Array.from({ length: count }, (_, i) => ({
    bundleId: `com.example.app${i}`,
    name: `App ${i}`,
    version: '1.0',
    build: '1',
    fileSharing: false,
  }));
}

test('crash reports are in their folder as soon as they are asked for', async () => {
  await using lab = await ServiceLab.start();
  const reader = new StreamReader(lab.connect(crashReportMover));
  assert.equal((await reader.read(5)).toString(), 'ping\0');
  assert.equal(await reader.readOrEnd(1), undefined);
});

/** Time stands still: what waits is only ever woken by its signal. */
function patientClock(): Clock {
  return {
    now: () => new Date(0),
    sleep: (_ms, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  };
}
