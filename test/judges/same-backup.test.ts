/**
 * The vault against idevicebackup2: what both make of the same phone is the same, and what the vault gives out goes
 * back onto a phone with the other's restore.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { backUpDevice, deviceSetup, findDevice, pairWith } from '../../src/service/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import { placesFor } from '../../src/shared/files/places.ts';
import { isEncryptedOnly, mutateLibrary, type VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { eventually, JudgedPhone } from './harness.ts';

/** Made anew by every backup: the computer's own notes, and the dates and ids in the phone's. */
const NEVER_THE_SAME = ['Info.plist', 'Status.plist', 'Manifest.plist'];
/** Encrypted with a key that lies in Manifest.plist, and written anew by every backup. */
const NOT_THE_SAME_ENCRYPTED = [...NEVER_THE_SAME, 'Manifest.db'];

const PASSWORD = 'correct horse';

describe('holdfast and idevicebackup2 make the same backup of the same phone', () => {
  for (const { title, options, ignored } of [
    { title: 'unencrypted', options: {}, ignored: NEVER_THE_SAME },
    { title: 'encrypted', options: { backupPassword: PASSWORD }, ignored: NOT_THE_SAME_ENCRYPTED },
  ]) {
    test(`${title}, full and then incremental`, async () => {
      await using judge = await JudgedPhone.start(options);
      const theirs = join(judge.directory, 'theirs');
      await mkdir(theirs);
      await judge.ok('idevicepair', ['pair']);
      for (const round of ['full', 'incremental']) {
        await judge.ok('idevicebackup2', ['backup', theirs]);
        await holdfastBackup(judge);
        const ours = await exported(judge, round);
        assert.deepEqual(
          await hashesIn(join(ours, judge.phone.udid), ignored),
          await hashesIn(join(theirs, judge.phone.udid), ignored),
        );
        mutateLibrary(judge.phone.disk);
      }
      assert.deepEqual(judge.phone.breaches.list(), []);
    });
  }
});

describe('idevicebackup2 restores what holdfast exports', () => {
  for (const { title, options, words } of [
    { title: 'unencrypted', options: {}, words: [] },
    { title: 'encrypted', options: { backupPassword: PASSWORD }, words: ['--password', PASSWORD] },
  ] satisfies { title: string; options: Partial<VirtualIphoneOptions>; words: string[] }[]) {
    test(`${title}, a full and an incremental snapshot`, async () => {
      await using judge = await JudgedPhone.start(options);
      for (const round of ['full', 'incremental']) {
        await holdfastBackup(judge);
        const before = backedUpContent(judge, options);
        const folder = await exported(judge, round);
        mutateLibrary(judge.phone.disk, { share: 0.2 });
        assert.notEqual(backedUpContent(judge, options), before);
        await judge.ok('idevicebackup2', ['restore', '--system', '--settings', '--remove', ...words, folder]);
        // The client is done when the phone has everything; the phone puts it in place while it restarts.
        await eventually(
          `the phone holds the ${round} snapshot again`,
          () => backedUpContent(judge, options) === before,
        );
        mutateLibrary(judge.phone.disk);
      }
      assert.deepEqual(judge.phone.breaches.list(), []);
    });
  }
});

async function holdfastBackup(judge: JudgedPhone): Promise<void> {
  const places = placesFor({ HOLDFAST_HOME: join(judge.directory, 'holdfast') });
  const setup = deviceSetup({ USBMUXD_SOCKET_ADDRESS: judge.socketPath }, places);
  const device = await findDevice(setup, judge.phone.udid, {});
  if (!device.paired) await pairWith(setup, device, {});
  const request = { setup, device, vaultDir: places.vaultDir, stateDir: places.stateDir };
  const events = await Array.fromAsync(backUpDevice(request));
  assert.equal(events.at(-1)?.event, 'done');
}

/** The newest snapshot as a folder. */
async function exported(judge: JudgedPhone, name: string): Promise<string> {
  const { vaultDir, stateDir } = placesFor({ HOLDFAST_HOME: join(judge.directory, 'holdfast') });
  const dir = join(judge.directory, `export-${name}`);
  await using vault = await openKnownVault({ dir: vaultDir, stateDir, purpose: 'test', create: false, lock: 'none' });
  await Array.fromAsync(vault.export(vault.findSnapshot('latest'), dir));
  return dir;
}

/** What of the phone is in a backup, as one hash. */
function backedUpContent({ phone }: JudgedPhone, { backupPassword }: Partial<VirtualIphoneOptions>): string {
  return phone.disk.fingerprint((file) => {
    return file.domain !== 'NotBackedUpDomain' && (backupPassword !== undefined || !isEncryptedOnly(file));
  });
}

/** Path → SHA-256 of every file below a folder. */
async function hashesIn(dir: string, ignored: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || ignored.includes(entry.name)) continue;
    hashes[path.slice(dir.length + 1)] = hash('sha256', await readFile(path));
  }
  return hashes;
}
