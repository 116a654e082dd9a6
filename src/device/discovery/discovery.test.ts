import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FakePhone, UDID } from '../fake-phone.test-helper.ts';
import type { DeviceLocation } from '../location.ts';
import { PairRecordStore } from '../pairing/pair-record-store.ts';
import { AddressBook } from './address-book.ts';
import { AdvertCollector, MOBDEV_SERVICE } from './advert.ts';
import { authTag } from './auth-tag.ts';
import { findNearby, type FindNearbyOptions } from './find-nearby.ts';
import { matchAdvert, type KnownDevice } from './match.ts';
import type { DnsQuestion, DnsRecord, MdnsTransport } from './mdns.ts';
import { surveyNetwork } from './survey.ts';

const record = await new FakePhone().trust();
const OTHER = '00008110-FFFFFFFFFFFFFFFF';
const INSTANCE = `12:34:56:78:9a:bc@fe80::1-supportsRP-24.${MOBDEV_SERVICE}`;

test('the tag of an advert is the one Apple’s code makes', () => {
  assert.equal(authTag('98F42AA3-7036-31E2-BE65-7C00F2C33240', Buffer.from('test')), 'uj0Vq8wR5xA=');
});

describe('AdvertCollector', () => {
  test('puts an advert together from records in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(advertOf(record.hostId), { minLength: 5 }), (records) => {
        const collector = new AdvertCollector(() => 'eth0');
        for (const each of records) collector.add([each], '192.168.1.20');
        const [advert] = collector.adverts();
        assert.equal(advert?.macAddress, '12:34:56:78:9a:bc');
        assert.equal(advert.identifier?.toString(), 'id');
        assert.equal(advert.authTags.length, 2);
        assert.deepEqual(advert.hosts, ['192.168.1.20', '2001:db8::42', 'fe80::1%eth0']);
        assert.deepEqual(collector.questions(), []);
      }),
    );
  });

  test('asks for what is missing', () => {
    const collector = new AdvertCollector(() => undefined);
    const [pointer, service, text] = advertOf(record.hostId);
    collector.add([pointer ?? assert.fail()], '192.168.1.20');
    assert.deepEqual(
      collector.questions().map(({ type }) => type),
      ['SRV', 'TXT'],
    );
    collector.add([service ?? assert.fail(), text ?? assert.fail()], '192.168.1.20');
    assert.deepEqual(collector.questions(), [
      { name: 'iphone.local', type: 'A' },
      { name: 'iphone.local', type: 'AAAA' },
    ]);
    assert.deepEqual(collector.adverts()[0]?.hosts, [], 'a link-local address without its interface is of no use');
  });

  test('takes any records without stumbling', () => {
    const data = fc.oneof(fc.string(), fc.uint8Array(), fc.constant(null), fc.object(), fc.array(fc.anything()));
    const type = fc.constantFrom('PTR', 'SRV', 'TXT', 'A', 'AAAA');
    const name = fc.constantFrom(MOBDEV_SERVICE, INSTANCE, 'iphone.local');
    fc.assert(
      fc.property(fc.array(fc.record({ name, type, data })), (records) => {
        const collector = new AdvertCollector(() => 'eth0');
        collector.add([{ name: MOBDEV_SERVICE, type: 'PTR', data: INSTANCE }, ...records], '192.168.1.20');
        assert.ok(collector.adverts().length >= 1);
        collector.questions();
      }),
    );
  });
});

describe('matchAdvert', () => {
  test('goes by the tag first, whatever the addresses say', () => {
    const advert = onlyAdvert(advertOf(record.hostId));
    const sameName = known(OTHER, 'H', { serviceName: INSTANCE });
    assert.equal(matchAdvert(advert, [sameName, known(UDID, record.hostId)])?.udid, UDID);
  });

  test('knows a tag without its padding, and in the alphabet of URLs', () => {
    // Its base64 has both of the characters that the two alphabets spell differently.
    const hostIds = Array.from({ length: 10_000 }, (_, i) => `HOST-${i}`);
    const hostId = hostIds.find((id) => /\+.*\/|\/.*\+/.test(authTag(id, Buffer.from('id')))) ?? assert.fail();
    const advert = onlyAdvert(advertOf(hostId));
    for (const encoding of ['base64', 'base64url'] as const) {
      const authTags = advert.authTags.map((tag) => Buffer.from(tag, 'base64').toString(encoding).replaceAll('=', ''));
      assert.equal(matchAdvert({ ...advert, authTags }, [known(OTHER, 'H'), known(UDID, hostId)])?.udid, UDID);
    }
  });

  test('knows the name the device told over the cable, whatever either has behind the address', () => {
    const advert = onlyAdvert(advertOf('NOBODY'));
    const serviceName = `12:34:56:78:9A:BC@fe80::1.${MOBDEV_SERVICE}.`;
    assert.equal(matchAdvert(advert, [known(OTHER, 'H'), known(UDID, 'I', { serviceName })])?.udid, UDID);
  });

  test('then by the name the device told over the cable, then by its address', () => {
    const advert = onlyAdvert(advertOf('NOBODY'));
    assert.equal(
      matchAdvert(advert, [known(OTHER, 'H'), known(UDID, 'I', { serviceName: `${INSTANCE}.` })])?.udid,
      UDID,
    );
    const byAddress = { ...known(UDID, 'H'), record: { ...record, wifiMacAddress: '12:34:56:78:9A:BC' } };
    assert.equal(matchAdvert(advert, [known(OTHER, 'I'), byAddress])?.udid, UDID);
    assert.equal(matchAdvert(advert, [known(OTHER, 'I')]), undefined);
  });
});

describe('findNearby', () => {
  test('finds a paired device by its advert and remembers where', async () => {
    await using scene = await setUp();
    const network = new FakeNetwork(advertOf(record.hostId));
    const found = await Array.fromAsync(findNearby({ ...scene.options, openTransport: () => network }));
    assert.deepEqual(hostsOf(found), [`${UDID} 192.168.1.20`]);
    assert.equal((await scene.book.get(UDID)).host, '192.168.1.20');
    assert.equal(network.closed, true);
    assert.equal(network.asked[0]?.name, MOBDEV_SERVICE);
  });

  test('tries first where it was the last time', async () => {
    await using scene = await setUp();
    await scene.book.remember(UDID, { host: '10.0.0.9' });
    const network = new FakeNetwork([]);
    const found = await Array.fromAsync(findNearby({ ...scene.options, openTransport: () => network }));
    assert.deepEqual(hostsOf(found), [`${UDID} 10.0.0.9`]);
  });

  test('does not believe an address where somebody else answers', async () => {
    await using scene = await setUp();
    await scene.book.remember(UDID, { host: '10.0.0.9' });
    const probed: string[] = [];
    const probe: FindNearbyOptions['probe'] = (location) => {
      const host = location.routes[0]?.host ?? '';
      probed.push(host);
      return Promise.resolve(host === '2001:db8::42');
    };
    const network = new FakeNetwork(advertOf(record.hostId));
    const options = { ...scene.options, probe, openTransport: () => network };
    const found = await Array.fromAsync(findNearby(options));
    assert.deepEqual(hostsOf(found), [`${UDID} 2001:db8::42`]);
    assert.ok(probed.includes('10.0.0.9') && probed.includes('192.168.1.20'));
  });

  test('asks a device that tells nothing to know it by who it is, once', async () => {
    await using scene = await setUp();
    const silent = advertOf('NOBODY').map((each) => (each.type === 'TXT' ? { ...each, data: [] } : each));
    const probed: string[] = [];
    const probe: FindNearbyOptions['probe'] = (location) => {
      probed.push(location.routes[0]?.host ?? '');
      return Promise.resolve(probed.length === 2);
    };
    const options = { ...scene.options, probe, openTransport: () => new FakeNetwork(silent) };
    assert.deepEqual(hostsOf(await Array.fromAsync(findNearby(options))), [`${UDID} 2001:db8::42`]);
    assert.deepEqual(probed, ['192.168.1.20', '2001:db8::42']);
  });

  test('passes over devices of strangers, and ends when the time is over', async () => {
    await using scene = await setUp();
    const network = new FakeNetwork(advertOf('SOMEBODY-ELSE'));
    const options = { ...scene.options, durationMs: 5, openTransport: () => network };
    assert.deepEqual(await Array.fromAsync(findNearby(options)), []);
    assert.equal(network.closed, true);
  });

  test('asks nobody when no device is paired, or none of those wanted', async () => {
    await using scene = await setUp();
    const options = { ...scene.options, udids: [OTHER], openTransport: () => assert.fail('nobody is to be asked') };
    assert.deepEqual(await Array.fromAsync(findNearby(options)), []);
  });

  test('ends when cancelled, and when nobody listens any more', async () => {
    await using scene = await setUp();
    const network = new FakeNetwork([]);
    const options = { ...scene.options, durationMs: Infinity, openTransport: () => network };
    const controller = new AbortController();
    const finding = Array.fromAsync(findNearby({ ...options, signal: controller.signal }));
    setImmediate(() => controller.abort());
    assert.deepEqual(await finding, []);

    const second = new FakeNetwork(advertOf(record.hostId));
    for await (const location of findNearby({ ...options, openTransport: () => second })) {
      assert.equal(location.udid, UDID);
      break;
    }
    assert.equal(second.closed, true);
  });
});

describe('a survey of the network', () => {
  test('counts who answers and which of them are phones', async () => {
    const network = new FakeNetwork([
      ...advertOf('SOMEBODY'),
      { name: '_services._dns-sd._udp.local', type: 'PTR', data: '_ipp._tcp.local' },
    ]);
    const survey = await surveyNetwork({ listenMs: 5, openTransport: () => network });
    assert.deepEqual([survey.responders, survey.phones, network.closed], [1, 1, true]);
    const silent = await surveyNetwork({ listenMs: 1, openTransport: () => new FakeNetwork([]) });
    assert.deepEqual([silent.responders, silent.phones], [0, 0]);
  });
});

describe('AddressBook', () => {
  test('keeps what is not mentioned, and is closed to others', async () => {
    await using scene = await setUp();
    await scene.book.remember(UDID, { host: '10.0.0.9' });
    await scene.book.remember(UDID, { serviceName: 'name' });
    await scene.book.remember('../elsewhere', { host: '10.0.0.1' });
    const { host, serviceName } = await scene.book.get(UDID);
    assert.deepEqual({ host, serviceName }, { host: '10.0.0.9', serviceName: 'name' });
    assert.deepEqual(await scene.book.get('../elsewhere'), {});
    if (process.platform !== 'win32') assert.equal((await stat(fileIn(scene.directory))).mode & 0o777, 0o600);
    await scene.book.forget(UDID);
    assert.equal((await scene.book.get(UDID)).host, undefined);
  });

  test('loses nothing of what several jobs remember at the same time', async () => {
    await using scene = await setUp();
    const others = Array.from({ length: 8 }, () => new AddressBook(scene.directory));
    const news = [{ host: 'h' }, { name: 'n' }, { serviceName: 's' }, { contactBy: 'usb' as const }];
    await Promise.all(others.map((book, i) => book.remember(UDID, news[i % 4] ?? {})));
    const { host, name, serviceName, contactBy } = await scene.book.get(UDID);
    assert.deepEqual([host, name, serviceName, contactBy], ['h', 'n', 's', 'usb']);
  });

  test('notes a contact at once, and the next not before an hour', async () => {
    await using scene = await setUp();
    const first = new Date('2026-11-22T10:00:00Z');
    const soon = new Date('2026-11-22T10:40:00Z');
    const later = new Date('2026-11-22T11:10:00Z');
    for (const [contactAt, kept] of [
      [first, first],
      [soon, first],
      [later, later],
    ] as const) {
      await scene.book.noteContact(UDID, { contactAt, contactBy: 'network' });
      assert.deepEqual((await scene.book.get(UDID)).contactAt, kept);
    }
    await rm(scene.directory, { recursive: true });
    await writeFile(scene.directory, 'a file in the way');
    await scene.book.noteContact(UDID, { host: 'a' }).catch(() => assert.fail('a contact is no reason to fail'));
  });

  for (const content of ['', 'garbage', '[]', 'null', '7', '{"host":7,"contactAt":"never","contactBy":"pigeon"}']) {
    test(`counts ${JSON.stringify(content)} as empty`, async () => {
      await using scene = await setUp();
      await writeFile(fileIn(scene.directory), content);
      const entry = await scene.book.get(UDID);
      assert.deepEqual(
        Object.values(entry).filter((value) => value !== undefined),
        [],
      );
    });
  }
});

function fileIn(directory: string): string {
  return join(directory, `${UDID}.contact.json`);
}

/** What a phone that trusts the computer of that HostID tells on the network. */
function advertOf(hostId: string): DnsRecord[] {
  const identifier = Buffer.from('id');
  const text = ['identifier=id', 'authTag=bm9ib2R5', `authTag#0=${authTag(hostId, identifier)}`];
  return [
    { name: MOBDEV_SERVICE, type: 'PTR', data: INSTANCE },
    // The port is wrong on purpose: devices publish it with its bytes swapped.
    { name: INSTANCE, type: 'SRV', data: { port: 32498, target: 'iPhone.local' } },
    { name: INSTANCE, type: 'TXT', data: text.map((entry) => Buffer.from(entry)) },
    { name: 'iPhone.local', type: 'AAAA', data: '2001:db8::42' },
    { name: 'iPhone.local', type: 'A', data: '192.168.1.20' },
  ];
}

function known(udid: string, hostId: string, more: Partial<KnownDevice> = {}): KnownDevice {
  return { udid, record: { ...record, hostId, wifiMacAddress: 'aa:bb:cc:dd:ee:01' }, ...more };
}

function onlyAdvert(records: readonly DnsRecord[]) {
  const collector = new AdvertCollector(() => 'eth0');
  collector.add(records, '192.168.1.20');
  return collector.adverts()[0] ?? assert.fail('no advert');
}

function hostsOf(locations: readonly DeviceLocation[]): string[] {
  return locations.map(({ udid, routes }) => `${udid} ${routes[0]?.host}`);
}

/** Answers each question with the records of that name and type. */
class FakeNetwork implements MdnsTransport {
  readonly asked: DnsQuestion[] = [];
  closed = false;
  readonly #records: readonly DnsRecord[];
  #listener: Parameters<MdnsTransport['listen']>[0] = () => {};

  constructor(records: readonly DnsRecord[]) {
    this.#records = records;
  }

  ask(questions: readonly DnsQuestion[]): void {
    this.asked.push(...questions);
    const answers = this.#records.filter((each) =>
      questions.some(({ name, type }) => each.type === type && each.name.toLowerCase() === name.toLowerCase()),
    );
    if (answers.length > 0) setImmediate(() => this.#listener(answers, '192.168.1.20'));
  }

  listen(listener: Parameters<MdnsTransport['listen']>[0]): void {
    this.#listener = listener;
  }

  close(): void {
    this.closed = true;
  }
}

async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const store = new PairRecordStore({ directory });
  await store.save(UDID, record);
  return {
    directory,
    book: new AddressBook(directory),
    options: { store, probe: () => Promise.resolve(true) },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
