import type { Duplex } from 'node:stream';
import { asDictionary, encodeBinaryPlist, type PlistDictionary, type PlistValue } from '../../../formats/index.ts';
import type { BreachLog } from '../../breaches.ts';
import { FrameReader, HostGone } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import {
  decodeMessage,
  HostBreach,
  isKnownCode,
  isNoValue,
  parseStatus,
  type Message,
  type StatusAnswer,
} from './messages.ts';

/** Directory listings of half a million files reach tens of MB; nothing legitimate is larger than this. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** An iPhone accepts these from a host at any time; everything else it does not expect ends the connection. */
const PING = 'DLMessagePing';
const DISCONNECT = 'DLMessageDisconnect';

/** The phone's end of a DeviceLink connection. */
export class HostLink {
  readonly reader: FrameReader;
  readonly writer: FrameWriter;
  readonly #stream: Duplex;
  readonly #breaches: BreachLog;
  #version = 0;

  constructor(stream: Duplex, breaches: BreachLog) {
    this.#stream = stream;
    this.#breaches = breaches;
    this.reader = new FrameReader(stream);
    this.writer = new FrameWriter(stream);
  }

  /** The DeviceLink version agreed on. It decides which operations the phone uses. */
  get version(): number {
    return this.#version;
  }

  /** Offers a version, takes the host's, says that the phone is ready. @throws {HostGone} */
  async handshake(offered: number): Promise<void> {
    this.send('DLMessageVersionExchange', offered, 0);
    const { name, args } = await this.nextMessage();
    const [verdict, version, ...more] = args;
    if (name !== 'DLMessageVersionExchange' || verdict !== 'DLVersionsOk') {
      this.#refuse(new HostBreach('devicelink.version-exchange', `answered with ${name}`, 'Version mismatch'));
    }
    if (typeof version !== 'number') {
      this.#refuse(new HostBreach('devicelink.version-exchange', 'agreed on no version', 'Version mismatch'));
    }
    if (!Number.isInteger(version) || version < 0 || more.length > 0) {
      this.report('devicelink.version-exchange', `agreed on ${version}, with ${more.length} elements after it`);
    }
    // libimobiledevice names its own version, also to an older phone.
    this.#version = Math.min(offered, version);
    this.send('DLMessageDeviceReady');
  }

  /** Sends one message at once. */
  send(name: string, ...args: PlistValue[]): void {
    this.announce(name, ...args);
    this.writer.flush();
  }

  /** Writes a message that goes out together with what follows it. */
  announce(name: string, ...args: PlistValue[]): void {
    this.writer.frame(encodeBinaryPlist([name, ...args]));
  }

  /** The next message that says something: pings are passed over, a disconnect ends the link. @throws {HostGone} */
  async nextMessage(): Promise<Message> {
    for (;;) {
      const message = this.#tryMessage();
      if (message !== undefined) return message;
      await this.reader.more();
    }
  }

  /** The next request of the host. @throws {HostGone} */
  async nextRequest(): Promise<PlistDictionary> {
    const message = await this.nextMessage();
    if (message.name !== 'DLMessageProcessMessage') this.#refuse(unexpected(message.name));
    const request = asDictionary(message.args[0]);
    if (message.args.length !== 1 || request === undefined) {
      this.#refuse(new HostBreach('devicelink.process-message', 'a request is not one dictionary', 'Invalid message'));
    }
    return request;
  }

  /** The host's answer to the operation under way. @throws {HostGone} */
  async status(): Promise<StatusAnswer> {
    const message = await this.nextMessage();
    if (message.name !== 'DLMessageStatusResponse') this.#refuse(unexpected(message.name));
    const answer = this.checked(() => parseStatus(message));
    if (!isKnownCode(answer.code)) this.report('devicelink.status-code', `there is no status ${answer.code}`);
    return answer;
  }

  /** The answer to an operation that asked for nothing but to be done. @throws {HostGone} */
  async done(operation: string): Promise<StatusAnswer> {
    const answer = await this.status();
    if (answer.code === 0 && !isNoValue(answer.value)) {
      this.report('devicelink.status-value', `the answer to ${operation} carries a value`);
    }
    return answer;
  }

  /** Notices, in the middle of an upload, that the host has given up, or speaks when it must listen. @throws {HostGone} */
  checkSilence(): void {
    const message = this.#tryMessage();
    if (message === undefined) return;
    this.#refuse(
      new HostBreach('devicelink.answer-too-early', `${message.name} in the middle of an upload`, 'Unexpected message'),
    );
  }

  /** Runs a check of what the host sent; a breach is reported and ends the connection, as on an iPhone. */
  checked<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      if (error instanceof HostBreach) this.#refuse(error);
      throw error;
    }
  }

  /** A breach that an iPhone would let pass. */
  report(rule: string, detail: string): void {
    this.#breaches.report(rule, detail);
  }

  /** Drops the connection without a word. */
  drop(reason: string): never {
    this.#stream.destroy();
    throw new HostGone(reason);
  }

  /** Sends what is left and closes the connection. */
  hangUp(reason: string): never {
    this.writer.flush();
    this.#stream.end();
    throw new HostGone(reason);
  }

  /** Ends the session by the phone's own decision. */
  sayGoodbye(reason: string): never {
    this.send(DISCONNECT, reason);
    this.#stream.end();
    throw new HostGone(reason);
  }

  #refuse(breach: HostBreach): never {
    this.#breaches.report(breach.rule, breach.message);
    this.sayGoodbye(breach.reason);
  }

  /** Both sides say these with a text, which may be the one that stands for none. */
  #checkWord({ name, args }: Message): void {
    if (args.length === 1 && typeof args[0] === 'string') return;
    this.report('devicelink.word', `${name} comes with something else than one text`);
  }

  #tryMessage(): Message | undefined {
    const length = this.reader.peekLength();
    if (length !== undefined && length > MAX_MESSAGE_BYTES) {
      this.#refuse(new HostBreach('devicelink.frame-length', `a message of ${length} bytes`, 'Message too long'));
    }
    for (let frame = this.reader.tryFrame(); frame !== undefined; frame = this.reader.tryFrame()) {
      const body = frame;
      const message = this.checked(() => decodeMessage(body));
      if (message.name !== PING && message.name !== DISCONNECT) return message;
      this.#checkWord(message);
      if (message.name === DISCONNECT) throw new HostGone('the host disconnected');
    }
    return undefined;
  }
}

function unexpected(name: string): HostBreach {
  return new HostBreach('devicelink.unknown-message', `${name} was not expected`, 'Unknown Message Received');
}
