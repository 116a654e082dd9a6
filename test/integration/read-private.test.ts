/** What is private on the virtual iPhone comes out of its backups as it was put in: WhatsApp, Health, keychain, Wi-Fi. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  healthItems,
  keychainItems,
  openHealth,
  openKeychain,
  openWhatsApp,
  openWifi,
  whatsappItems,
  wifiItems,
} from '../../src/content/index.ts';
import { openDatabaseBytes, type Row } from '../../src/database/index.ts';
import { ExportFolder } from '../../src/export/folder/export-folder.ts';
import type { ContentExport, ExportSummary } from '../../src/export/kind.ts';
import { healthExport } from '../../src/export/health/health-export.ts';
import { keychainExport } from '../../src/export/keychain/keychain-export.ts';
import { whatsappExport } from '../../src/export/whatsapp/whatsapp-export.ts';
import { wifiExport } from '../../src/export/wifi/wifi-export.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { keychainItems as keychainOf } from '../../src/virtual-iphone/library/keychain/keychain.ts';
import { backUpLifelikePhone } from '../support/lifelike-backup.ts';

const WHATSAPP = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';
const COCOA_MS = 978_307_200_000;

let directory: string;
let plain: Backup;
let encrypted: Backup;
/** What was on the phone: the rows of its databases, and its files. */
const onPhone = { messages: [] as Row[], samples: [] as Row[], points: [] as Row[], files: new Map<string, Buffer>() };

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const [first, second] = ['plain', 'encrypted'].map((name) => join(directory, name));
  assert.ok(first !== undefined && second !== undefined);
  plain = await (await backUpLifelikePhone(first)).open();
  const backup = await backUpLifelikePhone(second, {
    password: 'correct horse',
    change({ disk }) {
      for (const file of disk.all()) {
        if (file.kind === 'file' && file.domain === WHATSAPP)
          onPhone.files.set(file.relativePath, Buffer.from(disk.read(file)));
      }
      const health = disk.get('HealthDomain', 'Health/healthdb_secure.sqlite');
      assert.ok(health);
      onPhone.messages = rowsOf(onPhone.files.get('ChatStorage.sqlite'), 'SELECT * FROM ZWAMESSAGE ORDER BY Z_PK');
      onPhone.samples = rowsOf(
        disk.read(health),
        `SELECT s.*, q.quantity, c.value, o.type, hex(o.uuid) AS uuid FROM samples AS s JOIN objects AS o USING (data_id)
          LEFT JOIN quantity_samples AS q USING (data_id) LEFT JOIN category_samples AS c USING (data_id)`,
      );
      onPhone.points = rowsOf(
        disk.read(health),
        'SELECT * FROM location_series_data ORDER BY series_identifier, timestamp',
      );
    },
  });
  encrypted = await backup.open();
});

after(async () => {
  plain?.[Symbol.dispose]();
  encrypted?.[Symbol.dispose]();
  await rm(directory, { recursive: true, force: true });
});

describe('WhatsApp', () => {
  for (const which of ['plain', 'encrypted'] as const) {
    test(`comes out of an ${which} backup as it was put in`, async () => {
      using whatsapp = await openWhatsApp(which === 'plain' ? plain : encrypted);
      const [account] = whatsapp?.accounts ?? [];
      assert.ok(account);
      const messages = [...account.messages()].toSorted((a, b) => a.row - b.row);
      assert.deepEqual(
        messages.map((each) => [
          each.key,
          each.text,
          each.kindNumber,
          each.isFromMe,
          each.isStarred,
          each.sentAt?.getTime(),
        ]),
        onPhone.messages.map((row) => [
          row['ZSTANZAID'],
          row['ZTEXT'],
          row['ZMESSAGETYPE'],
          row['ZISFROMME'] === 1,
          row['ZSTARRED'] === 1,
          Math.round(Number(row['ZMESSAGEDATE']) * 1000 + COCOA_MS),
        ]),
      );
      assert.deepEqual(account.notAvailable, []);
    });
  }

  test('has its files, and says which there are none of', async () => {
    using whatsapp = await openWhatsApp(encrypted);
    const messages = [...(whatsapp?.accounts[0]?.messages() ?? [])];
    const states = messages.flatMap(({ media }) => (media?.state === undefined ? [] : [media.state]));
    assert.deepEqual(
      ['in-backup', 'not-in-backup', 'not-downloaded'].map((state) => states.filter((each) => each === state).length),
      [9, 3, 3],
    );
    for (const { media } of messages) {
      if (!media?.file) continue;
      assert.deepEqual(await encrypted.bytes(media.file, 10_000_000), onPhone.files.get(`Message/${media.path}`));
    }
  });

  test('knows replies, reactions, places, cards, and who is behind a hidden number', async () => {
    using whatsapp = await openWhatsApp(plain);
    const [account] = whatsapp?.accounts ?? [];
    const messages = [...(account?.messages() ?? [])];
    const reply = messages.find(({ quoted }) => quoted);
    assert.equal(messages.find(({ key }) => key === reply?.quoted?.key)?.text ?? '', reply?.quoted?.text ?? '');
    const reacted = messages.find(({ reactions }) => reactions.length > 0);
    assert.deepEqual(
      reacted?.reactions.map(({ emoji, from }) => [emoji, from === undefined]),
      [
        ['❤️', false],
        ['👍', true],
      ],
    );
    assert.equal(reacted.isForwarded, true);
    assert.equal(messages.find(({ kind }) => kind === 'location')?.media?.latitude, 47.6603);
    assert.match(messages.find(({ kind }) => kind === 'contact')?.media?.vcards[0] ?? '', /^BEGIN:VCARD/);
    assert.equal(messages.filter(({ problem }) => problem === 'reactions').length, 3);
    const group = account?.chats.find(({ kind }) => kind === 'group');
    assert.equal(group?.title, 'Familie Möller & Freunde 🏡');
    assert.ok(group.members.every(({ person }) => person.phone !== undefined));
    assert.ok(
      messages.every(({ sender, isFromMe, kind }) => isFromMe || kind === 'event' || sender?.phone !== undefined),
    );
    assert.ok(group.members.some(({ person }) => person.shownName === '~Mo 🌻'));
    assert.equal(account?.calls.length, 6);
  });

  test('is taken out in every format, inert and with its files', async () => {
    const html = await takenOut(whatsappExport, 'html', plain);
    const pages = html.texts.filter(([path]) => path.endsWith('.html'));
    assert.equal(pages.length, 5);
    for (const [path, text] of pages) assert.doesNotMatch(text, /<script/, path);
    assert.ok(pages.some(([, text]) => text.includes('&lt;script&gt;')));
    const pictures = html.paths.filter((path) => path.endsWith('.jpg'));
    assert.equal(pictures.length, 3);
    for (const path of pictures) {
      const address = encodeURI(path).replaceAll('&', '%26');
      assert.ok(
        pages.some(([, text]) => text.includes(address)),
        path,
      );
    }
    const csv = (await takenOut(whatsappExport, 'csv', plain)).texts.find(([path]) => path.endsWith('Messages.csv'));
    assert.match(csv?.[1] ?? '', /"'=1\+1 <script>/);
    const json = (await takenOut(whatsappExport, 'json', plain)).texts.find(([path]) => path.endsWith('Messages.json'));
    assert.equal((JSON.parse(json?.[1] ?? '') as unknown[]).length, onPhone.messages.length);
    const text = (await takenOut(whatsappExport, 'txt', plain)).texts.map(([, each]) => each).join('');
    assert.match(text, /^\[2026-\d\d-\d\d, \d\d:\d\d:\d\d\] .*: /m);
    assert.match(text, /<attached: .*\.jpg>/);
  });
});

describe('Health', () => {
  test('is in encrypted backups only', async () => {
    assert.equal(await openHealth(plain), undefined);
  });

  test('comes out as it was put in, without what was deleted', async () => {
    using health = await openHealth(encrypted);
    assert.ok(health);
    const kept = onPhone.samples.filter((row) => row['type'] !== 2);
    assert.equal(onPhone.samples.length - kept.length, 1);
    const samples = health.types().flatMap(({ type }) => [...health.samples(type)]);
    assert.equal(samples.length, kept.length);
    const byObject = new Map(samples.map((sample) => [sample.object, sample]));
    for (const row of kept) {
      const sample = byObject.get(Number(row['data_id']));
      assert.ok(sample);
      assert.equal(sample.type.number, row['data_type']);
      assert.equal(sample.uuid?.replaceAll('-', ''), row['uuid']);
      assert.equal(sample.startAt?.getTime(), Math.round(Number(row['start_date']) * 1000 + COCOA_MS));
      assert.equal(sample.categoryValue, row['value'] ?? undefined);
      const factor = row['data_type'] === 5 ? 60 : row['data_type'] === 2 ? 100 : 1;
      if (row['quantity'] === null) assert.equal(sample.value, undefined);
      else assert.ok(Math.abs((sample.value ?? Number.NaN) - Number(row['quantity']) * factor) < 1e-9);
      assert.equal(sample.provenance?.source?.name, 'Ada’s iPhone');
      assert.equal(sample.provenance.device?.manufacturer, 'Apple Inc.');
    }
    const units = new Map(samples.map(({ type, unit }) => [type.name, unit]));
    assert.deepEqual([units.get('HeartRate'), units.get('BodyMass'), units.get('Height')], ['count/min', 'kg', 'cm']);
    assert.deepEqual(health.notAvailable, []);
  });

  test('has workouts with their routes, blood pressures whole, rings, and the person', async () => {
    using health = await openHealth(encrypted);
    assert.ok(health);
    const [workout] = health.workouts();
    assert.equal(workout?.activity, 'Running');
    assert.equal(workout.durationSeconds, 3540);
    assert.deepEqual(
      workout.events.map(({ name }) => name),
      ['Pause', 'Resume'],
    );
    assert.equal(workout.statistics.find(({ type }) => type.name === 'HeartRate')?.average, 150);
    assert.equal(workout.sample.metadata?.['HKWeatherCondition'], 'sonnig & "warm" <3');
    const routes = health.routes();
    assert.equal(routes.length, [...health.workouts()].length);
    const points = routes.flatMap((route) => [...health.pointsOf(route)]);
    assert.deepEqual(
      points.map(({ latitude }) => latitude).toSorted((a, b) => a - b),
      onPhone.points.map((row) => Number(row['latitude'])).toSorted((a, b) => a - b),
    );
    assert.equal(routes[0]?.workout, workout.sample.object);
    const pressure = health.types().find(({ type }) => type.name === 'BloodPressure');
    const correlations = pressure ? [...health.correlations(pressure.type)] : [];
    assert.ok(correlations.length > 0);
    for (const { members } of correlations) {
      assert.deepEqual(members.map(({ type }) => type.name).toSorted(), [
        'BloodPressureDiastolic',
        'BloodPressureSystolic',
      ]);
    }
    assert.equal([...health.activityDays()].length, 14);
    assert.deepEqual(health.person, {
      birthDate: '1990-12-10',
      sex: 'Female',
      bloodType: 'OPositive',
      skinType: 'II',
      usesWheelchair: undefined,
    });
    assert.equal(health.medicalId?.['MedicalIDAllergies'], 'Erdnüsse & Katzen');
  });

  test('is taken out as Apple’s export, with routes beside it', async () => {
    const { texts, paths } = await takenOut(healthExport, 'xml', encrypted);
    const xml = texts.find(([path]) => path === 'export.xml')?.[1] ?? '';
    const records = onPhone.samples.filter(
      (row) => row['type'] !== 2 && ![76, 79, 80, 102].includes(Number(row['data_type'])),
    );
    const pressures = onPhone.samples.filter((row) => row['data_type'] === 80).length;
    // Records inside correlations are told twice, as the phone does.
    assert.equal(xml.match(/<Record /g)?.length, records.length + 2 * pressures);
    assert.match(xml, /<Me HKCharacteristicTypeIdentifierDateOfBirth="1990-12-10"/);
    assert.match(
      xml,
      /<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Ada’s iPhone"[^>]* unit="count\/min" creationDate="2026-11-\d\d \d\d:\d\d:\d\d \+0100"/,
    );
    assert.match(xml, /<MetadataEntry key="HKWeatherCondition" value="sonnig &amp; &quot;warm&quot; &lt;3"\/>/);
    assert.match(xml, /<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="59" durationUnit="min"/);
    const [, route = ''] = /<FileReference path="\/([^"]+)"/.exec(xml) ?? [];
    assert.ok(paths.includes(route));
    const gpx = texts.find(([path]) => path === route)?.[1] ?? '';
    assert.equal(gpx.match(/<trkpt lat="47\.6\d+" lon="9\.\d+"><ele>/g)?.length, 60);
    const tables = await takenOut(healthExport, 'csv', encrypted);
    assert.ok(tables.paths.includes('StepCount.csv') && tables.paths.includes('Workouts.csv'));
  });
});

describe('the keychain', () => {
  test('comes out as it was put in, but for what is bound to the device', async () => {
    const keychain = await openKeychain(encrypted);
    const expected = keychainOf(1, new Date('2026-11-20T18:30:00Z'));
    assert.ok(keychain);
    assert.equal(keychain.items.length, expected.length);
    const open = expected.filter(({ protectionClass }) => protectionClass < 9);
    const readable = keychain.items.filter(({ problem }) => problem === undefined);
    assert.deepEqual(
      secrets(readable.map(({ secret }) => secret?.bytes)),
      secrets(open.map(({ attributes }) => attributes['v_Data'] as Buffer)),
    );
    assert.deepEqual(
      readable
        .map(({ account, server, service, createdAt }) => JSON.stringify([account, server, service, createdAt]))
        .toSorted(),
      open
        .map(({ attributes: a }) =>
          JSON.stringify([
            a['acct'],
            a['srvr'],
            a['svce'],
            new Date(Math.floor((a['cdat'] as Date).getTime() / 1000) * 1000),
          ]),
        )
        .toSorted(),
    );
    assert.equal(keychain.problems.get('device-bound'), expected.length - open.length);
  });

  test('cannot be read without a backup password, and says so', async () => {
    const keychain = await openKeychain(plain);
    assert.equal(keychain?.hasKeys, false);
    assert.ok(keychain.items.length > 0 && keychain.items.every(({ problem }) => problem === 'device-bound'));
    const { summary, paths } = await takenOut(keychainExport, 'csv', plain);
    assert.equal(summary?.items, 0);
    assert.match(summary.notes[0] ?? '', /made without a password/);
    assert.deepEqual(paths, []);
  });

  test('is taken out for password managers into files that only their owner may read', async () => {
    const { texts, summary, dir } = await takenOut(keychainExport, 'csv', encrypted);
    const table = texts.find(([path]) => path.includes('Bitwarden'))?.[1] ?? '';
    assert.match(table, /,example\.org,,,0,https:\/\/example\.org,ada@example\.org,[^,]+🔑\d{4},\r\n/);
    assert.match(table, /Zuhause 5 GHz/);
    assert.match(summary?.notes[0] ?? '', /passwords that anybody can read/);
    for (const [path] of texts) assert.equal((await stat(join(dir, path))).mode & 0o777, 0o600);
  });
});

test('Wi-Fi networks come with their passwords and a code to join them by', async () => {
  const wifi = await openWifi(encrypted);
  const expected = keychainOf(1, new Date('2026-11-20T18:30:00Z')).filter(
    ({ attributes }) => attributes['svce'] === 'AirPort',
  );
  assert.deepEqual(
    wifi?.networks.map(({ name, password }) => `${name}: ${password?.text}`).toSorted(),
    expected.map(({ attributes }) => `${String(attributes['acct'])}: ${String(attributes['v_Data'])}`).toSorted(),
  );
  assert.ok(
    wifi.networks.every(({ source, security }) => source === 'known-networks' && security === 'WPA2/WPA3 Personal'),
  );
  const { texts } = await takenOut(wifiExport, 'html', encrypted);
  assert.equal(texts[0]?.[1].match(/<svg class="code"/g)?.length, 4);
  // Apple keeps the networks out of backups without a password as well.
  assert.equal(await openWifi(plain), undefined);
});

test('everything can be searched, and no secret is among what is searched', async () => {
  using whatsapp = await openWhatsApp(plain);
  using health = await openHealth(encrypted);
  const [keychain, wifi] = [await openKeychain(encrypted), await openWifi(encrypted)];
  assert.ok(whatsapp && health && keychain && wifi);
  for (const items of [whatsappItems(whatsapp), healthItems(health), keychainItems(keychain), wifiItems(wifi)]) {
    const all = [...items];
    assert.ok(all.length > 0);
    assert.equal(new Set(all.map(({ key }) => key)).size, all.length);
    for (const { secret } of keychain.items) {
      const text = secret?.text;
      if (text !== undefined) assert.ok(all.every((item) => !JSON.stringify(item).includes(text)));
    }
  }
});

const secrets = (each: readonly (Buffer | undefined)[]): string[] =>
  each.map((bytes) => bytes?.toString('hex') ?? '').toSorted();

interface TakenOut {
  readonly dir: string;
  readonly summary: ExportSummary | undefined;
  readonly paths: string[];
  /** Files that are text, with what is in them. */
  readonly texts: [path: string, text: string][];
}

let exports = 0;

async function takenOut(what: ContentExport, format: string, backup: Backup): Promise<TakenOut> {
  const dir = join(directory, `export ${++exports}`);
  const folder = await ExportFolder.create(dir);
  const { signal } = new AbortController();
  const summary = await what.run({ backup, folder, format, timeZone: 'Europe/Berlin', signal, options: {} });
  const paths = folder.files.map(({ path }) => path);
  const texts: [string, string][] = [];
  for (const path of paths)
    if (/\.(html|csv|json|txt|xml|gpx)$/.test(path)) texts.push([path, await readFile(join(dir, path), 'utf8')]);
  return { dir, summary, paths, texts };
}

function rowsOf(bytes: Uint8Array | undefined, sql: string): Row[] {
  assert.ok(bytes);
  using database = openDatabaseBytes(bytes);
  return database.prepare(sql).all();
}
