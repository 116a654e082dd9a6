import type { Socket } from 'node:net';
import { LOCKDOWN_PORT } from '../device/index.ts';
import { isAppError } from '../shared/errors.ts';
import { SILENT_LOGGER } from '../shared/logger.ts';
import { encryptBackups, eraseContent, finishRestart } from './backup-agent/index.ts';
import { BreachLog } from './breaches.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { Connections } from './connections.ts';
import {
  NOT_BACKED_UP_DOMAIN,
  SETTINGS,
  type Clock,
  type PasscodeBehaviour,
  type PhoneContext,
  type PhoneIdentity,
  type PhoneScreen,
} from './context.ts';
import { openPhoneDisk, type PhoneDisk } from './disk/index.ts';
import { FaultPlan } from './faults.ts';
import { FaultyStream } from './faulty-stream.ts';
import { loadIdentity } from './identity.ts';
import { serveLockdown } from './lockdown/conversation.ts';
import { loadDeviceKey } from './lockdown/device-key.ts';
import { Pairings } from './lockdown/pairings.ts';
import type { LockdownServer } from './lockdown/server.ts';
import { PhoneTls } from './lockdown/tls.ts';
import { TrustDialog, type TrustBehaviour } from './lockdown/trust.ts';
import { LockdownValues, WIRELESS_DOMAIN, wifiConnectionsEnabled } from './lockdown/values.ts';
import { modelOf } from './models.ts';
import { swapPort } from './mux/messages.ts';
import { VirtualMux, type MuxPhone } from './mux/virtual-mux.ts';
import { fillNewPhone } from './new-phone.ts';
import { NotificationHub } from './notifications.ts';
import { backupBehaviour, type VirtualIphoneOptions } from './options.ts';
import { PortTable, type PortHandler, type Transport } from './ports.ts';
import { ServiceRunner } from './service-runner.ts';
import { keyOf, OpenFiles } from './services/afc/open-files.ts';
import { phoneServices } from './services/table.ts';
import { Wifi } from './wifi/wifi.ts';

const DEFAULT_HEARTBEAT_INTERVAL_MS = 10_000;
const SYNC_LOCK_FILE = { domain: NOT_BACKED_UP_DOMAIN, relativePath: 'Media/com.apple.itunes.lock_sync' };

/**
 * Turns the phone on: makes it, when the folder is empty, and plugs it in.
 *
 * @throws {AppError} USAGE when a socket, a port or the Wi-Fi address cannot be had.
 */
export async function startVirtualIphone(options: VirtualIphoneOptions): Promise<VirtualIphone> {
  const { clock = SYSTEM_CLOCK } = options;
  await using undo = new AsyncDisposableStack();
  const disk = openPhoneDisk(options.stateDir, { now: () => clock.now() });
  undo.defer(() => disk.close());
  fillNewPhone(disk, options.library, options.seed, options.libraryDay);
  const deviceKey = await loadDeviceKey(disk.settings);
  const mux = options.mux ?? undo.use(await VirtualMux.start(options));
  const phone = new VirtualIphone(options, disk, mux, deviceKey);
  await encryptBackups(phone.context, options.backupPassword);
  await phone.plugIn();
  undo.move();
  return phone;
}

/** A simulated iPhone that any program that speaks usbmuxd's protocol can find, pair with, back up and restore. */
export class VirtualIphone implements AsyncDisposable {
  readonly context: PhoneContext;
  readonly #options: VirtualIphoneOptions;
  readonly #mux: VirtualMux;
  readonly #muxPhone: MuxPhone;
  readonly #identity: Mutable<PhoneIdentity>;
  readonly #lockdown: LockdownServer;
  readonly #runner: ServiceRunner;
  readonly #connections: Connections;
  readonly #ports = new PortTable();
  readonly #openFiles: OpenFiles;
  readonly #wifi: Wifi | undefined;
  readonly #power = new AbortController();
  #usbDeviceId: number | undefined;

  constructor(options: VirtualIphoneOptions, disk: PhoneDisk, mux: VirtualMux, deviceKey: LockdownServer['deviceKey']) {
    this.#options = options;
    this.#mux = mux;
    this.#identity = { ...loadIdentity(disk.settings, options) };
    this.context = this.#makeContext(disk);
    this.#openFiles = new OpenFiles(disk);
    const values = new LockdownValues(this.context, deviceKey, (domain, key) => this.#valueChanged(domain, key));
    const tls = new PhoneTls(deviceKey, this.#identity.productVersion);
    this.#runner = new ServiceRunner({
      context: this.context,
      tls,
      services: phoneServices(this.#openFiles, {
        intervalMs: options.wifi?.heartbeatIntervalMs ?? DEFAULT_HEARTBEAT_INTERVAL_MS,
        onPolo: () => this.#wifi?.guard.polo(),
      }),
      escrow: { required: 'when-locked', error: 'PasswordProtected', ...options.escrow },
      openPort: (transport, handler) => this.#openServicePort(transport, handler),
    });
    this.#lockdown = {
      context: this.context,
      pairings: new Pairings(disk.settings),
      trust: new TrustDialog(options.trust ?? { mode: 'accept' }),
      values,
      deviceKey,
      tls,
      idleMs: options.lockdownIdleMs,
      startService: (request) => this.#runner.start(request),
    };
    this.#muxPhone = {
      udid: this.udid,
      usbProductId: modelOf(this.#identity.productType).usbProductId,
      openPort: (port, transport) => this.#openPort(port, transport),
    };
    this.#wifi = options.wifi && this.#makeWifi(options.wifi);
    this.#connections = new Connections((transport, count) => {
      if (transport === 'network') this.#wifi?.guard.connections(count);
    });
    finishRestart(disk.settings);
    if (options.name === undefined) this.#takeName();
    else values.set('', 'DeviceName', undefined);
  }

  get udid(): string {
    return this.context.identity.udid;
  }

  get disk(): PhoneDisk {
    return this.context.disk;
  }

  get breaches(): BreachLog {
    return this.context.breaches;
  }

  get faults(): FaultPlan {
    return this.context.faults;
  }

  get notifications(): NotificationHub {
    return this.context.notifications;
  }

  /** The port of its own mux, when it listens on one. */
  get tcpPort(): number | undefined {
    return this.#mux.tcpPort;
  }

  /** What the person answers to "Trust This Computer?" from now on. */
  setTrust(behaviour: TrustBehaviour): void {
    this.#lockdown.trust.set(behaviour);
  }

  /** Locks or unlocks the screen, and tells whoever listens: locking posts two notifications, unlocking one. */
  setLocked(locked: boolean): void {
    this.context.screen.locked = locked;
    this.notifications.post('com.apple.springboard.lockstate');
    if (locked) this.notifications.post('com.apple.springboard.lockcomplete');
  }

  /** Puts the phone on its charger or takes it away, and says how full it is. */
  setBattery(battery: { percent: number; charging: boolean }): void {
    this.context.settings.set(SETTINGS.battery, battery);
    this.notifications.post('com.apple.system.powersources.source');
  }

  /** What it says of Apple's own backup from now on. */
  setCloudBackup(cloudBackup: { readonly enabled: boolean; readonly lastAt?: Date }): void {
    const { enabled, lastAt } = cloudBackup;
    this.context.settings.set(SETTINGS.cloudBackup, { enabled, ...(lastAt && { lastAt: lastAt.toISOString() }) });
  }

  setPasscode(behaviour: PasscodeBehaviour): void {
    this.context.screen.passcode = behaviour;
  }

  /** "Reset Location & Privacy": no computer is trusted any more. */
  forgetHosts(): void {
    this.#lockdown.pairings.removeAll();
  }

  /** HostIDs of the computers that are trusted. */
  get trustedHosts(): string[] {
    return this.#lockdown.pairings.all().map((pairing) => pairing.hostId);
  }

  /** Whether a computer holds the lock that keeps others from syncing. */
  get isSyncLocked(): boolean {
    return this.#openFiles.locks.isLocked(keyOf(SYNC_LOCK_FILE));
  }

  /** Puts the phone on the cable, and on the network if Wi-Fi connections are on. */
  async plugIn(): Promise<void> {
    if (this.#options.plugged !== false) this.plug();
    await this.#wifi?.follow(wifiConnectionsEnabled(this.#lockdown.values));
  }

  /** Plugs the cable in. */
  plug(): void {
    this.#usbDeviceId ??= this.#mux.attach(this.#muxPhone);
  }

  /** Pulls the cable: what goes over it is cut. */
  unplug(): void {
    if (this.#usbDeviceId !== undefined) this.#mux.detach(this.#usbDeviceId);
    this.#usbDeviceId = undefined;
    this.#connections.drop('usb');
  }

  /** Restarts the phone: every connection is cut, and it comes back on the cable. */
  reboot(): void {
    const wasPlugged = this.#usbDeviceId !== undefined;
    this.unplug();
    this.#connections.drop();
    finishRestart(this.context.settings);
    if (wasPlugged) this.plug();
  }

  /** "Erase All Content and Settings". The computers that were trusted have to be trusted again. */
  erase(): void {
    eraseContent(this.context);
    this.#lockdown.values.clear();
    this.forgetHosts();
  }

  /** Resolves when what it is doing for computers now is over. */
  idle(): Promise<void> {
    return this.#runner.settle();
  }

  /** Turns the phone off. What it keeps is in its folder. */
  async close(): Promise<void> {
    if (this.#power.signal.aborted) return;
    this.#power.abort();
    this.unplug();
    await this.#wifi?.stop();
    this.#connections.drop();
    if (this.#options.mux === undefined) await this.#mux.close();
    await this.#runner.settle();
    this.disk.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #makeContext(disk: PhoneDisk): PhoneContext {
    const { clock = SYSTEM_CLOCK, log = SILENT_LOGGER, onBreach, locked = false, passcode } = this.#options;
    const screen: PhoneScreen = { locked, passcode: passcode ?? { mode: 'none', delayMs: 0 } };
    return {
      disk,
      settings: disk.settings,
      identity: this.#identity,
      clock: poweredClock(clock, this.#power.signal),
      breaches: new BreachLog(onBreach),
      faults: new FaultPlan(),
      notifications: new NotificationHub(),
      screen,
      backup: backupBehaviour(this.#identity.productVersion, this.#options.backup),
      erase: () => this.erase(),
      reboot: () => this.reboot(),
      log,
    };
  }

  #makeWifi(options: NonNullable<VirtualIphoneOptions['wifi']>): Wifi {
    const { settings } = this.context;
    if (settings.get(SETTINGS.wifiEnabled) === undefined) settings.set(SETTINGS.wifiEnabled, options.enabled ?? true);
    const { pairings } = this.#lockdown;
    return new Wifi({
      options,
      identity: this.#identity,
      mux: this.#mux,
      phone: this.#muxPhone,
      ports: this.#ports,
      breaches: this.context.breaches,
      hostIds: () => pairings.all().map((pairing) => pairing.hostId),
      onLockdown: (socket) => this.#serveLockdown(socket, 'network'),
      dropConnections: () => this.#connections.drop('network'),
    });
  }

  #valueChanged(domain: string, key: string): void {
    if (domain === '' && key === 'DeviceName') this.#takeName();
    if (domain === WIRELESS_DOMAIN && key === 'EnableWifiConnections') void this.#followWifiSetting();
  }

  /** Takes over the name a computer gave the phone. */
  #takeName(): void {
    const name = this.#lockdown.values.get('', 'DeviceName');
    if (typeof name === 'string') this.#identity.name = name;
  }

  async #followWifiSetting(): Promise<void> {
    try {
      await this.#wifi?.follow(wifiConnectionsEnabled(this.#lockdown.values));
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.context.log.warn('the virtual iPhone cannot join the network', { reason: error.message });
    }
  }

  #openPort(port: number, transport: Transport): PortHandler | undefined {
    if (port === LOCKDOWN_PORT) {
      if (this.faults.isRefused('lockdown')) return undefined;
      return (socket) => this.#serveLockdown(socket, transport);
    }
    if (port === swapPort(LOCKDOWN_PORT)) {
      this.breaches.report('mux.port-byte-order', `port ${port} is ${LOCKDOWN_PORT} with its bytes in the wrong order`);
    }
    return this.#ports.take(port, transport);
  }

  #openServicePort(transport: Transport, handler: PortHandler): Promise<number> {
    const accept = (socket: Socket): void => {
      this.#connections.add(socket, transport);
      handler(socket);
    };
    if (transport === 'network' && this.#wifi !== undefined) return this.#wifi.openPort(accept);
    return Promise.resolve(this.#ports.openOnce(transport, accept));
  }

  #serveLockdown(socket: Socket, transport: Transport): void {
    this.#connections.add(socket, transport);
    const fault = this.faults.takeStreamFault('lockdown');
    const stream = fault === undefined ? socket : new FaultyStream(socket, fault);
    void serveLockdown(stream, this.#lockdown, transport);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The clock of a phone that can be turned off: whoever sleeps then is woken with an abort. */
function poweredClock(clock: Clock, power: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal === undefined ? power : AbortSignal.any([power, signal])),
  };
}
