/** `holdfast verify --repair`, where there is no copy. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdfast } from '../support/holdfast-cli.ts';
import { makeHistory } from '../support/many-snapshots.ts';
import { randomFrom } from '../support/random.ts';

test('what a vault has twice is mended without any copy', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  await makeHistory(join(home, 'vault'), { days: 3, files: 10 }, randomFrom(1));
  const lists = join(home, 'vault', 'lists');
  const second = readdirSync(lists).find((name) => name.endsWith('.second')) ?? '';
  rmSync(join(lists, second));
  const options = { env: { HOLDFAST_HOME: home } };
  const found = await holdfast(['verify'], options);
  assert.notEqual(found.status, 0);
  assert.match(found.stdout, /not both are whole/);
  const { status, stderr } = await holdfast(['verify', '--repair'], options);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /No copy of this vault is set up/);
  assert.ok(readdirSync(lists).includes(second));
});
