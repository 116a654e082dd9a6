/** What a phone of before iOS 10 left behind is kept, handed out, taken in, read and brought back like any other's. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdfast } from '../support/holdfast-cli.ts';
import { contentsOf } from '../support/compare.ts';
import { Scene } from '../support/scene.ts';

const PASSWORD = 'correct horse';

for (const { productVersion, deviceLinkVersion } of [
  { productVersion: '10.3.4', deviceLinkVersion: 300 },
  { productVersion: '9.3.6', deviceLinkVersion: 300 },
  { productVersion: '6.1.6', deviceLinkVersion: 200 },
]) {
  describe(`a backup of iOS ${productVersion}`, () => {
    for (const encrypted of [false, true]) {
      test(`${encrypted ? 'encrypted' : 'plain'}: verified deep, exported, imported, read and restored`, async () => {
        const phone = { productVersion, backup: { deviceLinkVersion } };
        await using scene = await Scene.start({ seed: 5, encrypted, phone, files: 60 });
        const { both } = scene;
        const run = async (...words: string[]) => {
          const env = { ...scene.cliEnv, ...(encrypted && { HOLDFAST_PASSWORD: PASSWORD }) };
          const result = await holdfast([...words, '--json'], { env });
          assert.equal(result.status, 0, `${words.join(' ')}: ${result.stderr}${result.stdout}`);
          return result.events;
        };
        await run('pair');
        const early = (await scene.finish()).snapshot;
        const wanted = contentsOf(scene.phone);
        scene.use();
        await scene.finish();

        await run('verify', '--deep', early);
        const folder = join(both.directory, 'exported');
        await run('export', early, folder);
        const other = ['--vault', join(both.directory, 'other-vault')];
        const imported = (await run('import', join(folder, scene.phone.udid), ...other)).at(-1);
        assert.ok(imported !== undefined);
        await run('verify', '--deep', 'latest', ...other);
        const listed = await run('ls', 'latest', ...other);
        assert.ok(listed.length > 0);

        await run('restore', 'latest', '--yes', '--no-safety-backup', '--no-reboot', ...other);
        assert.deepEqual(sorted(contentsOf(scene.phone)), sorted(wanted));
        scene.phone.reboot();
        await scene.finish();
        await scene.assertAllHold();
      });
    }
  });
}

function sorted(contents: ReadonlyMap<string, string>): [string, string][] {
  return [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
