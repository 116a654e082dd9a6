/**
 * Our restore against idevicebackup2's: from the same backups both leave the same phone, down to the last byte, whoever
 * made the backup, of whichever phone, and under whichever password.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AGENT_SETTINGS,
  isEncryptedOnly,
  mutateLibrary,
  type PhoneFile,
  SETTINGS,
  type VirtualIphoneOptions,
} from '../../src/virtual-iphone/index.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { eventually, JudgedPhone } from './harness.ts';

const PASSWORD = 'correct horse';
const NEW_PASSWORD = 'battery staple';
/** Two of them are the same phone: what they make by themselves, they make at the same moment. */
const TWIN: Partial<VirtualIphoneOptions> = {
  seed: 2,
  clock: { now: () => new Date('2026-11-01T12:00:00Z'), sleep: (ms, signal) => delay(ms, undefined, { signal }) },
};

describe('holdfast and idevicebackup2 restore the same backup to the same phone', () => {
  for (const { title, phone = {}, password, ours = [], theirs = ['--system', '--settings'] } of [
    { title: 'unencrypted' },
    { title: 'encrypted', password: PASSWORD },
    { title: 'removing what is not in it', theirs: ['--system', '--settings', '--remove'] },
    { title: 'leaving system and settings alone', ours: ['--no-system', '--keep-settings'], theirs: [] },
    { title: 'without restarting', ours: ['--no-reboot'], theirs: ['--system', '--settings', '--no-reboot'] },
    { title: 'without its apps', ours: ['--no-apps'], theirs: ['--system', '--settings', '--skip-apps'] },
    { title: 'of iOS 9, in the flat layout', phone: { productVersion: '9.3.5' } },
  ] satisfies Case[]) {
    test(`${title}: an early snapshot of a chain, of another phone`, async () => {
      await using old = await Judge.start({ ...phone, ...(password && { backupPassword: password }) });
      const [early] = [await old.backUp(), mutateLibrary(old.disk), await old.backUp()];
      const folder = await old.exported(early);
      await using mine = await Judge.start({ ...phone, ...TWIN });
      await using another = await Judge.start({ ...phone, ...TWIN });
      assertSame(everythingOn(mine), everythingOn(another));

      await mine.restore(old, early, { password, words: ours });
      const words = ['--source', old.udid, 'restore', ...theirs, ...(password ? ['--password', password] : []), folder];
      await another.ok('idevicebackup2', words);
      await mine.settled();
      await another.settled();
      assertSame(everythingOn(mine), everythingOn(another));
      assert.deepEqual(appsOn(mine), appsOn(another));
      assert.deepEqual([...mine.breaches, ...another.breaches], []);
    });
  }
});

describe('holdfast restores', () => {
  test('to the phone itself, from any snapshot of a chain', async () => {
    await using phone = await Judge.start();
    const snapshots: [string, unknown][] = [];
    for (let day = 0; day < 3; day++) {
      snapshots.push([await phone.backUp(), contentOf(phone)]);
      mutateLibrary(phone.disk, { share: 0.2 });
    }
    for (const [snapshot, content] of snapshots.toReversed()) {
      await phone.restore(phone, snapshot, {});
      assert.deepEqual(contentOf(phone), content);
    }
  });

  test('what was encrypted with an older password, to the phone that has a new one', async () => {
    await using phone = await Judge.start({ backupPassword: PASSWORD });
    const early = await phone.backUp();
    const content = contentOf(phone);
    await phone.ok('idevicebackup2', ['changepw', PASSWORD, NEW_PASSWORD, phone.directory]);
    mutateLibrary(phone.disk, { share: 0.2 });
    await phone.backUp();

    const wrong = await phone.tryRestore(phone, early, { password: NEW_PASSWORD });
    assert.equal(wrong.error?.['code'], 'WRONG_PASSWORD');
    await phone.restore(phone, early, { password: PASSWORD });
    assert.deepEqual(contentOf(phone), content);
    await phone.restore(phone, 'latest', { password: NEW_PASSWORD });
  });

  for (const password of [undefined, PASSWORD]) {
    test(`a folder of idevicebackup2, ${password ? 'encrypted' : 'unencrypted'}, where it lies and taken into the vault`, async () => {
      await using old = await Judge.start(password ? { backupPassword: password } : {});
      const folder = join(old.directory, 'theirs');
      await mkdir(folder);
      await old.ok('idevicebackup2', ['backup', folder]);
      mutateLibrary(old.disk);
      await old.ok('idevicebackup2', ['backup', folder]);
      const imported = await old.holdfast(['import', folder]);
      const snapshot = String(imported.events.find((event) => event['event'] === 'imported')?.['snapshot']);

      const phones: string[][] = [];
      for (const [wanted, words] of [
        [join(folder, old.udid), []],
        [snapshot, []],
      ] as const) {
        await using phone = await Judge.start(TWIN);
        await phone.restore(old, wanted, { password, words });
        phones.push(everythingOn(phone));
      }
      await using another = await Judge.start(TWIN);
      const secret = password ? ['--password', password] : [];
      await another.ok('idevicebackup2', [
        '--source',
        old.udid,
        'restore',
        '--system',
        '--settings',
        ...secret,
        folder,
      ]);
      await another.settled();
      for (const phone of phones) assertSame(phone, everythingOn(another));
    });
  }
});

test('a backup that one of the two began and the other makes anew is whole with both', async () => {
  await using phone = await Judge.start();
  const folder = join(phone.directory, 'theirs');
  await mkdir(folder);
  const service = 'com.apple.mobilebackup2';
  const cut = (): void => phone.faults.onStream({ service, direction: 'out', afterBytes: 1_500_000, action: 'cut' });

  cut();
  assert.notEqual((await phone.run('idevicebackup2', ['backup', folder])).status, 0);
  cut();
  assert.notEqual((await phone.try(['backup', phone.udid, '--no-reconnect'])).status, 0);
  mutateLibrary(phone.disk);
  await phone.ok('idevicebackup2', ['backup', folder]);
  const snapshot = await phone.backUp();
  const content = contentOf(phone);
  await phone.holdfast(['verify', '--deep', snapshot]);
  await phone.holdfast(['verify', '--deep', join(folder, phone.udid)]);

  for (const wanted of [snapshot, join(folder, phone.udid)]) {
    mutateLibrary(phone.disk, { share: 0.2 });
    await phone.restore(phone, wanted, {});
    assert.deepEqual(contentOf(phone), content);
  }
});

interface Case {
  readonly title: string;
  readonly phone?: Partial<VirtualIphoneOptions>;
  readonly password?: string;
  readonly ours?: string[];
  readonly theirs?: string[];
}

interface RestoreWords {
  readonly password?: string | undefined;
  readonly words?: readonly string[];
}

/** A phone that both clients are paired with, and our command line for it. */
class Judge implements AsyncDisposable {
  readonly #phone: JudgedPhone;

  private constructor(phone: JudgedPhone) {
    this.#phone = phone;
  }

  static async start(options: Partial<VirtualIphoneOptions> = {}): Promise<Judge> {
    const judge = new Judge(await JudgedPhone.start(options));
    await judge.ok('idevicepair', ['pair']);
    await judge.holdfast(['pair']);
    return judge;
  }

  get disk(): JudgedPhone['phone']['disk'] {
    return this.#phone.phone.disk;
  }

  get faults(): JudgedPhone['phone']['faults'] {
    return this.#phone.phone.faults;
  }

  get udid(): string {
    return this.#phone.phone.udid;
  }

  get directory(): string {
    return this.#phone.directory;
  }

  get breaches(): unknown[] {
    return [...this.#phone.phone.breaches.list()];
  }

  ok(command: string, words: readonly string[]): Promise<string> {
    return this.#phone.ok(command, words);
  }

  run(command: string, words: readonly string[]): ReturnType<JudgedPhone['run']> {
    return this.#phone.run(command, words);
  }

  /** Runs our command line on this phone, with the vault of `home`. */
  try(
    words: readonly string[],
    { home = this, password }: { home?: Judge; password?: string } = {},
  ): Promise<CliResult> {
    const env = {
      HOLDFAST_HOME: join(this.directory, 'holdfast'),
      HOLDFAST_VAULT: join(home.directory, 'vault'),
      USBMUXD_SOCKET_ADDRESS: `UNIX:${this.#phone.socketPath}`,
      ...(password === undefined ? {} : { HOLDFAST_PASSWORD: password }),
    };
    return holdfast([...words, '--json'], { env });
  }

  async holdfast(words: readonly string[], options: { home?: Judge; password?: string } = {}): Promise<CliResult> {
    const result = await this.try(words, options);
    assert.equal(result.status, 0, `holdfast ${words.join(' ')}\n${result.stdout}\n${result.stderr}`);
    return result;
  }

  /** @returns the snapshot */
  async backUp(): Promise<string> {
    const { events } = await this.holdfast(['backup', this.udid]);
    return String(events.at(-1)?.['snapshot']);
  }

  async exported(snapshot: string): Promise<string> {
    const folder = join(this.directory, `export-${snapshot}`);
    await this.holdfast(['export', snapshot, folder]);
    return folder;
  }

  tryRestore(home: Judge, wanted: string, { password, words = [] }: RestoreWords): Promise<CliResult> {
    const all = ['restore', wanted, '--to', this.udid, '--yes', '--no-safety-backup', ...words];
    return this.try(all, { home, ...(password === undefined ? {} : { password }) });
  }

  async restore(home: Judge, wanted: string, options: RestoreWords): Promise<void> {
    const { status, stdout, stderr } = await this.tryRestore(home, wanted, options);
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    await this.settled();
  }

  /** The clients are done when the phone has everything; the phone puts it in place and restarts. */
  async settled(): Promise<void> {
    await eventually('the phone is back', async () => (await this.ok('idevice_id', ['-l'])).includes(this.udid));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#phone[Symbol.asyncDispose]();
  }
}

/** Everything about everything on a phone but inodes and what computers leave there for each other. */
function everythingOn({ disk }: Judge): string[] {
  const files = [...disk.all()].filter((file) => file.domain !== 'NotBackedUpDomain');
  return files.map((file) => JSON.stringify([file.domain, file.relativePath, ...factsOf(disk, file)]));
}

/** That two phones are the same; if not, the first things that differ. */
function assertSame(phone: readonly string[], other: readonly string[]): void {
  const [all, others] = [new Set(phone), new Set(other)];
  const only = phone.filter((line) => !others.has(line)).map((line) => `ours: ${line}`);
  const missing = other.filter((line) => !all.has(line)).map((line) => `other: ${line}`);
  assert.deepEqual([...only.slice(0, 5), ...missing.slice(0, 5)], []);
  assert.equal(phone.length, other.length);
}

function factsOf(disk: Judge['disk'], file: PhoneFile): unknown[] {
  const { kind, sizeBytes, mode, uid, gid, modifiedAt, bornAt, protectionClass, linkTarget } = file;
  const content = kind === 'file' ? createHash('sha256').update(disk.read(file)).digest('hex') : linkTarget;
  const attributes = Object.entries(file.extendedAttributes ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('hex'),
  ]);
  return [kind, sizeBytes, mode, uid, gid, modifiedAt, bornAt, protectionClass, content, attributes];
}

/** The apps that the phone was asked to load again. */
function appsOn({ disk }: Judge): unknown {
  return disk.settings.get(AGENT_SETTINGS.restoredApplications);
}

/** What of a phone is in its backups, as one hash. */
function contentOf({ disk }: Judge): string {
  const isEncrypted = disk.settings.get(SETTINGS.willEncrypt) === true;
  return disk.fingerprint((file) => file.domain !== 'NotBackedUpDomain' && (isEncrypted || !isEncryptedOnly(file)));
}
