import { openKeychain, type Keychain, type KeychainItem, type KeychainProblem } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { loginsOf, type Login } from './logins.ts';
import { bitwardenTable, onePasswordTable } from './password-managers.ts';

/** Nobody but the owner of the files may read them. */
const PRIVATE = { mode: 0o600 };

const WARNING =
  'These files hold passwords that anybody can read: import them where they belong, then delete them, and never keep ' +
  'them on a disk that is shared or synchronised.';

/** Passwords and keys, for the eyes of their owner: tables for password managers, and everything as data. */
export const keychainExport: ContentExport = {
  kind: 'keychain',
  title: 'Passwords',
  formats: ['csv', '1password', 'bitwarden', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    const keychain = await openKeychain(request.backup);
    if (keychain === undefined) return undefined;
    const { items } = keychain;
    const readable = items.filter(({ problem }) => problem === undefined).length;
    if (readable > 0) await write(request, keychain);
    request.onProgress?.(items.length, items.length);
    return { items: readable, notes: [...(readable > 0 ? [WARNING] : []), ...notesOf(keychain)] };
  },
};

async function write({ folder, format }: ExportRequest, { items }: Keychain): Promise<void> {
  const logins = loginsOf(items);
  if (format === 'json') {
    await folder.write(['Keychain.json'], jsonArray(items.map(asData)), PRIVATE);
  } else {
    if (format !== 'bitwarden') await writeLogins('1Password', onePasswordTable(logins));
    if (format !== '1password') await writeLogins('Bitwarden', bitwardenTable(logins));
    if (format === 'csv') await folder.write(['Keychain.csv'], csv(COLUMNS, items.map(asRow)), PRIVATE);
  }
  await folder.write(['Read me first.txt'], readMe(logins), PRIVATE);

  async function writeLogins(program: string, table: Iterable<string>): Promise<void> {
    await folder.write([`Passwords for ${program}.csv`], table, PRIVATE);
  }
}

const COLUMNS = [
  'What',
  'Title',
  'Account',
  'Server',
  'Service',
  'Password',
  'One-time code',
  'App group',
  'Label',
  'Comment',
  'Created',
  'Changed',
  'Shared by iCloud',
  'Cannot be read because',
];

function asRow(item: KeychainItem): CsvValue[] {
  return [
    item.purpose,
    item.title,
    item.account,
    item.server,
    item.service,
    item.secret && (item.secret.text ?? `${item.secret.bytes.length} bytes that are no text`),
    item.oneTimeCode?.text,
    item.accessGroup,
    item.label,
    item.comment,
    item.createdAt,
    item.modifiedAt,
    item.isSynchronized,
    item.problem && REASONS[item.problem],
  ];
}

/** Secrets as text where they are; as base64 where they are not. */
function asData({ secret, oneTimeCode, attributes, ...item }: KeychainItem): object {
  const text = secret?.text;
  return {
    ...item,
    secret: text,
    secretBase64: text === undefined ? secret?.bytes.toString('base64') : undefined,
    oneTimeCode: oneTimeCode?.text,
    attributes,
  };
}

const REASONS: Readonly<Record<KeychainProblem, string>> = {
  'device-bound': 'only the device has its key',
  'no-key': 'the backup has no key for it',
  damaged: 'damaged',
  'unknown-layout': 'layout not known',
};

function notesOf({ items, hasKeys, problems }: Keychain): string[] {
  if (!hasKeys && items.length > 0) {
    return [
      `The ${items.length} items of the keychain can only be read by the device itself: the backup was made without a password.`,
    ];
  }
  return [...problems].map(([problem, count]) => {
    const [what, are] = count === 1 ? ['item', 'was'] : ['items', 'were'];
    return `${count} ${what} of the keychain ${are} not readable: ${REASONS[problem]}.`;
  });
}

function readMe(logins: readonly Login[]): string {
  return [
    WARNING,
    '',
    `${logins.length} names and passwords are in the tables for password managers.`,
    '1Password: New Item, Import, 1Password CSV. Bitwarden: Tools, Import data, Bitwarden (csv).',
    '',
  ].join('\n');
}
