import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlistDictionary, PlistValue } from '../../../formats/index.ts';
import { SILENT_LOGGER } from '../../../shared/logger.ts';
import { BreachLog } from '../../breaches.ts';
import { SYSTEM_CLOCK } from '../../clock.ts';
import type { BackupBehaviour, Clock, PhoneContext, PhoneScreen, ServiceConnection } from '../../context.ts';
import { openPhoneDisk, type PhoneDisk } from '../../disk/index.ts';
import { FaultPlan } from '../../faults.ts';
import { makeIdentity } from '../../identity.ts';
import { NotificationHub } from '../../notifications.ts';
import { backupBehaviour } from '../../options.ts';
import { eraseContent } from '../erase.ts';
import { serveBackup } from '../serve.ts';
import { finishRestart } from '../settings.ts';
import { MemoryFolder } from './memory-folder.ts';
import { ScriptedHost, type HostManners, type Operation } from './scripted-host.ts';

export interface BenchOptions {
  readonly productVersion?: string;
  readonly backup?: Partial<BackupBehaviour>;
  readonly clock?: Clock;
}

/** A phone on the bench: its backup agent without mux, lockdown and TLS, and computers to connect to it. */
export class PhoneBench implements AsyncDisposable {
  readonly context: PhoneContext;
  readonly udid: string;
  /** What computers connected from now on have on their disk. */
  folder = new MemoryFolder();
  reboots = 0;
  readonly #dir: string;
  readonly #serving = new Set<Promise<void>>();
  readonly #streams = new Set<Duplex>();

  private constructor(
    dir: string,
    disk: PhoneDisk,
    { productVersion = '18.5', backup = {}, clock = SYSTEM_CLOCK }: BenchOptions,
  ) {
    this.#dir = dir;
    const screen: PhoneScreen = { locked: false, passcode: { mode: 'none', delayMs: 0 } };
    this.context = {
      disk,
      settings: disk.settings,
      identity: makeIdentity({ productVersion }),
      clock,
      breaches: new BreachLog(),
      faults: new FaultPlan(),
      notifications: new NotificationHub(),
      screen,
      backup: backupBehaviour(productVersion, { keybagRounds: { outer: 2, inner: 2 }, ...backup }),
      erase: () => eraseContent(this.context),
      reboot: () => {
        this.reboots++;
        finishRestart(disk.settings);
      },
      log: SILENT_LOGGER,
    };
    this.udid = this.context.identity.udid;
  }

  static async start(options: BenchOptions = {}): Promise<PhoneBench> {
    const dir = await mkdtemp(join(tmpdir(), 'holdfast-'));
    return new PhoneBench(dir, openPhoneDisk(dir), options);
  }

  get disk(): PhoneDisk {
    return this.context.disk;
  }

  /** Rules the host broke so far. */
  get breaches(): string[] {
    return this.context.breaches.list().map(({ rule }) => rule);
  }

  /** Connects a computer; nothing is said yet. */
  connect({ folder = this.folder, escrow = true } = {}): {
    host: ScriptedHost;
    phoneEnd: Duplex;
    ended: Promise<void>;
  } {
    const [phoneEnd, hostEnd] = duplexPair();
    return { ...this.serve(phoneEnd, hostEnd, { folder, escrow }), phoneEnd };
  }

  /** Serves one end of a connection and puts a computer at the other. */
  serve(
    phoneEnd: Duplex,
    hostEnd: Duplex,
    { folder = this.folder, escrow = true } = {},
  ): { host: ScriptedHost; ended: Promise<void> } {
    const closed = new AbortController();
    this.#streams.add(phoneEnd);
    phoneEnd.once('close', () => closed.abort());
    hostEnd.once('close', () => phoneEnd.destroy());
    phoneEnd.once('close', () => hostEnd.destroy());
    phoneEnd.on('error', () => {});
    hostEnd.on('error', () => {});
    const connection: ServiceConnection = {
      service: 'com.apple.mobilebackup2',
      transport: 'usb',
      escrow,
      hostId: undefined,
      signal: closed.signal,
    };
    const ended = serveBackup(phoneEnd, this.context, connection).finally(() => {
      this.#serving.delete(ended);
      phoneEnd.end();
    });
    this.#serving.add(ended);
    return { host: new ScriptedHost(hostEnd, folder), ended };
  }

  /** Puts `count` files into HomeDomain: file-0, file-1 … */
  fill(count: number, sizeBytes = 100): void {
    this.disk.batch(() => {
      for (let i = 0; i < count; i++) this.disk.writeSynthetic('HomeDomain', `file-${i}`, { seed: i, sizeBytes });
    });
  }

  /** Content of a file on the phone, as contentsOf gives that of a backup. */
  contentOf(domain: string, path: string): string | undefined {
    const file = this.disk.get(domain, path);
    return file && Buffer.from(this.disk.read(file)).toString('latin1');
  }

  /** One request over a connection of its own, by a good host unless it has other manners. */
  async ask(
    request: PlistDictionary,
    manners: HostManners = {},
  ): Promise<{ response: PlistDictionary; host: ScriptedHost }> {
    const { host, ended } = this.connect();
    host.manners = manners;
    await host.greet();
    const response = await host.request({ TargetIdentifier: this.udid, ...request });
    host.close();
    await ended;
    return { response, host };
  }

  /** A backup by a good host. @returns its error code, and the host that saw it. */
  async backUp(options: PlistDictionary = {}): Promise<{ code: PlistValue | undefined; host: ScriptedHost }> {
    const { response, host } = await this.ask({ MessageName: 'Backup', Options: options });
    return { code: response['ErrorCode'], host };
  }

  /** A backup during which the connection is cut when `isAt` says so. */
  async backUpUntil(isAt: (operation: Operation) => boolean): Promise<void> {
    const { host, phoneEnd, ended } = this.connect();
    await host.greet();
    host.manners = {
      before: (operation) => {
        if (!isAt(operation)) return false;
        phoneEnd.destroy();
        throw new Error('cut short');
      },
    };
    const request = host.request({ MessageName: 'Backup', TargetIdentifier: this.udid });
    await assert.rejects(request, /cut short/, 'the backup was over before it was to be cut');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    await Promise.allSettled(this.#serving);
    this.disk.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
