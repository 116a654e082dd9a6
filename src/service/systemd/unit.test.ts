import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemdUnit, type UnitOptions } from './unit.ts';

const SYSTEM: UnitOptions = {
  kind: 'system',
  program: [process.execPath, '/bin/true'],
  user: 'root',
  environment: { HOLDFAST_HOME: '/var/lib/holdfast' },
};
const USER: UnitOptions = { kind: 'user', program: [process.execPath, '/bin/true'], environment: {} };
/** Of `systemd-analyze security`, from 0 (nothing can be reached) to 10. */
const MAX_EXPOSURE = 3;

let directory = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

describe('the unit', () => {
  test('starts the service, and lets it end in order', () => {
    const lines = systemdUnit(SYSTEM).split('\n');
    for (const line of [
      `ExecStart=${process.execPath} /bin/true serve`,
      'Environment=HOLDFAST_HOME=/var/lib/holdfast',
      'User=root',
      'ProtectHome=yes',
      'WantedBy=multi-user.target',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.ok(systemdUnit(USER).includes('WantedBy=default.target'));
    assert.ok(!systemdUnit(USER).includes('User='));
  });

  test('takes paths as they are, whatever is in them', () => {
    const program = ['/opt/my node/node', '/opt/50%/a "b" $HOME \\ c'];
    const unit = systemdUnit({ ...USER, program, environment: { HOLDFAST_VAULT: '/mnt/Ädas Platte/100%' } });
    assert.ok(unit.includes(String.raw`ExecStart="/opt/my node/node" "/opt/50%%/a \"b\" $$HOME \\ c" serve`));
    assert.ok(unit.includes('Environment="HOLDFAST_VAULT=/mnt/Ädas Platte/100%%"'));
    assert.throws(() => systemdUnit({ ...USER, program: ['node'] }), RangeError);
    assert.throws(() => systemdUnit({ ...USER, environment: { A: 'b\nExecStart=c' } }), RangeError);
  });

  test('reaches into homes only where the vault lies in one', () => {
    const unit = systemdUnit({ ...SYSTEM, environment: { HOLDFAST_VAULT: '/home/anna/vault' } });
    assert.ok(unit.includes('ProtectHome=no'));
  });
});

describe('systemd', { skip: spawnSync('systemd-analyze', ['--version']).status !== 0 && 'is not here' }, () => {
  for (const options of [SYSTEM, USER]) {
    test(`understands every line of the ${options.kind} unit`, () => {
      const { status, stderr } = analyze(options, [
        'verify',
        '--man=no',
        ...(options.kind === 'user' ? ['--user'] : []),
      ]);
      assert.deepEqual([stderr, status], ['', 0]);
    });
  }

  test('finds little that the system unit could reach', () => {
    const threshold = `--threshold=${MAX_EXPOSURE * 10}`;
    const { status, stdout } = analyze(SYSTEM, ['security', '--no-pager', '--offline=true', threshold]);
    assert.equal(status, 0, stdout);
  });
});

/** Where the manager of users is not running, it says so; that says nothing of the unit. */
function analyze(
  options: UnitOptions,
  words: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const file = join(directory, 'holdfast.service');
  writeFileSync(file, systemdUnit(options));
  const env = { ...process.env, XDG_RUNTIME_DIR: directory };
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, file], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}
