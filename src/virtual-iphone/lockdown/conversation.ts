import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { encodePlistFrame, PlistFrameReader } from '../../device/index.ts';
import { asDictionary, dictionaryAt, stringAt, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { checkTypes, type KindsByKey } from '../check-types.ts';
import { isConnectionTrouble } from '../connections.ts';
import { endTls, PeelableStream } from './peelable-tls.ts';
import { answerRequest, type Answer, type ConversationState } from './requests.ts';
import type { LockdownServer } from './server.ts';
import { TlsRefusedError } from './tls.ts';

/** The largest request is a Pair of some 8 KiB; an iPhone hangs up on lengths that make no sense. */
const MAX_REQUEST_BYTES = 1024 * 1024;

const IN_REQUEST: KindsByKey = {
  Domain: 'text',
  Key: 'text',
  PairRecord: 'dictionary',
  PairingOptions: 'dictionary',
  ProtocolVersion: 'text',
  HostName: 'text',
  HostID: 'text',
  SystemBUID: 'text',
  SessionID: 'text',
  Service: 'text',
  EscrowBag: 'data',
};

const IN_PAIR_RECORD: KindsByKey = {
  HostID: 'text',
  SystemBUID: 'text',
  DeviceCertificate: 'data',
  HostCertificate: 'data',
  RootCertificate: 'data',
};

/** Where the conversation stands: in plaintext, or inside TLS. */
interface Channel {
  readonly stream: Duplex;
  readonly frames: PlistFrameReader;
  readonly secure?: { readonly tls: TLSSocket; readonly peelable: PeelableStream };
}

/**
 * Serves one connection to lockdownd until either side closes it. Hosts hang up in the middle of anything; only what
 * breaks the protocol is reported.
 */
export async function serveLockdown(
  stream: Duplex,
  server: LockdownServer,
  transport: 'usb' | 'network',
): Promise<void> {
  const state: ConversationState = { transport, session: undefined };
  const idle = new IdleWatch(server.idleMs, () => stream.destroy());
  try {
    let channel: Channel | undefined = plainChannel(stream);
    while (channel !== undefined) channel = await serveOne(channel, stream, state, server, idle);
  } catch (error) {
    report(error, server);
  } finally {
    idle.stop();
    stream.destroy();
  }
}

/** Answers one request. @returns the channel to go on with; undefined when the conversation is over. */
async function serveOne(
  channel: Channel,
  stream: Duplex,
  state: ConversationState,
  server: LockdownServer,
  idle: IdleWatch,
): Promise<Channel | undefined> {
  idle.restart();
  const message = await channel.frames.read();
  if (message === undefined) {
    await reportPlaintext(channel, server);
    return undefined;
  }
  const request = checkRequest(message, server);
  if (request === undefined) return undefined;
  const answer = await answerWithFaults(request, state, server);
  if (answer === undefined) return undefined;
  const reply = { Request: stringAt(request, 'Request') ?? '', ...answer.reply };
  const { session } = state;
  if (answer.next === 'start-tls' && session !== undefined) {
    channel.frames.release();
    channel.stream.write(encodePlistFrame(reply));
    const peelable = new PeelableStream(stream);
    const tls = await server.tls.accept(peelable, session.pairing);
    return { stream: tls, frames: frameReader(tls), secure: { tls, peelable } };
  }
  channel.stream.write(encodePlistFrame(reply));
  if (answer.next === 'close') return undefined;
  if (answer.next === 'stop-tls' && channel.secure !== undefined) {
    channel.frames.release();
    const next = await endTls(channel.secure.tls, channel.secure.peelable);
    return next === 'plaintext' ? plainChannel(stream) : undefined;
  }
  return channel;
}

function checkRequest(message: PlistValue, { context }: LockdownServer): PlistDictionary | undefined {
  const request = asDictionary(message);
  if (stringAt(request, 'Request') === undefined) {
    context.breaches.report('lockdown.request', 'a message is no dictionary with a Request');
    return undefined;
  }
  // An iPhone answers requests without a label too, and logs them under none.
  if (stringAt(request, 'Label') === undefined) {
    context.breaches.report('lockdown.label', `${stringAt(request, 'Request')} carries no Label`);
  }
  const onFlaw = (detail: string): void => context.breaches.report('lockdown.request-types', detail);
  checkTypes(request, IN_REQUEST, onFlaw);
  checkTypes(dictionaryAt(request, 'PairRecord'), IN_PAIR_RECORD, onFlaw);
  return request;
}

/** @returns undefined when a fault ends the conversation. */
async function answerWithFaults(
  request: PlistDictionary,
  state: ConversationState,
  server: LockdownServer,
): Promise<Answer | undefined> {
  const { faults, clock } = server.context;
  const fault = faults.hit(`lockdown:${stringAt(request, 'Request')}`);
  if (fault?.kind === 'disconnect') return undefined;
  if (fault?.kind === 'error') return { reply: { Error: String(fault.code) } };
  if (fault?.kind === 'stall') await clock.sleep(fault.ms ?? Infinity);
  return answerRequest(request, state, server);
}

function plainChannel(stream: Duplex): Channel {
  return { stream, frames: frameReader(stream) };
}

function frameReader(stream: Duplex): PlistFrameReader {
  return new PlistFrameReader(stream, { maxBytes: MAX_REQUEST_BYTES });
}

/** Within a session, plaintext looks to TLS like the end of the connection. */
async function reportPlaintext({ secure }: Channel, { context }: LockdownServer): Promise<void> {
  if (secure !== undefined && (await secure.peelable.peeled) === 'plaintext') {
    context.breaches.report('lockdown.plaintext', 'the host spoke plaintext within a session');
  }
}

function report(error: unknown, { context }: LockdownServer): void {
  if (error instanceof TlsRefusedError) {
    if (error.reason === 'closed') return;
    context.breaches.report(`lockdown.tls-${error.reason}`, 'the host did not get through TLS after StartSession');
  } else if (isAppError(error, 'PROTOCOL_VIOLATION', 'FORMAT_INVALID')) {
    context.breaches.report('lockdown.frame', error.message);
  } else if (!isAppError(error) && !isConnectionTrouble(error)) {
    throw error;
  }
}

/** Hangs up on a conversation in which nothing was said for too long. */
class IdleWatch {
  readonly #idleMs: number | undefined;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number | undefined, onIdle: () => void) {
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
  }

  restart(): void {
    this.stop();
    if (this.#idleMs !== undefined) this.#timer = setTimeout(this.#onIdle, this.#idleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
