import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { encodePlistFrame, PlistFrameReader } from '../wire/plist-frame.ts';
import { NOTIFICATION, NotificationProxy } from './notification-proxy.ts';

describe('NotificationProxy', () => {
  test('observes, posts, and hands out what is relayed, in order and without losing any', async () => {
    const [host, device] = duplexPair();
    const proxy = new NotificationProxy(host);
    proxy.observe([NOTIFICATION.syncCancelRequest]);
    proxy.post(NOTIFICATION.syncWillStart);
    const told = new PlistFrameReader(device);
    assert.deepEqual(await told.read(), { Command: 'ObserveNotification', Name: NOTIFICATION.syncCancelRequest });
    assert.deepEqual(await told.read(), { Command: 'PostNotification', Name: NOTIFICATION.syncWillStart });
    for (const name of ['one', 'two']) device.write(encodePlistFrame({ Command: 'RelayNotification', Name: name }));
    const seen: string[] = [];
    for await (const name of proxy.events()) {
      seen.push(name);
      if (name === 'two') device.write(encodePlistFrame({ Command: 'RelayNotification', Name: 'three' }));
      if (name === 'three') device.end(encodePlistFrame({ Command: 'ProxyDeath' }));
    }
    assert.deepEqual(seen, ['one', 'two', 'three']);
  });

  test('closes when the proxy has read everything', async () => {
    const [host, device] = duplexPair();
    const proxy = new NotificationProxy(host);
    const closing = proxy.close();
    assert.deepEqual(await new PlistFrameReader(device).read(), { Command: 'Shutdown' });
    device.write(encodePlistFrame({ Command: 'ProxyDeath' }));
    await closing;
    assert.equal(host.destroyed, true);
    assert.deepEqual(await Array.fromAsync(proxy.events()), []);
  });

  test('tells its listener that the connection broke, and closes without a word', async () => {
    const [host] = duplexPair();
    const proxy = new NotificationProxy(host);
    host.destroy(new Error('gone'));
    await assert.rejects(Array.fromAsync(proxy.events()), { code: 'CONNECTION_LOST' });
    await proxy.close();
  });

  test('refuses what is no message', async () => {
    const [host, device] = duplexPair();
    await using proxy = new NotificationProxy(host);
    device.write(encodePlistFrame(['RelayNotification']));
    await assert.rejects(Array.fromAsync(proxy.events()), { code: 'PROTOCOL_VIOLATION' });
  });
});
