import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { interactionsItems, namesOfInteraction, openInteractions } from './interactions.ts';

const PLACE = 'HomeDomain:Library/CoreDuet/People/interactionC.db';

test('interactions have a sender or recipients, and attachments', async () => {
  using interactions = await openInteractions(
    memoryBackup({
      [PLACE]: databaseBytes(`
        CREATE TABLE ZINTERACTIONS (Z_PK INTEGER PRIMARY KEY, ZSTARTDATE, ZBUNDLEID, ZDIRECTION, ZSENDER, ZUUID, ZGROUPNAME);
        CREATE TABLE ZCONTACTS (Z_PK INTEGER PRIMARY KEY, ZDISPLAYNAME, ZIDENTIFIER);
        CREATE TABLE ZATTACHMENT (Z_PK INTEGER PRIMARY KEY, ZUTI);
        CREATE TABLE Z_1INTERACTIONS (Z_1ATTACHMENTS INTEGER, Z_5INTERACTIONS INTEGER);
        CREATE TABLE Z_2INTERACTIONRECIPIENT (Z_2RECIPIENTS INTEGER, Z_5INTERACTIONRECIPIENT INTEGER);
        INSERT INTO ZINTERACTIONS VALUES (1, 200, 'a.b', 1, NULL, 'U1', 'Chor'), (2, 100, 'c.d', 0, 8, NULL, NULL), (3, 300, NULL, 7, 9, NULL, NULL);
        INSERT INTO ZCONTACTS VALUES (7, 'Anna', '+491'), (8, NULL, 'b@example.org');
        INSERT INTO ZATTACHMENT VALUES (4, 'public.jpeg');
        INSERT INTO Z_1INTERACTIONS VALUES (4, 1);
        INSERT INTO Z_2INTERACTIONRECIPIENT VALUES (7, 1), (8, 1);`),
    }),
  );
  assert.ok(interactions);
  const all = [...interactions.all()];
  assert.deepEqual(
    all.map((each) => [each.key, each.direction, namesOfInteraction(each, undefined), each.problem]),
    [
      ['row 2', 'incoming', ['b@example.org'], undefined],
      ['U1', 'outgoing', ['Anna', 'b@example.org'], undefined],
      ['row 3', 'unknown', [], 'missing-related'],
    ],
  );
  assert.deepEqual(all[1]?.attachments, [{ text: undefined, type: 'public.jpeg', address: undefined }]);
  assert.ok(interactions.notAvailable.includes('endedAt') && !interactions.notAvailable.includes('app'));
  const [, group] = interactionsItems(interactions);
  assert.equal(group?.text, 'Anna\nb@example.org\n+491\nChor\na.b');
  assert.equal(await openInteractions(memoryBackup({})), undefined);
});
