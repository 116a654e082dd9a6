import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBinaryPlist, type PlistValue } from '../../formats/index.ts';
import { memoryBackup } from '../source/memory-backup.test-helper.ts';
import { blockedItems, openBlocked, type BlockList } from './blocked.ts';

const PLACE = 'HomeDomain:Library/Preferences/com.apple.cmfsyncagent.plist';
const open = (list: PlistValue): Promise<BlockList | undefined> =>
  openBlocked(memoryBackup({ [PLACE]: encodeBinaryPlist(list) }));

test('blocked callers are numbers and mail addresses', async () => {
  const list = await open({
    __kCMFBlockListStoreTopLevelKey: {
      __kCMFBlockListStoreArrayKey: [
        {
          __kCMFItemTypeKey: 0,
          __kCMFItemPhoneNumberUnformattedKey: '+49151',
          __kCMFItemPhoneNumberCountryCodeKey: 'de',
        },
        { __kCMFItemTypeKey: 1, __kCMFItemEmailUnformattedKey: 'a@b.c' },
        { __kCMFItemTypeKey: 0 },
        'rubbish',
      ],
    },
  });
  assert.deepEqual(list, {
    addresses: [
      { kind: 'phone', address: '+49151', country: 'de' },
      { kind: 'mail', address: 'a@b.c', country: null },
    ],
    unreadable: 2,
  });
  assert.ok(list);
  assert.deepEqual(
    [...blockedItems(list)].map(({ key }) => key),
    ['+49151', 'a@b.c'],
  );
});

test('a list that was never used is empty, one that is something else refused', async () => {
  assert.deepEqual(await open({}), { addresses: [], unreadable: 0 });
  await assert.rejects(open(['x']), { code: 'FORMAT_INVALID' });
  assert.equal(await openBlocked(memoryBackup({})), undefined);
});
