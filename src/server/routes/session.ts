import { z } from 'zod';
import { Session, SetUp, SignedInPlace, SignIn } from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { ANYONE, SIGNED_IN } from '../access.ts';
import type { Caller, SignedIn } from '../accounts/accounts.ts';
import { csrfTokenOf } from '../accounts/sessions.ts';
import type { ServerContext } from '../context.ts';
import { endedCookie, readSessionCookie, sessionCookie } from '../guards/cookies.ts';
import type { Transport } from '../guards/transport.ts';
import { route } from '../route.ts';

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and whether the first account is still to be made.',
    access: ANYONE,
    answer: Session,
    handle({ principal, request, transport, context }) {
      const token = principal.by === 'session' ? readSessionCookie(request, transport) : undefined;
      return {
        ...sessionOf(context),
        account: principal.account,
        csrfToken: token === undefined ? undefined : csrfTokenOf(token),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/session',
    summary: 'Sign in with name and password. Sets the cookie of the session.',
    access: ANYONE,
    body: SignIn,
    answer: Session,
    async handle({ body, request, transport, context, headers }) {
      const signedIn = await signInOf(body, callerOf(request, transport), context);
      const before = readSessionCookie(request, transport);
      if (before !== undefined) context.accounts.signOut(before, transport.secure);
      return welcome(signedIn, transport, context, headers);
    },
  }),
  route({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out.',
    access: SIGNED_IN,
    scope: 'session',
    answer: 'nothing',
    handle({ principal, transport, context, headers }) {
      if (principal.account !== undefined && principal.id !== undefined) {
        context.accounts.sessions.end(principal.account.id, principal.id);
        context.accounts.endWhatIsOver();
      }
      headers.set('Set-Cookie', endedCookie(transport));
    },
  }),
  route({
    method: 'POST',
    path: '/setup',
    summary: 'Make the first account, with the code that stands where the service was started.',
    access: ANYONE,
    body: SetUp,
    answer: Session,
    status: 201,
    async handle({ body, request, transport, context, headers }) {
      const { devices } = await context.service.overview();
      const udids = devices.map((device) => device.udid);
      const caller = callerOf(request, transport);
      const signedIn = await context.accounts.setUp(body, udids, caller);
      context.log.info('the first account was made', { account: signedIn.account.name, address: caller.address });
      context.live.tell({ event: 'changed', what: 'accounts' });
      return welcome(signedIn, transport, context, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/sessions',
    summary: 'Where this account is signed in.',
    access: SIGNED_IN,
    scope: 'session',
    answer: z.array(SignedInPlace),
    handle({ principal, context: { accounts } }) {
      const all = principal.account === undefined ? [] : accounts.sessions.list(principal.account.id);
      return all.map((session) => ({
        ...session,
        current: session.id === principal.id,
        expiresAt: accounts.sessions.expiresAt(session).toISOString(),
      }));
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'Sign out somewhere else.',
    access: SIGNED_IN,
    scope: 'session',
    params: z.object({ id: z.string().max(64) }),
    answer: 'nothing',
    handle({ params, principal, context: { accounts } }) {
      if (principal.account === undefined || !accounts.sessions.end(principal.account.id, params.id)) {
        throw new AppError('NOT_FOUND', 'there is no such session, or it is over already');
      }
      accounts.endWhatIsOver();
    },
  }),
];

/** Told in the log, for whoever watches it. Not the name of one that failed: people type passwords there. */
async function signInOf(body: SignIn, caller: Caller, { accounts, log }: ServerContext): Promise<SignedIn> {
  try {
    const signedIn = await accounts.signIn(body, caller);
    log.info('signed in', { account: signedIn.account.name, address: caller.address });
    return signedIn;
  } catch (error) {
    if (isAppError(error)) log.warn('a sign-in failed', { address: caller.address, code: error.code });
    throw error;
  }
}

function sessionOf({ accounts, version, demo }: ServerContext): Session {
  return { needsSetUp: accounts.book.isEmpty(), version, demo };
}

function welcome(
  { account, token }: SignedIn,
  transport: Transport,
  context: ServerContext,
  headers: Headers,
): Session {
  headers.set('Set-Cookie', sessionCookie(transport, token));
  return { ...sessionOf(context), account, csrfToken: csrfTokenOf(token) };
}

function callerOf(request: Request, { secure, address }: Transport): Caller {
  return { secure, address, userAgent: request.headers.get('user-agent') ?? '' };
}
