import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  encodeMuxPacket,
  factsFrom,
  locationFromRoutes,
  MuxPacketDecoder,
  type DeviceListing,
} from '../../device/index.ts';
import { AppError } from '../../shared/errors.ts';
import { placesFor } from '../../shared/files/places.ts';
import { deviceSetup } from '../devices/find-devices.ts';
import { examineSpace, examineWritable } from './examine-vault.ts';
import { examine, examineDevice } from './examine.ts';
import type { Finding } from './finding.ts';
import { openKnownVault } from '../../vault/index.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

describe('this computer', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'holdfast-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const places = () => placesFor({ HOLDFAST_HOME: home });

  async function look(socket = join(home, 'nobody')): Promise<Finding[]> {
    const setup = deviceSetup({ USBMUXD_SOCKET_ADDRESS: `UNIX:${socket}` }, places());
    return Array.fromAsync(examine({ setup, places: places(), vaultDir: places().vaultDir }));
  }

  async function makeVault(): Promise<void> {
    const { vaultDir: dir, stateDir } = places();
    await using _vault = await openKnownVault({ dir, stateDir, purpose: 'a test', create: true, lock: 'write' });
  }

  test('no usbmuxd', async () => {
    const findings = await look();
    assert.deepEqual(stateOf(findings, 'usbmuxd'), ['USBMUXD_UNAVAILABLE']);
    assert.match(findings[0]?.message ?? '', /^usbmuxd, .*\.$/);
    assert.deepEqual(stateOf(findings, 'device'), []);
  });

  test('usbmuxd, and no device', async () => {
    await using mux = await emptyMux(join(home, 'mux'));
    const findings = await look(mux.path);
    assert.deepEqual(stateOf(findings, 'usbmuxd'), ['ok']);
    assert.deepEqual(stateOf(findings, 'device'), ['DEVICE_NOT_FOUND']);
    assert.ok(findings.every(({ state }) => state !== 'problem'));
  });

  test('a folder of pair records that others can look into', async () => {
    const { pairRecordsDir } = places();
    await mkdir(pairRecordsDir, { recursive: true });
    await chmod(pairRecordsDir, 0o755);
    const finding = (await look()).find(({ check }) => check === 'pair-records');
    assert.equal(finding?.state, 'problem');
    assert.equal(finding.hint, `Close it: chmod 700 ${pairRecordsDir}`);
    await chmod(pairRecordsDir, 0o700);
    assert.deepEqual(stateOf(await look(), 'pair-records'), ['ok']);
  });

  test('a pair record that others can read', async () => {
    const { pairRecordsDir } = places();
    await mkdir(pairRecordsDir, { recursive: true, mode: 0o700 });
    await writeFile(join(pairRecordsDir, `${UDID}.plist`), '');
    await chmod(join(pairRecordsDir, `${UDID}.plist`), 0o640);
    assert.deepEqual(stateOf(await look(), 'pair-records'), ['STORAGE_FAILED']);
  });

  test('no vault yet: fine, and the place of the first one is looked at', async () => {
    const findings = await look();
    assert.deepEqual(stateOf(findings, 'vault'), ['ok']);
    assert.deepEqual(stateOf(findings, 'writable'), ['ok']);
    assert.equal(findings.filter(({ check }) => check === 'space').length, 1);
  });

  test('a vault that opens', async () => {
    await makeVault();
    const findings = await look();
    assert.deepEqual([stateOf(findings, 'vault'), stateOf(findings, 'writable')], [['ok'], ['ok']]);
  });

  test('a vault that vanished with its disk, mount point left or not', async () => {
    await makeVault();
    await rename(places().vaultDir, join(home, 'elsewhere'));
    assert.deepEqual(stateOf(await look(), 'vault'), ['VAULT_NOT_FOUND']);
    await mkdir(places().vaultDir);
    assert.deepEqual(stateOf(await look(), 'vault'), ['VAULT_NOT_FOUND']);
  });

  test('a folder that is no vault in the place of the first one', async () => {
    await mkdir(places().vaultDir);
    await writeFile(join(places().vaultDir, 'letter.txt'), '');
    assert.deepEqual(stateOf(await look(), 'vault'), ['VAULT_NOT_FOUND']);
  });

  test('a file in the place of the vault', async () => {
    await writeFile(places().vaultDir, '');
    const [finding] = (await look()).filter(({ check }) => check === 'vault');
    assert.equal(finding?.state, 'problem');
  });

  test('a folder that cannot be written to', async () => {
    const finding = await examineWritable(join(home, 'gone'), 'the vault');
    assert.deepEqual([finding.state, finding.code], ['problem', 'STORAGE_FAILED']);
    assert.equal(finding.message, 'The vault cannot be written to.');
  });

  test('nothing is made by looking', async () => {
    await look();
    assert.deepEqual(await readdir(home), []);
  });
});

test('little space is worth attention, and none is a problem, in words that fit', () => {
  assert.deepEqual(examineSpace(71e9), { check: 'space', state: 'ok', message: '71 GB are free for backups.' });
  const { state, code, message } = examineSpace(19.9e9);
  assert.deepEqual([state, code, message], ['attention', 'OUT_OF_SPACE', 'Only 19 GB are free for backups.']);
  assert.equal(examineSpace(3.4e6).message, 'Only 3 MB are free for backups.');
  const full = examineSpace(0);
  assert.deepEqual([full.state, full.message], ['problem', 'The disk has no space left for backups.']);
});

describe('a device', () => {
  const facts = factsFrom(UDID, new Map([['', { DeviceName: 'Ada’s iPhone' }]]));
  const base: DeviceListing = {
    udid: UDID,
    facts,
    paired: true,
    connections: ['usb', 'network'],
    location: locationFromRoutes(UDID, []),
  };
  const locked = new AppError('DEVICE_LOCKED', 'the device is locked', { hint: 'Unlock it.' });

  test('that is ready', () => {
    const finding = examineDevice({ ...base, facts: { ...facts, willEncrypt: true } });
    assert.deepEqual([finding.state, finding.message], ['ok', 'Ada’s iPhone is ready (by cable).']);
    const wireless = examineDevice({ ...base, connections: ['network'], facts: { ...facts, willEncrypt: true } });
    assert.equal(wireless.message, 'Ada’s iPhone is ready (over Wi-Fi).');
  });

  test('whose backups are not encrypted', () => {
    const finding = examineDevice({ ...base, facts: { ...facts, willEncrypt: false } });
    assert.equal(finding.state, 'attention');
    assert.match(finding.message, /not encrypted/);
  });

  test('that does not trust this computer', () => {
    const finding = examineDevice({ ...base, paired: false });
    assert.deepEqual([finding.state, finding.code], ['problem', 'DEVICE_NOT_TRUSTED']);
    assert.match(finding.hint ?? '', /holdfast pair/);
  });

  test('that is locked, paired or not', () => {
    for (const paired of [true, false]) {
      const finding = examineDevice({ ...base, paired, problem: locked });
      assert.deepEqual([finding.state, finding.code, finding.hint], ['problem', 'DEVICE_LOCKED', 'Unlock it.']);
      assert.equal(finding.message, 'Ada’s iPhone: the device is locked.');
    }
  });

  test('that broke off while it was asked, which says nothing about its encryption', () => {
    const problem = new AppError('CONNECTION_LOST', 'the connection broke');
    assert.deepEqual(examineDevice({ ...base, problem }).code, 'CONNECTION_LOST');
  });
});

/** The codes of what was found by one check, or the states where there is none. */
function stateOf(findings: readonly Finding[], check: string): string[] {
  return findings.filter((finding) => finding.check === check).map(({ state, code }) => code ?? state);
}

/** A usbmuxd with nothing plugged in. */
async function emptyMux(path: string): Promise<AsyncDisposable & { path: string }> {
  const server = createServer((socket) => {
    const decoder = new MuxPacketDecoder();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      decoder.push(chunk);
      for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) {
        socket.write(encodeMuxPacket({ tag: packet.tag, body: { DeviceList: [] } }));
      }
    });
  }).listen(path);
  await once(server, 'listening');
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
