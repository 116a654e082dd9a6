/** Encryption of backups, turned on, changed and turned off by us, with backups in between. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { listDevices } from '../../src/device/index.ts';
import { asDictionary, decodePlist, encodeBinaryPlist } from '../../src/formats/index.ts';
import { createKeybag } from '../../src/keybag/index.ts';
import { PasswordDraft } from '../../src/service/encryption/password-draft.ts';
import {
  changeEncryption,
  checkPasswords,
  snapshotSource,
  type EncryptionChange,
  type EncryptionEvent,
} from '../../src/service/index.ts';
import type { BackupTarget } from '../../src/shared/target/backup-target.ts';
import { openBackup, verifyDeep } from '../../src/snapshot/index.ts';
import type { SnapshotRecord } from '../../src/vault/index.ts';
import type { VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { assertHolds, contentsOf, type Contents } from '../support/compare.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const OLD = 'the first password';
const NEW = 'the second password, Grüße';
const FILES = 40;
const on = { kind: 'on', newPassword: OLD } as const;
const changed = { kind: 'change', oldPassword: OLD, newPassword: NEW } as const;
const off = { kind: 'off', oldPassword: NEW } as const;

type Ended = Extract<EncryptionEvent, { event: 'done' }>;

describe('a change of the backup password', () => {
  test('keeps every snapshot open by its own password, and the next backup an incremental one', async () => {
    await using both = await start();
    const plain = await snapshot(both);
    assert.equal((await change(both, on)).encrypted, true);

    const first = await snapshot(both, { full: true });
    const ended = await change(both, changed);
    assert.equal(ended.kept, 'snapshot');
    const rekeyed = await recordOf(both, ended.snapshot);
    assert.equal(rekeyed.checks['passwordChangeOf'], first.record.id);
    assert.equal(rekeyed.checks['keybag'], ended.keybag);
    assert.equal(rekeyed.parent, first.record.id);
    assert.deepEqual(rekeyed.takenAt, first.record.takenAt);

    both.takePhotos(FILES, FILES + 5);
    const second = await snapshot(both, { full: false });
    assert.equal(second.record.parent, rekeyed.id);
    assert.equal(second.record.checks['keybag'], ended.keybag);

    assert.equal((await change(both, off)).encrypted, false);
    const last = await snapshot(both, { full: true });

    await assertOpensWith(both, plain, undefined);
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, { ...first, record: rekeyed }, NEW);
    await assertOpensWith(both, second, NEW);
    await assertOpensWith(both, last, undefined);
    await assert.rejects(assertOpensWith(both, first, NEW), { code: 'WRONG_PASSWORD' });
    await assert.rejects(assertOpensWith(both, second, OLD), { code: 'WRONG_PASSWORD' });
    assertTidy(both);
  });

  test('goes into an unfinished backup, which then finishes with the new password', async () => {
    await using both = await start({ backupPassword: OLD });
    const first = await snapshot(both);
    both.takePhotos(FILES, FILES + 30);
    await cutBackUp(both);

    const ended = await change(both, changed);
    assert.equal(ended.kept, 'unfinished');
    const second = await snapshot(both, { full: false });
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, second, NEW);
    assertTidy(both);
  });

  test('before the first backup leaves nothing behind', async () => {
    await using both = await start();
    assert.equal((await change(both, on)).kept, 'none');
    assert.equal((await change(both, changed)).kept, 'none');
    assert.deepEqual(await both.drafted(), []);
    await assertOpensWith(both, await snapshot(both, { full: true }), NEW);
  });

  test('leaves an old phone’s backup without a database open as well', async () => {
    await using both = await start({ productVersion: '9.3.5', backupPassword: OLD });
    const first = await snapshot(both);
    const ended = await change(both, changed);
    const second = await snapshot(both, { full: false });
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, { ...first, record: await recordOf(both, ended.snapshot) }, NEW);
    await assertOpensWith(both, second, NEW);
  });
});

describe('a change that is refused changes nothing', () => {
  for (const { what, phone, asked, error } of [
    {
      what: 'a wrong old password',
      phone: { backupPassword: NEW },
      asked: changed,
      error: {
        code: 'WRONG_PASSWORD',
        details: { deviceCode: 207, description: 'Invalid password' },
        hint: /^Nothing was changed.*encryption forgotten/s,
      },
    },
    {
      what: 'a wrong password for turning it off',
      phone: { backupPassword: OLD },
      asked: off,
      error: { code: 'WRONG_PASSWORD' },
    },
    {
      what: 'the passcode refused',
      phone: { backupPassword: OLD, passcode: { mode: 'deny', delayMs: 5 } },
      asked: changed,
      error: { code: 'PASSCODE_NOT_ENTERED', hint: /^Nothing was changed/ },
    },
    {
      what: 'on when it is on',
      phone: { backupPassword: OLD },
      asked: on,
      error: { code: 'DEVICE_REFUSED', message: /encrypted already/ },
    },
    { what: 'off when it is off', phone: {}, asked: off, error: { code: 'DEVICE_REFUSED', message: /not encrypted/ } },
    {
      what: 'a change when it is off',
      phone: {},
      asked: changed,
      error: { code: 'DEVICE_REFUSED', hint: /encryption on/ },
    },
  ] satisfies { what: string; phone: Partial<VirtualIphoneOptions>; asked: EncryptionChange; error: object }[]) {
    test(what, async () => {
      await using both = await start({ files: 8, ...phone });
      const { backupPassword } = phone as Partial<VirtualIphoneOptions>;
      const first = await snapshot(both, {}, 'none');
      await assert.rejects(change(both, asked), error);
      assert.deepEqual(await both.drafted(), []);
      const passcode = { mode: 'accept', delayMs: 0 } as const;
      both.phone.context.screen.passcode = passcode;
      const second = await snapshot(both, {});
      await assertOpensWith(both, second, backupPassword);
      if (first !== undefined) await assertOpensWith(both, first, backupPassword);
      assertTidy(both);
    });
  }

  test('a profile that forbids it', async () => {
    await using both = await start({ backupPassword: OLD, files: 8 });
    both.phone.faults.at({ point: 'mobilebackup2:change-password', action: { kind: 'error', code: 22 } });
    await assert.rejects(change(both, { kind: 'off', oldPassword: OLD }), {
      code: 'DEVICE_REFUSED',
      message: /profile/,
    });
    assert.equal(both.phone.context.settings.get('backup.willEncrypt'), true);
  });
});

describe('a change that is cut off', () => {
  test('before the phone makes it leaves the old password in force', async () => {
    await using both = await start({ backupPassword: OLD });
    const first = await snapshot(both);
    both.phone.faults.at({ point: 'mobilebackup2:change-password', action: { kind: 'disconnect' } });
    await assert.rejects(change(both, changed), { code: 'CONNECTION_LOST', hint: /keep both/ });
    const second = await snapshot(both, { full: false });
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, second, OLD);
    assertTidy(both);
  });

  test('between the phone and the computer costs a full backup, and no snapshot', async () => {
    await using both = await start({ backupPassword: OLD });
    const first = await snapshot(both);
    both.phone.faults.at({ point: 'mobilebackup2:change-password-folder', action: { kind: 'disconnect' } });
    await assert.rejects(change(both, changed), { code: 'CONNECTION_LOST', hint: /it has the new one/ });
    // What the hint says: run the same again.
    await assert.rejects(change(both, changed), { code: 'WRONG_PASSWORD' });
    const second = await snapshot(both, { full: true });
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, second, NEW);
    assertTidy(both);
  });

  test('after its keys arrived is done, whatever was not heard any more', async () => {
    await using both = await start({ backupPassword: OLD });
    const first = await snapshot(both);
    both.phone.faults.at({ point: 'mobilebackup2:response', action: { kind: 'disconnect' } });
    const ended = await change(both, changed);
    assert.equal(ended.kept, 'snapshot');
    const second = await snapshot(both, { full: false });
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, second, NEW);
    assertTidy(both);
  });

  for (const [how, action] of [
    ['without a word', { kind: 'disconnect' }],
    ['with a goodbye', { kind: 'behave', as: 'goodbye' }],
  ] as const) {
    test(`${how} when encryption is turned on is found out by asking the phone`, async () => {
      await using both = await start({ files: 8 });
      both.phone.faults.at({ point: 'mobilebackup2:response', action });
      assert.equal((await change(both, on)).encrypted, true);
      await assertOpensWith(both, await snapshot(both), OLD);
    });
  }
});

describe('keys that nobody has', () => {
  test('never become part of a backup: a first encrypted run that broke off is started over', async () => {
    await using both = await start();
    await snapshot(both);
    await change(both, on);
    await cutBackUp(both);
    const drafted = await both.drafted();
    assert.deepEqual(drafted, [both.phone.udid]);
    let resumed: boolean | undefined;
    const contents = contentsOf(both.phone);
    const done = await both.backUp({
      onEvent: (event) => void (event.event === 'started' && (resumed = event.resumed)),
    });
    assert.equal(resumed, false);
    assert.equal(done.full, true);
    await assertOpensWith(both, { record: await recordOf(both, done.snapshot), contents }, OLD);
  });

  test('also when encryption went off and on again while it lay there', async () => {
    await using both = await start({ backupPassword: NEW });
    const first = await snapshot(both);
    both.takePhotos(FILES, FILES + 30);
    await cutBackUp(both);
    await assert.rejects(change(both, { kind: 'off', oldPassword: 'wrong' }), { code: 'WRONG_PASSWORD' });
    assert.deepEqual(await both.drafted(), [both.phone.udid]);
    await change(both, off);
    assert.deepEqual(await both.drafted(), []);
    await change(both, on);
    const second = await snapshot(both, { full: true });
    await assertOpensWith(both, first, NEW);
    await assertOpensWith(both, second, OLD);
    assertTidy(both);
  });
});

describe('keys that do not fit', () => {
  test('are not kept, whoever sent them: the versions stay as they are', async () => {
    await using both = await start({ backupPassword: OLD, files: 8 });
    const first = await snapshot(both);
    const { udid } = both.phone;
    const { bytes: foreign } = await createKeybag(NEW, { iterations: 1, doubleIterations: 1 });
    await using vault = await both.openVault();
    for (const tamper of [
      // Another keybag, which the new password opens, and which has nothing to do with the files.
      async (target: BackupTarget) =>
        writeTo(target, `${udid}/Manifest.plist`, await withKeybag(target, udid, foreign)),
      async (target: BackupTarget) =>
        writeTo(target, `${udid}/Manifest.plist`, await withKeybag(target, udid, Buffer.alloc(99))),
      async (target: BackupTarget) => {
        await writeTo(target, `${udid}/Manifest.plist`, await withKeybag(target, udid, foreign));
        await target.remove(`${udid}/Manifest.db`);
      },
    ]) {
      await using folder = await PasswordDraft.open(vault, udid);
      await tamper(folder.target);
      const { kind } = await folder.settle(NEW);
      assert.ok(kind === 'unusable' || kind === 'none', kind);
    }
    assert.deepEqual(vault.draftedUdids(), []);
    assert.deepEqual(
      vault.snapshots().map(({ id }) => id),
      [first.record.id],
    );
    await vault.close();
    await assertOpensWith(both, first, OLD);
    await assertOpensWith(both, await snapshot(both, { full: false }), OLD);
  });

  test('are told in a version that another program mixed up', async () => {
    await using both = await start({ backupPassword: OLD, files: 8 });
    const first = await snapshot(both);
    const { udid } = both.phone;
    await using vault = await both.openVault();
    await Array.fromAsync(vault.export(first.record, join(both.directory, 'mixed')));
    const path = join(both.directory, 'mixed', udid, 'Manifest.plist');
    const { bytes } = await createKeybag(OLD, { iterations: 1, doubleIterations: 1 });
    await writeFile(
      path,
      encodeBinaryPlist({ ...asDictionary(decodePlist(await readFile(path))), BackupKeyBag: bytes }),
    );
    await Array.fromAsync(vault.import(join(both.directory, 'mixed')));
    const ask = (number: number): Promise<string | undefined> => Promise.resolve(number === 0 ? OLD : undefined);
    const checked = await Array.fromAsync(checkPasswords({ vault, records: vault.snapshots(), kept: () => [], ask }));
    const states = new Map(checked.map(({ record, state, by }) => [record.id === first.record.id, [state, by]]));
    assert.deepEqual(states.get(true), ['opens', 'given']);
    assert.deepEqual(states.get(false), ['damaged', 'given']);
  });
});

interface Taken {
  readonly record: SnapshotRecord;
  readonly contents: Contents;
}

function start(options: Partial<VirtualIphoneOptions> & { files?: number } = {}): Promise<PhoneAndVault> {
  return PhoneAndVault.start({ files: FILES, ...options, backup: { batchFiles: 8, ...options.backup } });
}

async function change(both: PhoneAndVault, asked: EncryptionChange): Promise<Ended> {
  const { pairRecords, directory, vaultDir } = both;
  const setup = { muxAddress: both.mux, pairRecords };
  const [device] = await listDevices({ muxAddress: both.mux, store: pairRecords });
  assert.ok(device !== undefined);
  let ended: Ended | undefined;
  for await (const event of changeEncryption({ setup, device, vaultDir, stateDir: directory, change: asked })) {
    if (event.event === 'warning') assert.match(event.message, /old password does not open the newest backup/);
    if (event.event === 'done') ended = event;
  }
  assert.ok(ended !== undefined);
  return ended;
}

/** @param passcode the phone's, for this backup only. */
async function snapshot(both: PhoneAndVault, expected: { full?: boolean } = {}, passcode?: 'none'): Promise<Taken> {
  const { screen } = both.phone.context;
  const before = screen.passcode;
  if (passcode !== undefined) screen.passcode = { mode: passcode, delayMs: 0 };
  const contents = contentsOf(both.phone);
  const done = await both.backUp();
  screen.passcode = before;
  if (expected.full !== undefined) assert.equal(done.full, expected.full);
  return { record: await recordOf(both, done.snapshot), contents };
}

/** A backup that breaks off with some files sent. */
async function cutBackUp(both: PhoneAndVault): Promise<void> {
  both.phone.faults.at({ point: 'mobilebackup2:upload', nth: 2, action: { kind: 'disconnect' } });
  await assert.rejects(both.backUp(), { code: 'CONNECTION_LOST' });
}

async function recordOf(both: PhoneAndVault, id: string | undefined): Promise<SnapshotRecord> {
  assert.ok(id !== undefined);
  await using vault = await both.openVault('none');
  return vault.findSnapshot(id);
}

/** Every file of the snapshot is there, decrypts and is what the phone held. */
async function assertOpensWith(both: PhoneAndVault, { record, contents }: Taken, password?: string): Promise<void> {
  await using vault = await both.openVault('none');
  await assertHolds(vault, record, contents, password);
  using view = vault.openSnapshot(record);
  using backup = await openBackup(snapshotSource(view), { password });
  for await (const event of verifyDeep(backup))
    if (event.kind === 'finding') assert.fail(JSON.stringify(event.finding));
}

async function withKeybag(target: BackupTarget, udid: string, keybag: Buffer): Promise<Buffer> {
  const file = await target.read(`${udid}/Manifest.plist`);
  const chunks = await Array.fromAsync(file.chunks(), (chunk) => Buffer.from(chunk));
  return encodeBinaryPlist({ ...asDictionary(decodePlist(Buffer.concat(chunks))), BackupKeyBag: keybag });
}

async function writeTo(target: BackupTarget, path: string, bytes: Buffer): Promise<void> {
  const sink = await target.create(path);
  await sink.write(bytes);
  await sink.finish();
}

function assertTidy({ phone }: PhoneAndVault): void {
  assert.deepEqual(phone.breaches.list(), []);
  assert.equal(phone.isSyncLocked, false);
}
