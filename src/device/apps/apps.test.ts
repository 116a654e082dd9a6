import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { asDictionary, stringAt, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { encodePlistFrame, PlistFrameReader } from '../wire/plist-frame.ts';
import { browseApps } from './installation-proxy.ts';
import { readAppIcons, type AppIcon } from './springboard-icons.ts';

const HANG_UP = Symbol('hang up');

describe('browseApps', () => {
  test('asks for just some attributes, and joins the pieces', async () => {
    const asked: PlistValue[] = [];
    const stream = answering((request) => {
      asked.push(request);
      return [
        { Status: 'BrowsingApplications', CurrentList: [{ CFBundleIdentifier: 'a' }, { CFBundleIdentifier: 'b' }] },
        { Status: 'BrowsingApplications', CurrentList: [{ CFBundleIdentifier: 'c' }, 'nonsense'] },
        { Status: 'Complete' },
      ];
    });
    const apps = await Array.fromAsync(browseApps(stream, { returnAttributes: ['CFBundleIdentifier'] }));
    assert.deepEqual(
      apps.map((app) => app['CFBundleIdentifier']),
      ['a', 'b', 'c'],
    );
    const options = { ApplicationType: 'User', ReturnAttributes: ['CFBundleIdentifier'] };
    assert.deepEqual(asked, [{ Command: 'Browse', ClientOptions: options }]);
    assert.equal(stream.destroyed, true);
  });

  test('says that the device declines', async () => {
    const stream = answering(() => [{ Error: 'APIInternalError' }]);
    await assert.rejects(Array.fromAsync(browseApps(stream, { returnAttributes: [] })), {
      code: 'DEVICE_REFUSED',
      details: { deviceCode: 'APIInternalError' },
    });
  });

  test('does not take an early end for a short list', async () => {
    const stream = answering(() => [{ CurrentList: [{ CFBundleIdentifier: 'a' }] }, HANG_UP]);
    await assert.rejects(Array.fromAsync(browseApps(stream, { returnAttributes: [] })), { code: 'CONNECTION_LOST' });
  });

  test('stops when cancelled', async () => {
    const [stream] = duplexPair();
    const signal = AbortSignal.abort();
    await assert.rejects(Array.fromAsync(browseApps(stream, { returnAttributes: [], signal })), { code: 'CANCELLED' });
  });
});

describe('readAppIcons', () => {
  test('reads many over one connection, and leaves out apps without one', async () => {
    let connections = 0;
    const icons = await Array.fromAsync(
      readAppIcons(['a', 'none', 'b'], { connect: () => (connections++, springboard({ none: 'empty' })) }),
    );
    assert.deepEqual(icons, [icon('a'), icon('b')]);
    assert.equal(connections, 1);
  });

  test('goes on over a new connection after an app that gives no answer', async () => {
    let connections = 0;
    const connect = (): Promise<Duplex> => (connections++, springboard({ hangs: 'silence' }));
    const icons = await Array.fromAsync(readAppIcons(['a', 'hangs', 'b'], { connect, timeoutMs: 10 }));
    assert.deepEqual(icons, [icon('a'), icon('b')]);
    assert.equal(connections, 2);
  });

  test('gives up on a service that answers nothing', async () => {
    let connections = 0;
    const connect = (): Promise<Duplex> => (connections++, springboard({ a: 'silence', b: 'silence', c: 'silence' }));
    const wanted = ['a', 'b', 'c', 'd'];
    assert.deepEqual(await Array.fromAsync(readAppIcons(wanted, { connect, timeoutMs: 2 })), []);
    assert.equal(connections, 3);
  });

  test('does without icons when the service cannot be reached, but not when cancelled', async () => {
    const [stream] = duplexPair();
    stream.destroy(new Error('gone'));
    assert.deepEqual(await Array.fromAsync(readAppIcons(['a'], { connect: () => Promise.resolve(stream) })), []);
    const cancelled = { connect: () => springboard({}), signal: AbortSignal.abort() };
    await assert.rejects(Array.fromAsync(readAppIcons(['a'], cancelled)), { code: 'CANCELLED' });
  });
});

/** A service: our end of a connection on which every request is answered. */
function answering(answer: (request: PlistDictionary) => (PlistDictionary | typeof HANG_UP)[]): Duplex {
  const [host, device] = duplexPair();
  const serve = async (): Promise<void> => {
    for await (const request of new PlistFrameReader(device)) {
      for (const reply of answer(asDictionary(request) ?? {})) {
        if (reply === HANG_UP) device.end();
        else device.write(encodePlistFrame(reply, 'binary'));
      }
    }
  };
  serve().catch(() => device.destroy());
  return host;
}

function icon(bundleId: string): AppIcon {
  return { bundleId, png: Buffer.from(bundleId) };
}

/** Answers with an icon that is the name of the app. */
function springboard(special: Readonly<Record<string, 'silence' | 'empty'>>): Promise<Duplex> {
  return Promise.resolve(
    answering((request) => {
      const bundleId = stringAt(request, 'bundleId') ?? '';
      if (special[bundleId] === 'silence') return [];
      return [special[bundleId] === 'empty' ? {} : { pngData: Buffer.from(bundleId) }];
    }),
  );
}
