import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeMux, FakePhone, UDID } from '../fake-phone.test-helper.ts';
import { watchMuxDevices, type MuxEvent } from './watch.ts';

const phone = new FakePhone();
const usb = { deviceId: 1, udid: UDID, connection: 'usb' } as const;

describe('watchMuxDevices', () => {
  test('tells who is there, who comes and who goes', async () => {
    await using mux = await FakeMux.start({ deviceId: 1, phone });
    const controller = new AbortController();
    const events = watchMuxDevices(mux.address, controller.signal);
    assert.deepEqual(await next(events), { kind: 'attached', device: usb });
    mux.tell({ MessageType: 'Paired', DeviceID: 1 });
    assert.deepEqual(await next(events), { kind: 'paired', device: usb });
    mux.tell({ MessageType: 'Detached', DeviceID: 77 });
    mux.detach(1);
    assert.deepEqual(await next(events), { kind: 'detached', device: usb });
    mux.attach({ deviceId: 2, phone });
    assert.deepEqual(await next(events), { kind: 'attached', device: { ...usb, deviceId: 2 } });
    const ending = next(events);
    controller.abort();
    assert.equal(await ending, undefined);
  });

  test('misses nobody whom a usbmuxd tells of before it answers', async () => {
    await using mux = await FakeMux.start({ deviceId: 1, phone });
    mux.tellsEarly = true;
    const controller = new AbortController();
    const events = watchMuxDevices(mux.address, controller.signal);
    const first = next(events);
    mux.attach({ deviceId: 2, phone });
    assert.deepEqual(await first, { kind: 'attached', device: usb });
    assert.deepEqual(await next(events), { kind: 'attached', device: { ...usb, deviceId: 2 } });
    controller.abort();
    assert.equal(await next(events), undefined);
  });

  test('goes on when usbmuxd is restarted', async () => {
    await using mux = await FakeMux.start({ deviceId: 1, phone });
    const controller = new AbortController();
    const events = watchMuxDevices(mux.address, controller.signal, { retryMs: 1 });
    assert.equal((await next(events))?.kind, 'attached');
    await mux.stop();
    assert.deepEqual(await next(events), { kind: 'detached', device: usb });
    const outage = await next(events);
    assert.ok(outage?.kind === 'unavailable' && outage.error.code === 'USBMUXD_UNAVAILABLE');
    mux.attachments = [{ deviceId: 3, phone }];
    const returned = next(events);
    await mux.listen();
    assert.deepEqual(await returned, { kind: 'attached', device: { ...usb, deviceId: 3 } });
    controller.abort();
    assert.equal(await next(events), undefined);
  });

  test('tells once that there is no usbmuxd, and waits for one', async () => {
    await using mux = await FakeMux.start();
    await mux.stop();
    const controller = new AbortController();
    const events = watchMuxDevices(mux.address, controller.signal, { retryMs: 1, maxRetryMs: 1 });
    assert.equal((await next(events))?.kind, 'unavailable');
    const attached = next(events);
    mux.attachments = [{ deviceId: 1, phone }];
    await mux.listen();
    assert.equal((await attached)?.kind, 'attached');
    controller.abort();
    assert.equal(await next(events), undefined);
  });
});

async function next(events: AsyncGenerator<MuxEvent, void>): Promise<MuxEvent | undefined> {
  const { value, done } = await events.next();
  return done === true || value === undefined ? undefined : value;
}
