import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal, type PlistValue } from '../../formats/index.ts';
import type { DeviceLinkMessage } from '../devicelink/messages.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import { type Conversation, converse, type ScriptedPhone, UDID } from './scripted-phone.test-helper.ts';

const GIB = 1024 ** 3;

describe('a device that finds too little room on this computer', () => {
  test('ends the backup with how much is missing, whatever code it gives', async () => {
    for (const code of [105, 1, 104]) {
      const { result } = await givingUp((phone) =>
        phone.respond(code, { ErrorDescription: 'Insufficient free space' }),
      );
      await assert.rejects(result, {
        code: 'OUT_OF_SPACE',
        message: /3\.22 GB more/,
        details: {
          deviceCode: code,
          description: 'Insufficient free space',
          missingBytes: 3 * GIB,
          freeBytes: 1000,
        },
      });
    }
  });

  test('ends it so by hanging up with a word, too', async () => {
    const { result } = await givingUp(async (phone) => phone.link.writeMessage(['DLMessageDisconnect', 'No room']));
    await assert.rejects(result, {
      code: 'OUT_OF_SPACE',
      details: { reason: 'No room', missingBytes: 3 * GIB, freeBytes: 1000 },
    });
  });

  test('counts what was freed meanwhile', async () => {
    const target = withRoom(1000);
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        await askForRoom(phone, 5 * GIB);
        target.free = 1000 + GIB;
        await phone.ask('DLMessageGetFreeDiskSpace');
        await phone.respond(105);
      },
      { target },
    );
    await assert.rejects(result, {
      code: 'OUT_OF_SPACE',
      details: { deviceCode: 105, description: '', missingBytes: 2 * GIB, freeBytes: 1000 + GIB },
    });
  });

  test('lacks what it asks for, where that is less than it would ask for beyond', async () => {
    const { result } = await givingUp((phone) => phone.respond(105), 7_000_000n);
    await assert.rejects(result, {
      message: /7 MB more/,
      details: { deviceCode: 105, description: '', missingBytes: 7_000_000, freeBytes: 1000 },
    });
  });

  test('lacks a little where it has just what it needs: it wants more than that', async () => {
    const { result } = await givingUp((phone) => phone.respond(105), 2 * GIB);
    await assert.rejects(result, {
      message: /a little more/,
      details: { deviceCode: 105, description: '', missingBytes: 0, freeBytes: 1000 },
    });
  });

  test('lacks at least that much where nothing is free', async () => {
    const { result } = await converse(
      async (phone) => {
        await phone.greet();
        await askForRoom(phone, 3 * GIB);
        await phone.respond(105);
      },
      { target: withRoom(0) },
    );
    await assert.rejects(result, { message: /at least 1\.07 GB more/ });
  });

  test('is not short of room when it goes on', async () => {
    const { result } = await givingUp(async (phone) => {
      await phone.ask('DLMessageCreateDirectory', UDID, {}, 0);
      await phone.respond(104);
    });
    await assert.rejects(result, { code: 'DEVICE_REFUSED', details: { deviceCode: 104, description: '' } });
  });

  test('is believed about a passcode or a password', async () => {
    const { result } = await givingUp((phone) => phone.respond(208));
    await assert.rejects(result, { code: 'PASSCODE_NOT_ENTERED' });
  });

  test('may ask for nonsense, which is no room', async () => {
    for (const bytes of [-1, 0, 'a lot', {}, new PlistReal(1e300), new PlistReal(Number.NaN), 2n ** 63n]) {
      const { result } = await givingUp((phone) => phone.respond(105), bytes);
      await assert.rejects(result, { code: 'OUT_OF_SPACE', details: { deviceCode: 105, description: '' } });
    }
  });

  test('says no more than that where it does not ask for room', async () => {
    const { result } = await converse(async (phone) => {
      await phone.greet(300);
      await phone.ask('DLMessageGetFreeDiskSpace');
      await phone.respond(105);
    });
    await assert.rejects(result, { code: 'OUT_OF_SPACE', details: { deviceCode: 105, description: '' } });
  });
});

/** A device that sees a thousand bytes free and asks for more, in vain. */
async function givingUp(
  word: (phone: ScriptedPhone) => void | Promise<void>,
  bytes: PlistValue = 5 * GIB,
): Promise<Conversation> {
  return await converse(
    async (phone) => {
      await phone.greet();
      await askForRoom(phone, bytes);
      await phone.ask('DLMessageGetFreeDiskSpace');
      await word(phone);
    },
    { target: withRoom(1000) },
  );
}

async function askForRoom(phone: ScriptedPhone, bytes: PlistValue): Promise<void> {
  await phone.ask('DLMessageGetFreeDiskSpace');
  const message: DeviceLinkMessage = ['DLMessagePurgeDiskSpace', bytes, 4];
  assert.equal((await phone.ask(...message))[2], 0);
}

function withRoom(bytes: number): MemoryTarget {
  return Object.assign(new MemoryTarget(), { free: bytes });
}
