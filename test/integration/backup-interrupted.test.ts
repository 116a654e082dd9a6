import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BackupEvent } from '../../src/backup/index.ts';
import { TargetError } from '../../src/shared/target/backup-target.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { Draft, Vault } from '../../src/vault/index.ts';
import { PhoneAndVault, type BackupRun } from './phone-and-vault.ts';

const SERVICE = 'com.apple.mobilebackup2';

describe('a backup whose connection is cut', () => {
  for (const service of ['lockdown', 'com.apple.afc', 'com.apple.mobile.notification_proxy']) {
    test(`of ${service} alone: ends clearly or goes on, and the next one is right`, async () => {
      await using both = await PhoneAndVault.start({ files: 10 });
      for (const afterBytes of [0, 1, 39, 200, 1_000, 5_000]) {
        both.phone.faults.onStream({ service, direction: 'both', afterBytes, action: 'cut' });
        const error = await failure(both);
        assert.ok(error === undefined || isAppError(error), String(error));
        both.phone.faults.clear();
      }
      const done = await both.backUp();
      await both.assertHolds(done.snapshot, both.contents());
    });
  }

  test('says how far it had come and that it goes on from there', async () => {
    await using both = await PhoneAndVault.start();
    both.phone.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'disconnect' } });
    const error = await failure(both);
    assert.ok(isAppError(error, 'CONNECTION_LOST'));
    assert.match(error.hint ?? '', /goes on where it stopped/);
    assert.ok(Number(error.details['filesReceived']) > 100);
    assert.deepEqual(await both.drafted(), [both.phone.udid]);

    const events: BackupEvent[] = [];
    const done = await both.backUp({ onEvent: (event) => events.push(event) });
    assert.ok(events.some((event) => event.event === 'started' && event.resumed));
    const received = events.findLast((event) => event.event === 'progress');
    assert.ok(received !== undefined && received.files < 20, 'what had come was sent again');
    await both.assertHolds(done.snapshot, both.contents());
  });
});

describe('a backup that is stopped', () => {
  for (const point of ['handshake', 'passcode', 'scan', 'upload', 'moving', 'removing', 'verify']) {
    test(`by its signal, while the device is busy at ${point}: ends at once, and the next one is right`, async () => {
      await using both = await PhoneAndVault.start();
      both.phone.faults.at({ point: `mobilebackup2:${point}`, action: { kind: 'stall' } });
      const error = await stoppedWhenSilent(both);
      assert.ok(isAppError(error, 'CANCELLED'), String(error));
      both.phone.faults.clear();
      const done = await both.backUp();
      await both.assertHolds(done.snapshot, both.contents());
    });
  }

  for (const [service, afterBytes] of [
    ['lockdown', 9_000],
    ['com.apple.afc', 0],
    ['com.apple.afc', 2_500],
    ['com.apple.mobile.notification_proxy', 0],
    [SERVICE, 0],
  ] as const) {
    test(`while ${service} is silent after ${afterBytes} bytes: ends at once, and the next one is right`, async () => {
      await using both = await PhoneAndVault.start({ files: 5 });
      both.phone.faults.onStream({ service, direction: 'both', afterBytes, action: 'stall' });
      const error = await stoppedWhenSilent(both);
      assert.ok(error === undefined || isAppError(error, 'CANCELLED'), String(error));
      both.phone.faults.clear();
      const done = await both.backUp();
      await both.assertHolds(done.snapshot, both.contents());
    });
  }

  test('on the device: says so', async () => {
    await using both = await PhoneAndVault.start();
    both.phone.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'stall' } });
    const error = await failure(both, {
      onEvent: (event) => {
        if (event.event === 'progress' && event.phase === 'preparing') {
          both.phone.notifications.post('com.apple.itunes-client.syncCancelRequest');
        }
      },
    });
    assert.ok(isAppError(error, 'CANCELLED'));
    assert.match(error.message, /on the device/);
  });
});

describe('a device that asks for its passcode', () => {
  test('is waited for, and the wait is told', async () => {
    await using both = await PhoneAndVault.start({ files: 5, passcode: { mode: 'accept', delayMs: 150 } });
    const phases = new Set<string>();
    const done = await both.backUp({
      onEvent: (event) => event.event === 'progress' && phases.add(event.phase),
    });
    assert.ok(phases.has('waiting-for-passcode'));
    await both.assertHolds(done.snapshot, both.contents());
  });

  test('and does not get it: is an error of its own, and leaves nothing behind', async () => {
    await using both = await PhoneAndVault.start({ files: 5, passcode: { mode: 'deny', delayMs: 10 } });
    const error = await failure(both);
    assert.ok(isAppError(error, 'PASSCODE_NOT_ENTERED'));
    assert.equal(error.details['deviceCode'], 208);
    assert.deepEqual(await both.drafted(), []);
  });
});

describe('a disk that is full', () => {
  test('before the backup begins: the device is told so and declines', async () => {
    await using both = await PhoneAndVault.start({ files: 5 });
    const error = await failure(both, { options: { reserveBytes: 1e15 } });
    assert.ok(isAppError(error, 'OUT_OF_SPACE'));
    assert.equal(error.details['deviceCode'], 105);
  });

  test('in the middle: the device is told, what came is kept, and the next one is right', async () => {
    await using both = await PhoneAndVault.start();
    const error = await failure(both, { through: (vault) => fullAfter(vault, 40) });
    assert.ok(isAppError(error, 'OUT_OF_SPACE'), String(error));
    assert.match(error.hint ?? '', /goes on where it stopped/);
    assert.deepEqual(await both.drafted(), [both.phone.udid]);
    const done = await both.backUp();
    await both.assertHolds(done.snapshot, both.contents());
    assert.deepEqual(both.phone.breaches.list(), []);
  });
});

test('the first encrypted backup, ended before its keys came, is not built upon', async () => {
  await using both = await PhoneAndVault.start({ backupPassword: 'secret' });
  both.phone.faults.at({ point: 'mobilebackup2:upload', nth: 2, action: { kind: 'disconnect' } });
  assert.ok(isAppError(await failure(both)));
  const events: BackupEvent[] = [];
  const done = await both.backUp({ onEvent: (event) => events.push(event) });
  assert.ok(events.some((event) => event.event === 'started' && !event.resumed));
  assert.deepEqual([done.full, done.encrypted], [true, true]);
});

test('starting over throws away what an interrupted attempt left', async () => {
  await using both = await PhoneAndVault.start();
  both.phone.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'disconnect' } });
  assert.ok(isAppError(await failure(both), 'CONNECTION_LOST'));
  const events: BackupEvent[] = [];
  const done = await both.backUp({ options: { full: true }, onEvent: (event) => events.push(event) });
  assert.ok(events.some((event) => event.event === 'started' && !event.resumed));
  assert.equal(done.full, true);
  await both.assertHolds(done.snapshot, both.contents());
});

/** What a backup ends with; undefined when it is finished. */
async function failure(both: PhoneAndVault, run: BackupRun = {}): Promise<unknown> {
  try {
    await both.backUp(run);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Aborts a backup once nothing has happened for a moment, and returns what it ends with. */
async function stoppedWhenSilent(both: PhoneAndVault): Promise<unknown> {
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), 400);
  const error = await failure(both, {
    signal: stop.signal,
    onEvent: () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), 400);
    },
  });
  clearTimeout(timer);
  return error;
}

/** A vault whose drafts take `files` files and then have no room. */
function fullAfter(vault: Vault, files: number): Vault {
  let left = files;
  const openDraft = (udid: string): Draft =>
    overriding(vault.openDraft(udid), (draft) => ({
      create: (path: string) => {
        if (path.includes('/Snapshot/') && --left < 0) throw new TargetError('no-space', 'the disk is full');
        return draft.create(path);
      },
    }));
  return overriding(vault, () => ({ openDraft }));
}

function overriding<T extends object>(object: T, methods: (object: T) => Partial<T>): T {
  const own = methods(object);
  return new Proxy(object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in own ? own : target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
