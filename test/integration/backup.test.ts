import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import { backUp, type BackupEvent } from '../../src/backup/index.ts';
import { locationFromAddress, openDevice } from '../../src/device/index.ts';
import { asDictionary, decodePlist } from '../../src/formats/index.ts';
import { openManifest, readContent, readManifestPlist, unlockBackup } from '../../src/snapshot/index.ts';
import { openVault } from '../../src/vault/index.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

describe('a backup', () => {
  test('brings everything at first, then what changed, and keeps every version', async () => {
    await using both = await PhoneAndVault.start();
    const first = both.contents();
    const events: BackupEvent[] = [];
    const full = await both.backUp({ onEvent: (event) => events.push(event) });
    assert.deepEqual([full.event, full.udid, full.full, full.encrypted], ['done', both.phone.udid, true, false]);
    assert.ok(full.files >= first.size && full.seconds >= 0);
    assert.deepEqual(phasesIn(events), [
      'connecting',
      'preparing',
      'receiving',
      'moving',
      'removing',
      'verifying',
      'finishing',
    ]);

    both.takePhotos(10, 12, { seed: 1 });
    both.takePhotos(150, 155);
    both.phone.disk.remove('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_1.JPG');
    const second = both.contents();
    const incremental = await both.backUp();
    assert.equal(incremental.full, false);
    assert.ok(incremental.newBytes < full.newBytes / 2);

    const unchanged = await both.backUp();
    assert.deepEqual([unchanged.full, unchanged.files], [false, incremental.files]);
    const forced = await both.backUp({ options: { full: true } });
    assert.equal(forced.full, true);

    await both.assertHolds(full.snapshot, first);
    for (const { snapshot } of [incremental, unchanged, forced]) await both.assertHolds(snapshot, second);
    assert.deepEqual(both.phone.breaches.list(), []);
    assert.deepEqual(await both.drafted(), []);
  });

  test('of a phone that encrypts is readable with its password, and goes on from there', async () => {
    await using both = await PhoneAndVault.start({ backupPassword: 'secret', files: 30 });
    const full = await both.backUp();
    both.takePhotos(0, 1, { seed: 1 });
    const incremental = await both.backUp();
    assert.deepEqual([full.encrypted, full.full, incremental.full], [true, true, false]);

    await using vault = await both.openVault('none');
    for (const { snapshot } of [full, incremental]) {
      const record = vault.findSnapshot(snapshot);
      using view = vault.openSnapshot(record);
      const source = { read: (path: string) => view.read(`${record.udid}/${path}`) };
      const facts = await readManifestPlist(source);
      assert.ok(facts !== undefined);
      const classKeys = await unlockBackup(facts, 'secret');
      using manifest = await openManifest(source, { classKeys });
      const entry = manifest.find('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_0.JPG');
      assert.ok(entry !== undefined);
      const chunks = await Array.fromAsync(readContent(source, manifest, entry, { classKeys }));
      const expected = Buffer.alloc(300_000, `photo 0 ${snapshot === full.snapshot ? 0 : 1} `);
      assert.ok(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).equals(expected));
    }
  });

  test('writes an Info.plist by which other programs know the device', async () => {
    await using both = await PhoneAndVault.start({ files: 3 });
    for (const app of ['org.example.one', 'org.example.two'])
      both.phone.disk.makeDirectory(`AppDomain-${app}`, 'Documents');
    const { snapshot } = await both.backUp();
    const again = await both.backUp();
    const [info, later] = [await infoOf(both, snapshot), await infoOf(both, again.snapshot)];
    const { identity } = both.phone.context;
    assert.equal(info['Device Name'], identity.name);
    assert.equal(info['Target Identifier'], identity.udid);
    assert.equal(info['Unique Identifier'], identity.udid.toUpperCase());
    assert.equal(info['Product Type'], identity.productType);
    assert.equal(info['Serial Number'], identity.serialNumber);
    assert.ok(info['Last Backup Date'] instanceof Date);
    assert.match(String(info['GUID']), /^[0-9A-F]{32}$/);
    assert.equal(later['GUID'], info['GUID']);
    assert.deepEqual(info['Installed Applications'], ['org.example.one', 'org.example.two']);
    const applications = Object.values(asDictionary(info['Applications']) ?? {});
    assert.ok(applications.some((app) => asDictionary(app)?.['PlaceholderIcon'] instanceof Uint8Array));
  });

  for (const deviceLinkVersion of [100, 200, 300, 400]) {
    test(`works with a device that speaks DeviceLink ${deviceLinkVersion}`, async () => {
      await using both = await PhoneAndVault.start({ files: 20, backup: { deviceLinkVersion } });
      const { snapshot } = await both.backUp();
      both.takePhotos(5, 8, { seed: 1 });
      const next = await both.backUp();
      await both.assertHolds(next.snapshot, both.contents());
      assert.notEqual(next.snapshot, snapshot);
      assert.deepEqual(both.phone.breaches.list(), []);
    });
  }

  test('takes what a phone sends in its own way: files changing, missing, left out, pings, words nobody knows', async () => {
    await using both = await PhoneAndVault.start();
    const { faults } = both.phone;
    for (const [nth, as] of ['modified', 'modified-empty', 'missing', 'omit'].entries()) {
      faults.at({ point: 'mobilebackup2:read-file', nth: 5 + nth * 10, action: { kind: 'behave', as } });
    }
    faults.at({ point: 'mobilebackup2:scan', action: { kind: 'behave', as: 'ping' } });
    faults.at({ point: 'mobilebackup2:free-space', action: { kind: 'behave', as: 'unknown-message' } });
    const warnings: string[] = [];
    await both.backUp({ onEvent: (event) => event.event === 'warning' && warnings.push(event.message) });
    assert.ok(warnings.some((message) => message.includes('DLMessageDanceForMe')));
    assert.ok(warnings.some((message) => message.includes('did not send all of')));
    // What the phone could not send this time comes the next.
    const { snapshot } = await both.backUp();
    await both.assertHolds(snapshot, both.contents());
  });

  test('goes over Wi-Fi too, with the heartbeat running', async () => {
    const address = '127.0.0.46';
    await using both = await PhoneAndVault.start({
      files: 20,
      wifi: { address, heartbeatIntervalMs: 20, heartbeatGraceMs: 300 },
    });
    const location = locationFromAddress(both.phone.udid, address);
    both.phone.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'stall', ms: 500 } });
    const { snapshot } = await both.backUp({ location });
    await both.assertHolds(snapshot, both.contents());
  });

  test('is one at a time for one device', async () => {
    await using both = await PhoneAndVault.start({ files: 3 });
    both.phone.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'stall', ms: 200 } });
    const begun = Promise.withResolvers<void>();
    const running = both.backUp({ onEvent: () => begun.resolve() });
    await begun.promise;
    await using device = await openDevice({ location: both.location, pairRecords: both.pairRecords });
    await using elsewhere = await openVault(join(both.directory, 'other'), { create: true, purpose: 'a test' });
    await assert.rejects(Array.fromAsync(backUp({ device, vault: elsewhere })), { code: 'DEVICE_BUSY' });
    await running;
  });
});

function phasesIn(events: readonly BackupEvent[]): string[] {
  const phases = events.flatMap((event) => (event.event === 'progress' ? [event.phase] : []));
  return phases.filter((phase, i) => phase !== phases[i - 1]);
}

async function infoOf(both: PhoneAndVault, snapshot: string): Promise<Record<string, unknown>> {
  await using vault = await both.openVault('none');
  using view = vault.openSnapshot(vault.findSnapshot(snapshot));
  const chunks: Buffer[] = [];
  for await (const chunk of view.open('Info.plist')?.chunks() ?? []) chunks.push(Buffer.from(chunk));
  return asDictionary(decodePlist(Buffer.concat(chunks))) ?? {};
}
