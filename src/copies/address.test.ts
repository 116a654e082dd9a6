import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOnThisComputer } from './address.ts';

const OWN = ['nas', 'nas.local', '192.168.1.5'];

for (const repository of [
  'sftp:localhost:/backups',
  'sftp:ada@LOCALHOST:/backups',
  'sftp://ada@[::1]:2222//backups',
  'rest:http://127.0.0.1:8000/',
  'rest:https://ada:secret@localhost/repository',
  'rest:http://[::1]:8000/',
  's3:http://localhost:9000/bucket',
  's3:localhost:9000/bucket',
  's3:http://minio.localhost/bucket',
  'rest:http://0.0.0.0:8000/',
  'sftp:ada@nas.local:/backups',
  'rest:http://192.168.1.5:8000/',
]) {
  test(`${repository} ends on this computer`, () => assert.equal(isOnThisComputer(repository, OWN), true));
}

for (const repository of [
  'sftp:ada@nas.example.net:/backups/localhost',
  'sftp:localhost@nas.example.net:/backups',
  'rest:https://localhost.example.net/',
  's3:s3.eu-central-1.amazonaws.com/localhost',
  'b2:localhost:folder',
  'rclone:localhost:folder',
  '/srv/localhost',
  'local:/srv/localhost',
  'rest:http://192.168.1.50:8000/',
]) {
  test(`${repository} does not`, () => assert.equal(isOnThisComputer(repository, OWN), false));
}
