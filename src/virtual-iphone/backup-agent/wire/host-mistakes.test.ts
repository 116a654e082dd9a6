import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PhoneBench } from '../testing/phone-bench.ts';
import { assertHoldsPhone } from '../testing/read-backup.ts';
import type { HostManners, Operation, ScriptedHost } from '../testing/scripted-host.ts';

/** What the phone says before it hangs up on a host that breaks the protocol. */
const FATAL: readonly { what: string; at: string; rule: string; reason: string; err: (host: ScriptedHost) => void }[] =
  [
    {
      what: 'a status of three elements',
      at: 'DLMessageCreateDirectory',
      rule: 'devicelink.status-elements',
      reason: 'Too few components',
      err: (host) => host.send('DLMessageStatusResponse', 0, 'x'),
    },
    {
      what: 'a request instead of a status',
      at: 'DLMessageCreateDirectory',
      rule: 'devicelink.unknown-message',
      reason: 'Unknown Message Received',
      err: (host) => host.send('DLMessageProcessMessage', { MessageName: 'Backup' }),
    },
    {
      what: 'bytes that are no property list',
      at: 'DLMessageCreateDirectory',
      rule: 'devicelink.message-plist',
      reason: 'Invalid message',
      err: (host) => host.sendFrame(Buffer.from('what?')),
    },
    {
      what: 'a multi-status for a file nobody asked for',
      at: 'DLMessageRemoveItems',
      rule: 'devicelink.multi-status',
      reason: 'Invalid path',
      err: (host) => host.multiStatus(new Map([['elsewhere', -6]])),
    },
    {
      what: 'a file in another spelling than was asked for',
      at: 'DLMessageDownloadFiles',
      rule: 'devicelink.download-path',
      reason: 'Unexpected file',
      err: (host) => host.sendFrame(Buffer.from('./Status.plist')),
    },
    {
      what: 'a path of half a megabyte',
      at: 'DLMessageDownloadFiles',
      rule: 'devicelink.download-path',
      reason: 'Invalid path',
      err: (host) => host.sendFrame(Buffer.alloc(500_000, 0x61)),
    },
  ];

describe('the phone hangs up and reports', () => {
  for (const { what, at, rule, reason, err } of FATAL) {
    test(what, async () => {
      await using bench = await PhoneBench.start();
      bench.fill(1);
      const { host, ended } = bench.connect();
      await host.greet();
      let isDone = false;
      host.manners = {
        before: async ([name]) => {
          if (name !== at || isDone) return false;
          isDone = true;
          err(host);
          assert.deepEqual(await host.message(), ['DLMessageDisconnect', reason]);
          return true;
        },
      };
      await assert.rejects(host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid }), /hung up/);
      await ended;
      assert.deepEqual(bench.breaches, [rule]);
    });
  }

  test('an answer in the middle of an upload', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 4 } });
    for (let i = 0; i < 4; i++) {
      bench.disk.writeSynthetic('CameraRollDomain', `${i}.mov`, { seed: i, sizeBytes: 4_000_000 });
    }
    const { host, ended } = bench.connect();
    await host.greet();
    host.manners = {
      before: ([name], { operations }) => {
        if (name === 'DLMessageUploadFiles' && isSecondUpload(operations)) host.status(-15);
      },
    };
    await assert.rejects(host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid }));
    host.close();
    await ended;
    assert.deepEqual(bench.breaches, ['devicelink.answer-too-early']);
  });

  test('a frame so large that it kills the agent', async () => {
    await using bench = await restorable({ maxDownloadFrameBytes: 1024 * 1024 });
    const { host, ended } = bench.connect();
    await host.greet();
    host.manners = withDownloads((path, bytes) => {
      host.sendFrame(Buffer.from(path));
      host.sendFrame(Buffer.concat([Buffer.of(0x0c), bytes, Buffer.alloc(2 * 1024 * 1024)]));
    });
    await assert.rejects(host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid }), /hung up/);
    await ended;
    assert.deepEqual(bench.breaches, ['devicelink.download-frame']);
  });
});

describe('the phone reports but bears', () => {
  test('download frames of more than 32 KiB', async () => {
    await using bench = await restorable();
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      withDownloads((path, bytes, host) => {
        host.sendFrame(Buffer.from(path));
        host.sendFrame(Buffer.concat([Buffer.of(0x0c), bytes]));
        host.sendFrame(Buffer.of(0));
        host.sendFrame(Buffer.alloc(0));
        host.status(0);
      }),
    );
    assert.equal(response['ErrorCode'], 0);
    assert.deepEqual([...new Set(bench.breaches)], ['devicelink.download-frame']);
  });

  test('a missing file that comes as an empty one, which is error 11', async () => {
    await using bench = await PhoneBench.start();
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name], host) => {
          if (name !== 'DLMessageDownloadFiles') return false;
          host.sendFrame(Buffer.from(`${bench.udid}/Status.plist`));
          host.sendFrame(Buffer.of(0));
          host.sendFrame(Buffer.alloc(0));
          host.status(0);
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 11);
    assert.deepEqual(bench.breaches, ['devicelink.missing-as-empty']);
  });

  test('a status that does not name the file that failed', async () => {
    await using bench = await PhoneBench.start();
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name], host) => {
          if (name !== 'DLMessageDownloadFiles' || host.operations.length > 1) return false;
          host.sendFrame(Buffer.from(`${bench.udid}/Status.plist`));
          host.sendFrame(Buffer.of(6));
          host.sendFrame(Buffer.alloc(0));
          host.status(0);
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 0);
    assert.deepEqual(bench.breaches, ['devicelink.download-status']);
  });

  test('listings without dates', async () => {
    await using bench = await restorable();
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name, path], host) => {
          if (name !== 'DLContentsOfDirectory' || path !== bench.udid) return false;
          const names = [...(host.folder.list(bench.udid)?.entries() ?? [])];
          const entries = names.map(([each, entry]) => [
            each,
            { DLFileType: entry === 'directory' ? 'DLFileTypeDirectory' : 'DLFileTypeRegular', DLFileSize: 0 },
          ]);
          host.send('DLMessageStatusResponse', 0, '___EmptyParameterString___', Object.fromEntries(entries));
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 0);
    assert.deepEqual([...new Set(bench.breaches)], ['devicelink.listing']);
  });
});

describe('the phone takes it in good part', () => {
  test('when negative codes come as unsigned numbers', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(2);
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      {
        before: ([name], host) => {
          if (name !== 'DLMessageCreateDirectory') return false;
          host.status(2n ** 64n - 7n, 'File exists');
          return true;
        },
      },
    );
    assert.equal(response['ErrorCode'], 0);
    assert.deepEqual(bench.breaches, []);
  });

  test('when the host pings', async () => {
    await using bench = await PhoneBench.start();
    bench.fill(2);
    const { response } = await bench.ask(
      { MessageName: 'Backup' },
      { before: ([name], host) => name !== 'DLMessageDownloadFiles' && ping(host) },
    );
    assert.equal(response['ErrorCode'], 0);
    await assertHoldsPhone(bench);
  });

  test('when the host disconnects in the middle: nothing is answered, all is kept', async () => {
    await using bench = await PhoneBench.start({ backup: { batchFiles: 1 } });
    bench.fill(4);
    const { host, ended } = bench.connect();
    await host.greet();
    host.manners = {
      before: ([name], { operations }) => {
        if (name !== 'DLMessageUploadFiles' || operations.length < 12) return false;
        host.close();
        throw new Error('changed its mind');
      },
    };
    await assert.rejects(host.request({ MessageName: 'Backup', TargetIdentifier: bench.udid }), /changed its mind/);
    await ended;
    assert.deepEqual(bench.breaches, []);
    assert.equal((await bench.backUp()).code, 0);
    await assertHoldsPhone(bench);
  });
});

/** A phone whose backup lies in the folder, with a Manifest.db that takes several frames. */
async function restorable(backup: { maxDownloadFrameBytes?: number } = {}): Promise<PhoneBench> {
  const bench = await PhoneBench.start({ backup });
  bench.fill(300);
  await bench.backUp();
  return bench;
}

function withDownloads(send: (path: string, bytes: Buffer, host: ScriptedHost) => void): HostManners {
  return {
    before: ([name, paths], host) => {
      if (name !== 'DLMessageDownloadFiles' || !Array.isArray(paths)) return false;
      const [path] = paths;
      const bytes = typeof path === 'string' ? host.folder.read(path) : undefined;
      if (typeof path !== 'string' || bytes === undefined) return false;
      send(path, bytes, host);
      return true;
    },
  };
}

function ping(host: ScriptedHost): false {
  host.send('DLMessagePing', 'still here');
  return false;
}

function isSecondUpload(operations: readonly Operation[]): boolean {
  return operations.filter(([name]) => name === 'DLMessageUploadFiles').length === 2;
}
