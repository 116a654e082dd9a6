import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SELECTABLE_KINDS } from './choice.ts';
import { partsOf } from './parts.ts';

const has = (choice: Parameters<typeof partsOf>[0], domain: string, path: string): boolean =>
  partsOf(choice).some((part) => part.hasDomain(domain) && part.hasPath(domain, path));

const isInSafari = (name: string): boolean => has([{ kind: 'safari' }], 'HomeDomain', `Library/Safari/${name}`);

describe('partsOf', () => {
  for (const { path, isIn } of [
    { path: 'Library/SMS', isIn: true },
    { path: 'Library/SMS/sms.db', isIn: true },
    { path: 'Library/SMS/Drafts/x', isIn: true },
    { path: 'Library/SMSx', isIn: false },
    { path: 'Library', isIn: false },
    { path: '', isIn: false },
  ]) {
    test(`messages ${isIn ? 'have' : 'do not have'} “${path}”`, () => {
      assert.equal(has([{ kind: 'messages' }], 'HomeDomain', path), isIn);
      assert.equal(has([{ kind: 'messages' }], 'CameraRollDomain', path), false);
    });
  }

  test('databases come with what SQLite keeps beside them, and with nothing else of their folder', () => {
    assert.deepEqual(['History.db', 'History.db-wal', 'History.db-shm', 'Profiles/x/History.db'].map(isInSafari), [
      true,
      true,
      true,
      true,
    ]);
    assert.deepEqual(['History.db.lock', 'History.dbx', 'PasswordBreachStore.plist'].map(isInSafari), [
      false,
      false,
      false,
    ]);
  });

  test('an app has its container, its plug-ins and the groups called after it', () => {
    const choice = [{ app: 'com.example.notes' }];
    for (const domain of [
      'AppDomain-com.example.notes',
      'AppDomainPlugin-com.example.notes.widget',
      'AppDomainGroup-group.com.example.notes.shared',
    ]) {
      assert.ok(has(choice, domain, 'Library/x'), domain);
    }
    for (const domain of ['AppDomain-com.example.notes2', 'AppDomainGroup-group.com.example', 'HomeDomain']) {
      assert.ok(!has(choice, domain, 'Library/x'), domain);
    }
  });

  test('no two kinds have a place in common', () => {
    const parts = SELECTABLE_KINDS.flatMap((kind) => partsOf([{ kind }]));
    for (const part of parts) {
      for (const { domain, relativePath } of part.anchors) {
        const path = relativePath.endsWith('/') ? `${relativePath}x` : relativePath;
        const holders = parts.filter((each) => each.hasDomain(domain) && each.hasPath(domain, path));
        assert.deepEqual(holders, [part], `${domain}/${path}`);
      }
    }
  });
});
