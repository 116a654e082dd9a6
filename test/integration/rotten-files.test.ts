/** Whatever file of bookkeeping rots: the next backup happens, and no version that was there is lost. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { holdfast, startHoldfast } from '../support/holdfast-cli.ts';
import { ManyPhones } from '../support/many-phones.ts';

/** Without them it cannot be told where vaults were, so that an unplugged disk would be taken for a place for a new one. */
const SAYS_WHAT_TO_DO = /known-vaults\.json$/;
/** What a backup consists of is looked after by `verify`, and brought back from copies. */
const CONTENT = /\/(?:objects|segments)\//;

describe('a file of bookkeeping that rots', () => {
  for (const [how, bytes] of [
    ['into noise', randomBytes(6000)],
    ['into nothing', Buffer.alloc(0)],
  ] as const) {
    test(`${how} keeps no device from being backed up`, { timeout: 240_000 }, async () => {
      await using many = await ManyPhones.start(2, { productVersion: '15.5' });
      const home = String(many.env['HOLDFAST_HOME']);
      const kept = join(dirname(home), 'kept');
      const before = await makeHistory(many);
      cpSync(home, kept, { recursive: true });
      const files = filesIn(home).filter((path) => !CONTENT.test(path));
      assert.ok(files.length > 15, `${files.length} files`);
      for (const path of files) {
        rmSync(home, { recursive: true, force: true });
        cpSync(kept, home, { recursive: true });
        chmodSync(path, 0o600);
        writeFileSync(path, bytes);
        const name = relative(home, path);
        const { status, stderr, error } = await holdfast(['backup', '--all', '--json'], { env: many.env });
        if (SAYS_WHAT_TO_DO.test(path)) {
          assert.equal(error?.['code'], 'STORAGE_FAILED', name);
          assert.match(String(error?.['hint']), /Restore or remove this file/);
          continue;
        }
        assert.equal(status, 0, `${name}: ${stderr}`);
        const now = await ids(many);
        // A version whose own record rotted is not told as whole; all others are there, and the new ones.
        const lost = before.filter((id) => !now.includes(id));
        assert.deepEqual(
          lost,
          before.filter((id) => name.includes(`-${id}.json`) && name.startsWith('vault/snapshots')),
          name,
        );
        assert.equal(now.length, before.length - lost.length + many.phones.length, name);
      }
    });
  }
});

/** Versions of both devices, and an unfinished backup of one. */
async function makeHistory(many: ManyPhones): Promise<string[]> {
  for (let day = 0; day < 2; day++) {
    const { status, stderr } = await holdfast(['backup', '--all'], { env: many.env });
    assert.equal(status, 0, stderr);
  }
  const running = startHoldfast(['backup', many.phones[0]?.udid ?? '', '--full', '--json'], {
    env: many.env,
    onEvent: ({ event }) => void (event === 'requested' && running.process.kill('SIGKILL')),
  });
  await running.ended;
  return ids(many);
}

async function ids(many: ManyPhones): Promise<string[]> {
  const { events } = await holdfast(['snapshots', '--json'], { env: many.env });
  return events.filter(({ state }) => state !== 'damaged').map(({ id }) => String(id));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
