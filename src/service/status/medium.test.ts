import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mediumOfFolder, mediumOfRepository } from './medium.ts';

for (const [repository, kind, name] of [
  ['sftp:anna@nas.lan:/backups', 'network', 'nas.lan'],
  ['sftp://anna@[fe80::1]:2222//backups', 'network', 'fe80::1'],
  ['rest:https://anna:secret@backup.example.org:8000/repo', 'network', 'backup.example.org'],
  ['s3:s3.eu-central-1.amazonaws.com/bucket/path', 'cloud', 's3.eu-central-1.amazonaws.com'],
  ['s3:https://minio.lan:9000/bucket', 'cloud', 'minio.lan'],
  ['b2:bucket:path', 'cloud', 'Backblaze B2'],
  ['rclone:drive:backups', 'cloud', 'rclone drive'],
  ['gs:bucket:/', 'cloud', 'Google Cloud'],
] as const) {
  test(`${repository.replace(/:.*/, '')} is ${kind}: ${name}`, () => {
    assert.deepEqual(mediumOfRepository(repository), {
      kind,
      name,
      identity: mediumOfRepository(repository)?.identity,
    });
    assert.doesNotMatch(JSON.stringify(mediumOfRepository(repository)), /anna|secret/);
  });
}

test('what is reached through this computer itself lies on a disk that nobody knows, unless it is said to be elsewhere', () => {
  assert.deepEqual(mediumOfRepository('rest:http://localhost:8000/'), { kind: 'unknown', name: 'localhost' });
  assert.deepEqual(mediumOfRepository('s3:http://localhost:9000/bucket'), { kind: 'unknown', name: 'localhost' });
  const said = mediumOfRepository('sftp:localhost:/backups', true);
  assert.deepEqual(said, { kind: 'network', name: 'localhost', identity: 'network localhost' });
});

test('two folders on one disk die together; a folder that is not there lies on nothing', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  assert.equal(mediumOfFolder(root)?.identity, mediumOfFolder(join(root, '..'))?.identity);
  assert.equal(mediumOfRepository(root)?.identity, mediumOfFolder(root)?.identity);
  assert.equal(mediumOfRepository(`local:${root}`)?.identity, mediumOfFolder(root)?.identity);
  assert.equal(mediumOfFolder(join(root, 'gone')), undefined);
});
