import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NewCopy } from './copies.ts';

const takes = (repository: string): boolean =>
  NewCopy.safeParse({ kind: 'restic', name: 'offsite', repository }).success;

describe('the address of a repository', () => {
  for (const address of [
    '/media/usb/restic',
    'sftp:ada@nas.example.net:/backups',
    'sftp:nas:backups/phones',
    'sftp://ada@[::1]:2222//srv/backups',
    'rest:https://backup.example.org:8000/phones/',
    's3:s3.eu-central-1.amazonaws.com/bucket/phones',
    's3:https://minio.lan:9000/bucket',
    'b2:bucket-of-ours:phones',
    'azure:container:/phones',
    'rclone:my drive:phones',
  ]) {
    test(`may be ${address}`, () => assert.equal(takes(address), true));
  }

  for (const address of [
    'relative/folder',
    'sftp:-oProxyCommand=sh:/x',
    'sftp:-l@nas:/x',
    'sftp://-oProxyCommand=sh/x',
    'rclone::sftp,ssh="sh -c id":x',
    'rclone:remote,ssh=sh:x',
    'rclone:--config=/x:y',
    'rest:file:///etc',
    'swift:container:/path',
    '/media/usb\n/other',
    'local:/etc',
    '',
  ]) {
    test(`may not be ${JSON.stringify(address)}`, () => assert.equal(takes(address), false));
  }
});

test('credentials name neither files nor programs', () => {
  const copy = { kind: 'restic', name: 'offsite', repository: 'b2:bucket' };
  assert.equal(NewCopy.safeParse({ ...copy, credentials: { B2_ACCOUNT_ID: 'id' } }).success, true);
  assert.equal(NewCopy.safeParse({ ...copy, credentials: { RCLONE_PASSWORD_COMMAND: 'sh' } }).success, false);
  assert.equal(NewCopy.safeParse({ ...copy, credentials: { PATH: '/tmp' } }).success, false);
});

const named = (dir: string): boolean => NewCopy.safeParse({ kind: 'folder', name: 'disk', dir }).success;

test('a folder is named from the root on', () => {
  assert.deepEqual(['/media/disk', 'media/disk', '', '/a\0b'].map(named), [true, false, false, false]);
});
