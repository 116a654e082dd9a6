import { DAY_MS } from '../apple-time.ts';
import { Random } from '../random.ts';
import { slug } from '../texts.ts';

/** One secret, as the phone's keychain holds it: readable here, to be wrapped by whoever writes a backup. */
export interface KeychainItem {
  /** The list it belongs to in keychain-backup.plist. */
  readonly kind: 'genp' | 'inet' | 'cert' | 'keys';
  /** 6 when unlocked, 7 after first unlock, 8 always; 9, 10, 11 the same but bound to this device. */
  readonly protectionClass: number;
  /** Names of four letters (acct, svce, agrp, v_Data …). Dates stand for GeneralizedTime. */
  readonly attributes: Readonly<Record<string, string | number | Date | Buffer>>;
}

/** How an item says which class protects it. */
const CLASS_NAMES: Readonly<Record<number, string>> = { 6: 'ak', 7: 'ck', 8: 'dk', 9: 'aku', 10: 'cku', 11: 'dku' };

/** The secrets on a phone of this seed: Wi-Fi passwords, web logins, what apps keep, some bound to the device. Pure. */
export function keychainItems(seed: number, now: Date): KeychainItem[] {
  const random = new Random(seed, 'keychain');
  const items: KeychainItem[] = [];
  const add = (kind: KeychainItem['kind'], protectionClass: number, attributes: KeychainItem['attributes']): void => {
    const made = new Date(now.getTime() - random.between(1, 900) * DAY_MS);
    const dates = { cdat: made, mdat: made };
    const accessible = { pdmn: CLASS_NAMES[protectionClass] ?? 'ak' };
    items.push({ kind, protectionClass, attributes: { ...attributes, ...accessible, ...dates, sync: 0, tomb: 0 } });
  };
  for (const network of ['Zuhause 5 GHz', 'Büro-Gäste', 'ホテル桜', 'iPhone de Zoé']) {
    const password = Buffer.from(`${slug(random)}-${random.digits(3)}`);
    add('genp', 7, { agrp: 'apple', svce: 'AirPort', acct: network, labl: network, v_Data: password });
  }
  for (const host of ['example.org', 'shop.example.com', 'bank.example.net', 'forum.example.org']) {
    add('inet', 6, {
      agrp: 'com.apple.cfnetwork',
      srvr: host,
      acct: 'ada@example.org',
      ptcl: 'htps',
      atyp: 'form',
      path: '',
      port: 0,
      v_Data: Buffer.from(`${slug(random)}🔑${random.digits(4)}`),
    });
  }
  for (const bundleId of ['com.example.papermill', 'org.example.transit', 'com.example.bank.mobile']) {
    const protectionClass = bundleId.includes('bank') ? 9 : 7;
    add('genp', protectionClass, { agrp: bundleId, svce: 'session', acct: 'token', v_Data: random.bytes(32) });
  }
  add('genp', 8, {
    agrp: 'apple',
    svce: 'com.apple.account.AppleAccount.token',
    acct: 'ada@example.org',
    v_Data: random.bytes(48),
  });
  add('genp', 11, { agrp: 'com.apple.apsd', svce: 'push-token', acct: 'device', v_Data: random.bytes(32) });
  add('keys', 10, {
    agrp: 'com.apple.identities',
    labl: 'device key',
    klbl: random.bytes(20),
    v_Data: random.bytes(121),
  });
  return items;
}

/**
 * The plain text that a backup encrypts for one item (version 3): a DER SET of SEQUENCEs, each of a name and a value.
 */
export function encodeKeychainItem({ attributes }: KeychainItem): Buffer {
  const entries = Object.entries(attributes).map(([name, value]) =>
    der(0x30, der(0x0c, Buffer.from(name)), derValue(value)),
  );
  // DER sorts the members of a set by their bytes.
  return der(0x31, ...entries.toSorted((a, b) => a.compare(b)));
}

function derValue(value: string | number | Date | Buffer): Buffer {
  if (typeof value === 'string') return der(0x0c, Buffer.from(value));
  if (typeof value === 'number') return der(0x02, Buffer.from([value]));
  if (Buffer.isBuffer(value)) return der(0x04, value);
  return der(0x18, Buffer.from(`${value.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
