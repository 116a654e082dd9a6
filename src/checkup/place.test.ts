import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeOf } from './place.ts';

test('a disk that was copied whole, in the place of the other, is another place', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(root, { recursive: true }));
  const { dev } = statSync(root);
  const [major, minor] = [Math.floor(dev / 256) % 4096, (dev % 256) + Math.floor((dev % 2 ** 32) / 2 ** 20) * 256];
  const disk = join(root, 'sys/devices/sda');
  mkdirSync(disk, { recursive: true });
  mkdirSync(join(root, 'sys/dev/block'), { recursive: true });
  symlinkSync(disk, join(root, 'sys/dev/block', `${major}:${minor}`));
  writeFileSync(join(root, 'holdfast.json'), '{}');
  const placeOn = (serial: string): string => {
    writeFileSync(join(disk, 'serial'), serial);
    return placeOf(root, root);
  };
  const place = placeOn('one');
  assert.equal(placeOn('one'), place);
  assert.notEqual(placeOn('two'), place);
});
