import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLocations, locationFromAddress, parseMuxAddress } from '../../src/device/index.ts';
import type { StreamFault } from '../../src/virtual-iphone/index.ts';
import { eventually } from '../judges/harness.ts';
import { cutRound, measureConversation } from '../support/cut-rounds.ts';
import { BACKUP_SERVICE } from '../support/cuts.ts';
import { seedOfRound } from '../support/random.ts';
import { Scene } from '../support/scene.ts';

/** `npm run soak -- cut` plays many of each. */
const ROUNDS = 3;
const SEED = 4_000;

for (const [nth, encrypted] of [false, true].entries()) {
  for (const full of [true, false]) {
    const first = seedOfRound(SEED, nth * 200 + (full ? 0 : 100));
    const what = `${full ? 'a first' : 'an incremental'} backup${encrypted ? ' with a password' : ''}`;
    test(`${what}, cut at random bytes: no snapshot suffers, and the next run goes on and is right`, async (t) => {
      const length = await measureConversation({ encrypted, full });
      for (let round = 0; round < ROUNDS; round++) {
        const seed = seedOfRound(first, round);
        const ends = await cutRound({ seed, encrypted, full, length });
        for (const end of ends) t.diagnostic(`seed ${seed}: ${end}`);
      }
    });
  }
}

test('what had arrived before the cut is not sent again', async () => {
  await using scene = await Scene.start({ seed: 1, encrypted: false });
  const first = { inBytes: 0, outBytes: 0 };
  scene.phone.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'disconnect' } });
  scene.phone.faults.onStream(counting(first));
  assert.ok((await scene.attempt()) instanceof Error);
  scene.phone.faults.clear();
  const second = { inBytes: 0, outBytes: 0 };
  scene.phone.faults.onStream(counting(second));
  const done = await scene.attempt();
  assert.ok(!(done instanceof Error));
  scene.settle(done);
  await scene.assertAllHold();
  assert.ok(second.outBytes < first.outBytes / 10, `${second.outBytes} of ${first.outBytes} bytes came again`);
});

describe('a backup whose phone falls silent', () => {
  for (const [direction, afterBytes] of [
    ['in', 1],
    ['out', 3_000],
    ['in', 9_000],
    ['out', 400_000],
    ['both', 5_000_000],
  ] as const) {
    test(`after ${afterBytes} bytes (${direction}) can be stopped, and the next run is right`, async () => {
      await using scene = await Scene.start({ seed: afterBytes, encrypted: false });
      const tally = { inBytes: 0, outBytes: 0 };
      scene.phone.faults.onStream({ service: BACKUP_SERVICE, direction, afterBytes, action: 'stall', tally });
      const stop = new AbortController();
      const attempt = scene.attempt({ signal: stop.signal });
      const counted = (): number => ({ ...tally, bothBytes: tally.inBytes + tally.outBytes })[`${direction}Bytes`];
      await eventually('the phone is silent', () => counted() === afterBytes);
      stop.abort();
      const end = await attempt;
      assert.ok(end instanceof Error);
      assert.equal(end.code, 'CANCELLED');
      await scene.assertNothingLost();
      await scene.finish();
      await scene.assertAllHold();
    });
  }
});

test('a phone that is unplugged in the middle is backed up on when it is plugged in again', async () => {
  await using scene = await Scene.start({ seed: 2, encrypted: false });
  const { both, phone } = scene;
  const end = await scene.attempt({
    onEvent: (event) => event.event === 'progress' && event.phase === 'receiving' && phone.unplug(),
  });
  assert.ok(end instanceof Error);
  assert.equal(end.code, 'CONNECTION_LOST');
  const unplugged = await scene.attempt();
  assert.ok(unplugged instanceof Error);
  assert.equal(unplugged.code, 'DEVICE_NOT_FOUND');
  phone.plug();
  // usbmuxd gives it another number: it has to be looked for anew.
  const muxAddress = parseMuxAddress(`UNIX:${both.directory}/mux`);
  const [location] = await findLocations({ muxAddress, store: both.pairRecords });
  assert.ok(location !== undefined);
  const done = await scene.attempt({ location });
  assert.ok(!(done instanceof Error));
  scene.settle(done);
  await scene.assertAllHold();
});

test('a phone that goes to sleep on Wi-Fi in the middle is missed by its heartbeat, and backed up on when it wakes', async () => {
  const wifi = { address: '127.0.0.61', heartbeatIntervalMs: 20, heartbeatGraceMs: 5_000 };
  await using scene = await Scene.start({ seed: 3, encrypted: false, phone: { wifi } });
  const location = locationFromAddress(scene.phone.udid, wifi.address);
  const { faults } = scene.phone;
  // Falling asleep, it says so once, hangs up, and says nothing more on the other connection.
  faults.at({ point: 'mobilebackup2:upload', nth: 5, action: { kind: 'stall' } });
  const end = await scene.attempt({
    location,
    onEvent: (event) => {
      if (event.event !== 'progress' || event.phase !== 'receiving') return;
      const action = { kind: 'behave', as: 'SleepyTime' } as const;
      faults.at({ point: 'com.apple.mobile.heartbeat:Marco', times: Infinity, action });
    },
  });
  assert.ok(end instanceof Error);
  assert.equal(end.code, 'CONNECTION_LOST');
  assert.match(`${end.message} ${end.hint}`, /went to sleep.*charger/);
  await scene.assertNothingLost();
  faults.clear();
  const done = await scene.attempt({ location });
  if (done instanceof Error) throw done;
  scene.settle(done);
  await scene.assertAllHold();
});

function counting(tally: { inBytes: number; outBytes: number }): StreamFault {
  return { service: BACKUP_SERVICE, direction: 'both', afterBytes: Infinity, action: 'cut', tally };
}
