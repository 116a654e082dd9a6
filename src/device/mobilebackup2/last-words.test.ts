import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeXmlPlist } from '../../formats/index.ts';
import { encodeFrame } from '../devicelink/frame.ts';
import { type DeviceLinkMessage, encodeMessage } from '../devicelink/messages.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import { backUp, converse, encodeUpload, type ScriptedPhone, UDID } from './scripted-phone.test-helper.ts';

const FILES = ['a', 'b'].map((name) => ({ path: `${UDID}/Snapshot/${name}`, pieces: ['one', 'two'] }));
const GOODBYE = encodeMessage(['DLMessageDisconnect', 'Battery is empty']);
const REFUSED = { code: 'DEVICE_REFUSED', details: { reason: 'Battery is empty' } };

describe('a last word that does not say what it is', () => {
  test('is the response, and its code decides', async () => {
    const { result } = await converse((phone) => say(phone, { ErrorCode: 0 }));
    assert.deepEqual(await result, {});
    const { result: refused } = await converse((phone) => say(phone, { ErrorCode: 208, ErrorDescription: 'locked' }));
    await assert.rejects(refused, {
      code: 'PASSCODE_NOT_ENTERED',
      details: { deviceCode: 208, description: 'locked' },
    });
    const { result: silent } = await converse((phone) => say(phone, { ProtocolVersion: 2 }));
    await assert.rejects(silent, { code: 'PROTOCOL_VIOLATION' });
  });

  test('is the text that was asked for, also where no code says so', async () => {
    const request = { kind: 'info', udid: UDID } as const;
    const { result } = await converse((phone) => say(phone, { Content: 'of last week' }), { request });
    assert.deepEqual(await result, { content: 'of last week' });
    const { result: backup } = await converse((phone) => say(phone, { Content: 'of last week' }));
    await assert.rejects(backup, { code: 'PROTOCOL_VIOLATION' });
  });

  test('is none when it says that it is something else', async () => {
    for (const MessageName of ['Request', 7]) {
      const { result } = await converse((phone) => say(phone, { MessageName, ErrorCode: 0 }));
      await assert.rejects(result, { code: 'PROTOCOL_VIOLATION' });
    }
  });
});

describe('a device that hangs up while it is being sent files', () => {
  for (const [what, message, expected] of [
    ['its response', response(106), { code: 'DEVICE_REFUSED', details: { deviceCode: 106, description: 'no room' } }],
    ['its own decision', GOODBYE, REFUSED],
    ['the broken connection where it said nothing', Buffer.alloc(0), { code: 'CONNECTION_LOST' }],
  ] as const) {
    test(`ends the job with ${what}`, async () => {
      const { result } = await converse(
        async (phone, stream) => {
          await sending(phone, message);
          await turns(50);
          stream.destroy();
        },
        { target: withBigFile() },
      );
      await assert.rejects(result, expected);
    });
  }

  test('has succeeded when it said so before', async () => {
    const { result } = await converse(
      async (phone, stream) => {
        await sending(phone, response(0));
        await turns(50);
        stream.destroy();
      },
      { target: withBigFile() },
    );
    assert.deepEqual(await result, {});
  });
});

test('a job that is cancelled while files are sent says no goodbye into the middle of one', async () => {
  const cancel = new AbortController();
  const frames: Buffer[] = [];
  const { result } = await converse(
    async (phone) => {
      await sending(phone, Buffer.alloc(0));
      for (let i = 0; i < 10; i++) await phone.link.readFrame(100_000);
      cancel.abort();
      for (;;) {
        const frame = await phone.link.readFrame(100_000).catch(() => undefined);
        if (frame === undefined) return;
        frames.push(frame);
      }
    },
    { target: withBigFile(), signal: cancel.signal },
  );
  await assert.rejects(result, { code: 'CANCELLED' });
  assert.ok(frames.every((frame) => frame[0] === 0x0c));
});

describe('a device that speaks in the middle of its files', () => {
  const upload = encodeUpload(FILES);
  /** Where the names, the pieces and the end of the first file begin. */
  const places = frameStarts(upload).slice(0, 6);

  for (const [form, goodbye] of [
    ['a goodbye', GOODBYE],
    ['a goodbye in XML', encodeFrame(encodeXmlPlist(['DLMessageDisconnect', 'Battery is empty']))],
  ] as const) {
    test(`ends the job by ${form}, in its own words, wherever it comes`, async () => {
      for (const at of places) {
        const { result, target } = await converse((phone) => speaking(phone, upload, at, goodbye));
        await assert.rejects(result, { ...REFUSED, message: /Battery is empty/ });
        assert.equal(target.openSinks, 0);
      }
    });
  }

  test('ends it without words where it has none', async () => {
    for (const words of [[], ['___EmptyParameterString___'], [7]]) {
      const goodbye = encodeMessage(['DLMessageDisconnect', ...words]);
      const { result } = await converse((phone) => speaking(phone, upload, 0, goodbye));
      await assert.rejects(result, { code: 'DEVICE_REFUSED', details: { reason: '' }, message: /by itself$/ });
    }
  });

  test('ends it with its response', async () => {
    for (const at of places) {
      const { result } = await converse((phone) => speaking(phone, upload, at, response(106)));
      await assert.rejects(result, { details: { deviceCode: 106, description: 'no room' } });
    }
  });

  test('goes on after a ping', async () => {
    for (const at of places) {
      const { result, target, events } = await backUp(async (phone) => {
        await phone.link.writeMessage(['DLMessageUploadFiles', {}, 0, 0]);
        await phone.link.write(inserted(upload, at, encodeMessage(['DLMessagePing', 'still here'])));
        assert.equal((await phone.answer())[0], 0);
      });
      await result;
      assert.deepEqual(
        [...target.files].map(([path, bytes]) => [path, bytes.toString()]),
        FILES.map(({ path }) => [path, 'onetwo']),
      );
      assert.ok(events.some((event) => event.kind === 'warning' && event.warning.kind === 'remark'));
    }
  });

  test('breaks the rules when it asks for something there', async () => {
    const asking = encodeMessage(['DLMessageCreateDirectory', `${UDID}/x`, {}, 0]);
    const { result } = await converse((phone) => speaking(phone, upload, 0, asking));
    await assert.rejects(result, { code: 'PROTOCOL_VIOLATION' });
  });

  test('says nothing by an error text that only looks like a message', async () => {
    const text = encodeMessage(['DLMessagePing']).subarray(4).toString('latin1');
    const { result, events } = await backUp(async (phone) => {
      assert.equal((await phone.upload([{ path: `${UDID}/Snapshot/a`, pieces: ['x'], end: 0x0b, text }]))[0], 0);
    });
    await result;
    assert.ok(events.some((event) => event.kind === 'warning' && event.warning.kind === 'file-incomplete'));
  });
});

async function say(phone: ScriptedPhone, content: Record<string, string | number>): Promise<void> {
  await phone.greet();
  await phone.link.writeMessage(['DLMessageProcessMessage', content]);
}

/** Asks for a large file, reads nothing of it, and speaks. */
async function sending(phone: ScriptedPhone, words: Buffer): Promise<void> {
  await phone.greet();
  await phone.link.writeMessage(['DLMessageDownloadFiles', [`${UDID}/big`], {}, 0, 0]);
  await phone.link.write(words);
}

function withBigFile(): MemoryTarget {
  const memory = new MemoryTarget();
  memory.files.set(`${UDID}/big`, Buffer.alloc(4 * 1024 * 1024));
  return memory;
}

async function speaking(phone: ScriptedPhone, upload: Buffer, at: number, words: Buffer): Promise<void> {
  await phone.greet();
  await phone.link.writeMessage(['DLMessageUploadFiles', {}, 0, 0]);
  await phone.link.write(inserted(upload, at, words));
  phone.link.close();
}

function response(ErrorCode: number): Buffer {
  const more = ErrorCode === 0 ? {} : { ErrorDescription: 'no room' };
  const message: DeviceLinkMessage = ['DLMessageProcessMessage', { MessageName: 'Response', ErrorCode, ...more }];
  return encodeMessage(message);
}

function inserted(upload: Buffer, at: number, words: Buffer): Buffer {
  return Buffer.concat([upload.subarray(0, at), words, upload.subarray(at)]);
}

function frameStarts(frames: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at < frames.length; at += 4 + frames.readUInt32BE(at)) starts.push(at);
  return starts;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
