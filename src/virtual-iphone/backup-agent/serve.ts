import type { Duplex } from 'node:stream';
import { stringAt, type PlistDictionary } from '../../formats/index.ts';
import type { PhoneContext, ServiceConnection } from '../context.ts';
import { AgentError, MB_ERROR } from './agent-error.ts';
import { backUp } from './backup/back-up.ts';
import { changeBackupPassword } from './change-password.ts';
import { enableCloudBackup, eraseDevice, tellInfo, tellList } from './small-requests.ts';
import { restoreBackup } from './restore/restore-backup.ts';
import { checkRequestTypes } from './request-types.ts';
import { reach, type Session } from './session.ts';
import { HostGone } from './wire/frame-reader.ts';
import { respond, sayHello } from './wire/hello.ts';
import { HostLink } from './wire/host-link.ts';

/** Serves a request. What it returns goes into the answer, or follows it. */
type Handler = (session: Session, request: PlistDictionary) => Promise<Outcome | void>;

interface Outcome {
  readonly content?: string;
  readonly reboots?: boolean;
}

/** What current versions of iOS still serve. Of the others they hang up, but for Remove, which they decline. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['Backup', (session, request) => alone(session, () => backUp(session, request))],
  ['Restore', (session, request) => alone(session, () => restoreBackup(session, request))],
  ['ChangePassword', (session, request) => alone(session, () => changeBackupPassword(session, request))],
  ['EnableCloudBackup', enableCloudBackup],
  ['EraseDevice', eraseDevice],
  ['Info', tellInfo],
  ['List', tellList],
  ['Remove', refuseRemove],
]);

/**
 * The phone's side of com.apple.mobilebackup2 on one connection. Resolves when the conversation is over; what the host
 * does wrong is reported to `context.breaches`.
 */
export async function serveBackup(stream: Duplex, context: PhoneContext, connection: ServiceConnection): Promise<void> {
  const link = new HostLink(stream, context.breaches);
  const session: Session = { link, context, connection };
  try {
    await reach(session, 'handshake');
    await link.handshake(context.backup.deviceLinkVersion);
    await reach(session, 'hello');
    if (!(await sayHello(link))) return;
    for (;;) await serveRequest(session, await link.nextRequest());
  } catch (error) {
    // Trouble ordered for before the first request has nothing else to answer.
    if (error instanceof AgentError) await declineEarly(session, error);
    else if (error instanceof HostGone) context.log.debug('a backup conversation ended', { reason: error.message });
    else throw error;
  }
}

/** Says no before anything was asked, and lets the host hear it: it may be speaking at this moment. */
async function declineEarly({ link, context, connection }: Session, error: AgentError): Promise<void> {
  respond(link, error);
  const heard = context.clock.sleep(TO_BE_HEARD_MS, connection.signal);
  const gone = (async () => {
    for (;;) await link.nextMessage();
  })();
  await Promise.race([heard, gone]).catch(() => {});
}

async function serveRequest(session: Session, request: PlistDictionary): Promise<void> {
  const { link, context } = session;
  const name = stringAt(request, 'MessageName') ?? '';
  context.log.debug('the backup agent was asked', { request: name });
  checkRequestTypes(link, request);
  try {
    await reach(session, 'request');
    const handler = HANDLERS.get(name) ?? (() => hangUpOn(link, name));
    const outcome = (await handler(session, request)) ?? {};
    await reach(session, 'response');
    respond(link, outcome);
    if (outcome.reboots === true) await reboot(session);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    context.log.debug('the backup agent answered with an error', { code: error.code, description: error.message });
    respond(link, error);
  }
}

/** A restored phone restarts by itself: all connections end without a word, a moment after the answer. */
async function reboot({ link, context, connection }: Session): Promise<void> {
  const goneOrLate = Promise.race([link.nextMessage(), context.clock.sleep(REBOOT_AFTER_MS, connection.signal)]);
  await goneOrLate.catch(() => {});
  context.reboot();
}

/** How long a host that does not hang up by itself is listened to after a no. */
const TO_BE_HEARD_MS = 500;
/** Jobs under way, by phone. */
const busy = new WeakMap<PhoneContext['disk'], Promise<unknown>>();
/** How long a restored phone stays up for the host to take its leave. */
const REBOOT_AFTER_MS = 1_000;
/** How long a job waits for the one before it to notice that its host is gone. */
const PATIENCE_MS = 3_000;

/** Runs a job unless another one is under way. @throws {AgentError} busy */
async function alone<T>({ context, connection }: Session, job: () => Promise<T>): Promise<T> {
  const { disk, clock } = context;
  const before = busy.get(disk);
  if (before !== undefined) await Promise.race([before, clock.sleep(PATIENCE_MS, connection.signal).catch(() => {})]);
  if (busy.has(disk)) throw new AgentError(MB_ERROR.busy, 'Busy');
  const running = job().finally(() => busy.delete(disk));
  busy.set(
    disk,
    running.catch(() => {}),
  );
  return running;
}

function hangUpOn(link: HostLink, name: string): never {
  if (name !== 'Unback' && name !== 'Extract') link.report('mobilebackup2.request', `unknown request ${name}`);
  link.drop(`iOS serves no ${name}`);
}

function refuseRemove(): Promise<never> {
  return Promise.reject(new AgentError(MB_ERROR.generic, 'Remove is no longer supported'));
}
