import type { PhoneSettings } from '../context.ts';

const SETTING = 'lockdown.pairings';

/** A computer the phone trusts. */
export interface Pairing {
  readonly hostId: string;
  readonly systemBuid: string;
  /** PEM. The phone shows the third one in TLS; the computer shows one of the other two. */
  readonly rootCertificate: string;
  readonly hostCertificate: string;
  readonly deviceCertificate: string;
  /** What the computer presents to have the keys of a locked phone. Hexadecimal. */
  readonly escrowBag: string;
}

/** The computers the phone trusts, by HostID. They survive a restart. */
export class Pairings {
  readonly #settings: PhoneSettings;
  readonly #byHost: Map<string, Pairing>;

  constructor(settings: PhoneSettings) {
    this.#settings = settings;
    // What is stored was written by `#store`.
    this.#byHost = new Map((settings.get(SETTING) as [string, Pairing][] | undefined) ?? []);
  }

  get(hostId: string): Pairing | undefined {
    return this.#byHost.get(hostId);
  }

  all(): readonly Pairing[] {
    return [...this.#byHost.values()];
  }

  add(pairing: Pairing): void {
    this.#byHost.set(pairing.hostId, pairing);
    this.#store();
  }

  remove(hostId: string): boolean {
    const removed = this.#byHost.delete(hostId);
    if (removed) this.#store();
    return removed;
  }

  /** What "Reset Location & Privacy" does. */
  removeAll(): void {
    this.#byHost.clear();
    this.#store();
  }

  #store(): void {
    this.#settings.set(SETTING, [...this.#byHost]);
  }
}
