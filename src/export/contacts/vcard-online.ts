import type { Contact, OnlineAccount } from '../../content/index.ts';
import { uriValue, type Property } from './vcard-line.ts';

/** URI schemes by what Apple calls the services; others get one that says it is Apple's own. */
const SCHEMES: Readonly<Record<string, string>> = {
  aim: 'aim',
  jabber: 'xmpp',
  msn: 'msnim',
  yahoo: 'ymsgr',
  icq: 'icq',
  skype: 'skype',
  qq: 'x-apple',
  googletalk: 'xmpp',
  gadugadu: 'x-apple',
};

type OnlineProperty = Property & OnlineAccount;

/** Addresses of messengers and pages of social networks, as properties of a vCard. */
export function onlineAccounts({ instantMessages, socialProfiles }: Contact): OnlineProperty[] {
  return [...instantMessages.flatMap(messenger), ...socialProfiles.flatMap(profile)];
}

function messenger(account: OnlineAccount): OnlineProperty[] {
  const { service, username } = account;
  if (username === undefined || username === '') return [];
  const scheme = SCHEMES[service?.toLowerCase().replace(/[^a-z]|instant$/g, '') ?? ''] ?? 'x-apple';
  const parameters = service ? [['X-SERVICE-TYPE', service] as const] : [];
  return [{ ...account, name: 'IMPP', value: `${scheme}:${encodeURIComponent(username.toWellFormed())}`, parameters }];
}

/** A profile is the address of a page; one that is only a name gets an address that says so, as Apple writes it. */
function profile(account: OnlineAccount): OnlineProperty[] {
  const { service, username, url, displayName, userId } = account;
  const address = uriValue(url ?? '') || (username && `x-apple:${encodeURIComponent(username.toWellFormed())}`);
  if (!address) return [];
  const parameters = (
    [
      ['TYPE', service],
      ['X-USER', username],
      ['X-USERID', userId],
      ['X-DISPLAYNAME', displayName],
    ] as const
  ).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return [{ ...account, name: 'X-SOCIALPROFILE', value: address, parameters }];
}
