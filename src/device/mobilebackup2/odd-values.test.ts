import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal, PlistUid, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { DeviceLinkMessage } from '../devicelink/messages.ts';
import { MemoryTarget } from './memory-target.test-helper.ts';
import { converse, UDID } from './scripted-phone.test-helper.ts';

const FILE = `${UDID}/Info.plist`;

/** Values of every type that a property list has, at the ends of what it can hold. */
const ODD: readonly PlistValue[] = [
  true,
  -1,
  2n ** 64n - 1n,
  -(2n ** 63n),
  new PlistReal(Number.NaN),
  new PlistReal(Number.POSITIVE_INFINITY),
  new PlistReal(-1e308),
  new Date(0),
  new Date(Number.NaN),
  Buffer.alloc(3),
  new PlistUid(7),
  '',
  '\u0000',
  '\uD800',
  '../..',
  [],
  [[[]]],
  [1, 'a', {}],
  {},
  { ['__proto__']: 'x', constructor: 'y', '': '' },
  { [FILE]: ['x'] },
];

const OPERATIONS: readonly DeviceLinkMessage[] = [
  ['DLMessageDownloadFiles', [FILE], {}, new PlistReal(1), 10],
  ['DLContentsOfDirectory', UDID, {}, new PlistReal(1)],
  ['DLMessageCreateDirectory', UDID, {}, new PlistReal(1)],
  ['DLMessageMoveItems', { [FILE]: FILE }, {}, new PlistReal(1)],
  ['DLMessageMoveFiles', { [FILE]: FILE }, {}, new PlistReal(1)],
  ['DLMessageRemoveItems', [`${UDID}/x`], {}, new PlistReal(1)],
  ['DLMessageCopyItem', FILE, `${UDID}/x`, {}, new PlistReal(1), 10],
  ['DLMessageGetFreeDiskSpace', 'x'],
  ['DLMessagePurgeDiskSpace', 10, 4],
  ['DLMessagePing', 'x'],
  ['DLMessageDisconnect', 'x'],
  ['DLMessageNobodyKnows', 'x'],
];

describe('a device that says something of another type', () => {
  for (const operation of OPERATIONS) {
    test(`in any place of ${operation[0]} is answered, or the job ends with a reason`, async () => {
      for (let place = 1; place < operation.length; place++) {
        for (const value of ODD) await check(operation.with(place, value) as unknown as DeviceLinkMessage);
        await check(operation.slice(0, place) as unknown as DeviceLinkMessage);
      }
      await check([...operation, 'more', 1, {}]);
    });
  }

  test('in its last word is told so', async () => {
    for (const key of ['MessageName', 'ErrorCode', 'ErrorDescription', 'Content']) {
      for (const value of ODD) {
        const word: PlistDictionary = { MessageName: 'Response', ErrorCode: 1, ErrorDescription: 'x', [key]: value };
        await check(['DLMessageProcessMessage', word]);
      }
    }
    for (const value of ODD) await check(['DLMessageProcessMessage', value]);
  });

  test('while it greets is told so', async () => {
    for (const value of ODD) {
      for (const message of [
        ['DLMessageVersionExchange', value],
        ['DLMessageVersionExchange', value, value],
        ['DLMessageProcessMessage', value],
        ['DLMessageNobodyKnows', value],
      ] satisfies DeviceLinkMessage[]) {
        const { result } = await converse(async (phone) => {
          await phone.link.writeMessage(message);
          await phone.link.readMessage();
          await phone.link.writeMessage(message);
        });
        await assert.rejects(result, isAppError);
      }
    }
  });
});

/** Says it, hears what comes, and ends; nothing outside may have been touched. */
async function check(message: DeviceLinkMessage): Promise<void> {
  const target = new MemoryTarget();
  target.files.set(FILE, Buffer.from('x'));
  const { result } = await converse(
    async (phone) => {
      await phone.greet();
      await phone.link.writeMessage(message);
      await phone.link.writeMessage(['DLMessageProcessMessage', { MessageName: 'Response', ErrorCode: 0 }]);
    },
    { target },
  );
  const [ended] = await Promise.allSettled([result]);
  const reason: unknown = ended.status === 'rejected' ? ended.reason : undefined;
  assert.ok(reason === undefined || isAppError(reason), `${JSON.stringify(message, spell)}: ${String(reason)}`);
  for (const call of target.calls) {
    for (const path of call.split(' ').slice(1)) {
      assert.ok(
        path === UDID || path.startsWith(`${UDID}/`) || call === 'free',
        `${JSON.stringify(message, spell)}: ${call}`,
      );
    }
  }
}

function spell(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
