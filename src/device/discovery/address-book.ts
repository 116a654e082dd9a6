/** Where devices were last reached on the network: the first thing to try, since many access points block mDNS. */
import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';
import { isUdid } from '../usbmux/udid.ts';

export interface AddressEntry {
  readonly host?: string | undefined;
  /** The name under which the device advertises itself, as it told over a cable. */
  readonly serviceName?: string | undefined;
}

/** One small file. What it holds is a hint: a damaged or missing one counts as empty. */
export class AddressBook {
  readonly #path: string;
  /** Changes wait for each other: two devices may be found at the same time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#path = join(directory, 'addresses.json');
  }

  async get(udid: string): Promise<AddressEntry> {
    return (await this.#read()).get(udid) ?? {};
  }

  /** Keeps what is new and leaves what is not mentioned. Writes only when something changes. */
  remember(udid: string, news: AddressEntry): Promise<void> {
    const change = this.#turn.then(() => this.#change(udid, news));
    this.#turn = change.catch(() => undefined);
    return change;
  }

  async #change(udid: string, news: AddressEntry): Promise<void> {
    const entries = await this.#read();
    const before = entries.get(udid) ?? {};
    const after = { host: news.host ?? before.host, serviceName: news.serviceName ?? before.serviceName };
    if (!isUdid(udid) || (after.host === before.host && after.serviceName === before.serviceName)) return;
    entries.set(udid, after);
    await writePrivateFile(this.#path, Buffer.from(`${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`));
  }

  async #read(): Promise<Map<string, AddressEntry>> {
    const bytes = await readPrivateFile(this.#path);
    let parsed: unknown;
    try {
      parsed = JSON.parse(bytes?.toString('utf8') ?? '{}');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    return new Map(Object.entries(parsed).flatMap(([udid, entry]) => (isUdid(udid) ? [[udid, readEntry(entry)]] : [])));
  }
}

function readEntry(value: unknown): AddressEntry {
  if (typeof value !== 'object' || value === null) return {};
  const host = 'host' in value && typeof value.host === 'string' ? value.host : undefined;
  const serviceName = 'serviceName' in value && typeof value.serviceName === 'string' ? value.serviceName : undefined;
  return { host, serviceName };
}
