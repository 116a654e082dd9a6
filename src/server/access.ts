/** Who may use a route: declared with it, checked before its handler runs. A route that declares nothing does not compile. */
import type { TokenScope } from '../contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { ServerContext } from './context.ts';
import { isSignedIn, type Principal } from './principal.ts';

/** Which device a request is about; undefined where what it names does not exist. */
export type DeviceOf<Params> = (
  params: Params,
  context: ServerContext,
) => string | undefined | Promise<string | undefined>;

export type Access<Params> =
  /** Without sign-in. Only what a stranger in the network may know. */
  | { readonly who: 'anyone' }
  /** Every account. The handler shows each what is theirs. */
  | { readonly who: 'signed-in' }
  | { readonly who: 'administrator' }
  /** The account itself and administrators. */
  | { readonly who: 'account'; readonly account: (params: Params) => string }
  /** `health`: the device's owners and administrators. `content`: its owners alone. */
  | { readonly who: 'device'; readonly sees: 'health' | 'content'; readonly device: DeviceOf<Params> };

export const ANYONE = { who: 'anyone' } as const;
export const SIGNED_IN = { who: 'signed-in' } as const;
export const ADMINISTRATOR = { who: 'administrator' } as const;

interface UdidParams {
  readonly udid: string;
}

interface IdParams {
  readonly id: string;
}

/** For routes with the `:id` of an account. */
export const OWN_ACCOUNT = { who: 'account', account: ({ id }: IdParams) => id } as const;
/** For routes with `:udid`: when a device is backed up, how it fares. */
export const DEVICE_HEALTH = { who: 'device', sees: 'health', device: ({ udid }: UdidParams) => udid } as const;
/** For routes with `:udid`: what is in its backups. */
export const DEVICE_CONTENT = { who: 'device', sees: 'content', device: ({ udid }: UdidParams) => udid } as const;
/** For routes with the `:id` of a snapshot: when it was taken, how large it is. */
export const SNAPSHOT_HEALTH = { who: 'device', sees: 'health', device: deviceOfSnapshot } as const;
/** For routes with the `:id` of a job. */
export const JOB_HEALTH = {
  who: 'device',
  sees: 'health',
  device: ({ id }: IdParams, { service }: ServerContext) => service.job(id)?.udid,
} as const;
/** For routes with the `:id` of a snapshot: what is in it. */
export const SNAPSHOT_CONTENT = { who: 'device', sees: 'content', device: deviceOfSnapshot } as const;

/** Of which device a version is never changes, and every picture of a gallery asks. */
const devicesOfSnapshots = new WeakMap<ServerContext, Map<string, string>>();

async function deviceOfSnapshot({ id }: IdParams, context: ServerContext): Promise<string | undefined> {
  const known = devicesOfSnapshots.get(context) ?? new Map<string, string>();
  devicesOfSnapshots.set(context, known);
  if (known.has(id)) return known.get(id);
  const udid = (await context.service.snapshots()).find((snapshot) => snapshot.id === id)?.udid;
  if (udid !== undefined) known.set(id, udid);
  return udid;
}

/** The scope a token needs for a route, where the route does not name one. */
export function scopeFor(method: string, access: Access<never>): TokenScope {
  if (access.who === 'device' && access.sees === 'content') return 'content';
  if (method === 'GET') return 'status';
  return access.who === 'administrator' ? 'administer' : 'operate';
}

/** @throws {AppError} SIGN_IN_NEEDED where nobody is signed in. */
export function demandSignIn(principal: Principal): void {
  if (isSignedIn(principal)) return;
  throw new AppError('SIGN_IN_NEEDED', 'nobody is signed in', { hint: 'Sign in, or send an API token.' });
}

/** @throws {AppError} NOT_ALLOWED */
export async function demandAccess<Params>(
  access: Access<Params>,
  asked: { principal: Principal; params: Params; scope: TokenScope | 'session'; context: ServerContext },
): Promise<void> {
  const { principal, scope } = asked;
  if (access.who === 'anyone') return;
  demandSignIn(principal);
  demandScope(principal, scope);
  if (access.who === 'administrator' && !principal.isAdministrator)
    throw notAllowed('only an administrator may do that');
  if (access.who === 'account') demandAccount(principal, access.account(asked.params));
  if (access.who === 'device') await demandDevice(access, asked);
}

function demandScope(principal: Principal, scope: TokenScope | 'session'): void {
  if (scope === 'session') {
    if (principal.by !== 'token') return;
    throw notAllowed('no token may do that', 'Sign in with name and password.');
  }
  if (principal.allows(scope)) return;
  throw notAllowed(`this token may not do that: it lacks “${scope}”`, 'Make another token with that scope.');
}

function demandAccount(principal: Principal, id: string): void {
  if (!principal.isAdministrator && principal.account?.id !== id) throw notAllowed('this is not your account');
}

async function demandDevice<Params>(
  access: Extract<Access<Params>, { who: 'device' }>,
  { principal, params, context }: { principal: Principal; params: Params; context: ServerContext },
): Promise<void> {
  const seesHealth = access.sees === 'health' && principal.isAdministrator;
  if (seesHealth || principal.by === 'local') return;
  const udid = await access.device(params, context);
  // What does not exist is answered like what is somebody else's: nobody learns which of the two it is.
  if (udid !== undefined && principal.owns(udid)) return;
  throw notAllowed(
    access.sees === 'content' ? 'only its owner may see what is in this backup' : 'this device is not yours',
    'Who owns a device is set under Accounts.',
  );
}

export function notAllowed(message: string, hint?: string): AppError {
  return new AppError('NOT_ALLOWED', message, hint === undefined ? {} : { hint });
}
