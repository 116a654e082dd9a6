import { randomUUID } from 'node:crypto';
import { bytesAt, dictionaryAt, stringAt, valueAt, type PlistDictionary } from '../../formats/index.ts';
import { readPairRequest } from './pair-request.ts';
import type { Pairing } from './pairings.ts';
import type { LockdownServer } from './server.ts';

/** What one conversation remembers between its requests. */
export interface ConversationState {
  readonly transport: 'usb' | 'network';
  session: { readonly id: string; readonly pairing: Pairing } | undefined;
}

export interface Answer {
  readonly reply: PlistDictionary;
  /** What happens to the connection after the reply has gone out. */
  readonly next?: 'start-tls' | 'stop-tls' | 'close';
}

type Handler = (request: PlistDictionary, state: ConversationState, server: LockdownServer) => Answer | Promise<Answer>;

/** Answers one request. The reply does not yet carry the `Request` it echoes. */
export function answerRequest(
  request: PlistDictionary,
  state: ConversationState,
  server: LockdownServer,
): Answer | Promise<Answer> {
  const name = stringAt(request, 'Request') ?? '';
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  if (handler !== undefined) return handler(request, state, server);
  server.context.breaches.report('lockdown.request', `there is no request called “${name}”`);
  return failure('InvalidRequest');
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  QueryType: () => ({ reply: { Type: 'com.apple.mobile.lockdown' } }),
  GetValue: getValue,
  SetValue: setValue,
  RemoveValue: removeValue,
  Pair: pair,
  ValidatePair: validatePair,
  Unpair: unpair,
  StartSession: startSession,
  StopSession: stopSession,
  StartService: startService,
  Goodbye: () => ({ reply: {}, next: 'close' }),
  EnterRecovery: (_request, state) => (state.session === undefined ? failure('SessionInactive') : { reply: {} }),
  Activate: () => failure('InvalidActivationRecord'),
  Deactivate: () => failure('InvalidActivationRecord'),
};

function getValue(request: PlistDictionary, state: ConversationState, { values }: LockdownServer): Answer {
  const domain = stringAt(request, 'Domain') ?? '';
  const key = stringAt(request, 'Key');
  const echo = { ...(domain === '' ? {} : { Domain: domain }), ...(key === undefined ? {} : { Key: key }) };
  if (state.session === undefined && (key === undefined ? domain !== '' : !values.isPublic(domain, key))) {
    return failure('GetProhibited', echo);
  }
  if (key === undefined) {
    const all = state.session === undefined ? values.publicValues() : values.domain(domain);
    return all === undefined ? failure('MissingValue', echo) : { reply: { ...echo, Value: all } };
  }
  const value = values.get(domain, key);
  return value === undefined ? failure('MissingValue', echo) : { reply: { ...echo, Value: value } };
}

function setValue(request: PlistDictionary, state: ConversationState, { values }: LockdownServer): Answer {
  const domain = stringAt(request, 'Domain') ?? '';
  const key = stringAt(request, 'Key');
  const value = valueAt(request, 'Value');
  if (key === undefined) return failure('MissingKey');
  if (value === undefined) return failure('MissingValue');
  // usbmuxd says who it is before anybody is trusted.
  const allowed = key === 'UntrustedHostBUID' || state.session !== undefined;
  if (!allowed || !values.isWritable(domain, key)) return failure('SetProhibited');
  values.set(domain, key, value);
  return { reply: { ...(domain === '' ? {} : { Domain: domain }), Key: key, Value: value } };
}

function removeValue(request: PlistDictionary, state: ConversationState, { values }: LockdownServer): Answer {
  const domain = stringAt(request, 'Domain') ?? '';
  const key = stringAt(request, 'Key');
  if (key === undefined) return failure('MissingKey');
  if (state.session === undefined || !values.isWritable(domain, key)) return failure('RemoveProhibited');
  values.set(domain, key, undefined);
  return { reply: { ...(domain === '' ? {} : { Domain: domain }), Key: key } };
}

function pair(request: PlistDictionary, { transport }: ConversationState, server: LockdownServer): Answer {
  const { context, pairings, trust, deviceKey } = server;
  if (transport === 'network') return failure('PairingProhibitedOverThisConnection');
  const pairing = readPairRequest(request, deviceKey, context.breaches);
  if ('error' in pairing) return failure(pairing.error);
  if (context.screen.locked) return failure('PasswordProtected');
  const answer = trust.answer();
  if (answer === 'deny') return failure('UserDeniedPairing');
  if (answer === 'pending') return failure('PairingDialogResponsePending');
  pairings.add(pairing);
  context.notifications.post('com.apple.mobile.lockdown.trusted_host_attached');
  return { reply: { EscrowBag: Buffer.from(pairing.escrowBag, 'hex') } };
}

/** Clients of before iOS 7 ask so whether they are still trusted; the answer renews the trust as Pair would. */
function validatePair(request: PlistDictionary, _state: ConversationState, server: LockdownServer): Answer {
  const pairing = readPairRequest(request, server.deviceKey, server.context.breaches);
  if ('error' in pairing) return failure(pairing.error);
  return server.pairings.get(pairing.hostId) === undefined ? failure('InvalidHostID') : { reply: {} };
}

function unpair(request: PlistDictionary, state: ConversationState, { pairings }: LockdownServer): Answer {
  const hostId = stringAt(dictionaryAt(request, 'PairRecord'), 'HostID') ?? state.session?.pairing.hostId;
  if (hostId === undefined) return failure('MissingHostID');
  return pairings.remove(hostId) ? { reply: {} } : failure('InvalidHostID');
}

function startSession(request: PlistDictionary, state: ConversationState, server: LockdownServer): Answer {
  const hostId = stringAt(request, 'HostID');
  if (hostId === undefined) return failure('MissingHostID');
  if (state.session !== undefined) return failure('SessionActive');
  const pairing = server.pairings.get(hostId);
  if (pairing === undefined) return failure('InvalidHostID');
  const buid = stringAt(request, 'SystemBUID');
  if (buid !== undefined && buid !== pairing.systemBuid) {
    server.context.breaches.report('lockdown.system-buid', 'StartSession names another SystemBUID than Pair did');
  }
  const id = randomUUID().toUpperCase();
  state.session = { id, pairing };
  return { reply: { SessionID: id, EnableSessionSSL: true }, next: 'start-tls' };
}

function stopSession(request: PlistDictionary, state: ConversationState, { context }: LockdownServer): Answer {
  const id = stringAt(request, 'SessionID');
  if (state.session === undefined) return failure('SessionInactive');
  if (id === undefined) return failure('MissingSessionID');
  if (id !== state.session.id) {
    context.breaches.report('lockdown.session-id', 'StopSession names a session that is not this one');
    return failure('InvalidSessionID');
  }
  state.session = undefined;
  return { reply: {}, next: 'stop-tls' };
}

async function startService(
  request: PlistDictionary,
  state: ConversationState,
  server: LockdownServer,
): Promise<Answer> {
  const name = stringAt(request, 'Service');
  if (name === undefined) return failure('MissingService');
  const started = await server.startService({
    name,
    transport: state.transport,
    pairing: state.session?.pairing,
    escrowBag: bytesAt(request, 'EscrowBag'),
  });
  if ('error' in started) return failure(started.error, { Service: name });
  return { reply: { Service: name, Port: started.port, ...(started.tls ? { EnableServiceSSL: true } : {}) } };
}

function failure(error: string, echo: PlistDictionary = {}): Answer {
  return { reply: { ...echo, Error: error } };
}
