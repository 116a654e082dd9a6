import type { KeychainItem } from '../../content/index.ts';

/** A name and password as password managers have them. */
export interface Login {
  readonly title: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** "otpauth://…", or empty. */
  readonly oneTimeCode: string;
  readonly notes: string;
  readonly group: 'Websites' | 'Servers' | 'Wi-Fi' | 'Apps';
}

/** Longer ones are tokens between programs, which nobody types. */
const LONGEST_TYPED = 128;

/**
 * What of the keychain belongs into a password manager: names and passwords that people type. Keys of apps, tokens and
 * what the system keeps for itself do not.
 */
export function loginsOf(items: readonly KeychainItem[]): Login[] {
  return items.flatMap((item) => {
    const group = groupOf(item);
    const password = item.secret?.text;
    if (group === undefined || password === undefined || item.isTombstone) return [];
    return [
      {
        title: item.title,
        url: addressOf(item),
        username: group === 'Wi-Fi' ? '' : (item.account ?? ''),
        password,
        oneTimeCode: item.oneTimeCode?.text ?? '',
        notes: item.comment ?? '',
        group,
      },
    ];
  });
}

function groupOf(item: KeychainItem): Login['group'] | undefined {
  switch (item.purpose) {
    case 'web-login':
      return 'Websites';
    case 'internet-password':
      return 'Servers';
    case 'wifi':
      return 'Wi-Fi';
    case 'app-password':
      return isTyped(item) ? 'Apps' : undefined;
    case 'credit-card':
    case 'passkey':
    case 'login-details':
    case 'certificate':
    case 'key':
    case 'identity':
    case 'unknown':
      break;
  }
  return undefined;
}

function isTyped({ account, accessGroup = '', secret }: KeychainItem): boolean {
  const text = secret?.text;
  if (account === undefined || text === undefined || /^(?:apple$|com\.apple\.)/.test(accessGroup)) return false;
  return text.length > 0 && text.length <= LONGEST_TYPED && !/[\r\n]/.test(text);
}

const SCHEMES: Readonly<Record<string, string>> = {
  htps: 'https',
  http: 'http',
  imps: 'imaps',
  sftp: 'sftp',
  ftp: 'ftp',
  'ftp ': 'ftp',
};

function addressOf({ server, protocol, port, path, purpose }: KeychainItem): string {
  if (server === undefined) return '';
  const scheme = SCHEMES[protocol ?? ''] ?? (purpose === 'web-login' ? 'https' : protocol?.trim());
  const place = port === undefined || port === 0 ? server : `${server}:${port}`;
  const folder = path === undefined || path === '' ? '' : `/${path.replace(/^\/+/, '')}`;
  return scheme ? `${scheme}://${place}${folder}` : `${place}${folder}`;
}
