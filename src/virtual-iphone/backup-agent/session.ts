import { stringAt, type PlistDictionary } from '../../formats/index.ts';
import type { PhoneContext, ServiceConnection } from '../context.ts';
import { AgentError, MB_ERROR } from './agent-error.ts';
import { actHostile } from './hostile.ts';
import { HostGone } from './wire/frame-reader.ts';
import type { HostLink } from './wire/host-link.ts';

/**
 * Where trouble can be ordered, as `mobilebackup2:<point>`. Each takes `disconnect`, `stall`, `error` (a code of
 * MBErrorDomain) and `behave` as `ping`, `unknown-message`, `goodbye` (ends the session with a word) or
 * `hostile:<name>`; see `HOSTILE_ACTS`. At `response`, `unnamed` says "done" without
 * saying that this is the answer.
 *
 * `read-file` is reached for every file and takes `behave` only: `modified` (ends with 0x0B after its data),
 * `modified-empty` (0x0B without data), `missing` (0x06), `omit` (not sent at all), `goodbye` (ends the session in the
 * middle of the file), `ping` (says between its pieces that it is still there).
 */
export const FAULT_POINTS = [
  'handshake',
  'hello',
  'request',
  'passcode',
  'policy',
  'status',
  'check',
  'scan',
  'free-space',
  'directories',
  'uploading',
  'upload',
  'upload-retry',
  'read-file',
  'manifest',
  'moving',
  'move',
  'removing',
  'remove',
  'finished',
  'verify',
  'response',
  'change-password',
  'change-password-folder',
  'restore-checks',
  'restore-copy',
  'restore',
  'restore-apply',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

/** What the phone says when it is ordered to end the session. */
export const GOODBYE = 'The battery is empty';

/** One host talking to the backup agent. */
export interface Session {
  readonly link: HostLink;
  readonly context: PhoneContext;
  readonly connection: ServiceConnection;
}

/**
 * A request names the phone that it is meant for. The agent of an iPhone dies of a failed assertion when that is another
 * one. @throws {HostGone}
 */
export function checkTarget({ link, context }: Session, request: PlistDictionary): void {
  if (stringAt(request, 'TargetIdentifier') === context.identity.udid) return;
  const name = stringAt(request, 'MessageName') ?? '';
  link.report('mobilebackup2.target-identifier', `the ${name} request names another phone`);
  link.drop('wrong target identifier');
}

/** Lets the trouble happen that was ordered for this point, if any. @throws {AgentError} @throws {HostGone} */
export async function reach(session: Session, point: FaultPoint): Promise<void> {
  const { link, context } = session;
  const action = context.faults.hit(`mobilebackup2:${point}`);
  if (action === undefined) return;
  link.writer.flush();
  switch (action.kind) {
    case 'disconnect':
      return link.drop(`ordered to disconnect at ${point}`);
    case 'stall':
      return pause(session, action.ms ?? Infinity);
    case 'error':
      throw new AgentError(Number(action.code), action.text ?? `Error ${action.code}`);
    case 'behave':
      return behave(session, action.as);
  }
}

async function behave(session: Session, as: string): Promise<void> {
  const { link } = session;
  if (as === 'ping') {
    link.send('DLMessagePing', 'Still busy');
  } else if (as === 'unnamed') {
    link.send('DLMessageProcessMessage', { ErrorCode: 0 });
  } else if (as === 'goodbye') {
    link.sayGoodbye(GOODBYE);
  } else if (as === 'unknown-message') {
    link.send('DLMessageDanceForMe', 'please', 1);
    await link.status();
  } else if (as.startsWith('hostile:')) {
    await actHostile(session, as.slice('hostile:'.length));
  } else {
    throw new AgentError(MB_ERROR.generic, `no such behaviour: ${as}`);
  }
}

/** Waits, unless the connection ends first. @throws {HostGone} */
export async function pause({ context, connection }: Session, ms: number): Promise<void> {
  if (ms <= 0) return;
  try {
    await context.clock.sleep(ms, connection.signal);
  } catch (error) {
    if (connection.signal.aborted) throw new HostGone('the host closed the connection');
    throw error;
  }
}
