import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal } from '../../formats/index.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { AppError } from '../../shared/errors.ts';
import { encodeFrame } from '../devicelink/frame.ts';
import { encodeMessage } from '../devicelink/messages.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import {
  backUp,
  converse,
  encodeUpload,
  type PhoneFile,
  type ScriptedPhone,
  UDID,
} from './scripted-phone.test-helper.ts';

const BATCH = ['a', 'b', 'c'].map((name) => ({ path: `${UDID}/Snapshot/${name}`, pieces: ['one', 'two'] }));

function batchOf(name: string): PhoneFile[] {
  return [{ path: `${UDID}/Snapshot/${name}`, pieces: [name] }];
}

describe('a target that fails', () => {
  for (const slow of [false, true]) {
    for (const step of ['create', 'write', 'finish']) {
      test(`at ${step} ${slow ? 'later' : 'at once'}: the batch is consumed and the failure told by its path`, async () => {
        const target = failing(`${step} ${UDID}/Snapshot/b`, new TargetError('io', 'disk trouble'), slow);
        const { result } = await backUp(
          async (phone) => {
            assert.deepEqual(await phone.upload(BATCH), [
              -13,
              'Multi status',
              { [`${UDID}/Snapshot/b`]: { DLFileErrorCode: -11, DLFileErrorString: 'disk trouble' } },
            ]);
          },
          { target },
        );
        await result;
        assert.deepEqual([...target.files.keys()], [`${UDID}/Snapshot/a`, `${UDID}/Snapshot/c`]);
        assert.equal(target.openSinks, 0);
      });
    }
  }

  for (const [what, error] of [
    ['a target that is full', new TargetError('no-space', 'full')],
    ['a disk that is full', Object.assign(new Error('full'), { code: 'ENOSPC' })],
    ['a vault that is full', new AppError('OUT_OF_SPACE', 'the vault’s disk is full')],
  ] as const) {
    test(`${what} is told as that alone, and is what the job ends with`, async () => {
      const { result } = await converse(
        async (phone) => {
          await phone.greet();
          assert.equal((await phone.upload(BATCH))[0], -15);
          await phone.respond(105, { ErrorDescription: 'Not enough free space on drive' });
        },
        { target: failing('write', error) },
      );
      await assert.rejects(result, {
        code: 'OUT_OF_SPACE',
        details: { deviceCode: 105, description: 'Not enough free space on drive' },
      });
    });
  }

  test('is noticed for a device too old to ask for space, batch by batch', async () => {
    const target = new MemoryTarget();
    target.free = 100;
    const { result } = await converse(
      async (phone) => {
        await phone.greet(299);
        assert.equal((await phone.upload(batchOf('fits'), 0, 100))[0], 0);
        assert.equal((await phone.upload(batchOf('does not'), 0, 101))[0], -15);
        target.free = 0;
        assert.equal((await phone.upload(batchOf('of unknown size')))[0], -15);
        target.free = 1_000;
        assert.equal((await phone.upload(batchOf('again'), 0, 101))[0], 0);
        await phone.respond(105);
      },
      { target },
    );
    await assert.rejects(result, { code: 'OUT_OF_SPACE' });
    assert.deepEqual([...target.files.keys()], [`${UDID}/Snapshot/fits`, `${UDID}/Snapshot/again`]);
  });

  test('is left to a device that asks for space itself', async () => {
    const target = new MemoryTarget();
    target.free = 0;
    const { result } = await converse(
      async (phone) => {
        await phone.greet(300);
        assert.equal((await phone.upload([{ path: `${UDID}/Status.plist`, pieces: ['x'] }], 0, 1))[0], 0);
        await phone.respond(0);
      },
      { target },
    );
    await result;
  });

  test('is the reason the job ends with, whatever the device makes of it', async () => {
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        await phone.upload(BATCH);
        await phone.respond(104, { ErrorDescription: 'Multiple errors uploading files' });
      },
      { target: failing('finish', Object.assign(new Error('bad'), { code: 'EIO' })) },
    );
    await assert.rejects(result, {
      code: 'STORAGE_FAILED',
      details: { deviceCode: 104, description: 'Multiple errors uploading files', reason: 'EIO' },
    });
  });

  test('half-way through a file it sends, ends that file alone', async () => {
    const target = failing(`chunk ${UDID}/a 100000`, new AppError('SNAPSHOT_CORRUPT', 'damaged'));
    target.files.set(`${UDID}/a`, Buffer.alloc(200_000)).set(`${UDID}/b`, Buffer.from('b'));
    const { result } = await backUp(
      async (phone) => {
        const { files, answer } = await phone.download([`${UDID}/a`, `${UDID}/b`]);
        assert.equal(files.get(`${UDID}/a`)?.code, 11);
        assert.equal(files.get(`${UDID}/b`)?.code, 0);
        assert.equal(answer[0], -13);
      },
      { target },
    );
    await result;
  });

  test('by a mistake of ours ends the job with that, and lets the file go', async () => {
    const target = failing(`write ${UDID}/Snapshot/b`, new TypeError('bug'));
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        await phone.link.writeMessage(['DLMessageUploadFiles', {}, 0, 0]);
        await phone.link.write(encodeUpload(BATCH));
        assert.equal((await phone.link.readMessage())?.[0], 'DLMessageDisconnect');
      },
      { target },
    );
    await assert.rejects(result, { name: 'TypeError', message: 'bug' });
    assert.equal(target.openSinks, 0);
  });
});

describe('a device that tries to leave its directory', () => {
  const paths = [
    '../escape',
    `${UDID}/../escape`,
    '/etc/passwd',
    `${UDID}\\..\\x`,
    `${UDID}/a\0b`,
    'other/Status.plist',
    '',
    `${UDID}/${'x'.repeat(300)}`,
  ];
  const attempts: Record<string, (phone: ScriptedPhone, path: string) => Promise<unknown>> = {
    'by uploading': (phone, path) => phone.upload([{ path, pieces: ['x'] }, ...BATCH]),
    'by downloading': async (phone, path) => (await phone.download([path])).answer,
    'by listing': (phone, path) => phone.ask('DLContentsOfDirectory', path, {}, 0),
    'by making a directory': (phone, path) => phone.ask('DLMessageCreateDirectory', path, {}, 0),
    'by moving from outside': (phone, path) => phone.ask('DLMessageMoveItems', { [path]: `${UDID}/x` }, {}, 0),
    'by moving to outside': (phone, path) => phone.ask('DLMessageMoveItems', { [`${UDID}/x`]: path }, {}, 0),
    'by removing': (phone, path) => phone.ask('DLMessageRemoveItems', [path], {}, 0),
    'by copying from outside': (phone, path) => phone.ask('DLMessageCopyItem', path, `${UDID}/x`, {}, 0, 0),
    'by copying to outside': (phone, path) => phone.ask('DLMessageCopyItem', `${UDID}/x`, path, {}, 0, 0),
  };
  for (const [how, attempt] of Object.entries(attempts)) {
    test(`${how} gets an answer, and then the job ends`, async () => {
      for (const path of paths) {
        // An empty name in these two places ends the batch, or is a breach by itself.
        if (path === '' && how.endsWith('loading')) continue;
        const target = new MemoryTarget();
        const { result } = await converse(
          async (phone) => {
            await phone.greet();
            const answer = await attempt(phone, path);
            assert.ok(Array.isArray(answer) && (answer[0] === -3 || answer[0] === -13), `answer to ${path}`);
            assert.equal((await phone.link.readMessage())?.[0], 'DLMessageDisconnect');
          },
          { target },
        );
        await assert.rejects(result, { code: 'PROTOCOL_VIOLATION', hint: /Nothing outside was touched/ });
        assert.deepEqual(
          target.calls.filter((call) => !call.includes('/Snapshot/')),
          [],
        );
      }
    });
  }
});

describe('a device that makes no sense', () => {
  const nonsense: Record<string, Buffer> = {
    'an upload without a name for the computer': Buffer.concat([
      encodeMessage(['DLMessageUploadFiles', {}, 0, 0]),
      encodeFrame(Buffer.from('device')),
      encodeFrame(Buffer.alloc(0)),
    ]),
    'a file whose name is no text': Buffer.concat([
      encodeMessage(['DLMessageUploadFiles', {}, 0, 0]),
      encodeFrame(Buffer.from('device')),
      encodeFrame(Buffer.concat([Buffer.from(`${UDID}/`), Buffer.of(0xff, 0xfe)])),
    ]),
    'a response that is text': encodeMessage(['DLMessageProcessMessage', 'Response']),
    'a response that does not say how it went': encodeMessage([
      'DLMessageProcessMessage',
      { MessageName: 'Response', ErrorCode: 'fine' },
    ]),
    'a batch that ends within a file': Buffer.concat([
      encodeMessage(['DLMessageUploadFiles', {}, 0, 0]),
      encodeFrame(Buffer.from('device')),
      encodeFrame(Buffer.from(`${UDID}/x`)),
      encodeFrame(Buffer.alloc(0)),
    ]),
    'a file name of two gigabytes': Buffer.concat([
      encodeMessage(['DLMessageUploadFiles', {}, 0, 0]),
      Buffer.of(0x7f, 0xff, 0xff, 0xff),
    ]),
    'a message of two gigabytes': Buffer.of(0x7f, 0xff, 0xff, 0xff),
    'an error text of a gigabyte': Buffer.concat([
      encodeMessage(['DLMessageUploadFiles', {}, 0, 0]),
      encodeFrame(Buffer.from('device')),
      encodeFrame(Buffer.from(`${UDID}/x`)),
      Buffer.of(0x40, 0, 0, 0, 0x0b),
    ]),
    'a name of a file to send that is longer than any': encodeMessage([
      'DLMessageDownloadFiles',
      ['x'.repeat(5000)],
      {},
      0,
      0,
    ]),
    'no property list': encodeFrame(Buffer.from('garbage')),
    'a list of paths that are numbers': encodeMessage(['DLMessageRemoveItems', [1, 2], {}, 0]),
    'a listing of nothing': encodeMessage(['DLContentsOfDirectory']),
    'moves that are a list': encodeMessage(['DLMessageMoveItems', ['a', 'b'], {}, 0]),
    'moves to numbers': encodeMessage(['DLMessageMoveItems', { a: 1 }, {}, 0]),
    'a copy to nowhere': encodeMessage(['DLMessageCopyItem', 'a']),
    'downloads of a dictionary': encodeMessage(['DLMessageDownloadFiles', {}, {}, 0]),
  };
  for (const [what, bytes] of Object.entries(nonsense)) {
    test(`${what}: the job ends, and the device is told`, async () => {
      const { result, target } = await converse(async (phone) => {
        await phone.greet();
        await phone.link.write(bytes);
        assert.equal((await phone.link.readMessage())?.[0], 'DLMessageDisconnect');
      });
      await assert.rejects(result, { code: 'PROTOCOL_VIOLATION' });
      assert.deepEqual(target.calls, []);
    });
  }

  for (const [what, message] of [
    ['no version', encodeMessage(['DLMessageDeviceReady'])],
    ['a version that is text', encodeMessage(['DLMessageVersionExchange', 'x'])],
    ['a version below nothing', encodeMessage(['DLMessageVersionExchange', -1, 0])],
    ['a version that is no number', encodeMessage(['DLMessageVersionExchange', new PlistReal(Number.NaN), 0])],
    ['a version between two', encodeMessage(['DLMessageVersionExchange', new PlistReal(299.5), 0])],
  ] as const) {
    test(`${what} at the beginning: the job ends`, async () => {
      const { result } = await converse(async (phone) => {
        await phone.link.write(message);
      });
      await assert.rejects(result, { code: 'PROTOCOL_VIOLATION' });
    });
  }
});

describe('an end before the end', () => {
  test('a connection that closes between messages is lost', async () => {
    const { result } = await converse(async (phone) => {
      await phone.greet();
      phone.link.close();
    });
    await assert.rejects(result, { code: 'CONNECTION_LOST' });
  });

  test('a connection that breaks in the middle of a file is lost, and the file let go', async () => {
    const { result, target } = await converse(async (phone, stream) => {
      await phone.greet();
      await phone.link.writeMessage(['DLMessageUploadFiles', {}, 0, 0]);
      await phone.link.write(encodeUpload(BATCH).subarray(0, 60));
      await new Promise((resolve) => setImmediate(resolve));
      stream.destroy();
    });
    await assert.rejects(result, { code: 'CONNECTION_LOST' });
    assert.equal(target.openSinks, 0);
  });

  test('a device that disconnects says why', async () => {
    const { result } = await converse(async (phone) => {
      await phone.greet();
      await phone.link.writeMessage(['DLMessageDisconnect', 'Unknown Message Received']);
    });
    await assert.rejects(result, { code: 'DEVICE_REFUSED', details: { reason: 'Unknown Message Received' } });
  });

  test('a device that refuses the greeting is an error of its own', async () => {
    const { result } = await converse(async (phone) => {
      await phone.link.writeMessage(['DLMessageVersionExchange', 400, 0]);
      await phone.link.readMessage();
      await phone.link.writeMessage(['DLMessageDeviceReady']);
      await phone.link.readMessage();
      await phone.respond(1, { ErrorDescription: 'No common supported protocol version' });
    });
    await assert.rejects(result, {
      code: 'DEVICE_REFUSED',
      details: { deviceCode: 1, description: 'No common supported protocol version' },
    });
  });

  test('cancelling tells the device and closes, also while it is silent', async () => {
    const cancel = new AbortController();
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        cancel.abort();
        assert.equal((await phone.link.readMessage())?.[0], 'DLMessageDisconnect');
        assert.equal(await phone.link.readMessage(), undefined);
      },
      { signal: cancel.signal },
    );
    await assert.rejects(result, { code: 'CANCELLED' });
  });

  test('cancelling ends the job also where the device takes no more of what it is sent', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const target = new MemoryTarget();
    const path = `${UDID}/Manifest.db`;
    target.files.set(path, Buffer.alloc(8 * 1024 * 1024));
    const cancel = new AbortController();
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        await phone.link.writeMessage(['DLMessageDownloadFiles', [path], {}, 0, 0]);
        // A megabyte or so is read ahead, and nothing after that.
        for (let turn = 0; turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve));
        cancel.abort();
        context.mock.timers.tick(1_000);
      },
      { target, signal: cancel.signal },
    );
    await assert.rejects(result, { code: 'CANCELLED' });
  });

  test('cancelling in the middle of a file drops that file', async () => {
    const cancel = new AbortController();
    const { result, target } = await converse(
      async (phone) => {
        await phone.greet();
        await phone.link.writeMessage(['DLMessageUploadFiles', {}, 0, 0]);
        await phone.link.write(encodeUpload(BATCH).subarray(0, 120));
        await new Promise((resolve) => setImmediate(resolve));
        cancel.abort();
        await phone.link.readMessage();
      },
      { signal: cancel.signal },
    );
    await assert.rejects(result, { code: 'CANCELLED' });
    assert.equal(target.openSinks, 0);
  });
});

function failing(call: string, error: unknown, slow = false): MemoryTarget {
  return Object.assign(new MemoryTarget(), {
    slow,
    fail: (made: string) => (made.startsWith(call) ? error : undefined),
  });
}
