import type { Database } from '../../../database/index.ts';
import { encodeKeyedArchive } from '../../../formats/index.ts';
import { cocoaSeconds, daysBefore, HOUR_MS } from '../apple-time.ts';
import { rewrite, type Library } from '../library.ts';
import type { Random } from '../random.ts';
import { addQuantity, addSample, HEART_RATE, HEIGHT, SLEEP, STEPS, WEIGHT } from './health-rows.ts';
import { PLAIN_SCHEMA, SECURE_SCHEMA } from './health-schema.ts';
import { addBloodPressure, addDeleted, addPerson, addRings, addRun, MEDICAL_ID } from './health-things.ts';
import { editDatabase, insert, makeDatabase } from '../sqlite.ts';

const DOMAIN = 'HealthDomain';
const SECURE_PATH = 'Health/healthdb_secure.sqlite';

/** Health's two databases: who measured, and what was measured. Only backups with a password contain them. */
export function fillHealth(library: Library): void {
  const { disk, now, amounts, owner } = library;
  const random = library.random('health');
  const secure = makeDatabase(SECURE_SCHEMA, (database) => {
    insert(database, 'data_provenances', {
      sync_provenance: 0,
      origin_product_type: 'iPhone14,5',
      origin_build: '22F76',
      local_product_type: 'iPhone14,5',
      local_build: '22F76',
      source_id: 1,
      device_id: 1,
      contributor_id: 1,
      source_version: owner.iosVersion,
      tz_name: owner.timeZone,
      origin_major_version: 18,
      origin_minor_version: 5,
      origin_patch_version: 0,
    });
    for (const unit of ['count', 'count/min', 'kg', 'cm', 'mmHg'])
      insert(database, 'unit_strings', { unit_string: unit });
    addQuantity(database, random, daysBefore(now, amounts.healthDays), {
      type: HEIGHT,
      value: 1.71,
      unit: 4,
      scale: 100,
    });
    addPerson(database, now);
    addRun(database, random, daysBefore(now, amounts.healthDays));
    addDeleted(database, random, daysBefore(now, 1));
    for (let day = amounts.healthDays; day > 0; day--) addDay(database, random, daysBefore(now, day));
  });
  const modifiedAt = now;
  disk.writeFile(DOMAIN, SECURE_PATH, secure, { modifiedAt, protectionClass: 1 });
  const plain = makeDatabase(PLAIN_SCHEMA, (database) => {
    const common = { uuid: random.bytes(16), sync_provenance: 0 };
    insert(database, 'sources', {
      uuid: random.bytes(16),
      bundle_id: 'com.apple.health.5D1C3C5E',
      name: 'Ada’s iPhone',
      source_options: 5,
      local_device: 1,
      product_type: 'iPhone14,5',
      deleted: 0,
      mod_date: cocoaSeconds(now),
      provenance: 0,
      sync_anchor: 1,
    });
    insert(database, 'source_devices', {
      ...common,
      name: 'iPhone',
      manufacturer: 'Apple Inc.',
      model: 'iPhone',
      hardware: 'iPhone14,5',
      firmware: '',
      software: owner.iosVersion,
      localIdentifier: '',
      FDAUDI: '',
      creation_date: cocoaSeconds(daysBefore(now, 900)),
    });
  });
  disk.writeFile(DOMAIN, 'Health/healthdb.sqlite', plain, { modifiedAt, protectionClass: 1 });
  disk.writeFile(DOMAIN, 'MedicalID/MedicalIDData.archive', encodeKeyedArchive(MEDICAL_ID), {
    modifiedAt,
    protectionClass: 1,
  });
}

export function changeHealth(library: Library): void {
  const { now } = library;
  const random = library.random('health');
  rewrite(library, DOMAIN, SECURE_PATH, (bytes) =>
    editDatabase(bytes, (database) => addDay(database, random, daysBefore(now, 1))),
  );
}

/** Steps and pulse through the day, sleep at night, the scales in the morning, a run at times. */
function addDay(database: Database, random: Random, day: Date): void {
  for (let hour = 7; hour < 22; hour += random.between(1, 3)) {
    const at = new Date(day.getTime() + hour * HOUR_MS);
    addQuantity(database, random, at, { type: STEPS, value: random.between(40, 1800), unit: 1 });
    addQuantity(database, random, at, { type: HEART_RATE, value: random.between(52, 130) / 60, unit: 2, scale: 60 });
  }
  if (random.chance(0.2))
    addQuantity(database, random, day, { type: WEIGHT, value: 64 + random.below(30) / 10, unit: 3 });
  const night = addSample(database, random, SLEEP, day, 7.5 * HOUR_MS);
  insert(database, 'category_samples', { data_id: night, value: 1 });
  if (random.chance(0.15)) addRun(database, random, day);
  if (random.chance(0.3)) addBloodPressure(database, random, day);
  addRings(database, random, day);
}
