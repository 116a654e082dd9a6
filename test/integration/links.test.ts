/** Links that break: the run goes on by itself where it can, tells the person, and keeps the reason where it cannot. */
import assert from 'node:assert/strict';
import { cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { BackupEvent } from '../../src/backup/index.ts';
import { PairRecordStore } from '../../src/device/index.ts';
import { backUpDevice, deviceSetup, findDevice, triesOf, type DeviceSetup } from '../../src/service/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { placesFor, type Places } from '../../src/shared/files/places.ts';
import { holdfast } from '../support/holdfast-cli.ts';
import { loopbackAddress } from '../support/loopback.ts';
import { Scene } from '../support/scene.ts';

const UPLOAD = 'mobilebackup2:upload';

describe('a backup whose link breaks', () => {
  test('goes on by itself, says so, and sends nothing twice', async () => {
    await using home = await Home.start();
    home.scene.phone.faults.at({ point: UPLOAD, nth: 3, action: { kind: 'disconnect' } });
    const { events, error } = await home.backUp();
    assert.equal(error, undefined);
    const breaks = events.filter((event) => event.event === 'reconnecting');
    assert.deepEqual(
      breaks.map(({ asksPasscode }) => asksPasscode),
      [false],
    );
    assert.match(breaks[0]?.reason ?? '', /^\S.*\.$/);
    const starts = events.filter((event) => event.event === 'started');
    assert.deepEqual(
      starts.map(({ resumed }) => resumed),
      [false, true],
    );
    await home.assertHolds(events);
    assert.partialDeepStrictEqual(await home.tries(), [{ kind: 'backup', outcome: 'done', connection: 'usb' }]);
  });

  test('goes on over Wi-Fi when the cable is pulled out', async () => {
    await using home = await Home.start({ wifi: true });
    const { phone } = home.scene;
    let pulled = false;
    const { events, error } = await home.backUp((event) => {
      if (event.event !== 'progress' || event.phase !== 'receiving' || pulled) return;
      pulled = true;
      phone.unplug();
    });
    assert.equal(error, undefined);
    assert.ok(events.some((event) => event.event === 'reconnecting'));
    await home.assertHolds(events);
    assert.partialDeepStrictEqual(await home.tries(), [{ outcome: 'done', connection: 'network' }]);
  });

  test('says that the passcode will be asked for again, and does not wear the person out', async () => {
    await using home = await Home.start();
    const { phone } = home.scene;
    phone.setPasscode({ mode: 'accept', delayMs: 20 });
    phone.faults.at({ point: UPLOAD, nth: 1, times: Infinity, action: { kind: 'disconnect' } });
    const { events, error } = await home.backUp();
    assert.ok(isAppError(error, 'CONNECTION_LOST'));
    const breaks = events.filter((event) => event.event === 'reconnecting');
    assert.deepEqual(
      breaks.map(({ asksPasscode }) => asksPasscode),
      [true, true, true],
    );
    assert.partialDeepStrictEqual(await home.tries(), [{ outcome: 'failed', code: 'CONNECTION_LOST' }]);
    phone.faults.clear();
    await home.scene.finish();
    await home.scene.assertAllHold();
  });

  test('is not confirmed when the passcode is not entered the second time; what came stays', async () => {
    await using home = await Home.start();
    const { phone } = home.scene;
    phone.setPasscode({ mode: 'accept', delayMs: 20 });
    phone.faults.at({ point: UPLOAD, nth: 4, action: { kind: 'disconnect' } });
    const { error } = await home.backUp((event) => {
      if (event.event === 'reconnecting') phone.setPasscode({ mode: 'deny', delayMs: 20 });
    });
    assert.ok(isAppError(error, 'PASSCODE_NOT_ENTERED'), String(error));
    const [last] = await home.tries();
    assert.partialDeepStrictEqual(last, { outcome: 'not-confirmed', code: 'PASSCODE_NOT_ENTERED' });
    assert.match(`${last?.sentence} ${last?.hint}`, /passcode was not entered.*Start again/);
    assert.deepEqual(await home.scene.both.drafted(), [phone.udid]);
  });

  test('ends with its reason when the device does not come back, and when it is not to be waited for', async () => {
    await using home = await Home.start();
    const { phone } = home.scene;
    for (const reconnect of [{ waitMs: 50 }, { times: 0 }]) {
      phone.plug();
      let pulled = false;
      const { events, error } = await home.backUp((event) => {
        if (event.event !== 'progress' || event.phase !== 'receiving' || pulled) return;
        pulled = true;
        phone.unplug();
      }, reconnect);
      assert.ok(isAppError(error, 'CONNECTION_LOST'));
      assert.match(error.hint ?? '', /goes on where it stopped/);
      assert.equal(
        events.some((event) => event.event === 'reconnecting'),
        !('times' in reconnect),
      );
    }
    assert.equal((await home.tries()).length, 2);
  });

  test('that went to sleep is told as that, and not woken', async () => {
    await using home = await Home.start({ wifi: true });
    const { phone } = home.scene;
    phone.unplug();
    phone.faults.at({ point: UPLOAD, nth: 5, action: { kind: 'stall' } });
    const { events, error } = await home.backUp((event) => {
      if (event.event !== 'progress' || event.phase !== 'receiving') return;
      const action = { kind: 'behave', as: 'SleepyTime' } as const;
      phone.faults.at({ point: 'com.apple.mobile.heartbeat:Marco', times: Infinity, action });
    });
    assert.ok(isAppError(error, 'CONNECTION_LOST'));
    assert.match(`${error.message} ${error.hint}`, /went to sleep.*charger/);
    assert.ok(!events.some((event) => event.event === 'reconnecting'));
    phone.faults.clear();
    await home.scene.finish(await home.location());
    await home.scene.assertAllHold();
  });
});

describe('finding a device', () => {
  test('on cable and Wi-Fi at once takes the cable, and Wi-Fi when that is gone, named or not', async () => {
    await using home = await Home.start({ wifi: true });
    const { phone } = home.scene;
    assert.deepEqual((await home.find()).connections, ['usb', 'network']);
    phone.unplug();
    for (const wanted of [undefined, phone.udid, phone.udid.toLowerCase()]) {
      assert.deepEqual((await home.find(wanted)).connections, ['network']);
    }
    await assert.rejects(home.find('Charlie'), { code: 'DEVICE_NOT_FOUND' });
  });

  test('works by the address it had last where there is no usbmuxd and nothing answers mDNS', async () => {
    await using home = await Home.start({ wifi: true });
    const { phone } = home.scene;
    phone.unplug();
    // A session over the network leaves the address behind.
    await home.find();
    const setup = {
      ...deviceSetup({ USBMUXD_SOCKET_ADDRESS: 'UNIX:/nowhere' }, home.places),
      pairRecords: new PairRecordStore({ directory: home.setup.pairRecords.directory }),
    };
    const found = await findDevice(setup, undefined, {});
    assert.deepEqual([found.udid, found.connections, found.problem], [phone.udid, ['network'], undefined]);
    assert.equal(found.location.routes[0]?.host, home.address);
    await assert.rejects(findDevice(setup, 'Charlie', {}), { code: 'USBMUXD_UNAVAILABLE' });
  });
});

describe('a computer without a cable', () => {
  test('takes in a pairing from one that has one, and backs up over Wi-Fi', async () => {
    await using home = await Home.start({ wifi: true });
    const { phone, both } = home.scene;
    const { vaultDir } = both;
    const record = join(both.directory, 'mac', `${phone.udid}.plist`);
    await mkdir(join(both.directory, 'mac'));
    await cp(join(both.pairRecords.directory, `${phone.udid}.plist`), record);
    phone.unplug();

    const nas = {
      HOME: both.directory,
      HOLDFAST_HOME: join(both.directory, 'nas'),
      HOLDFAST_VAULT: vaultDir,
      USBMUXD_SOCKET_ADDRESS: 'UNIX:/nowhere',
    };
    const run = async (...words: string[]) => {
      const result = await holdfast([...words, '--json'], { env: nas });
      assert.equal(result.status, 0, result.stderr);
      return result.events;
    };
    assert.partialDeepStrictEqual(await run('pairs', 'import', record), [{ result: 'imported', hasEscrowBag: true }]);
    await run('backup', '--address', home.address);
    // Found by its address from now on, without a word about it.
    assert.partialDeepStrictEqual(await run('pairs', 'renew'), [{ event: 'renewed', connection: 'network' }]);
    assert.equal((await run('backup')).at(-1)?.['event'], 'done');
    assert.partialDeepStrictEqual(await run('pairs', 'list'), [
      { udid: phone.udid, lastContactBy: 'network', address: home.address, trust: 'ok', escrowBag: true },
    ]);
    await run('pairs', 'export', '--to', join(both.directory, 'nas'));

    // Out of the house when its backup was due: that is kept, too.
    await phone.close();
    const missing = await holdfast(['backup', phone.udid, '--json'], { env: nas });
    assert.notEqual(missing.status, 0);
    const [last, before] = await triesOf(join(both.directory, 'nas', 'state'), phone.udid);
    assert.partialDeepStrictEqual([last, before], [{ outcome: 'failed' }, { outcome: 'done', connection: 'network' }]);
    assert.equal((await stat(join(both.directory, 'nas', `${phone.udid}.plist`))).mode & 0o777, 0o600);
  });
});

interface Run {
  readonly events: BackupEvent[];
  readonly error: unknown;
}

/** A computer with one paired phone, used as the command line uses it. */
class Home implements AsyncDisposable {
  readonly scene: Scene;
  readonly places: Places;
  readonly setup: DeviceSetup;
  readonly address: string;

  private constructor(scene: Scene, address: string) {
    this.scene = scene;
    this.address = address;
    const env = { HOLDFAST_HOME: join(scene.both.directory, 'home'), HOLDFAST_VAULT: scene.both.vaultDir };
    this.places = placesFor(env);
    this.setup = {
      ...deviceSetup({ USBMUXD_SOCKET_ADDRESS: `UNIX:${scene.both.directory}/mux` }, this.places),
      pairRecords: scene.both.pairRecords,
    };
  }

  static async start({ wifi = false }: { wifi?: boolean } = {}): Promise<Home> {
    const address = loopbackAddress();
    const network = { wifi: { address, heartbeatIntervalMs: 20, heartbeatGraceMs: 20_000 } };
    const scene = await Scene.start({ seed: 7, encrypted: false, phone: wifi ? network : {} });
    return new Home(scene, address);
  }

  find(wanted?: string) {
    return findDevice(this.setup, wanted, {});
  }

  async location() {
    return { location: (await this.find()).location };
  }

  async backUp(onEvent: (event: BackupEvent) => void = () => {}, reconnect = {}): Promise<Run> {
    const events: BackupEvent[] = [];
    const { stateDir, vaultDir } = this.places;
    try {
      const device = await this.find();
      for await (const event of backUpDevice({ setup: this.setup, device, vaultDir, stateDir, reconnect })) {
        events.push(event);
        onEvent(event);
      }
      return { events, error: undefined };
    } catch (error) {
      return { events, error };
    }
  }

  tries() {
    return triesOf(this.places.stateDir, this.scene.phone.udid);
  }

  async assertHolds(events: readonly BackupEvent[]): Promise<void> {
    const done = events.find((event) => event.event === 'done');
    assert.ok(done !== undefined);
    this.scene.settle(done);
    await this.scene.assertAllHold();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scene[Symbol.asyncDispose]();
  }
}
