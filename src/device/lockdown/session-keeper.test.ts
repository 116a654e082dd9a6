import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { FakePhone, reach } from '../fake-phone.test-helper.ts';
import type { DeviceLocation } from '../location.ts';
import { connectionLost } from '../wire/connection-errors.ts';
import { LockdownClient } from './lockdown-client.ts';
import { SessionKeeper } from './session-keeper.ts';

describe('SessionKeeper', () => {
  test('keeps a session while it is used, one use after another', async () => {
    await using there = await reach(new FakePhone());
    await using keeper = keeperOf(there.location);
    const names = await Promise.all([1, 2, 3].map(() => keeper.sessions.use((client) => client.queryType())));
    assert.equal(new Set(names).size, 1);
    assert.equal(keeper.opened.length, 1);
  });

  test('closes a session that nobody uses', async () => {
    const phone = new FakePhone();
    await using there = await reach(phone);
    await using keeper = keeperOf(there.location, 1);
    await keeper.sessions.use((client) => client.queryType());
    const [client] = keeper.opened;
    while ((await client?.queryType().catch(() => 'gone')) !== 'gone') await setImmediate();
    await keeper.sessions.use((fresh) => fresh.queryType());
    assert.equal(keeper.opened.length, 2);
  });

  test('does the work again with a fresh session when the kept one is gone', async () => {
    await using there = await reach(new FakePhone());
    await using keeper = keeperOf(there.location);
    await keeper.sessions.use((client) => client.queryType());
    keeper.opened[0]?.close();
    assert.equal(await keeper.sessions.use((client) => client.queryType()), 'com.apple.mobile.lockdown');
    assert.equal(keeper.opened.length, 2);
  });

  test('does not try again what failed with a fresh session', async () => {
    await using there = await reach(new FakePhone());
    await using keeper = keeperOf(there.location);
    let tries = 0;
    const work = (): Promise<void> => {
      tries++;
      return Promise.reject(connectionLost('gone'));
    };
    await assert.rejects(keeper.sessions.use(work), { code: 'CONNECTION_LOST' });
    assert.equal(tries, 1);
    await keeper.sessions.use((client) => client.queryType());
    assert.equal(keeper.opened.length, 2);
  });

  test('lends nothing once closed', async () => {
    await using there = await reach(new FakePhone());
    await using keeper = keeperOf(there.location);
    await keeper.sessions.close();
    await assert.rejects(
      keeper.sessions.use(() => Promise.resolve()),
      { code: 'CANCELLED' },
    );
  });
});

function keeperOf(location: DeviceLocation, idleMs = 10_000) {
  const opened: LockdownClient[] = [];
  const sessions = new SessionKeeper(
    async () => {
      const client = await LockdownClient.connect(location);
      opened.push(client);
      return client;
    },
    { idleMs },
  );
  return { sessions, opened, [Symbol.asyncDispose]: () => sessions.close() };
}
