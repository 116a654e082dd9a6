/** Encryption of backups, changed by idevicebackup2 and by us in turn; and shares of a password, joined by Python. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  backUpDevice,
  changeEncryption,
  checkPasswords,
  deviceSetup,
  findDevice,
  pairWith,
  type BackupEvent,
  type EncryptionChange,
  type EncryptionEvent,
} from '../../src/service/index.ts';
import { openKnownVault } from '../../src/vault/index.ts';
import { placesFor } from '../../src/shared/files/places.ts';
import { mutateLibrary } from '../../src/virtual-iphone/index.ts';
import { eventually, JudgedPhone, run } from './harness.ts';

const [FIRST, SECOND, THIRD] = ['the first one', 'the second one', 'the third one'];

type Done<T> = Extract<T, { event: 'done' }>;

test('whoever changes the password: the next backup is right, and every snapshot opens with its own', async () => {
  await using judge = await JudgedPhone.start();
  const us = new Us(judge);
  const theirs = join(judge.directory, 'theirs');
  await mkdir(theirs);
  await judge.ok('idevicepair', ['pair']);
  const plain = await us.backUp();

  await judge.ok('idevicebackup2', ['encryption', 'on', FIRST, theirs]);
  const first = await us.backUp();
  assert.equal(first.full, true);

  // That client lets no phone near our versions: the next backup has to send everything.
  await judge.ok('idevicebackup2', ['changepw', FIRST, SECOND, theirs]);
  mutateLibrary(judge.phone.disk);
  const second = await us.backUp();
  assert.equal(second.full, true);

  // After a change of ours it goes on from the newest version.
  const changed = await us.change({ kind: 'change', oldPassword: SECOND, newPassword: THIRD });
  assert.equal(changed.kept, 'snapshot');
  mutateLibrary(judge.phone.disk);
  const third = await us.backUp();
  assert.equal(third.full, false);

  assert.deepEqual(await us.opening(FIRST), [first.snapshot]);
  assert.deepEqual(await us.opening(SECOND), [second.snapshot]);
  assert.deepEqual(await us.opening(THIRD), [third.snapshot, changed.snapshot]);

  // What the phone left in our version is a backup like any other.
  const folder = await us.exported(changed.snapshot ?? '');
  await judge.ok('idevicebackup2', ['restore', '--system', '--settings', '--password', THIRD, folder]);
  await eventually('the phone has restarted', () => judge.phone.context.settings.get('restore.awaitsReboot') !== true);
  const wrong = await judge.run('idevicebackup2', ['restore', '--system', '--password', SECOND, folder]);
  assert.notEqual(wrong.status, 0);

  // Their own folder had another password: they start over, and are right.
  assert.match(await judge.ok('idevicebackup2', ['backup', theirs]), /Backup Successful/);
  await judge.ok('idevicebackup2', ['encryption', 'off', THIRD, theirs]);
  const last = await us.backUp();
  assert.equal(last.encrypted, false);
  assert.deepEqual(
    (await us.states()).toSorted(),
    [`${last.snapshot} readable`, `${plain.snapshot} readable`].toSorted(),
  );
  assert.deepEqual(judge.phone.breaches.list(), []);
});

test('the Python in the description of shares joins the shares in it', async () => {
  await using judge = await JudgedPhone.start();
  const page = await readFile(join(import.meta.dirname, '../../docs/formats/shares.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
  const script = join(judge.directory, 'join.py');
  await writeFile(script, blocks.find(({ kind }) => kind === 'python')?.text ?? '');
  const files = await Promise.all(
    blocks
      .filter(({ kind }) => kind === '')
      .slice(0, 2)
      .map(async ({ text }, i) => {
        const file = join(judge.directory, `share-${i}.txt`);
        await writeFile(file, text);
        return file;
      }),
  );
  assert.equal((await run('python3', [script, ...files])).stdout, 'correct horse battery staple\n');
  assert.notEqual((await run('python3', [script, ...files.slice(0, 1)])).status, 0);
});

/** Holdfast, with a vault of its own beside the judge's folder. */
class Us {
  readonly #judge: JudgedPhone;
  readonly #places: ReturnType<typeof placesFor>;

  constructor(judge: JudgedPhone) {
    this.#judge = judge;
    this.#places = placesFor({ HOLDFAST_HOME: join(judge.directory, 'holdfast') });
  }

  async backUp(): Promise<Done<BackupEvent>> {
    return lastOf(await Array.fromAsync(backUpDevice(await this.#request())));
  }

  async change(change: EncryptionChange): Promise<Done<EncryptionEvent>> {
    return lastOf(await Array.fromAsync(changeEncryption({ ...(await this.#request()), change })));
  }

  /** The snapshots that a password opens, newest first. */
  async opening(password: string): Promise<string[]> {
    return (await this.#check(password)).filter(({ state }) => state === 'opens').map(({ id }) => id);
  }

  /** Those that need no password. */
  async states(): Promise<string[]> {
    return (await this.#check('')).filter(({ state }) => state === 'readable').map(({ id, state }) => `${id} ${state}`);
  }

  async exported(snapshot: string): Promise<string> {
    await using vault = await this.#vault();
    const folder = join(this.#judge.directory, `exported-${snapshot}`);
    await Array.fromAsync(vault.export(vault.findSnapshot(snapshot), folder));
    return folder;
  }

  async #check(password: string): Promise<{ id: string; state: string }[]> {
    await using vault = await this.#vault();
    const ask = async (number: number): Promise<string | undefined> => (number === 0 ? password : undefined);
    const checked = checkPasswords({ vault, records: vault.snapshots(), kept: () => [], ask });
    return (await Array.fromAsync(checked)).map(({ record, state }) => ({ id: record.id, state }));
  }

  #vault(): ReturnType<typeof openKnownVault> {
    const { vaultDir: dir, stateDir } = this.#places;
    return openKnownVault({ dir, stateDir, purpose: 'a judge', create: false, lock: 'none' });
  }

  async #request() {
    const setup = deviceSetup({ USBMUXD_SOCKET_ADDRESS: this.#judge.socketPath }, this.#places);
    const device = await findDevice(setup, this.#judge.phone.udid, {});
    if (!device.paired) await pairWith(setup, device, {});
    return { setup, device, vaultDir: this.#places.vaultDir, stateDir: this.#places.stateDir };
  }
}

function lastOf<T extends { readonly event: string }>(events: readonly T[]): Extract<T, { event: 'done' }> {
  const done = events.find((event): event is Extract<T, { event: 'done' }> => event.event === 'done');
  assert.ok(done !== undefined);
  return done;
}
