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

/** A volume that a controller makes of several, which has nothing to say of them. */
const RAID = {
  smartctl: { version: [7, 0], exit_status: 4 },
  device: { type: 'scsi', protocol: 'SCSI' },
  model_name: 'Intel Raid 1 Volume',
  temperature: { current: 0, drive_trip: 0 },
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

  test('being hot for a moment is no end of it', async () => {
    const log = { ...NVME.nvme_smart_health_information_log, critical_warning: 2 };
    const health = await ask({
      ...NVME,
      smart_status: { passed: false, nvme: { value: 2 } },
      nvme_smart_health_information_log: log,
    });
    assert.equal(health.kind === 'told' && health.passed, true);
  });

  // As public collections of answers of real disks have them.
  test('a real one that fails, behind an adapter, says so in all its ways', async () => {
    const table = [
      { id: 5, when_failed: 'now', flags: { prefailure: true }, raw: { value: 1975, string: '1975' } },
      {
        id: 9,
        when_failed: '',
        flags: { prefailure: false },
        raw: { value: 167031278144165, string: '2725 (151 234 0)' },
      },
      {
        id: 190,
        when_failed: 'now',
        flags: { prefailure: false },
        raw: { value: 487784477, string: '29 (Min/Max 19/29)' },
      },
      { id: 197, when_failed: '', flags: { prefailure: false }, raw: { value: 8, string: '8' } },
    ];
    const failing = {
      smartctl: { version: [7, 1], exit_status: 216 },
      device: { type: 'usbjmicron', protocol: 'ATA' },
      model_name: 'Hitachi HDS721050DLE630',
      ata_smart_attributes: { revision: 16, table },
    };
    for (const answer of [{ ...failing, smart_status: { passed: false } }, failing]) {
      const health = await ask(answer);
      assert.ok(health.kind === 'told');
      assert.deepEqual([health.passed, health.replacedPlaces, health.unreadablePlaces], [false, 1975, 8]);
    }
    const hot = await ask({ ...ATA, ata_smart_attributes: { table: table.slice(2, 3) } });
    assert.equal(hot.kind === 'told' && hot.passed, true);
  });

  test('one of a server tells of its defects in a word of its own', async () => {
    const sas = { model_name: 'SEAGATE ST4000NM0043', smart_status: { passed: true }, scsi_grown_defect_list: 56 };
    const health = await ask({
      ...sas,
      device: { type: 'scsi', protocol: 'SCSI' },
      power_on_time: { hours: 43_549, minutes: 33 },
    });
    assert.ok(health.kind === 'told');
    assert.deepEqual([health.replacedPlaces, health.hours], [56, 43_549]);
  });

  test('an adapter that is not known is asked in the way that most understand', async () => {
    const unknown = JSON.stringify({
      smartctl: {
        messages: [
          { string: '/dev/sda: Unknown USB bridge [0x0951:0x1666 (0x001)]', severity: 'error' },
          { string: 'Please specify device type with the -d option.', severity: 'error' },
        ],
        exit_status: 1,
      },
    });
    const behind = (sat: string) => askDisk('/dev/sda', async (words) => (words.includes('sat') ? sat : unknown));
    const health = await behind(JSON.stringify(ATA));
    assert.equal(health.kind === 'told' && health.model, ATA.model_name);
    for (const sat of ['', unknown]) assert.deepEqual(await behind(sat), { kind: 'says-nothing' });
  });

  test('what it tells counts, also where one of several questions was refused', async () => {
    const messages = [{ string: 'Read SCT Status failed: Operation not permitted', severity: 'error' }];
    assert.equal((await ask({ ...ATA, smartctl: { exit_status: 4, messages } })).kind, 'told');
  });

  for (const { title, answer, kind } of [
    { title: 'a volume of a RAID', answer: JSON.stringify(RAID), kind: 'says-nothing' },
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
