import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { disksUnder } from './disks-under.ts';

describe('the disks below a folder', () => {
  let root = '';
  let folder = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-'));
    folder = join(root, 'mnt', 'my disk', 'vault');
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, 'sys/dev/block'), { recursive: true });
    mkdirSync(join(root, 'proc/self'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A device in sysfs. @returns its folder */
  function device(path: string, files: Readonly<Record<string, string>>): string {
    const dir = join(root, 'sys/devices', path);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(dir, name, '..'), { recursive: true });
      writeFileSync(join(dir, name), content);
    }
    return dir;
  }

  /** Lets the file system that the folder is really on be on a device. */
  function mountOn(dir: string): void {
    const { dev } = statSync(folder);
    const [major, minor] = [Math.floor(dev / 256) % 4096, (dev % 256) + Math.floor((dev % 2 ** 32) / 2 ** 20) * 256];
    symlinkSync(dir, join(root, 'sys/dev/block', `${major}:${minor}`));
  }

  test('is the one that its partition is of', () => {
    device('pci/ata1/block/sda', { 'device/model': 'WDC WD40EFRX   \n', removable: '0\n' });
    mountOn(device('pci/ata1/block/sda/sda1', { partition: '1\n' }));
    assert.deepEqual(disksUnder(folder, root), [{ name: 'WDC WD40EFRX', device: '/dev/sda', kind: 'disk' }]);
  });

  test('is told from every other by its number', () => {
    const dir = device('pci/nvme/nvme0/nvme0n1', { wwid: 'eui.002538\n' });
    mountOn(dir);
    assert.deepEqual(
      disksUnder(folder, root).map(({ serial }) => serial),
      ['eui.002538'],
    );
    device('pci/nvme/nvme0/nvme0n1', { 'device/wwid': 'naa.5002538\n' });
    assert.deepEqual(
      disksUnder(folder, root).map(({ serial }) => serial),
      ['naa.5002538'],
    );
  });

  test('can be taken away where it is on USB, or says so', () => {
    const onUsb = device('pci/usb2/2-1/block/sdb', { 'device/model': 'Portable SSD T7', removable: '0\n' });
    mountOn(onUsb);
    assert.deepEqual(disksUnder(folder, root), [{ name: 'Portable SSD T7', device: '/dev/sdb', kind: 'removable' }]);
    rmSync(join(root, 'sys/dev/block'), { recursive: true });
    mkdirSync(join(root, 'sys/dev/block'));
    mountOn(device('pci/mmc/block/mmcblk0', { removable: '1\n' }));
    assert.deepEqual(disksUnder(folder, root), [{ name: 'mmcblk0', device: '/dev/mmcblk0', kind: 'removable' }]);
  });

  test('are several where a volume lies on several', () => {
    const disks = ['sda', 'sdb'].map((name) => device(`pci/${name}`, { 'device/model': `model ${name}` }));
    const volume = device('virtual/block/dm-0', {});
    mkdirSync(join(volume, 'slaves'), { recursive: true });
    for (const [at, dir] of disks.entries()) symlinkSync(dir, join(volume, 'slaves', `sd${'ab'[at]}`));
    mountOn(volume);
    assert.deepEqual(
      disksUnder(folder, root).map(({ name }) => name),
      ['model sda', 'model sdb'],
    );
  });

  for (const [type, source, kind] of [
    ['nfs4', 'nas.lan:/volume1', 'network'],
    ['cifs', '//nas/backups', 'network'],
    ['fuse.sshfs', 'anna@nas:', 'network'],
    ['tmpfs', 'tmpfs', 'other'],
  ] as const) {
    test(`are told by the mount where it is ${type}`, () => {
      const at = join(root, 'mnt', 'my disk').replaceAll(' ', '\\040');
      const lines = [
        `1 0 8:1 / / rw - ext4 /dev/nowhere rw`,
        `2 1 0:44 / ${at} rw,relatime shared:1 - ${type} ${source} rw`,
      ];
      writeFileSync(join(root, 'proc/self/mountinfo'), `${lines.join('\n')}\n`);
      assert.deepEqual(disksUnder(folder, root), [{ name: source, device: undefined, kind }]);
    });
  }

  test('are none where nobody can tell', () => {
    assert.deepEqual(disksUnder(folder, root), []);
    assert.deepEqual(disksUnder(join(folder, 'missing'), root), []);
  });
});
