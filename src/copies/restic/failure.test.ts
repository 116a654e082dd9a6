import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, withoutPasswords } from './failure.ts';

interface Case {
  readonly what: string;
  readonly status: number;
  readonly stderr: string;
  readonly code: string;
  readonly message?: RegExp;
}

const CASES: readonly Case[] = [
  { what: 'a wrong password', status: 12, stderr: 'Fatal: wrong password or no key found', code: 'WRONG_PASSWORD' },
  {
    what: 'a wrong password, as old versions say it',
    status: 1,
    stderr: 'Fatal: wrong password or no key found',
    code: 'WRONG_PASSWORD',
  },
  { what: 'no repository', status: 10, stderr: 'Fatal: repository does not exist', code: 'COPY_UNREACHABLE' },
  {
    what: 'no repository, as old versions say it',
    status: 1,
    stderr:
      'Fatal: unable to open config file: stat /x: no such file\nIs there a repository at the following location?\n/x',
    code: 'COPY_UNREACHABLE',
  },
  {
    what: 'a server that is down',
    status: 1,
    stderr: 'dial tcp 127.0.0.1:1: connect: connection refused',
    code: 'COPY_UNREACHABLE',
  },
  { what: 'a lock', status: 11, stderr: 'unable to create lock in backend', code: 'COPY_FAILED' },
  {
    what: 'no room for its lock',
    status: 1,
    stderr: 'Fatal: unable to create lock in backend: write /x/locks/a-tmp: no space left on device',
    code: 'COPY_FAILED',
    message: /is full/,
  },
  {
    what: 'no room for its lock, as version 0.14 says it',
    status: 1,
    stderr: [
      'write /x/locks/a-tmp: no space left on device',
      'github.com/restic/restic/internal/backend/local.(*Local).Save',
      '\tgithub.com/restic/restic/internal/backend/local/local.go:170',
      'main.main',
      '\tgithub.com/restic/restic/cmd/restic/main.go:98',
      'runtime.goexit',
      '\truntime/asm_amd64.s:1594',
      'unable to create lock in backend',
    ].join('\n'),
    code: 'COPY_FAILED',
    message: /is full/,
  },
  {
    what: 'a place that it may only read',
    status: 1,
    stderr: 'Fatal: unable to create lock in backend: open /x/locks/a-tmp: read-only file system',
    code: 'COPY_FAILED',
    message: /refuses us/,
  },
  { what: 'a code that nobody knows yet', status: 77, stderr: 'wrong password or no key found', code: 'COPY_FAILED' },
];

for (const { what, status, stderr, code, message } of CASES) {
  test(`restic's ${what} is told as ${code}`, () => {
    const error = failureOf({ status, stderr, command: 'backup' });
    assert.equal(error.code, code);
    assert.equal(error.details['status'], status);
    assert.ok(error.hint !== undefined);
    if (message !== undefined) assert.match(error.message, message);
  });
}

test('what restic said is passed on without the passwords of addresses', () => {
  const stderr = 'unable to open repo at rest:https://ada:secret@example.net/x: refused';
  assert.doesNotMatch(JSON.stringify(failureOf({ status: 1, stderr, command: 'backup' }).details), /secret/);
  assert.equal(withoutPasswords('rest:https://ada:secret@example.net/'), 'rest:https://ada:***@example.net/');
  assert.equal(withoutPasswords('sftp:ada@host:/backups'), 'sftp:ada@host:/backups');
});
