import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import type { PlistValue } from '../../formats/index.ts';
import { encodePlistFrame } from '../wire/plist-frame.ts';
import { readBatteryDiagnostics } from './battery-diagnostics.ts';

describe('readBatteryDiagnostics', () => {
  test('tells the health of the battery', async () => {
    const registry = { CycleCount: 312, DesignCapacity: 3000, AppleRawMaxCapacity: 2700, CurrentCapacity: 80 };
    const diagnostics = { Status: 'Success', Diagnostics: { IORegistry: registry } };
    assert.deepEqual(await readBatteryDiagnostics(told(diagnostics)), {
      cycleCount: 312,
      designCapacityMah: 3000,
      maxCapacityMah: 2700,
      health: 0.9,
    });
  });

  test('leaves open what the device does not say', async () => {
    const { health } = await readBatteryDiagnostics(told({ Diagnostics: { IORegistry: { DesignCapacity: 0 } } }));
    assert.equal(health, undefined);
  });

  test('says that the device declines', async () => {
    await assert.rejects(readBatteryDiagnostics(told({ Status: 'UnknownRequest' })), {
      code: 'DEVICE_REFUSED',
      details: { deviceCode: 'UnknownRequest' },
    });
  });
});

function told(answer: PlistValue): Duplex {
  const [host, device] = duplexPair();
  device.resume();
  device.write(encodePlistFrame(answer));
  return host;
}
