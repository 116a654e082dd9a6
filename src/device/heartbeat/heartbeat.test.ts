import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import type { PlistValue } from '../../formats/index.ts';
import { encodePlistFrame, PlistFrameReader } from '../wire/plist-frame.ts';
import { keepHeartbeat } from './heartbeat.ts';

describe('keepHeartbeat', () => {
  test('answers every Marco with Polo, until the device falls asleep', async () => {
    const [host, device] = duplexPair();
    let beats = 0;
    const ended = keepHeartbeat(host, { onBeat: () => beats++ });
    const answers = new PlistFrameReader(device);
    for (let i = 0; i < 3; i++) {
      say(device, { Command: 'Marco', Interval: 10, SupportsSleepyTime: true });
      assert.deepEqual(await answers.read(), { Command: 'Polo' });
    }
    say(device, { Command: 'SomethingNew' }, { Command: 'SleepyTime' });
    assert.equal(await ended, 'sleeping');
    assert.equal(beats, 3);
    assert.equal(host.destroyed, true);
  });

  test('notices that no first sign of life comes', async () => {
    const [host] = duplexPair();
    assert.equal(await keepHeartbeat(host, { firstIntervalMs: 1, marginMs: 1 }), 'lost');
  });

  test('waits as long as the device said, and a margin', async () => {
    const [host, device] = duplexPair();
    say(device, { Command: 'Marco', Interval: 0.002 });
    assert.equal(await keepHeartbeat(host, { firstIntervalMs: 60_000, marginMs: 1 }), 'lost');
  });

  test('goes on with a device that says it would be silent for years', async () => {
    const [host, device] = duplexPair();
    const ended = keepHeartbeat(host);
    const answers = new PlistFrameReader(device);
    say(device, { Command: 'Marco', Interval: 1e12 });
    assert.deepEqual(await answers.read(), { Command: 'Polo' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    say(device, { Command: 'Marco', Interval: 10 });
    assert.deepEqual(await answers.read(), { Command: 'Polo' });
    device.end();
    assert.equal(await ended, 'lost');
  });

  test('notices that the connection ends', async () => {
    const [host, device] = duplexPair();
    device.end();
    assert.equal(await keepHeartbeat(host), 'lost');
  });

  test('stops when cancelled', async () => {
    const [host] = duplexPair();
    const controller = new AbortController();
    const ended = keepHeartbeat(host, { signal: controller.signal });
    controller.abort();
    assert.equal(await ended, 'cancelled');
  });
});

function say(stream: Duplex, ...messages: PlistValue[]): void {
  for (const message of messages) stream.write(encodePlistFrame(message));
}
