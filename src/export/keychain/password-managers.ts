/**
 * The tables that password managers import. Unlike tables for spreadsheets they hold every character as it is: a
 * password may begin with "=", and an apostrophe before it would be another password.
 */
import type { Login } from './logins.ts';

/** As 1Password's own export has them, which its import takes without asking what the columns are. */
const ONE_PASSWORD = ['Title', 'Url', 'Username', 'Password', 'OTPAuth', 'Favorite', 'Archived', 'Tags', 'Notes'];

/** https://bitwarden.com/help/condition-bitwarden-import/ */
const BITWARDEN = [
  'folder',
  'favorite',
  'type',
  'name',
  'notes',
  'fields',
  'reprompt',
  'login_uri',
  'login_username',
  'login_password',
  'login_totp',
];

export const onePasswordTable = (logins: readonly Login[]): Generator<string, undefined> =>
  table(
    ONE_PASSWORD,
    logins.map(({ title, url, username, password, oneTimeCode, notes, group }) => [
      title,
      url,
      username,
      password,
      oneTimeCode,
      'false',
      'false',
      group,
      notes,
    ]),
  );

export const bitwardenTable = (logins: readonly Login[]): Generator<string, undefined> =>
  table(
    BITWARDEN,
    logins.map(({ title, url, username, password, oneTimeCode, notes, group }) => [
      `iPhone – ${group}`,
      '',
      'login',
      title,
      notes,
      '',
      '0',
      url,
      username,
      password,
      oneTimeCode,
    ]),
  );

function* table(header: readonly string[], rows: Iterable<readonly string[]>): Generator<string, undefined> {
  yield line(header);
  for (const row of rows) yield line(row);
}

const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

const cell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
