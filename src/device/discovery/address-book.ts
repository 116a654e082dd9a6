/**
 * What is remembered of each device beside its pair record: where it was last reached on the network, which is the
 * first thing to try, since many access points block mDNS; and when it was last heard of, since iOS lets the trust
 * over Wi-Fi lapse after thirty days of silence.
 */
import { join } from 'node:path';
import { isAppError } from '../../shared/errors.ts';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../private-file.ts';
import { isUdid } from '../usbmux/udid.ts';

export interface AddressEntry {
  readonly host?: string | undefined;
  /** The name under which the device advertises itself, as it told over a cable. */
  readonly serviceName?: string | undefined;
  /** What its owner calls it. */
  readonly name?: string | undefined;
  /** When it last opened a session with this computer. */
  readonly contactAt?: Date | undefined;
  readonly contactBy?: 'usb' | 'network' | undefined;
}

/** Contacts closer together than this are one: nothing needs to know the minute, and every write waits for the disk. */
const CONTACT_GRAIN_MS = 3_600_000;

/** Changes of one file wait for each other, whoever makes them: two jobs may find a device at the same time. */
const turns = new Map<string, Promise<void>>();

/** One small file per device. What it holds is a hint: a damaged or missing one counts as empty. */
export class AddressBook {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async get(udid: string): Promise<AddressEntry> {
    if (!isUdid(udid)) return {};
    return parseEntry(await readPrivateFile(this.#pathOf(udid)));
  }

  /**
   * Keeps what is new and leaves what is not mentioned. Writes only when something changes.
   *
   * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
   */
  async remember(udid: string, news: AddressEntry): Promise<void> {
    if (!isUdid(udid)) return;
    const path = this.#pathOf(udid);
    const change = (turns.get(path) ?? Promise.resolve()).then(() => this.#change(udid, news));
    const turn = change.catch(() => undefined);
    turns.set(path, turn);
    try {
      await change;
    } finally {
      if (turns.get(path) === turn) turns.delete(path);
    }
  }

  /** As `remember`, where nothing depends on it: not being able to write is no reason not to use the device. */
  async noteContact(udid: string, contact: AddressEntry): Promise<void> {
    try {
      await this.remember(udid, { contactAt: new Date(), ...contact });
    } catch (error) {
      if (!isAppError(error, 'STORAGE_FAILED', 'OUT_OF_SPACE')) throw error;
    }
  }

  /** @throws {AppError} STORAGE_FAILED */
  async forget(udid: string): Promise<void> {
    if (isUdid(udid)) await removePrivateFile(this.#pathOf(udid));
  }

  async #change(udid: string, news: AddressEntry): Promise<void> {
    const before = await this.get(udid);
    const after = withNews(before, news);
    if (isSame(before, after)) return;
    await writePrivateFile(this.#pathOf(udid), Buffer.from(`${JSON.stringify(after, undefined, 2)}\n`));
  }

  #pathOf(udid: string): string {
    return join(this.#directory, `${udid}.contact.json`);
  }
}

function withNews(before: AddressEntry, news: AddressEntry): AddressEntry {
  return {
    host: news.host ?? before.host,
    serviceName: news.serviceName ?? before.serviceName,
    name: news.name ?? before.name,
    contactAt: news.contactAt ?? before.contactAt,
    contactBy: news.contactBy ?? before.contactBy,
  };
}

function isSame(a: AddressEntry, b: AddressEntry): boolean {
  const grains = ({ contactAt }: AddressEntry): number => Math.floor((contactAt?.getTime() ?? 0) / CONTACT_GRAIN_MS);
  return (
    a.host === b.host &&
    a.serviceName === b.serviceName &&
    a.name === b.name &&
    a.contactBy === b.contactBy &&
    grains(a) === grains(b)
  );
}

function parseEntry(bytes: Buffer | undefined): AddressEntry {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes?.toString('utf8') ?? '{}');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  const facts = new Map<string, unknown>(Object.entries(parsed));
  const text = (key: string): string | undefined => {
    const value = facts.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const contactMs = Date.parse(text('contactAt') ?? '');
  const contactBy = text('contactBy');
  return {
    host: text('host'),
    serviceName: text('serviceName'),
    name: text('name'),
    contactAt: Number.isNaN(contactMs) ? undefined : new Date(contactMs),
    contactBy: contactBy === 'usb' || contactBy === 'network' ? contactBy : undefined,
  };
}
