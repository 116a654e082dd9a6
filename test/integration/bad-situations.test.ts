/** What the command line says when something is in the way: what happened, what to do, an exit code; nothing is lost. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { ERROR_CODES, type ErrorCode } from '../../src/shared/errors.ts';
import { startVirtualIphone, VirtualMux, type VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { holdfast, startHoldfast, type CliEvent, type CliResult } from '../support/holdfast-cli.ts';
import { Scene } from '../support/scene.ts';
import { SmallDisk } from '../support/small-disk.ts';

const BACK_UP = ['backup', '--json'];

describe('no phone to be had:', () => {
  test('no usbmuxd', async () => {
    await using home = await temporaryFolder();
    const env = { HOLDFAST_HOME: home.path, USBMUXD_SOCKET_ADDRESS: `UNIX:${home.path}/nothing` };
    for (const words of [BACK_UP, ['pair', '--json'], ['devices', '--json']]) {
      const result = await holdfast(words, { env });
      assertSays(result, 'USBMUXD_UNAVAILABLE', { message: /usbmuxd/, hint: /usbmuxd/ });
    }
    const text = await holdfast(['backup'], { env });
    assert.equal(text.status, 16);
    assert.match(text.stderr, /^Error: .*usbmuxd.*\n {2}\S.*\.\n/);
  });

  test('no device', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 1 });
    scene.phone.unplug();
    const result = await holdfast(BACK_UP, { env: scene.cliEnv });
    assertSays(result, 'DEVICE_NOT_FOUND', { message: /no device is connected/, hint: /cable/ });
    await scene.assertNothingLost();
  });

  test('two devices and none named, or one that is neither', async () => {
    await using two = await TwoPhones.start();
    const result = await holdfast(BACK_UP, { env: two.env });
    assertSays(result, 'DEVICE_AMBIGUOUS', { message: /2/, hint: /Ada.*Bob|Bob.*Ada/ });
    for (const { udid } of two.phones) assert.match(String(result.error?.['hint']), new RegExp(udid));
    const unknown = await holdfast(['backup', 'Charlie', '--json'], { env: two.env });
    assertSays(unknown, 'DEVICE_NOT_FOUND', { message: /Charlie/, hint: /Ada.*Bob|Bob.*Ada/ });
    const byName = await holdfast(['backup', 'Bob', '--json'], { env: two.env });
    assertSays(byName, 'DEVICE_NOT_TRUSTED', { hint: /pair/ });
  });
});

describe('a phone that does not let itself be backed up:', () => {
  test('not trusted yet, and not trusted any more', async () => {
    await using phone = await LonePhone.start();
    assertSays(await phone.run(BACK_UP), 'DEVICE_NOT_TRUSTED', { message: /not paired/, hint: /holdfast pair/ });
    assert.equal((await phone.run(['pair', '--json'])).status, 0);
    phone.phone.forgetHosts();
    assertSays(await phone.run(BACK_UP), 'DEVICE_NOT_TRUSTED', { hint: /pair/ });
  });

  test('trust refused', async () => {
    await using phone = await LonePhone.start();
    phone.phone.setTrust({ mode: 'deny' });
    assertSays(await phone.run(['pair', '--json']), 'TRUST_REFUSED', { message: /Trust/, hint: /Trust/ });
  });

  test('locked: pairing waits for it to be unlocked and says so; a backup that cannot begin says so', async () => {
    await using phone = await LonePhone.start();
    phone.phone.setLocked(true);
    const result = await phone.run(
      ['pair', '--json'],
      ({ event }) => event === 'waiting' && phone.phone.setLocked(false),
    );
    assert.deepEqual([result.status, result.events[0]], [0, { event: 'waiting', for: 'unlock' }]);
    const action = { kind: 'error', code: 'PasswordProtected' } as const;
    phone.phone.faults.at({ point: 'lockdown:StartSession', times: Infinity, action });
    assertSays(await phone.run(BACK_UP), 'DEVICE_LOCKED', { message: /locked/, hint: /[Uu]nlock/ });
  });

  test('the passcode is not entered', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    await scene.finish();
    scene.phone.setPasscode({ mode: 'deny', delayMs: 10 });
    const result = await holdfast(BACK_UP, { env: scene.cliEnv });
    assertSays(result, 'PASSCODE_NOT_ENTERED', { message: /passcode/, hint: /passcode/ });
    assert.equal(detailsOf(result)['deviceCode'], 208);
    scene.phone.setPasscode({ mode: 'accept', delayMs: 10 });
    await scene.assertNothingLost();
    await scene.finish();
  });
});

describe('a disk that is full:', () => {
  test('too small from the beginning: the phone is told, and declines', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false });
    using disk = SmallDisk.mount(scene.both.vaultDir, 100_000_000);
    const result = await holdfast(BACK_UP, { env: scene.cliEnv });
    assertSays(result, 'OUT_OF_SPACE', { message: /space/, hint: /[Ff]ree some space|larger/ });
    assert.equal(detailsOf(result)['deviceCode'], 105);
    assert.ok(Number(detailsOf(result)['missingBytes']) > 0, 'how much room was missing');
    disk.resize(300_000_000);
    await backUpByCli(scene);
    await scene.assertAllHold();
  });

  for (const sizeBytes of [40_000, 100_000, 200_000, 1_000_000, 6_000_000, 9_000_000, 11_000_000]) {
    test(`full after ${sizeBytes / 1e6} MB: the phone is told, what came is kept, and with room the next run is right`, async () => {
      // An old phone does not ask for the space there is.
      const phone = { backup: { deviceLinkVersion: 200 } };
      await using scene = await Scene.start({ seed: 1, encrypted: false, phone });
      using disk = SmallDisk.mount(scene.both.vaultDir, sizeBytes);
      const result = await holdfast(BACK_UP, { env: scene.cliEnv });
      assertSays(result, 'OUT_OF_SPACE', { message: /space|full/, hint: /[Ff]ree some space/ });
      const { phase, deviceCode } = detailsOf(result);
      if (phase === 'receiving') assert.equal(deviceCode, 105);
      disk.resize(100_000_000);
      const { started } = await backUpByCli(scene);
      if (sizeBytes >= 1_000_000) assert.equal(started?.['resumed'], true);
      await scene.assertAllHold();
    });
  }

  test('full in the middle of a later backup: the snapshots before it do not suffer', async () => {
    const phone = { backup: { deviceLinkVersion: 200 } };
    await using scene = await Scene.start({ seed: 2, encrypted: false, phone });
    using disk = SmallDisk.mount(scene.both.vaultDir, 100_000_000);
    await backUpByCli(scene);
    scene.use();
    scene.phone.disk.writeSynthetic('CameraRollDomain', 'Media/DCIM/100APPLE/LONG.MOV', { seed: 5, sizeBytes: 9e6 });
    disk.resize(16_000_000);
    assertSays(await holdfast(BACK_UP, { env: scene.cliEnv }), 'OUT_OF_SPACE', { hint: /[Ff]ree some space/ });
    await scene.assertNothingLost();
    disk.resize(100_000_000);
    await backUpByCli(scene);
    await scene.assertAllHold();
  });
});

describe('a vault that cannot be used:', () => {
  test('its disk is not mounted: nothing is made in its place', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    const { vaultDir } = scene.both;
    await backUpByCli(scene);
    await rename(vaultDir, `${vaultDir}-unplugged`);
    for (const mountPoint of ['missing', 'empty']) {
      if (mountPoint === 'empty') await mkdir(vaultDir);
      for (const words of [BACK_UP, ['snapshots', '--json']]) {
        assertSays(await holdfast(words, { env: scene.cliEnv }), 'VAULT_NOT_FOUND', {
          message: /vault/,
          hint: /mounted/,
        });
      }
    }
    await rm(vaultDir, { recursive: true });
    await rename(`${vaultDir}-unplugged`, vaultDir);
    await scene.assertNothingLost();
    scene.use();
    await backUpByCli(scene);
  });

  test('no vault was ever made there, or it is something else', async () => {
    await using home = await temporaryFolder();
    const env = { HOLDFAST_HOME: home.path, USBMUXD_SOCKET_ADDRESS: `UNIX:${home.path}/nothing` };
    assertSays(await holdfast(['snapshots', '--json'], { env }), 'VAULT_NOT_FOUND', {});
    await mkdir(join(home.path, 'photos'));
    await writeFile(join(home.path, 'photos', 'IMG_1.JPG'), 'a photo');
    const words = ['import', home.path, '--json', '--vault', join(home.path, 'photos')];
    assertSays(await holdfast(words, { env }), 'VAULT_NOT_FOUND', {});
    await writeFile(join(home.path, 'holdfast.json'), '{"format":"holdfast-vault","version":999}');
    assertSays(await holdfast(['snapshots', '--json', '--vault', home.path], { env }), 'VAULT_UNREADABLE', {});
  });

  test('busy: who has it is told, and looking at it is possible all the same', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    await scene.finish();
    await using _busy = await scene.both.openVault('write');
    const result = await holdfast(BACK_UP, { env: scene.cliEnv });
    assertSays(result, 'VAULT_BUSY', { message: /busy with a test since/, hint: /Wait/ });
    assert.equal(detailsOf(result)['pid'], process.pid);
    const snapshots = await holdfast(['snapshots', '--json'], { env: scene.cliEnv });
    assert.deepEqual([snapshots.status, snapshots.events.length], [0, 1]);
  });

  test('a snapshot that it does not have', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    await scene.finish();
    for (const words of [
      ['show', 'feedface', '--json'],
      ['verify', 'feedface', '--json'],
      ['export', 'feedface', join(scene.both.directory, 'out'), '--json'],
    ]) {
      assertSays(await holdfast(words, { env: scene.cliEnv }), 'SNAPSHOT_NOT_FOUND', { hint: /holdfast snapshots/ });
    }
  });
});

describe('folders from outside:', () => {
  test('one that is no backup, one that is not there, and one that holds something else', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    await scene.finish();
    const photos = join(scene.both.directory, 'photos');
    await mkdir(photos);
    await writeFile(join(photos, 'IMG_1.JPG'), 'a photo');
    const env = scene.cliEnv;
    assertSays(await holdfast(['import', photos, '--json'], { env }), 'NOT_A_BACKUP', { hint: /Manifest\.plist/ });
    assertSays(await holdfast(['import', `${photos}-gone`, '--json'], { env }), 'NOT_A_BACKUP', { hint: /path/ });
    const result = await holdfast(['export', 'latest', photos, '--json'], { env });
    assertSays(result, 'FOLDER_NOT_EMPTY', { hint: /empty folder/ });
    assert.deepEqual(await readdir(photos), ['IMG_1.JPG']);
    await scene.assertNothingLost();
  });

  test('a backup that was never finished, beside one that was', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
    await scene.finish();
    const { directory } = scene.both;
    const env = { ...scene.cliEnv, HOLDFAST_VAULT: join(directory, 'second-vault') };
    const { udid } = scene.phone;
    const backups = join(directory, 'backups');
    for (const name of [udid, `${udid}-20260101-120000`]) {
      const exported = await holdfast(['export', 'latest', join(directory, name), '--json'], { env: scene.cliEnv });
      assert.equal(exported.status, 0, exported.stderr);
      await mkdir(backups, { recursive: true });
      await rename(join(directory, name, udid), join(backups, name));
    }
    const unfinished = join(backups, udid);
    await writeFile(
      join(unfinished, 'Status.plist'),
      encodeBinaryPlist({ SnapshotState: 'uploading', Version: '3.3' }),
    );
    const alone = await holdfast(['import', unfinished, '--json'], { env });
    assertSays(alone, 'BACKUP_UNFINISHED', { message: /finish/ });

    const both = await holdfast(['import', backups, '--json'], { env });
    const refused = both.events.find(({ event }) => event === 'refused');
    assert.deepEqual([both.status, refused?.['code']], [27, 'BACKUP_UNFINISHED']);
    assert.ok(typeof refused?.['hint'] === 'string');
    const text = await holdfast(['import', backups], { env });
    assert.match(text.stderr, /^Left out .*: .*finish.*\. \S.*\./);
    const snapshots = await holdfast(['snapshots', '--json'], { env });
    assert.equal(snapshots.events.length, 1);

    const finished = join(backups, `${udid}-20260101-120000`);
    const [content = ''] = (await readdir(finished, { recursive: true })).filter((name) =>
      /\/[0-9a-f]{40}$/.test(name),
    );
    await rm(join(finished, content));
    const lacking = await holdfast(['import', finished], { env });
    assert.equal(lacking.status, 0);
    assert.match(lacking.stderr, /It is not whole: 1 file that its list names is not there/);
  });
});

test('a vault with a damaged byte: verify names what it belongs to, and a full backup mends it', async () => {
  await using scene = await Scene.start({ seed: 1, encrypted: false, files: 30 });
  await scene.finish();
  const env = scene.cliEnv;
  assert.equal((await holdfast(['verify', '--json'], { env })).status, 0);
  await damageSomePhoto(scene);
  const result = await holdfast(['verify', '--json'], { env });
  assertSays(result, 'SNAPSHOT_CORRUPT', { hint: /quarantine/ });
  const problem = result.events.find(({ event }) => event === 'problem');
  assert.match(JSON.stringify(problem), new RegExp([...scene.taken.keys()].join('|')));
  assert.equal((await holdfast(['verify', '--quarantine', '--json'], { env })).status, 21);
  await backUpByCli(scene, '--full');
  assert.equal((await holdfast(['verify', 'latest', '--json'], { env })).status, 0);
});

describe('words that make no sense:', () => {
  for (const words of [['bakcup'], ['backup', '--fulll'], ['show'], [], ['virtual-iphone', '--tcp', '99999999']]) {
    test(`holdfast ${words.join(' ')}`, async () => {
      await using home = await temporaryFolder();
      const result = await holdfast(words, { env: { HOLDFAST_HOME: home.path } });
      assert.equal(result.status, 2);
      assert.match(result.stderr, /^Error: .+\n(\(.+\)\n)? {2}.*holdfast .*--help/);
    });
  }
});

test('a Node.js that is too old, and none to hand over to, is told what is needed', async () => {
  const old = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
  const node = [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(old)}`] as const;
  const result = await holdfast(['--version'], { node, env: { HOLDFAST_HANDED_OVER: '1' } });
  assert.equal(result.status, 69);
  assert.match(result.stderr, /needs Node\.js 24\.16 or newer; this is 20\.20\.2.*npm ci/s);
});

/** Checks the code, the exit code that belongs to it, and that there are a sentence and advice. */
function assertSays(result: CliResult, code: ErrorCode, words: { message?: RegExp; hint?: RegExp }): void {
  const { error } = result;
  assert.ok(error !== undefined, `no error was told: ${result.stdout}${result.stderr}`);
  assert.equal(error['code'], code, result.stderr);
  assert.deepEqual([result.status, error['exitCode']], [ERROR_CODES[code].exit, ERROR_CODES[code].exit]);
  assert.match(String(error['message']), words.message ?? /\w/);
  assert.ok(typeof error['hint'] === 'string', `${code} comes without a word on what to do`);
  assert.match(error['hint'], words.hint ?? /\w/);
}

function detailsOf({ error }: CliResult): CliEvent {
  return error?.['details'] as CliEvent;
}

/** Changes one byte of the vault's largest segment, somewhere in its middle. */
async function damageSomePhoto({ both }: Scene): Promise<void> {
  const segments = join(both.vaultDir, 'segments');
  const names = await readdir(segments);
  const contents = await Promise.all(names.map((name) => readFile(join(segments, name))));
  const [largest] = contents.toSorted((a, b) => b.length - a.length);
  assert.ok(largest !== undefined);
  const middle = Math.floor(largest.length / 2);
  largest[middle] = (largest[middle] ?? 0) ^ 1;
  const path = join(segments, names[contents.indexOf(largest)] ?? '');
  await chmod(path, 0o600);
  await writeFile(path, largest);
}

/** Backs up by the command line, which has to succeed. */
async function backUpByCli(scene: Scene, ...words: string[]): Promise<{ started: CliEvent | undefined }> {
  const result = await holdfast([...BACK_UP, ...words], { env: scene.cliEnv });
  assert.equal(result.status, 0, result.stderr);
  scene.assertClean();
  assert.ok(await scene.adopt());
  return { started: result.events.find(({ event }) => event === 'started') };
}

/** A phone that no computer has paired with. */
class LonePhone implements AsyncDisposable {
  readonly phone: VirtualIphone;
  readonly #home: TemporaryFolder;

  private constructor(phone: VirtualIphone, home: TemporaryFolder) {
    this.phone = phone;
    this.#home = home;
  }

  static async start(): Promise<LonePhone> {
    const home = await temporaryFolder();
    const stateDir = join(home.path, 'phone');
    const phone = await startVirtualIphone({ stateDir, socketPath: join(home.path, 'mux'), library: 'empty' });
    return new LonePhone(phone, home);
  }

  run(words: readonly string[], onEvent: (event: CliEvent) => void = () => {}): Promise<CliResult> {
    const env = {
      HOLDFAST_HOME: join(this.#home.path, 'home'),
      USBMUXD_SOCKET_ADDRESS: `UNIX:${this.#home.path}/mux`,
    };
    return startHoldfast(words, { env, onEvent }).ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.phone.close();
    await this.#home[Symbol.asyncDispose]();
  }
}

/** Ada's phone and Bob's on one computer. */
class TwoPhones implements AsyncDisposable {
  readonly phones: readonly VirtualIphone[];
  readonly env: Readonly<Record<string, string>>;
  readonly #stack: AsyncDisposableStack;

  private constructor(phones: readonly VirtualIphone[], directory: string, stack: AsyncDisposableStack) {
    this.phones = phones;
    this.env = { HOLDFAST_HOME: join(directory, 'home'), USBMUXD_SOCKET_ADDRESS: `UNIX:${directory}/socket` };
    this.#stack = stack;
  }

  static async start(): Promise<TwoPhones> {
    await using stack = new AsyncDisposableStack();
    const { path } = stack.use(await temporaryFolder());
    const mux = stack.use(await VirtualMux.start({ stateDir: path, socketPath: join(path, 'socket') }));
    const phones: VirtualIphone[] = [];
    for (const [i, name] of ['Ada', 'Bob'].entries()) {
      const options = { stateDir: join(path, name), library: 'empty', seed: i + 1, name, mux } as const;
      phones.push(stack.use(await startVirtualIphone(options)));
    }
    return new TwoPhones(phones, path, stack.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

type TemporaryFolder = AsyncDisposable & { readonly path: string };

async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
