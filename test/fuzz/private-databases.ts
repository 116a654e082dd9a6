/**
 * The databases of WhatsApp and Health, and the blobs in them, damaged at random: they are read as far as they go or
 * refused, quickly and without anything else being thrown. Deterministic by its seed.
 */
import assert from 'node:assert/strict';
import { mediaMetadataOf, reactionsIn } from '../../src/content/whatsapp/blobs.ts';
import { openHealth, openWhatsApp, healthItems, whatsappItems } from '../../src/content/index.ts';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { bytesField, varintField } from '../../src/formats/index.ts';
import { FormatError } from '../../src/shared/errors.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what such small databases need, even on a busy machine: only a reader that hangs takes longer. */
const HANG_MS = 10_000;
/** A database takes as long as a hundred blobs. */
const DATABASE_ONCE_IN = 25;

/** Runs `count` cases; throws on the first that fails, naming the seed that shows it. */
export async function run(count: number, seed: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const roundSeed = seedOfRound(seed, i);
    const random = randomFrom(roundSeed);
    const startedMs = performance.now();
    try {
      damagedBlob(random);
      if (random.onceIn(DATABASE_ONCE_IN)) await damagedDatabase(random);
      assert.ok(performance.now() - startedMs < HANG_MS, 'reading took too long');
    } catch (error) {
      throw new Error(`database fuzz case failed with seed ${roundSeed}`, { cause: error });
    }
  }
}

const REACTIONS = bytesField(
  7,
  bytesField(
    1,
    bytesField(1, '3A0123456789'),
    bytesField(2, '491@s.whatsapp.net'),
    bytesField(3, '👍'),
    varintField(4, 1.7e12),
  ),
  bytesField(2, bytesField(1, '3A0123456789'), bytesField(2, '❤️'), varintField(3, 1.7e12)),
);
const METADATA = Buffer.concat([
  bytesField(5, '3A0123456789AB'),
  bytesField(6, '491@s.whatsapp.net'),
  bytesField(19, bytesField(1, 'what was said')),
  varintField(17, 3),
]);

function damagedBlob(random: Random): void {
  readOrRefuse(() => reactionsIn(mutate(random, REACTIONS)));
  readOrRefuse(() => mediaMetadataOf(mutate(random, METADATA)));
}

function readOrRefuse(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

const hex = (bytes: Buffer): string => `X'${bytes.toString('hex')}'`;

const WHATSAPP = databaseBytes(`
  CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR, ZSESSIONTYPE INTEGER, ZLASTMESSAGEDATE TIMESTAMP);
  CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGETYPE INTEGER, ZMESSAGEDATE TIMESTAMP, ZISFROMME INTEGER, ZTEXT VARCHAR, ZSTANZAID VARCHAR, ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER, ZFLAGS INTEGER, ZSORT INTEGER);
  CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMEDIALOCALPATH VARCHAR, ZMETADATA BLOB, ZLATITUDE FLOAT, ZVCARDSTRING VARCHAR);
  CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZRECEIPTINFO BLOB);
  INSERT INTO ZWACHATSESSION VALUES (1, '491@s.whatsapp.net', 'Anna', 0, 7e8), (2, '120@g.us', 'Gruppe', 1, 7e8);
  INSERT INTO ZWAMEDIAITEM VALUES (1, 'Media/a.jpg', ${hex(METADATA)}, 47.5, 'image/jpeg');
  INSERT INTO ZWAMESSAGEINFO VALUES (1, ${hex(REACTIONS)});
  INSERT INTO ZWAMESSAGE VALUES (1, 1, 0, 7e8, 0, 'Hallo', '3A01', NULL, 1, 0, 1), (2, 1, 1, 7e8, 1, NULL, '3A02', 1, NULL, 128, 2), (3, 2, 6, 7e8, 0, NULL, '3A03', NULL, NULL, 0, 3);
`);

const HEALTH = databaseBytes(`
  CREATE TABLE objects (data_id INTEGER PRIMARY KEY, uuid BLOB, provenance INTEGER, type INTEGER, creation_date REAL);
  CREATE TABLE samples (data_id INTEGER PRIMARY KEY, start_date REAL, end_date REAL, data_type INTEGER);
  CREATE TABLE quantity_samples (data_id INTEGER PRIMARY KEY, quantity REAL, original_quantity REAL, original_unit INTEGER);
  CREATE TABLE workouts (data_id INTEGER PRIMARY KEY, total_distance REAL, activity_type INTEGER, duration REAL);
  CREATE TABLE data_series (data_id INTEGER PRIMARY KEY, count INTEGER, hfd_key INTEGER);
  CREATE TABLE location_series_data (series_identifier INTEGER, timestamp REAL, longitude REAL, latitude REAL, altitude REAL);
  CREATE TABLE associations (parent_id INTEGER, child_id INTEGER);
  CREATE TABLE metadata_keys (ROWID INTEGER PRIMARY KEY, key TEXT);
  CREATE TABLE metadata_values (key_id INTEGER, object_id INTEGER, value_type INTEGER, string_value TEXT, numerical_value REAL);
  INSERT INTO objects VALUES (1, X'01', 1, 1, 7e8), (2, X'02', 1, 1, 7e8), (3, X'03', 1, 1, 7e8);
  INSERT INTO samples VALUES (1, 7e8, 7e8, 5), (2, 7e8, 7e8, 79), (3, 7e8, 7e8, 102);
  INSERT INTO quantity_samples VALUES (1, 1.2, 72, 1);
  INSERT INTO workouts VALUES (2, 5, 37, 1800);
  INSERT INTO data_series VALUES (3, 1, 9);
  INSERT INTO location_series_data VALUES (9, 7e8, 9.1, 47.6, 400);
  INSERT INTO associations VALUES (2, 3);
  INSERT INTO metadata_keys VALUES (1, 'HKTimeZone');
  INSERT INTO metadata_values VALUES (1, 1, 0, 'Europe/Berlin', NULL);
`);

async function damagedDatabase(random: Random): Promise<void> {
  try {
    await (random.onceIn(2) ? readWhatsApp(random) : readHealth(random));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

async function readWhatsApp(random: Random): Promise<void> {
  const domain = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';
  using whatsapp = await openWhatsApp(memoryBackup({ [`${domain}:ChatStorage.sqlite`]: mutate(random, WHATSAPP) }));
  if (whatsapp) for (const item of whatsappItems(whatsapp)) assert.equal(typeof item.text, 'string');
}

async function readHealth(random: Random): Promise<void> {
  using health = await openHealth(
    memoryBackup({ 'HealthDomain:Health/healthdb_secure.sqlite': mutate(random, HEALTH) }),
  );
  if (!health) return;
  for (const sample of health.records()) assert.equal(typeof sample.type.name, 'string');
  for (const item of healthItems(health)) assert.equal(typeof item.text, 'string');
  for (const route of health.routes())
    for (const point of health.pointsOf(route)) assert.ok(Number.isFinite(point.latitude));
}
