import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseBytes } from '../../database/index.ts';
import { encodeKeyedArchive } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { openAccounts, titleOfAccount } from './accounts.ts';

const PLACE = 'HomeDomain:Library/Accounts/Accounts3.sqlite';

test('accounts have a kind, a user, uses, properties and a parent', async () => {
  const empty = databaseBytes(`
    CREATE TABLE ZACCOUNT (Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER, ZUSERNAME, ZACCOUNTDESCRIPTION, ZACCOUNTTYPE, ZPARENTACCOUNT, ZDATE, ZACTIVE);
    CREATE TABLE ZACCOUNTTYPE (Z_PK INTEGER PRIMARY KEY, ZACCOUNTTYPEDESCRIPTION, ZIDENTIFIER);
    CREATE TABLE ZACCOUNTPROPERTY (ZOWNER INTEGER, ZKEY, ZVALUE);
    CREATE TABLE ZDATACLASS (Z_PK INTEGER PRIMARY KEY, ZNAME);
    CREATE TABLE Z_2ENABLEDDATACLASSES (Z_2ENABLEDACCOUNTS INTEGER, Z_6ENABLEDDATACLASSES INTEGER);
    INSERT INTO ZACCOUNT VALUES (1, 'A', 'ada@example.org', 'iCloud', 5, NULL, 0, 1), (2, 'B', NULL, NULL, 6, 1, NULL, 0);
    INSERT INTO ZACCOUNTTYPE VALUES (5, 'iCloud', 'com.apple.account.AppleAccount');
    INSERT INTO Z_2ENABLEDDATACLASSES VALUES (1, 3), (1, 4);`);
  using database = openDatabaseBytes(empty);
  database.prepare('INSERT INTO ZDATACLASS VALUES (3, ?)').run(encodeKeyedArchive('com.apple.Dataclass.Mail'));
  const property = database.prepare('INSERT INTO ZACCOUNTPROPERTY VALUES (1, ?, ?)');
  property.run('firstName', encodeKeyedArchive('Ada'));
  property.run('__proto__', encodeKeyedArchive(true));
  property.run('complicated', encodeKeyedArchive({ a: [1] }));
  property.run('broken', Buffer.from('bplist00'));
  const accounts = await openAccounts(memoryBackup({ [PLACE]: database.serialize() }));
  assert.ok(accounts);
  const [icloud, part] = accounts;
  assert.ok(icloud && part);
  assert.equal(icloud.typeIdentifier, 'com.apple.account.AppleAccount');
  assert.deepEqual(icloud.enabledFor, ['com.apple.Dataclass.Mail']);
  assert.deepEqual(Object.entries(icloud.properties), [
    ['__proto__', true],
    ['firstName', 'Ada'],
  ]);
  assert.deepEqual(icloud.addedAt, new Date('2001-01-01T00:00:00Z'));
  assert.equal(part.parent, 'A');
  assert.equal(part.type, null);
  assert.equal(part.isVisible, undefined);
  assert.deepEqual(accounts.map(titleOfAccount), ['iCloud · ada@example.org', 'B']);
});
