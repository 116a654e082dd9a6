import { z } from 'zod';
import {
  Account,
  AccountPatch,
  ApiToken,
  MadeToken,
  NewAccount,
  NewToken,
  PasswordChange,
} from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { ADMINISTRATOR, notAllowed, OWN_ACCOUNT, SIGNED_IN } from '../access.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { ServerContext } from '../context.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().max(64) });

/** No token manages accounts: one that got lost could make itself a door that stays. */
const scope = 'session';

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/accounts',
    summary: 'All accounts.',
    access: ADMINISTRATOR,
    scope,
    answer: z.array(Account),
    handle: ({ context }) => context.accounts.book.list(),
  }),
  route({
    method: 'POST',
    path: '/accounts',
    summary: 'Make an account.',
    access: ADMINISTRATOR,
    scope,
    body: NewAccount,
    answer: Account,
    status: 201,
    async handle({ body, principal, context }) {
      demandGivable(context.accounts, principal, [], body.devices);
      const account = await context.accounts.book.create(body);
      changed(context, principal, 'an account was made');
      return account;
    },
  }),
  route({
    method: 'PATCH',
    path: '/accounts/:id',
    summary: 'Change name, language, roles or devices of an account.',
    access: OWN_ACCOUNT,
    scope,
    params,
    body: AccountPatch,
    answer: Account,
    handle({ params: { id }, body, principal, context }) {
      if (!principal.isAdministrator && (body.roles !== undefined || body.devices !== undefined)) {
        throw notAllowed('only an administrator changes roles and devices');
      }
      const before = context.accounts.book.find(id)?.account.devices ?? [];
      demandGivable(context.accounts, principal, before, body.devices ?? []);
      const account = context.accounts.book.change(id, body);
      changed(context, principal, 'an account was changed');
      return account;
    },
  }),
  route({
    method: 'POST',
    path: '/accounts/:id/password',
    summary: 'Set another password. Signs the account out everywhere.',
    access: OWN_ACCOUNT,
    scope,
    params,
    body: PasswordChange,
    answer: 'nothing',
    async handle({ params: { id }, body, principal, transport, context }) {
      const own = principal.account;
      if (own?.id === id) await context.accounts.demandPassword(own, body.present ?? '', transport);
      await context.accounts.book.setPassword(id, body.password);
      changed(context, principal, 'a password was set');
    },
  }),
  route({
    method: 'DELETE',
    path: '/accounts/:id',
    summary: 'Remove an account with its tokens. Backups are not touched.',
    access: ADMINISTRATOR,
    scope,
    params,
    answer: 'nothing',
    handle({ params: { id }, principal, context }) {
      context.accounts.book.remove(id);
      changed(context, principal, 'an account was removed');
    },
  }),
  route({
    method: 'GET',
    path: '/tokens',
    summary: 'The API tokens of this account.',
    access: SIGNED_IN,
    scope,
    answer: z.array(ApiToken),
    handle: ({ principal, context }) =>
      principal.account === undefined ? [] : context.accounts.book.tokensOf(principal.account.id),
  }),
  route({
    method: 'POST',
    path: '/tokens',
    summary: 'Make an API token. It is told this one time.',
    access: SIGNED_IN,
    scope,
    body: NewToken,
    answer: MadeToken,
    status: 201,
    handle: ({ body, principal, context }) => context.accounts.book.makeToken(demandOwn(principal), body),
  }),
  route({
    method: 'DELETE',
    path: '/tokens/:id',
    summary: 'Remove an API token. It works no longer from then on.',
    access: SIGNED_IN,
    scope,
    params,
    answer: 'nothing',
    handle({ params: { id }, principal, context }) {
      context.accounts.book.removeToken(demandOwn(principal), id);
      changed(context, principal, 'an API token was removed');
    },
  }),
];

function changed({ accounts, live, log }: ServerContext, by: Principal, what: string): void {
  log.info(what, { by: by.account?.name ?? by.by });
  accounts.endWhatIsOver();
  live.tell({ event: 'changed', what: 'accounts' });
}

function demandOwn({ account }: Principal): string {
  if (account !== undefined) return account.id;
  throw new AppError('NOT_ALLOWED', 'tokens belong to an account', { hint: 'Sign in with name and password.' });
}

/**
 * A device that has an owner is given on by that owner: an administrator who made it theirs would see what is in it and
 * nobody would notice. Taking it away from its owner first is noticed.
 */
function demandGivable(
  accounts: Accounts,
  giver: Principal,
  before: readonly string[],
  after: readonly string[],
): void {
  const added = after.filter((udid) => !before.includes(udid));
  if (added.every((udid) => giver.owns(udid) || accounts.book.ownersOf(udid).length === 0)) return;
  throw notAllowed('this device has an owner', 'Only its owner can share it, or give it to somebody else.');
}
