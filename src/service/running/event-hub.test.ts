import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LiveEvent } from '../../contract/index.ts';
import { EventHub } from './event-hub.ts';

const snapshots = (udid: string): LiveEvent => ({ event: 'snapshots', udid });
const changed = (what: 'alarms' | 'settings'): LiveEvent => ({ event: 'changed', what });

describe('live events', () => {
  test('begin with how things stand, and go on with what changes', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const events = hub.listen(stop.signal, () => Promise.resolve([snapshots('A')]));
    assert.deepEqual((await events.next()).value, snapshots('A'));
    const next = events.next();
    hub.tell(changed('alarms'));
    assert.deepEqual((await next).value, changed('alarms'));
    const last = events.next();
    stop.abort();
    assert.equal((await last).done, true);
  });

  test('tell who is slow the newest of each thing, once', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const events = hub.listen(stop.signal, () => Promise.resolve([]));
    const first = events.next();
    for (let i = 0; i < 10_000; i++) hub.tell(snapshots('A'));
    hub.tell(changed('settings'));
    hub.tell(snapshots('A'));
    assert.deepEqual((await first).value, changed('settings'));
    assert.deepEqual((await events.next()).value, snapshots('A'));
    const none = events.next();
    stop.abort();
    assert.equal((await none).done, true);
  });

  test('that happen while it is found out how things stand are not lost', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const standing = Promise.withResolvers<LiveEvent[]>();
    const events = hub.listen(stop.signal, () => standing.promise);
    const first = events.next();
    hub.tell(snapshots('A'));
    standing.resolve([snapshots('A'), snapshots('B')]);
    assert.deepEqual((await first).value, snapshots('B'));
    assert.deepEqual((await events.next()).value, snapshots('A'));
    await events.return();
  });
});
