/** Phones that behave otherwise than most: what they say, and do not say, while they are backed up. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BackupEvent } from '../../src/backup/index.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

describe('a phone', () => {
  test('that ends a backup in the middle of a file is told by its own words, and the next one goes on', async () => {
    await using both = await PhoneAndVault.start({ files: 40 });
    both.phone.faults.at({ point: 'mobilebackup2:read-file', nth: 30, action: behave('goodbye') });
    await assert.rejects(both.backUp(), {
      code: 'DEVICE_REFUSED',
      message: /The battery is empty/,
    });
    const { resumed, snapshot } = await backUp(both);
    assert.equal(resumed, true);
    await both.assertHolds(snapshot, both.contents());
    assert.deepEqual(both.phone.breaches.list(), []);
  });

  test('that says nothing of what its last word is, and pings between files, is backed up', async () => {
    await using both = await PhoneAndVault.start({ files: 20 });
    both.phone.faults.at({ point: 'mobilebackup2:read-file', nth: 3, times: 5, action: behave('ping') });
    both.phone.faults.at({ point: 'mobilebackup2:response', action: behave('unnamed') });
    const { snapshot } = await backUp(both);
    await both.assertHolds(snapshot, both.contents());
    assert.deepEqual(both.phone.breaches.list(), []);
  });

  test('that stops announcing is listened to anew: its passcode prompt is seen', async () => {
    await using both = await PhoneAndVault.start({ files: 5, passcode: { mode: 'accept', delayMs: 300 } });
    both.phone.faults.at({
      point: 'com.apple.mobile.notification_proxy:PostNotification',
      action: { kind: 'disconnect' },
    });
    both.phone.faults.at({ point: 'mobilebackup2:request', action: { kind: 'stall', ms: 600 } });
    const { phases, warnings } = await backUp(both);
    assert.ok(phases.has('waiting-for-passcode'));
    assert.deepEqual(warnings, []);
  });
});

function behave(as: string): { kind: 'behave'; as: string } {
  return { kind: 'behave', as };
}

async function backUp(both: PhoneAndVault): Promise<{
  snapshot: string;
  resumed: boolean;
  phases: Set<string>;
  warnings: string[];
}> {
  const phases = new Set<string>();
  const warnings: string[] = [];
  let resumed = false;
  const onEvent = (event: BackupEvent): void => {
    if (event.event === 'progress') phases.add(event.phase);
    if (event.event === 'warning') warnings.push(event.message);
    if (event.event === 'started') ({ resumed } = event);
  };
  const { snapshot } = await both.backUp({ onEvent });
  return { snapshot, resumed, phases, warnings };
}
