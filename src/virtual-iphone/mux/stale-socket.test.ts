import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { removeStaleSocket } from './stale-socket.ts';

describe('removeStaleSocket', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'holdfast-socket-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  test('leaves a file that is no socket alone', async () => {
    const path = join(directory, 'letter.txt');
    writeFileSync(path, 'dear');
    await assert.rejects(removeStaleSocket(path), { code: 'USAGE' });
    assert.equal(readFileSync(path, 'utf8'), 'dear');
  });

  test('leaves a socket alone on which somebody listens', async () => {
    const path = join(directory, 'live');
    const server = createServer().listen({ path });
    await assert.rejects(removeStaleSocket(path), { code: 'USAGE', message: /listens/ });
    assert.equal(existsSync(path), true);
    server.close();
  });

  test('removes what a killed process left', async () => {
    const path = join(directory, 'stale');
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    assert.equal(existsSync(path), true);
    await removeStaleSocket(path);
    assert.equal(existsSync(path), false);
  });

  test('has nothing to do where there is nothing', async () => {
    await removeStaleSocket(join(directory, 'nothing'));
  });
});
