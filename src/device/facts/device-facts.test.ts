import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlistReal, type PlistDictionary } from '../../formats/index.ts';
import { factsFrom } from './device-facts.ts';

describe('what a device tells of Apple’s own backup', () => {
  for (const [what, values, cloudBackup] of [
    ['nothing', { WillEncrypt: true }, undefined],
    ['that it is off', { CloudBackupEnabled: false }, { isEnabled: false, lastAt: undefined }],
    [
      'when it was, in seconds since 2001',
      { CloudBackupEnabled: true, LastCloudBackupDate: new PlistReal(817_000_000.5), LastCloudBackupTZ: 'CET' },
      { isEnabled: true, lastAt: new Date('2026-11-22T00:26:40.500Z') },
    ],
    [
      'when it was, as a date',
      { LastCloudBackupDate: new Date('2026-11-21T02:00:00Z') },
      { isEnabled: undefined, lastAt: new Date('2026-11-21T02:00:00Z') },
    ],
    ['a date that is none', { LastCloudBackupDate: new PlistReal(Number.POSITIVE_INFINITY) }, undefined],
  ] as const satisfies readonly (readonly [string, PlistDictionary, object | undefined])[]) {
    test(what, () => {
      const facts = factsFrom('UDID', new Map([['com.apple.mobile.backup', values]]));
      assert.deepEqual(facts.cloudBackup, cloudBackup);
    });
  }
});
