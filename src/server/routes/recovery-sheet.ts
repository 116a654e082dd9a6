import { z } from 'zod';
import { RecoverySheet, RecoverySheetRequest } from '../../contract/index.ts';
import { keptPasswords, makeRecoveryPages, openSecretStore, type AskPassword } from '../../service/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { DEVICE_CONTENT, SIGNED_IN } from '../access.ts';
import { tryBackupPassword } from '../backup-passwords.ts';
import type { ServerContext } from '../context.ts';
import { PRINTED_POLICY } from '../guards/headers.ts';
import { route } from '../route.ts';

export const recoverySheetRoutes = [
  route({
    method: 'POST',
    path: '/devices/:udid/recovery-sheet',
    summary: 'Make pages to print for the day when nobody remembers: addresses to open, for ten minutes.',
    access: DEVICE_CONTENT,
    params: z.object({ udid: z.string().min(1).max(64) }),
    body: RecoverySheetRequest,
    answer: RecoverySheet,
    status: 201,
    async handle({ params: { udid }, body: { content, password }, principal, signal, context }) {
      const { vaultDir, places } = context.service;
      const make = (): ReturnType<typeof makeRecoveryPages> =>
        makeRecoveryPages({
          vaultDir,
          stateDir: places.stateDir,
          wanted: udid,
          content,
          password: asking(password, context),
          // In a copy lie the backups of everybody.
          copySecrets: principal.isAdministrator ? openSecretStore(places, process.env) : undefined,
          product: `Holdfast ${context.version}`,
          signal,
        });
      const isTried = password !== undefined && content !== 'no-password';
      const pages = isTried ? await tryBackupPassword({ principal, context }, udid, make, () => true) : await make();
      const address = (html: string): string => `/api/v1/recovery-sheets/${context.printed.keep(html, principal)}`;
      return {
        sheet: address(pages.sheet),
        shares: pages.shares.map(address),
        until: context.printed.until().toISOString(),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/recovery-sheets/:id',
    summary: 'A page to print, for whoever asked for it.',
    access: SIGNED_IN,
    scope: 'content',
    params: z.object({ id: z.string().max(64) }),
    answer: { raw: 'text/html', contentSecurityPolicy: PRINTED_POLICY },
    handle({ params: { id }, principal, context }) {
      const html = context.printed.get(id, principal);
      if (html === undefined)
        throw new AppError('NOT_FOUND', 'there is no such page any more', { hint: 'Make it again.' });
      return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    },
  }),
];

/** The password that was sent, else those kept on the computer, each once. */
function asking(password: string | undefined, { service }: ServerContext): AskPassword {
  let left: string[] | undefined;
  return async (_again, of) => {
    left ??= password === undefined ? keptFor(service.places, of) : [password];
    return left.shift();
  };
}

/** What is kept and cannot be opened is as if nothing were. */
function keptFor(places: Parameters<typeof openSecretStore>[0], of: Parameters<AskPassword>[1]): string[] {
  try {
    return keptPasswords(openSecretStore(places, process.env), of);
  } catch (error) {
    if (isAppError(error, 'SECRETS_UNREADABLE')) return [];
    throw error;
  }
}
