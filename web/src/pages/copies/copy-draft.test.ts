import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopySecretsPatch, NewCopy } from '../../../../src/contract/index.ts';
import { credentialsOfPlace, FEWER, NEW_COPY, newCopyOf, PLACES, secretsOf, withPlace } from './copy-draft.ts';

test('a folder is all that a copy on a second disk needs', () => {
  const draft = { ...NEW_COPY, name: ' usb-disk ', address: '/media/usb/holdfast' };
  assert.deepEqual(NewCopy.parse(newCopyOf(draft)), {
    kind: 'folder',
    name: 'usb-disk',
    dir: '/media/usb/holdfast',
    everyHours: 24,
    offSite: false,
  });
});

test('what is left empty is not sent, and a password is made', () => {
  const draft = {
    ...withPlace({ ...NEW_COPY, name: 'offsite' }, 's3'),
    address: 's3:s3.example.org/bucket',
    credentials: { AWS_ACCESS_KEY_ID: 'ada', AWS_SECRET_ACCESS_KEY: '' },
    kilobytesPerSecond: 500,
    keep: FEWER,
  };
  assert.deepEqual(NewCopy.parse(newCopyOf(draft)), {
    kind: 'restic',
    name: 'offsite',
    repository: 's3:s3.example.org/bucket',
    credentials: { AWS_ACCESS_KEY_ID: 'ada' },
    everyHours: 24,
    offSite: true,
    bytesPerSecond: 500_000,
    keep: FEWER,
    readParts: 12,
  });
});

test('another place forgets what was typed for the one before', () => {
  const typed = { ...NEW_COPY, credentials: { B2_ACCOUNT_KEY: 'secret' }, password: 'secret', name: 'offsite' };
  for (const place of PLACES) {
    const draft = withPlace(typed, place);
    assert.deepEqual([draft.credentials, draft.password, draft.name], [{}, undefined, 'offsite']);
  }
});

test('a place asks for what its address says, and what is left empty stays as it is kept', () => {
  assert.deepEqual(credentialsOfPlace('s3:s3.example.org/bucket'), ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  assert.deepEqual([credentialsOfPlace('/media/usb/restic'), credentialsOfPlace('sftp:nas:/x')], [[], []]);
  assert.deepEqual(secretsOf('', { B2_ACCOUNT_ID: '', B2_ACCOUNT_KEY: 'new' }), {
    credentials: { B2_ACCOUNT_KEY: 'new' },
  });
  assert.equal(CopySecretsPatch.safeParse(secretsOf('', { B2_ACCOUNT_ID: '' })).success, false);
});
