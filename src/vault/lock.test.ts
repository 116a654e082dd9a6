import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { isAppError } from '../shared/errors.ts';
import { VaultLock } from './lock.ts';

describe('the lock of a vault', () => {
  test('is for one at a time, and says who has it', (t) => {
    const vault = makeVault(t);
    const lock = VaultLock.acquire(vault, "a backup of Ada's iPhone");
    assert.throws(() => VaultLock.acquire(vault, 'a prune'), {
      code: 'VAULT_BUSY',
      message: new RegExp(`busy with a backup of Ada's iPhone since ${lock.holder.since.toISOString()}`),
      hint: /Wait/,
      details: {
        pid: process.pid,
        host: hostname(),
        purpose: "a backup of Ada's iPhone",
        since: lock.holder.since.toISOString(),
      },
    });
    lock[Symbol.dispose]();
    lock[Symbol.dispose]();
    using again = VaultLock.acquire(vault, 'a prune');
    assert.equal(again.holder.purpose, 'a prune');
  });

  test('leaves no side file behind when it is released', (t) => {
    const vault = makeVault(t);
    VaultLock.acquire(vault, 'a test')[Symbol.dispose]();
    assert.equal(existsSync(join(vault, 'lock.json')), false);
  });

  test('is taken over from a process that was killed', async (t) => {
    const vault = makeVault(t);
    const child = await holderOf(t, vault);
    assert.throws(
      () => VaultLock.acquire(vault, 'a test'),
      (error) => isAppError(error, 'VAULT_BUSY') && error.details['pid'] === child.pid,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    using lock = VaultLock.acquire(vault, 'a test');
    assert.equal(lock.holder.pid, process.pid);
  });

  for (const facts of ['', 'not JSON', 'null', '{"pid":"1"}', '{"pid":1,"host":"h","purpose":"p","since":"never"}']) {
    test(`is held also when the side file says ${JSON.stringify(facts)}`, (t) => {
      const vault = makeVault(t);
      using _lock = VaultLock.acquire(vault, 'a test');
      writeFileSync(join(vault, 'lock.json'), facts);
      assert.throws(() => VaultLock.acquire(vault, 'another'), { code: 'VAULT_BUSY', message: /another process/ });
    });
  }

  test('is free again when it could not be taken for another reason', (t) => {
    const vault = makeVault(t);
    mkdirSync(join(vault, 'lock.json'));
    assert.throws(() => VaultLock.acquire(vault, 'a test'), { code: 'STORAGE_FAILED' });
    rmSync(join(vault, 'lock.json'), { recursive: true });
    VaultLock.acquire(vault, 'a test')[Symbol.dispose]();
  });

  test('cannot be had in a folder that is not there', (t) => {
    assert.throws(() => VaultLock.acquire(join(makeVault(t), 'nowhere'), 'a test'), { code: 'STORAGE_FAILED' });
  });
});

/** Another process that has the lock. */
async function holderOf(t: TestContext, vault: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'lock-holder.test-helper.ts'), [vault], { execArgv: [] });
  t.after(() => child.kill('SIGKILL'));
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  assert.equal(message, 'held');
  return child;
}

function makeVault(t: TestContext): string {
  const vault = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(vault, { recursive: true, force: true }));
  return vault;
}
