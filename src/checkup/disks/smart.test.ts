import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askDisk } from './smart.ts';

/** The shapes are those of `smartctl --json` 7.3 in its manual and its sources; the figures are made up. */
const ATA = {
  smartctl: { version: [7, 3], exit_status: 0 },
  model_name: 'WDC WD40EFRX-68N32N0',
  smart_status: { passed: true },
  temperature: { current: 34 },
  power_on_time: { hours: 31_245 },
  ata_smart_attributes: {
    table: [
      { id: 5, name: 'Reallocated_Sector_Ct', raw: { value: 3, string: '3' } },
      { id: 197, name: 'Current_Pending_Sector', raw: { value: 2, string: '2' } },
      { id: 198, name: 'Offline_Uncorrectable', raw: { value: 2, string: '2' } },
    ],
  },
};
const NVME = {
  smartctl: { version: [7, 3], exit_status: 0 },
  model_name: 'Samsung SSD 980 1TB',
  smart_status: { passed: true, nvme: { value: 0 } },
  nvme_smart_health_information_log: { critical_warning: 0, percentage_used: 7, media_errors: 0 },
  temperature: { current: 41 },
  power_on_time: { hours: 4_120 },
};

describe('a disk is asked', () => {
  test('an old-fashioned one tells of the places it lost', async () => {
    assert.deepEqual(await ask(ATA), {
      kind: 'told',
      model: 'WDC WD40EFRX-68N32N0',
      passed: true,
      unreadablePlaces: 2,
      replacedPlaces: 3,
      usedPercent: undefined,
      hours: 31_245,
      celsius: 34,
    });
  });

  test('one of memory tells how much of it is used up', async () => {
    const health = await ask(NVME);
    assert.ok(health.kind === 'told');
    assert.deepEqual([health.passed, health.usedPercent, health.unreadablePlaces], [true, 7, 0]);
  });

  test('a warning of its own counts as failing', async () => {
    const log = { ...NVME.nvme_smart_health_information_log, critical_warning: 4 };
    const health = await ask({ ...NVME, nvme_smart_health_information_log: log });
    assert.equal(health.kind === 'told' && health.passed, false);
  });

  for (const { title, answer, kind } of [
    { title: 'not installed', answer: undefined, kind: 'no-program' },
    { title: 'not allowed', answer: failed('/dev/sda failed: Permission denied'), kind: 'no-rights' },
    { title: 'not seen by a service', answer: failed('/dev/sda failed: No such device'), kind: 'no-rights' },
    { title: 'a virtual disk', answer: failed('/dev/vda: Unable to detect device type'), kind: 'says-nothing' },
    { title: 'garbage', answer: 'smartctl 6.6\n', kind: 'says-nothing' },
    { title: 'JSON of something else', answer: '[1, 2]', kind: 'says-nothing' },
    { title: 'nothing', answer: '', kind: 'says-nothing' },
  ]) {
    test(`and ${title} is told apart: ${kind}`, async () => {
      assert.deepEqual(await askDisk('/dev/sda', async () => answer), { kind });
    });
  }
});

const ask = (answer: object) => askDisk('/dev/sda', async () => JSON.stringify(answer));

function failed(string: string): string {
  return JSON.stringify({ smartctl: { messages: [{ string, severity: 'error' }], exit_status: 2 } });
}
