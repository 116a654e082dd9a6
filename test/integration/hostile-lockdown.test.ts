import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import {
  AfcClient,
  browseApps,
  createPairRecord,
  encodeAfcPacket,
  encodePlistFrame,
  listDevices,
  NotificationProxy,
  openDevice,
  pairDevice,
  PairRecordStore,
  readAppIcons,
  readBatteryDiagnostics,
} from '../../src/device/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { LyingPhone, type Lie } from '../support/lying-phone.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
/** Far beyond what refusing nonsense takes, even on a busy machine. */
const HANG_MS = 20_000;
const LONG = 'x'.repeat(1_000_000);
const PUBLIC_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const DEVICE_KEY = Buffer.from(PUBLIC_KEY.export({ type: 'pkcs1', format: 'pem' }));

const LIES: Readonly<Record<string, Lie>> = {
  'an empty dictionary': { plist: {} },
  'an array': { plist: ['Request', 'GetValue'] },
  'a text': { plist: 'hello' },
  'a number': { plist: 42 },
  'numbers where texts belong': {
    plist: { Request: 1, Value: 2, Error: 3, SessionID: 4, EnableSessionSSL: 5, Type: 6, Result: 7, Port: 'x' },
  },
  'dictionaries where texts belong': { plist: { Request: {}, Value: { a: {} }, Error: [], SessionID: {} } },
  'data where texts belong': {
    plist: { Request: Buffer.alloc(9), Value: Buffer.alloc(99), SessionID: Buffer.alloc(3) },
  },
  'a megabyte of error': { plist: { Error: LONG } },
  'an error without a name': { plist: { Error: '' } },
  'a megabyte of value': { plist: { Value: LONG, SessionID: LONG } },
  'a key that is none': { plist: { Value: Buffer.from('-----BEGIN RSA PUBLIC KEY-----\nAAAA\n') } },
  'names of the prototype': { plist: { ['__proto__']: { Value: 'x' }, constructor: 'x', toString: 'x' } },
  'a session without encryption': { plist: { SessionID: 'S', EnableSessionSSL: false, Value: 'x' } },
  'a length of 0': { bytes: Buffer.alloc(4) },
  'a length of 4 GiB': { bytes: Buffer.from('ffffffff00', 'hex') },
  'a length of 65 MiB': { bytes: Buffer.from('0410000000', 'hex') },
  'a property list cut off': { bytes: encodePlistFrame({ Value: 'x' }).fill(0, 60) },
  'no property list': { bytes: Buffer.concat([Buffer.from('00000005', 'hex'), Buffer.from('hello')]) },
  'a hundred thousand arrays in each other': { bytes: framed(Buffer.from(`<plist>${'<array>'.repeat(100_000)}`)) },
  noise: { bytes: Buffer.from(Array.from({ length: 500 }, (_, i) => 200 + ((i * 7919) % 56))) },
  'nothing, and hangs up': 'hang-up',
};

describe('something that answers in the place of a phone', () => {
  for (const request of ['GetValue', 'QueryType', 'StartSession', 'Pair', 'any request']) {
    test(`and lies about ${request} is never trusted, never believed and never waited for`, async () => {
      await using store = await PairedStore.open();
      for (const [what, lie] of Object.entries(LIES)) {
        const liar = (asked: string): Lie | undefined => {
          if (request === 'any request' || asked === request) return lie;
          return undefined;
        };
        await using phone = await LyingPhone.start(UDID, liar);
        const { location } = phone;
        await assertEnds(`opening, ${what}`, openDevice({ location, pairRecords: store.records }));
        await assertEnds(`pairing, ${what}`, pairAnew(phone));
        const [listing] = await within(
          listDevices({ muxAddress: undefined, store: store.records, nearby: [location] }),
        );
        assert.equal(listing?.udid, UDID);
        assert.equal(listing.paired && listing.problem === undefined, false, `listed as paired: ${what}`);
        for (const [name, fact] of Object.entries(listing.facts)) {
          assert.ok(typeof fact !== 'object' || name === 'battery' || name === 'disk', `${name}, ${what}`);
        }
      }
    });
  }

  test('and cannot prove that it is the phone is not trusted', async () => {
    await using store = await PairedStore.open();
    // Everything right, but whoever it is has no key: what follows StartSession is no TLS, or somebody else's.
    for (const kind of ['usb', 'network'] as const) {
      await using phone = await LyingPhone.start(UDID, () => undefined, kind);
      const opening = openDevice({ location: phone.location, pairRecords: store.records });
      await assertEnds('opening', opening, ['CONNECTION_LOST', 'DEVICE_NOT_TRUSTED', 'PROTOCOL_VIOLATION']);
    }
  });
});

describe('a service that talks nonsense', () => {
  const nonsense: Readonly<Record<string, Uint8Array>> = {
    'an array': encodePlistFrame([1, 2, 3]),
    'wrong types': encodePlistFrame({ Command: 5, Name: [], Status: 1, CurrentList: 'x', Diagnostics: [], pngData: 7 }),
    'wrong entries': encodePlistFrame({
      Status: 'BrowsingApplications',
      CurrentList: [1, 'x', { CFBundleIdentifier: 2 }],
    }),
    'a length of 4 GiB': Buffer.from('ffffffff00', 'hex'),
    noise: Buffer.from(Array.from({ length: 500 }, (_, i) => 200 + ((i * 7919) % 56))),
    'another protocol': encodeAfcPacket({ operation: 99, packetNumber: 77, payload: Buffer.alloc(20) }),
    'an AFC packet that is longer than it says': Buffer.concat([
      Buffer.from('CFA6LPAA'),
      Buffer.from('2800000000000000ffffffffffffff7f', 'hex'),
      Buffer.alloc(40),
    ]),
    'nothing at all': Buffer.alloc(0),
  };
  const uses: Readonly<Record<string, (stream: Duplex) => Promise<unknown>>> = {
    'the file service': async (stream) => {
      await using client = new AfcClient(stream);
      await client.list('/');
    },
    'the notifications': async (stream) => {
      await using proxy = new NotificationProxy(stream);
      for await (const name of proxy.events()) assert.equal(typeof name, 'string');
    },
    'the list of apps': async (stream) => {
      for await (const app of browseApps(stream, { returnAttributes: [] })) assert.equal(typeof app, 'object');
    },
    'the icons': async (stream) => {
      for await (const icon of readAppIcons(['com.example.a'], { connect: () => Promise.resolve(stream) }))
        assert.ok(icon);
    },
    'the battery': (stream) => readBatteryDiagnostics(stream),
  };
  for (const [service, use] of Object.entries(uses)) {
    test(`instead of ${service}: ends with an expected error, or with nothing`, async () => {
      for (const [what, bytes] of Object.entries(nonsense)) {
        const [host, phone] = duplexPair();
        phone.on('error', () => {}).resume();
        phone.end(bytes);
        await assertEnds(`${service}, ${what}`, use(host), undefined, { mayFinish: true });
        host.destroy();
      }
    });
  }
});

/** Pairs with no pairing at hand, and little patience. */
async function pairAnew({ location }: LyingPhone): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const store = new PairRecordStore({ directory });
    return await pairDevice({ location, store, timeoutMs: 20, pollMs: 5 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function assertEnds(
  what: string,
  work: Promise<unknown>,
  codes?: readonly string[],
  { mayFinish = false } = {},
): Promise<void> {
  try {
    await within(work);
  } catch (error) {
    assert.ok(isAppError(error), `${what}: ${error instanceof Error ? error.stack : String(error)}`);
    assert.ok(error.message.length < 1_000 && JSON.stringify(error.details).length < 2_000, `${what}: says too much`);
    if (codes !== undefined) assert.ok(codes.includes(error.code), `${what}: ${error.code}`);
    return;
  }
  assert.ok(mayFinish, `${what} was believed`);
}

/** @throws when it takes longer than anything here can. */
async function within<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it hangs')), HANG_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Pair records with one of the phone in it. */
class PairedStore implements AsyncDisposable {
  readonly records: PairRecordStore;
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.records = new PairRecordStore({ directory });
  }

  static async open(): Promise<PairedStore> {
    const store = new PairedStore(await mkdtemp(join(tmpdir(), 'holdfast-')));
    const wifiMacAddress = 'aa:bb:cc:dd:ee:01';
    const record = await createPairRecord({ devicePublicKey: DEVICE_KEY, systemBuid: 'BUID', wifiMacAddress });
    await store.records.save(UDID, record);
    return store;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }
}
