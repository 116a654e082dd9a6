import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import type { BackupDevice } from '../backup-device.ts';
import { collectExtras } from './collect-extras.ts';
import { noExtras } from './info-plist.ts';

describe('what only decorates Info.plist', () => {
  for (const [what, error] of [
    ['a device that refuses', new AppError('DEVICE_REFUSED', 'no')],
    ['a connection that is lost', new AppError('CONNECTION_LOST', 'gone')],
    ['a mistake of ours', new TypeError('not a function')],
  ] as const) {
    test(`is done without after ${what}`, async () => {
      const asked: string[] = [];
      const device = deviceThat((name) => {
        asked.push(name);
        return Promise.reject(error);
      });
      const { found, over } = collectExtras(device, { signal: new AbortController().signal, log: SILENT_LOGGER });
      await over;
      assert.deepEqual(found, noExtras());
      assert.deepEqual(asked, ['com.apple.afc', 'com.apple.mobile.installation_proxy']);
    });
  }

  test('ends when the time is up, also where a service says nothing', async () => {
    const timeUp = new AbortController();
    const device = deviceThat(() => Promise.resolve(new PassThrough()));
    const { over } = collectExtras(device, { signal: timeUp.signal, log: SILENT_LOGGER });
    setImmediate(() => timeUp.abort());
    await over;
  });
});

function deviceThat(startService: (name: string) => Promise<unknown>): BackupDevice {
  return {
    udid: 'U',
    lost: new AbortController().signal,
    values: notAsked,
    // The streams stand for sockets, of which no more is used.
    startService: startService as BackupDevice['startService'],
  };
}

function notAsked(): never {
  assert.fail('no value is asked for');
}
