import type { BreachLog } from '../breaches.ts';
import type { PhoneIdentity } from '../context.ts';
import { linkLocal } from '../lockdown/value-domains.ts';
import type { MuxPhone, VirtualMux } from '../mux/virtual-mux.ts';
import type { WifiOptions } from '../options.ts';
import type { PortHandler, PortTable } from '../ports.ts';
import { WifiAdvert } from './advert.ts';
import { HeartbeatGuard } from './heartbeat-guard.ts';
import { WifiInterface } from './wifi-interface.ts';

const DEFAULT_GRACE_MS = 60_000;

export interface WifiParts {
  readonly options: WifiOptions;
  readonly identity: PhoneIdentity;
  readonly mux: VirtualMux;
  readonly phone: MuxPhone;
  readonly ports: PortTable;
  readonly breaches: BreachLog;
  readonly hostIds: () => readonly string[];
  readonly onLockdown: PortHandler;
  readonly dropConnections: () => void;
}

/** The phone on the network: its listening address, its place in the mux's list, its advert and its heartbeat. */
export class Wifi {
  readonly guard: HeartbeatGuard;
  readonly #parts: WifiParts;
  #interface: WifiInterface | undefined;
  #deviceId: number | undefined;
  #advert: WifiAdvert | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: WifiParts) {
    this.#parts = parts;
    const graceMs = parts.options.heartbeatGraceMs ?? DEFAULT_GRACE_MS;
    this.guard = new HeartbeatGuard({
      graceMs: Number.isFinite(graceMs) ? graceMs : undefined,
      breaches: parts.breaches,
      drop: parts.dropConnections,
    });
  }

  /** Joins the network or leaves it, after what was asked before. @throws {AppError} USAGE when the address is taken. */
  follow(enabled: boolean): Promise<void> {
    const turn = this.#turn.then(() => (enabled ? this.#start() : this.#leave()));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Leaves the network: nothing listens any more, and what was connected is cut. */
  stop(): Promise<void> {
    return this.follow(false);
  }

  async #start(): Promise<void> {
    if (this.#interface !== undefined) return;
    const { options, identity, mux, phone, hostIds, onLockdown } = this.#parts;
    this.#interface = await WifiInterface.start(options.address, onLockdown);
    const linkLocalAddress = linkLocal(identity.wifiAddress);
    const serviceName = `${identity.wifiAddress}@${linkLocalAddress}._apple-mobdev2._tcp.local.`;
    this.#deviceId = mux.attach(phone, { address: options.address, serviceName });
    if (options.advertise === true) {
      const macAddress = privateAddress(identity.wifiAddress);
      this.#advert = new WifiAdvert({ address: options.address, macAddress, linkLocalAddress, hostIds });
    }
  }

  async #leave(): Promise<void> {
    this.guard.stop();
    if (this.#deviceId !== undefined) this.#parts.mux.detach(this.#deviceId);
    this.#deviceId = undefined;
    this.#interface?.close();
    this.#interface = undefined;
    this.#parts.dropConnections();
    await this.#advert?.close();
    this.#advert = undefined;
  }

  /** Opens a port for one connection, reachable on the phone's address and through the mux alike. */
  async openPort(handler: PortHandler): Promise<number> {
    if (this.#interface === undefined) return this.#parts.ports.openOnce('network', handler);
    const { port, close } = await this.#interface.openOnce((socket) => {
      closeInTable();
      handler(socket);
    });
    const closeInTable = this.#parts.ports.openAt(port, 'network', (socket) => {
      close();
      handler(socket);
    });
    return port;
  }
}

/** The random-looking address that current iOS shows on a network instead of its own. */
function privateAddress(macAddress: string): string {
  const bytes = macAddress.split(':').map((part) => Number.parseInt(part, 16) ^ 0x5a);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 2;
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
