import { Command } from 'commander';
import { Account, NewAccount, type Role } from '../../contract/index.ts';
import { AccountBook, createPasswordHasher } from '../../server/index.ts';
import { AppError } from '../../shared/errors.ts';
import { jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { newPasswordFrom } from '../password.ts';

interface AddOptions extends CommonOptions {
  readonly administrator?: boolean;
  readonly device: string[];
  readonly passwordFile?: string;
}

interface PasswordOptions extends CommonOptions {
  readonly passwordFile?: string;
}

const PASSWORD_FILE = ['--password-file <file>', 'take the password from the first line of this file'] as const;
const QUESTION = 'Password of the account: ';

export function accountsCommand(context: CliContext): Command {
  const accounts = new Command('accounts').description('who may sign in to the service, and whose the devices are');
  accounts
    .command('list', { isDefault: true })
    .description('list the accounts')
    .addOption(jsonOption())
    .action((options: CommonOptions) => list(context, options));
  accounts
    .command('add')
    .description('make an account; the first one runs the machine and owns what is found')
    .argument('<name>', 'as it is signed in with')
    .option('--administrator', 'may run the machine; sees how all devices fare, not what is in their backups')
    .option('--device <udid>', 'a device that is theirs; may be given several times', collect, [])
    .option(...PASSWORD_FILE)
    .addOption(jsonOption())
    .action((name: string, options: AddOptions) => add(context, name, options));
  accounts
    .command('password')
    .description('set another password; signs the account out everywhere')
    .argument('<name>', 'of the account')
    .option(...PASSWORD_FILE)
    .addOption(jsonOption())
    .action((name: string, options: PasswordOptions) => setPassword(context, name, options));
  accounts
    .command('remove')
    .description('remove an account with its tokens; no backup is touched')
    .argument('<name>', 'of the account')
    .addOption(jsonOption())
    .action((name: string, options: CommonOptions) => remove(context, name, options));
  return accounts;
}

/** A service that runs sees what changes in it at its next request. */
const bookOf = ({ places }: CliContext): AccountBook => new AccountBook(places.stateDir, createPasswordHasher());

function list(context: CliContext, options: CommonOptions): void {
  const output = outputFor(context, options);
  const accounts = bookOf(context).list();
  if (accounts.length === 0) output.line('There is no account yet. `holdfast accounts add NAME` makes the first.');
  else output.table(['NAME', 'ROLES', 'DEVICES'], accounts.map(rowOf));
  for (const account of accounts) output.record(account);
}

const rowOf = ({ name, roles, devices }: Account): string[] => [name, roles.join(', '), devices.join(', ')];

async function add(context: CliContext, name: string, options: AddOptions): Promise<void> {
  const output = outputFor(context, options);
  const book = bookOf(context);
  const runs = options.administrator === true || book.isEmpty();
  const roles: Role[] = runs ? ['administrator', 'owner'] : ['owner'];
  const password = await passwordFor(context, options);
  const account = await book.create(
    demandValid(NewAccount.safeParse({ name, password, roles, devices: options.device })),
  );
  output.line(`${account.name} can sign in now${runs ? ', and runs the machine' : ''}.`);
  output.record({ event: 'account-added', ...account });
}

async function setPassword(context: CliContext, name: string, options: PasswordOptions): Promise<void> {
  const output = outputFor(context, options);
  const book = bookOf(context);
  const { id } = demandNamed(book, name);
  const password = demandValid(NewAccount.shape.password.safeParse(await passwordFor(context, options)));
  await book.setPassword(id, password);
  output.line(`${name} has another password. Whoever was signed in with the one before is signed out.`);
  output.record({ event: 'password-changed', id, name });
}

function remove(context: CliContext, name: string, options: CommonOptions): void {
  const output = outputFor(context, options);
  const book = bookOf(context);
  const { id } = demandNamed(book, name);
  book.remove(id);
  output.line(`${name} can no longer sign in. The backups are as they were.`);
  output.record({ event: 'account-removed', id, name });
}

function demandNamed(book: AccountBook, name: string): Account {
  const found = book.findByName(name);
  if (found !== undefined) return found;
  throw new AppError('NOT_FOUND', `there is no account of the name “${name}”`, {
    hint: '`holdfast accounts` lists them.',
  });
}

function passwordFor(context: CliContext, { passwordFile }: PasswordOptions): Promise<string> {
  return newPasswordFrom(context, passwordFile === undefined ? {} : { newPasswordFile: passwordFile }, QUESTION);
}

function demandValid<T>(
  read: { success: true; data: T } | { success: false; error: { issues: { message: string }[] } },
): T {
  if (read.success) return read.data;
  throw new AppError('USAGE', `that cannot be: ${read.error.issues[0]?.message ?? 'not as expected'}`, {
    hint: 'Passwords have at least 10 characters, names at most 64.',
  });
}

const collect = (value: string, before: string[]): string[] => [...before, value];
