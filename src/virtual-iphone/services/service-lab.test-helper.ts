import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair, type Duplex } from 'node:stream';
import { encodePlistFrame, PlistFrameReader } from '../../device/index.ts';
import { asDictionary, type PlistDictionary } from '../../formats/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { BreachLog } from '../breaches.ts';
import { SYSTEM_CLOCK } from '../clock.ts';
import type { PhoneContext, ServiceConnection } from '../context.ts';
import { openPhoneDisk, type PhoneDisk } from '../disk/index.ts';
import { FaultPlan } from '../faults.ts';
import { makeIdentity } from '../identity.ts';
import { NotificationHub } from '../notifications.ts';
import { backupBehaviour } from '../options.ts';
import type { Service } from './service.ts';

/** A disk, and connections to services that work on it. */
export class ServiceLab implements AsyncDisposable {
  readonly context: PhoneContext;
  readonly #directory: string;
  readonly #streams: Duplex[] = [];
  readonly #served: Promise<void>[] = [];

  constructor(directory: string, about: Partial<PhoneContext> = {}) {
    this.#directory = directory;
    const disk = openPhoneDisk(directory);
    this.context = {
      disk,
      settings: disk.settings,
      identity: makeIdentity({}),
      clock: SYSTEM_CLOCK,
      breaches: new BreachLog(),
      faults: new FaultPlan(),
      notifications: new NotificationHub(),
      screen: { locked: false, passcode: { mode: 'none', delayMs: 0 } },
      backup: backupBehaviour('18.5'),
      erase: () => {},
      reboot: () => {},
      log: SILENT_LOGGER,
      ...about,
    };
  }

  /** @param about what is different about the phone. */
  static async start(about: Partial<PhoneContext> = {}): Promise<ServiceLab> {
    return new ServiceLab(await ServiceLab.makeFolder(), about);
  }

  static makeFolder(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'holdfast-'));
  }

  get disk(): PhoneDisk {
    return this.context.disk;
  }

  /** A connection to a service, as the host has it. `about` is what the service is told of it. */
  connect(service: Service, about: Partial<ServiceConnection> = {}): Duplex {
    const [host, phone] = duplexPair();
    const connection: ServiceConnection = {
      service: 'test',
      transport: 'usb',
      escrow: false,
      hostId: 'A',
      signal: new AbortController().signal,
      ...about,
    };
    this.#streams.push(host, phone);
    this.#served.push(
      service
        .serve(phone, this.context, connection)
        .catch(() => {})
        .finally(() => phone.end()),
    );
    return host;
  }

  /** Until the service of the first connection is over. */
  async over(): Promise<void> {
    await this.#served[0];
  }

  text(domain: string, path: string): string | undefined {
    const file = this.disk.get(domain, path);
    return file && Buffer.from(this.disk.read(file)).toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    await Promise.all(this.#served);
    this.disk.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** One request to a service of property lists, and its answer; undefined when the service hung up. */
export async function request(stream: Duplex, body: PlistDictionary): Promise<PlistDictionary | undefined> {
  stream.write(encodePlistFrame(body));
  const frames = new PlistFrameReader(stream);
  const answer = asDictionary(await frames.read());
  frames.release();
  return answer;
}
