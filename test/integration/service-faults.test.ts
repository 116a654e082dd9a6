/** What goes wrong around the service while it runs: each time it goes on by itself, and says what was in the way. */
import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loopbackAddress } from '../support/loopback.ts';
import { ServiceScene } from '../support/service-scene.ts';
import { SmallDisk } from '../support/small-disk.ts';

const HOUR_MS = 3_600_000;

describe('the service goes on', () => {
  test('when usbmuxd is gone and back', async () => {
    await using scene = await ServiceScene.start({ service: { automatic: false } });
    const { service, udid, many } = scene;
    await scene.until('the phone', async () => (await service.device(udid))?.link === 'usb');
    const socket = join(many.env['HOME'] ?? '', 'socket');
    await rename(socket, `${socket}.away`);
    many.mux.hangUp();
    await scene.until('its absence', async () => (await service.device(udid))?.link === undefined);
    assert.ok(scene.logged.some((line) => line.includes('usbmuxd does not answer')));
    await rename(`${socket}.away`, socket);
    await scene.until('its return', async () => (await service.device(udid))?.link === 'usb');
    const { id } = await service.startBackup(udid);
    assert.equal((await service.waitForJob(id))?.state, 'done');
  });

  test('when a phone vanishes in the middle, and fetches the rest when it is back', async () => {
    const library = { files: 400, sizeBytes: 20_000 };
    await using scene = await ServiceScene.start({ phone: { library } });
    await scene.until('the middle', () => (scene.service.jobs()[0]?.progress?.files ?? 0) > 0);
    scene.phone.unplug();
    await scene.until('the warning', () => scene.service.jobs()[0]?.warnings[0]);
    scene.phone.plug();
    const job = await scene.ended(scene.udid, 'done');
    assert.equal(job.automatic, true);
    assert.deepEqual(scene.phone.breaches.list(), []);
  });

  test('when the disk is full, and again when somebody has made room', async () => {
    let disk: SmallDisk | undefined;
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(
      await ServiceScene.start({
        phone: { library: { files: 200, sizeBytes: 50_000 }, backup: { deviceLinkVersion: 200 } },
        before: ({ places }) => {
          disk = SmallDisk.mount(places.vaultDir, 4_000_000);
        },
      }),
    );
    stack.defer(async () => {
      await scene.stopService();
      disk?.[Symbol.dispose]();
    });
    const failed = await scene.ended(scene.udid, 'failed');
    assert.equal(failed.problem?.code, 'OUT_OF_SPACE');
    await scene.waitsFor('retry-later');
    disk?.resize(100_000_000);
    scene.clock.jump(HOUR_MS);
    await scene.ended(scene.udid, 'done');
  });

  test('when the clock is set back, and makes no backup twice', async () => {
    await using scene = await ServiceScene.start();
    const { service, clock } = scene;
    await scene.ended(scene.udid, 'done');
    clock.jump(-5 * HOUR_MS);
    scene.phone.setLocked(false);
    scene.phone.setLocked(true);
    await scene.waitsFor('not-due');
    assert.equal(service.jobs().length, 1);
    clock.jump(31 * HOUR_MS);
    await scene.until('the next one', () => service.jobs().filter(({ state }) => state === 'done').length === 2);
  });

  test('when what it remembers is damaged', async () => {
    await using scene = await ServiceScene.start({
      before: async ({ places }) => {
        await mkdir(join(places.stateDir, 'service'), { recursive: true });
        await writeFile(join(places.stateDir, 'service', 'running.json'), '[{"id":');
        await writeFile(join(places.stateDir, 'service', 'devices.json'), '7');
      },
    });
    await scene.ended(scene.udid, 'done');
    assert.equal(scene.logged.filter((line) => line.startsWith('warn')).length, 2);
  });
});

describe('over Wi-Fi', () => {
  test('a phone is found where it was last, watched without a cable, and backed up', async () => {
    const wifi = { address: loopbackAddress(), heartbeatIntervalMs: 50, heartbeatGraceMs: 60_000 };
    await using scene = await ServiceScene.start({ phone: { wifi }, service: { network: true, automatic: false } });
    const { service, udid, phone } = scene;
    await scene.until('the phone', async () => (await service.device(udid))?.link !== undefined);
    phone.unplug();
    const device = await scene.until('the phone on the network', async () => {
      const found = await service.device(udid);
      return found?.link === 'network' && found.model !== undefined && found;
    });
    assert.equal(device.trusted, true);
    const { id } = await service.startBackup(udid);
    assert.equal((await service.waitForJob(id))?.state, 'done');
    assert.partialDeepStrictEqual(await scene.tried({ outcome: 'done' }), { connection: 'network' });
    assert.deepEqual(phone.breaches.list(), []);
  });

  test('a phone that is due is listened to, and asked for its passcode when somebody unlocks it', async () => {
    const wifi = { address: loopbackAddress(), heartbeatIntervalMs: 50, heartbeatGraceMs: 60_000 };
    const passcode = { mode: 'accept', delayMs: 50 } as const;
    await using scene = await ServiceScene.start({
      phone: { wifi, passcode, productVersion: '18.5' },
      service: { network: true },
      before: ({ phones }) => phones[0]?.unplug(),
    });
    const { next, link } = await scene.waitsFor('waits-for-unlock');
    assert.deepEqual([link, next.waitingFor.length], ['network', 1]);
    await scene.unlock();
    const job = await scene.ended(scene.udid, 'done');
    assert.equal(job.automatic, true);
    assert.partialDeepStrictEqual(await scene.tried({ outcome: 'done' }), { asked: true, connection: 'network' });
  });
});
