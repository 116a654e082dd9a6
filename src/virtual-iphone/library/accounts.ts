import { encodeKeyedArchive } from '../../formats/index.ts';
import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { makeCoreData, type CoreDataModel, type CoreDataStore } from './core-data.ts';
import type { Library } from './library.ts';

const MODEL: CoreDataModel = {
  versionIdentifier: '123',
  entities: {
    AccessOptionsKey: { number: 1 },
    Account: { number: 2 },
    AccountProperty: { number: 3 },
    AccountType: { number: 4 },
    Authorization: { number: 5 },
    CredentialItem: { number: 6 },
    Dataclass: { number: 7 },
  },
  tables: {
    ZACCOUNT: {
      INTEGER: 'ZACTIVE ZAUTHENTICATED ZSUPPORTSAUTHENTICATION ZVISIBLE ZWARMINGUP ZACCOUNTTYPE ZPARENTACCOUNT',
      TIMESTAMP: 'ZDATE ZLASTCREDENTIALRENEWALREJECTIONDATE',
      VARCHAR: `ZACCOUNTDESCRIPTION ZAUTHENTICATIONTYPE ZCREDENTIALTYPE ZIDENTIFIER ZMODIFICATIONID ZOWNINGBUNDLEID
        ZUSERNAME`,
      BLOB: 'ZDATACLASSPROPERTIES',
    },
    ZACCOUNTPROPERTY: { INTEGER: 'ZOWNER', VARCHAR: 'ZKEY', BLOB: 'ZVALUE' },
    ZACCOUNTTYPE: {
      INTEGER: 'ZOBSOLETE ZSUPPORTSAUTHENTICATION ZSUPPORTSMULTIPLEACCOUNTS ZVISIBILITY',
      VARCHAR: 'ZACCOUNTTYPEDESCRIPTION ZCREDENTIALPROTECTIONPOLICY ZCREDENTIALTYPE ZIDENTIFIER ZOWNINGBUNDLEID',
    },
    ZDATACLASS: { BLOB: 'ZNAME' },
  },
  more: `
    CREATE TABLE Z_2ENABLEDDATACLASSES (Z_2ENABLEDACCOUNTS INTEGER, Z_7ENABLEDDATACLASSES INTEGER,
      PRIMARY KEY (Z_2ENABLEDACCOUNTS, Z_7ENABLEDDATACLASSES));
  `,
};

/** Identifiers of the accounts that other kinds of data name. */
export function accountOf(library: Library): { readonly icloud: string; readonly contacts: string } {
  const random = library.random('account identifiers');
  return { icloud: random.uuid(), contacts: random.uuid() };
}

/** The owner's iCloud account, its address book, and a mail account elsewhere. */
export function fillAccounts(library: Library): void {
  const { disk, now, owner } = library;
  const random = library.random('accounts');
  const identifiers = accountOf(library);
  const bytes = makeCoreData(MODEL, random.uuid(), (store) => {
    const type = (name: string, identifier: string): number =>
      store.add('AccountType', 'ZACCOUNTTYPE', {
        ZACCOUNTTYPEDESCRIPTION: name,
        ZIDENTIFIER: `com.apple.account.${identifier}`,
        ZOWNINGBUNDLEID: 'com.apple.accountsd',
      });
    const shared = { ZACTIVE: 1, ZAUTHENTICATED: 1, ZSUPPORTSAUTHENTICATION: 1, ZVISIBLE: 1 };
    const added = cocoaSeconds(daysBefore(now, 900));
    const icloud = store.add('Account', 'ZACCOUNT', {
      ...shared,
      ZACCOUNTTYPE: type('iCloud', 'AppleAccount'),
      ZDATE: added,
      ZACCOUNTDESCRIPTION: 'iCloud',
      ZIDENTIFIER: identifiers.icloud,
      ZUSERNAME: owner.email,
      ZOWNINGBUNDLEID: 'com.apple.purplebuddy',
    });
    store.add('Account', 'ZACCOUNT', {
      ...shared,
      ZACCOUNTTYPE: type('CardDAV', 'CardDAV'),
      ZPARENTACCOUNT: icloud,
      ZDATE: added,
      ZAUTHENTICATIONTYPE: 'parent',
      ZIDENTIFIER: identifiers.contacts,
      ZOWNINGBUNDLEID: 'com.apple.accounts.accountsd',
    });
    store.add('Account', 'ZACCOUNT', {
      ...shared,
      ZACTIVE: 0,
      ZACCOUNTTYPE: type('IMAP', 'IMAP'),
      ZDATE: cocoaSeconds(daysBefore(now, 12)),
      ZACCOUNTDESCRIPTION: 'Verein <Büro>',
      ZIDENTIFIER: random.uuid(),
      ZUSERNAME: 'büro@verein.example',
      ZOWNINGBUNDLEID: 'com.apple.Preferences',
    });
    addUses(store, icloud);
    addProperties(store, icloud, { firstName: owner.first, primaryAccount: true, repairState: 1 });
  });
  disk.writeFile('HomeDomain', 'Library/Accounts/Accounts3.sqlite', bytes, { modifiedAt: now });
}

function addUses(store: CoreDataStore, account: number): void {
  for (const name of ['Mail', 'Contacts', 'Backup']) {
    const row = store.add('Dataclass', 'ZDATACLASS', { ZNAME: encodeKeyedArchive(`com.apple.Dataclass.${name}`) });
    store.database.prepare('INSERT INTO Z_2ENABLEDDATACLASSES VALUES (?, ?)').run(account, row);
  }
}

function addProperties(store: CoreDataStore, owner: number, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    store.add('AccountProperty', 'ZACCOUNTPROPERTY', { ZOWNER: owner, ZKEY: key, ZVALUE: encodeKeyedArchive(value) });
  }
}
