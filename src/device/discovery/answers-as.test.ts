import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakePhone, reach } from '../fake-phone.test-helper.ts';
import { answersAs } from './answers-as.ts';

describe('answersAs', () => {
  test('believes a device that names itself, without a session', async () => {
    const phone = new FakePhone();
    await using there = await reach(phone);
    assert.equal(await answersAs(there.location, await phone.trust()), true);
    assert.deepEqual(phone.requestsFor('StartSession'), []);
  });

  test('asks within a session where it is not told before', async () => {
    const phone = new FakePhone();
    phone.prohibited.add('UniqueDeviceID');
    await using there = await reach(phone);
    assert.equal(await answersAs(there.location, await phone.trust()), true);
    assert.equal(phone.requestsFor('StartSession').length, 1);
  });

  test('follows no device of another name, and none that does not know this computer', async () => {
    const phone = new FakePhone();
    const record = await phone.trust();
    phone.setValue('', 'UniqueDeviceID', '00008110-000000000000001E');
    await using there = await reach(phone);
    assert.equal(await answersAs(there.location, record), false);
    phone.prohibited.add('UniqueDeviceID');
    assert.equal(await answersAs(there.location, record), false);
    assert.equal(await answersAs(there.location, { ...record, hostId: 'OTHER' }), false);
  });
});
