import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stringAt } from '../../formats/index.ts';
import type { Clock } from '../context.ts';
import { AGENT_SETTINGS, FAULT_POINTS, HOSTILE_ACTS } from './index.ts';
import { PhoneBench } from './testing/phone-bench.ts';
import { assertHoldsPhone } from './testing/read-backup.ts';

describe('the passcode', () => {
  for (const { mode, code } of [
    { mode: 'accept', code: 0 },
    { mode: 'deny', code: 208 },
    { mode: 'ignore', code: 208 },
  ] as const) {
    test(`is asked for and told to observers; when the person answers with “${mode}”, the result is ${code}`, async () => {
      const waits: number[] = [];
      await using bench = await PhoneBench.start({ clock: impatientClock(waits) });
      bench.context.screen.passcode = { mode, delayMs: 700 };
      const notifications: string[] = [];
      bench.context.notifications.listen((name) => notifications.push(name));
      assert.equal((await bench.backUp()).code, code);
      assert.deepEqual(notifications, [
        'com.apple.LocalAuthentication.ui.presented',
        'com.apple.LocalAuthentication.ui.dismissed',
      ]);
      assert.deepEqual(waits, [mode === 'ignore' ? 30 * 60_000 : 700]);
    });
  }

  for (const { productVersion, asks } of [
    { productVersion: '15.7', asks: false },
    { productVersion: '15.7.1', asks: true },
    { productVersion: '16.0.3', asks: false },
    { productVersion: '16.1', asks: true },
  ]) {
    test(`is ${asks ? '' : 'not '}asked for by iOS ${productVersion}`, async () => {
      await using bench = await PhoneBench.start({ productVersion, clock: impatientClock([]) });
      bench.context.screen.passcode = { mode: 'deny', delayMs: 0 };
      assert.equal((await bench.backUp()).code, asks ? 208 : 0);
    });
  }

  test('does not keep the phone when the host hangs up meanwhile', async () => {
    await using bench = await PhoneBench.start();
    bench.context.screen.passcode = { mode: 'ignore', delayMs: 0 };
    const { host, phoneEnd, ended } = bench.connect();
    await host.greet();
    const request = host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid });
    await new Promise<void>((resolve) => bench.context.notifications.listen(() => resolve()));
    phoneEnd.destroy();
    await assert.rejects(request);
    await ended;
  });
});

describe('a locked phone', () => {
  test('is not backed up without the escrow bag of the pairing', async () => {
    await using bench = await PhoneBench.start();
    bench.context.screen.locked = true;
    const { host } = bench.connect({ escrow: false });
    await host.greet();
    const response = await host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid });
    assert.equal(response['ErrorCode'], 208);
    assert.equal((await bench.backUp()).code, 0);
    host.close();
  });
});

describe('ordered trouble', () => {
  const ofBackups = FAULT_POINTS.slice(FAULT_POINTS.indexOf('request'), FAULT_POINTS.indexOf('change-password'));

  for (const point of ofBackups) {
    if (point === 'read-file') continue;
    test(`at “${point}” ends the job with the error that was ordered, and the next one is whole`, async () => {
      await using bench = await prepared();
      bench.context.faults.at({ point: `mobilebackup2:${point}`, action: { kind: 'error', code: 22, text: 'No' } });
      if (point === 'upload-retry') {
        bench.context.faults.at({ point: 'mobilebackup2:read-file', action: { kind: 'behave', as: 'modified' } });
      }
      const { response } = await bench.ask({ MessageName: 'Backup' });
      assert.deepEqual(response, { MessageName: 'Response', ErrorCode: 22, ErrorDescription: 'No' });
      assert.equal((await bench.backUp()).code, 0);
      await assertHoldsPhone(bench);
    });
  }

  for (const point of ['handshake', 'hello']) {
    test(`at “${point}” ends the conversation before it begins`, async () => {
      await using bench = await PhoneBench.start();
      bench.context.faults.at({ point: `mobilebackup2:${point}`, action: { kind: 'error', code: 1 } });
      const { host, ended } = bench.connect();
      await assert.rejects(host.greet().then(() => host.request({ MessageName: 'Backup' })));
      await ended;
    });
  }

  test('can be a phone that hangs up', async () => {
    await using bench = await prepared();
    bench.context.faults.at({ point: 'mobilebackup2:move', action: { kind: 'disconnect' } });
    await assert.rejects(bench.backUp(), /hung up/);
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
  });

  test('can be silence, for a while', async () => {
    const waits: number[] = [];
    await using bench = await PhoneBench.start({ clock: impatientClock(waits), backup: { scanMs: 90_000 } });
    bench.context.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'stall', ms: 60_000 } });
    assert.equal((await bench.backUp()).code, 0);
    assert.deepEqual(waits, [60_000, 90_000]);
  });

  test('can be a ping in between', async () => {
    await using bench = await prepared();
    bench.context.faults.at({ point: 'mobilebackup2:upload', action: { kind: 'behave', as: 'ping' } });
    assert.equal((await bench.backUp()).code, 0);
  });

  test('can be an operation nobody knows, which a good host declines', async () => {
    await using bench = await prepared();
    bench.context.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'behave', as: 'unknown-message' } });
    const { code, host } = await bench.backUp();
    assert.equal(code, 0);
    assert.ok(host.operations.some(([name]) => name === 'DLMessageDanceForMe'));
  });
});

describe('hostile acts', () => {
  test('have names that do not repeat', () => {
    assert.equal(new Set(HOSTILE_ACTS).size, HOSTILE_ACTS.length);
    assert.ok(HOSTILE_ACTS.includes('upload:parent') && HOSTILE_ACTS.includes('move-to:other-udid'));
  });

  test('are done as ordered, and the job goes on when the host bears it', async () => {
    await using bench = await PhoneBench.start();
    const paths = HOSTILE_ACTS.filter((name) => /^(upload|create|remove|list|move-from):/.test(name));
    for (const name of paths) {
      bench.context.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'behave', as: `hostile:${name}` } });
      const { response } = await bench.ask(
        { MessageName: 'Backup' },
        {
          before: async ([operation], host) => {
            if (host.operations.length !== 2) return false;
            if (operation === 'DLMessageUploadFiles') await host.receiveUpload();
            host.status(-3, 'no');
            return true;
          },
        },
      );
      assert.equal(response['ErrorCode'], 0, name);
      bench.folder.remove(bench.udid);
    }
  });

  test('of the kind that lies about a length leave the host waiting for bytes', async () => {
    await using bench = await prepared();
    const action = { kind: 'behave', as: 'hostile:upload-data-without-end' } as const;
    bench.context.faults.at({ point: 'mobilebackup2:upload', action });
    await assert.rejects(bench.backUp(), /hung up/);
  });
});

describe('small requests', () => {
  test('Info and List tell about the backup in the folder', async () => {
    await using bench = await prepared();
    await bench.backUp();
    const info = (await bench.ask({ MessageName: 'Info' })).response;
    const list = (await bench.ask({ MessageName: 'List' })).response;
    assert.match(stringAt(info, 'Content') ?? '', /State: finished\nEncrypted: No\n/);
    assert.match(stringAt(list, 'Content') ?? '', /^UUID,Date,State,Encrypted\n[0-9A-F-]{36},.*,finished,false\n$/);
  });

  test('Info without a backup is error 204', async () => {
    await using bench = await PhoneBench.start();
    assert.equal((await bench.ask({ MessageName: 'Info' })).response['ErrorCode'], 204);
  });

  test('iCloud Backup can be turned on by who is signed in', async () => {
    await using bench = await PhoneBench.start();
    bench.context.settings.set(AGENT_SETTINGS.cloudAccount, true);
    const { response } = await bench.ask({ MessageName: 'EnableCloudBackup', CloudBackupState: true });
    assert.equal(response['ErrorCode'], 0);
    assert.equal(bench.context.settings.get(AGENT_SETTINGS.cloudBackup), true);
  });
});

async function prepared(): Promise<PhoneBench> {
  const bench = await PhoneBench.start({ backup: { batchFiles: 2 } });
  bench.fill(5);
  await bench.backUp();
  bench.disk.writeFile('HomeDomain', 'file-1', Buffer.from('changed'));
  bench.disk.remove('HomeDomain', 'file-2');
  return bench;
}

/** A clock on which every wait is over at once. */
function impatientClock(waits: number[]): Clock {
  return {
    now: () => new Date(),
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}
