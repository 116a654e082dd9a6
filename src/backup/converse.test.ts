import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { encodePlistFrame, NOTIFICATION, NOTIFICATION_PROXY_SERVICE, PlistFrameReader } from '../device/index.ts';
import { asDictionary, PlistReal, stringAt, type PlistValue } from '../formats/index.ts';
import { type BackupTarget, TargetError } from '../shared/target/backup-target.ts';
import { AppError } from '../shared/errors.ts';
import type { BackupDevice } from './backup-device.ts';
import { converse } from './converse.ts';

const MINUTE_MS = 60_000;
const { passcodePresented, passcodeDismissed, syncCancelRequest } = NOTIFICATION;

describe('a conversation with a device', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  test('ends when nobody answers a prompt, and is as patient as the device while it goes on behind one', async () => {
    const { ended } = await converseWith(async (phone, { seen }) => {
      await phone.greet();
      await phone.ask('DLMessageGetFreeDiskSpace');
      await phone.announce(passcodePresented);
      for (let i = 0; i < 5; i++) {
        mock.timers.tick(25 * MINUTE_MS);
        await phone.ask('DLMessageGetFreeDiskSpace');
      }
      assert.deepEqual(seen, [true]);
      mock.timers.tick(40 * MINUTE_MS);
      assert.equal(await phone.heard(), 'DLMessageDisconnect');
    });
    await assert.rejects(ended, { code: 'PASSCODE_NOT_ENTERED' });
  });

  test('ends, too, when a prompt that was never announced keeps the device from beginning', async () => {
    const { ended, seen } = await converseWith(
      async (phone) => {
        await phone.greet();
        await turns(20);
        mock.timers.tick(25 * MINUTE_MS);
        await turns(20);
        mock.timers.tick(10 * MINUTE_MS);
        assert.equal(await phone.heard(), 'DLMessageDisconnect');
      },
      { signals: 'refused' },
    );
    await assert.rejects(ended, { code: 'PASSCODE_NOT_ENTERED' });
    assert.deepEqual(seen, []);
  });

  test('ends, too, when the device does not say a word', async () => {
    const { ended } = await converseWith(async (phone) => {
      await turns(20);
      mock.timers.tick(32 * MINUTE_MS);
      assert.equal(await phone.heard(), 'DLMessageDisconnect');
    });
    await assert.rejects(ended, { code: 'PASSCODE_NOT_ENTERED' });
  });

  test('ends, too, when the prompt goes away and nothing comes after it', async () => {
    const { ended, seen } = await converseWith(async (phone) => {
      await phone.greet();
      await phone.announce(passcodePresented);
      mock.timers.tick(3 * MINUTE_MS);
      await phone.announce(passcodeDismissed);
      mock.timers.tick(29 * MINUTE_MS);
      await turns(20);
      mock.timers.tick(3 * MINUTE_MS);
      assert.equal(await phone.heard(), 'DLMessageDisconnect');
    });
    await assert.rejects(ended, { code: 'PASSCODE_NOT_ENTERED' });
    assert.deepEqual(seen, [true, false]);
  });

  test('lets a device that has begun be silent as long as it likes', async () => {
    const { ended } = await converseWith(async (phone) => {
      await phone.greet();
      await phone.ask('DLMessageGetFreeDiskSpace');
      mock.timers.tick(90 * MINUTE_MS);
      await turns(20);
      phone.respond();
    });
    await ended;
  });

  test('hears what the device announces over the next connection, when one was closed', async () => {
    const { ended, seen, posted } = await converseWith(async (phone) => {
      await phone.greet();
      await phone.announce(passcodePresented);
      await phone.closeSignals();
      await phone.announce(passcodeDismissed);
      await phone.closeSignals();
      await phone.announce(passcodePresented);
      phone.respond();
    });
    await ended;
    assert.deepEqual(seen, [true, false, true]);
    assert.deepEqual(posted, ['com.apple.itunes-mobdev.syncWillStart']);
  });

  test('is cancelled on the device over such a connection', async () => {
    const { ended } = await converseWith(async (phone) => {
      await phone.greet();
      await phone.closeSignals();
      await phone.announce(syncCancelRequest);
      assert.equal(await phone.heard(), 'DLMessageDisconnect');
    });
    await assert.rejects(ended, { code: 'CANCELLED', message: /on the device/ });
  });

  for (const [what, signals] of [
    ['closes every such connection at once', 'closed'],
    ['has no such service', 'refused'],
  ] as const) {
    test(`goes on without announcements, and says so once, where the device ${what}`, async () => {
      const { ended, deaf, opened } = await converseWith(
        async (phone, observed) => {
          await phone.greet();
          await until(() => observed.deaf() > 0);
          phone.respond();
        },
        { signals },
      );
      await ended;
      assert.equal(opened(), 5, 'tried a few times and no more');
      assert.equal(deaf(), 1);
    });
  }

  test('says nothing of it when the job ends in the same moment', async () => {
    const { ended, deaf } = await converseWith(async (phone) => {
      await phone.greet();
      phone.respond();
      await phone.closeSignals({ isLast: true });
    });
    await ended;
    assert.equal(deaf(), 0);
  });
});

type Script = (phone: FakePhone, observed: Observed) => Promise<void>;

interface Observed {
  readonly ended: Promise<unknown>;
  /** Whether the device was seen to ask for its passcode, each time that changed. */
  readonly seen: readonly boolean[];
  readonly posted: readonly string[];
  /** How often it was said that the device announces nothing. */
  readonly deaf: () => number;
  /** How often a connection for announcements was asked for. */
  readonly opened: () => number;
}

/** Has a device that follows `script` asked for a backup, and returns when both are through. */
async function converseWith(script: Script, { signals = 'open' }: { signals?: SignalService } = {}): Promise<Observed> {
  const phone = new FakePhone(signals);
  const seen: boolean[] = [];
  const remarks: string[] = [];
  const ended = converse({
    device: phone.device,
    request: { kind: 'backup', udid: 'U' },
    target: NOTHING,
    signal: new AbortController().signal,
    onEvent: () => {},
    onPasscode: (wanted) => seen.push(wanted),
    onRemark: (sentence) => remarks.push(sentence),
  });
  ended.catch(() => {});
  const deaf = (): number => remarks.filter((remark) => remark.includes('announces nothing')).length;
  const observed = { ended, seen, deaf, posted: phone.posted, opened: () => phone.opened };
  await script(phone, observed);
  phone.hearOut();
  await Promise.allSettled([ended]);
  return observed;
}

/** `closed`: every connection is closed as soon as it is open. */
type SignalService = 'open' | 'closed' | 'refused';

/** A device that shows no files, announces what it is told to, and speaks to the host as a backup agent does. */
class FakePhone {
  readonly posted: string[] = [];
  readonly #service: SignalService;
  readonly #host: Duplex;
  readonly #agent: Duplex;
  readonly #messages: PlistFrameReader;
  #signals: Duplex | undefined;
  #observed = new Set<string>();
  opened = 0;

  constructor(service: SignalService) {
    this.#service = service;
    [this.#host, this.#agent] = duplexPair();
    this.#messages = new PlistFrameReader(this.#agent);
  }

  get device(): BackupDevice {
    const services = (name: string): Duplex => {
      if (name === NOTIFICATION_PROXY_SERVICE) return this.#openSignals();
      if (name === 'com.apple.mobilebackup2') return this.#host;
      throw new AppError('DEVICE_REFUSED', `no ${name}`);
    };
    return {
      udid: 'U',
      lost: new AbortController().signal,
      values: () => assert.fail('no value is asked for'),
      // The streams stand for sockets, of which no more is used.
      startService: (async (name: string) => services(name)) as unknown as BackupDevice['startService'],
    };
  }

  /** Up to the request. */
  async greet(): Promise<void> {
    this.#say('DLMessageVersionExchange', 400, 0);
    assert.equal(await this.heard(), 'DLMessageVersionExchange');
    this.#say('DLMessageDeviceReady');
    assert.equal(await this.heard(), 'DLMessageProcessMessage');
    this.respond({ ProtocolVersion: new PlistReal(2.1) });
    assert.equal(await this.heard(), 'DLMessageProcessMessage');
  }

  async ask(...message: PlistValue[]): Promise<void> {
    this.#say(...message);
    assert.equal(await this.heard(), 'DLMessageStatusResponse');
  }

  respond(more: Record<string, PlistValue> = {}): void {
    this.#say('DLMessageProcessMessage', { MessageName: 'Response', ErrorCode: 0, ...more });
  }

  /** The name of what the host says next. */
  async heard(): Promise<PlistValue | undefined> {
    const message = await this.#messages.read();
    return Array.isArray(message) ? message[0] : undefined;
  }

  /** Lets the host say what it still has to say. */
  hearOut(): void {
    this.#messages.release();
    this.#agent.resume();
  }

  /** Announces something to a host that listens for it, and lets it take that in. */
  async announce(name: string): Promise<void> {
    await until(() => this.#observed.has(name));
    this.#signals?.write(encodePlistFrame({ Command: 'RelayNotification', Name: name }));
    await turns(20);
  }

  async closeSignals({ isLast = false } = {}): Promise<void> {
    const before = this.opened;
    this.#observed = new Set();
    this.#signals?.end();
    if (!isLast) await until(() => this.opened > before);
  }

  #say(...message: PlistValue[]): void {
    this.#agent.write(encodePlistFrame(message, 'binary'));
  }

  #openSignals(): Duplex {
    this.opened += 1;
    if (this.#service === 'refused') throw new AppError('DEVICE_REFUSED', 'no announcements');
    const [host, device] = duplexPair();
    this.#signals = device;
    if (this.#service === 'closed') device.end();
    else void this.#listenTo(device);
    return host;
  }

  async #listenTo(device: Duplex): Promise<void> {
    for await (const message of new PlistFrameReader(device)) {
      const request = asDictionary(message);
      const name = stringAt(request, 'Name') ?? '';
      const command = stringAt(request, 'Command');
      if (command === 'ObserveNotification') this.#observed.add(name);
      else if (command === 'PostNotification') this.posted.push(name);
      else if (device.writable) device.end(encodePlistFrame({ Command: 'ProxyDeath' }));
    }
  }
}

const refuse = (): never => {
  throw new TargetError('unsupported', 'nothing is kept');
};
const NOTHING: BackupTarget = {
  read: refuse,
  create: refuse,
  list: refuse,
  makeDirectory: refuse,
  move: refuse,
  remove: refuse,
  copy: refuse,
  freeBytes: () => 0,
};

/** Lets things happen, and time go by, until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn === 1000) assert.fail('it never came to be');
    mock.timers.tick(100);
    await turns(1);
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
