import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeShares, shareInText, shareLines } from '../../keybag/index.ts';
import type { RecoverySheetFacts } from './facts.ts';
import { sharePage } from './share-page.ts';
import { recoverySheet } from './sheet.ts';

const HOSTILE = `<script>alert(1)</script>"'&`;
const PASSWORD = 'O0 l1-Ü📱';

const FACTS: RecoverySheetFacts = {
  madeAt: new Date(2026, 10, 22, 12),
  product: 'Holdfast 0.1.0',
  device: {
    name: 'Ada’s iPhone',
    model: 'iPhone 13',
    iosVersion: '18.5',
    udid: '00008110-000A1B2C3D4E5F60',
    serialNumber: 'F2LX1234ABCD',
    imei: undefined,
    phoneNumber: '+49 151 2345678',
  },
  vault: { dir: '/srv/it’s mine/vault', host: 'attic', id: '6f1c9a52-3c1f-4a7c-9d2a-000000000001' },
  versions: {
    count: 42,
    newest: { id: '3fa94c01', takenAt: new Date(2026, 10, 21, 12), sizeBytes: 64_200_000_000, encrypted: true },
    oldestAt: new Date(2024, 1, 3, 12),
    unencrypted: 1,
  },
  passwords: [
    { since: new Date(2026, 2, 1, 12), versions: 30 },
    { since: new Date(2024, 2, 1, 12), versions: 11 },
  ],
  copies: [
    {
      name: 'offsite',
      kind: 'a restic repository',
      place: 'sftp:aunt:/backups',
      offSite: true,
      lastAt: new Date(2026, 10, 20, 12),
    },
  ],
  password: { kind: 'blank' },
};

describe('a recovery sheet', () => {
  test('tells what the device is, where its versions are, and how to bring them back', () => {
    const text = textOf(recoverySheet(FACTS));
    for (const told of [
      'Ada’s iPhone',
      'iPhone 13',
      'F2LX1234ABCD',
      '00008110-000A1B2C3D4E5F60',
      '+49 151 2345678',
      '/srv/it’s mine/vault',
      '42, the oldest of 3 February 2024',
      '21 November 2026, 64.2 GB, id 3fa94c01',
      'sftp:aunt:/backups',
      'not at home',
      'holdfast restore latest',
      'holdfast export latest',
      'Restore Backup…',
      'idevicebackup2 -i -s 00008110-000A1B2C3D4E5F60 restore',
      'in use since 1 March 2026',
      '11 versions with the password in use since 1 March 2024',
      'one version needs none',
    ]) {
      assert.ok(text.includes(told), told);
    }
    assert.ok(!text.includes('IMEI above') && !text.includes('undefined'));
  });

  test('has no password unless it is wanted, and then every letter of it by name', () => {
    const blank = recoverySheet(FACTS);
    assert.ok(blank.includes('Write it down by hand') && blank.includes('the password is not on it'));
    const printed = recoverySheet({ ...FACTS, password: { kind: 'printed', password: PASSWORD } });
    const letters = [...printed.matchAll(/<b>(.)<\/b\s*><small>(\w+)<\/small>/gu)].map(
      ([, letter, kind]) => `${letter} ${kind}`,
    );
    assert.deepEqual(letters, [
      'O capital',
      '0 digit',
      '␣ space',
      'l small',
      '1 digit',
      '- hyphen',
      'Ü capital',
      '📱 sign',
    ]);
  });

  test('has what opens the copies: printed where that is wanted, else a line for it', () => {
    const [copy] = FACTS.copies;
    assert.ok(copy !== undefined);
    const repository = 'rest:http://ada:secret@nas:8000/';
    const withKey = (password?: string): string =>
      recoverySheet({
        ...FACTS,
        copies: [{ ...copy, key: { repository, password, credentials: ['AWS_ACCESS_KEY_ID'] } }],
      });
    const printed = withKey('Q7-2');
    assert.match(printed, /<b>Q<\/b\s*>.*<b>7<\/b\s*>.*<b>-<\/b\s*>.*<b>2<\/b\s*>/s);
    for (const told of [
      `holdfast copies restore --restic '${repository}'`,
      `restic -r '${repository}' restore latest --host ${FACTS.device.udid}`,
      'also asks for AWS_ACCESS_KEY_ID',
      'who reads it and has a copy of the backups can read them all',
    ]) {
      assert.ok(textOf(printed).includes(told), told);
    }
    assert.match(withKey(), /<h3>offsite<\/h3>\s*<p class="line">/);
    assert.ok(!recoverySheet(FACTS).includes('The passwords of the copies'));
  });

  test('speaks of no password where nothing is encrypted, and of shares where it was split', () => {
    const plain = recoverySheet({
      ...FACTS,
      passwords: [],
      versions: { ...FACTS.versions, newest: { ...FACTS.versions.newest, encrypted: false } },
      password: { kind: 'none' },
    });
    assert.match(plain, /these backups are not encrypted/);
    assert.match(textOf(plain), /idevicebackup2 -s /);
    const shared = textOf(
      recoverySheet({ ...FACTS, password: { kind: 'shared', needed: 2, count: 3, set: 'A1B2C3D4' } }),
    );
    assert.match(shared, /3 shares, of which any 2 give it back \(set A1B2C3D4\).*Share 3:/s);
  });

  test('takes names out of phones as text', () => {
    const sheet = recoverySheet({
      ...FACTS,
      device: { ...FACTS.device, name: HOSTILE, phoneNumber: HOSTILE },
      vault: { ...FACTS.vault, dir: HOSTILE },
    });
    assert.ok(!sheet.includes('<script'));
    assert.ok(sheet.includes('&lt;script&gt;'));
    assert.ok(textOf(sheet).includes(`HOLDFAST_VAULT='<script>alert(1)</script>"'\\''&'`));
  });

  test('loads nothing from elsewhere', () => {
    assert.doesNotMatch(recoverySheet(FACTS), /<(script|img|link|iframe|object)\b|url\(|https?:\/\//);
  });
});

test('the page of a share holds the share and no other', () => {
  const shares = makeShares(PASSWORD, { needed: 2, count: 3 });
  for (const share of shares) {
    const html = sharePage({
      madeAt: FACTS.madeAt,
      product: FACTS.product,
      deviceName: HOSTILE,
      model: 'iPhone 13',
      udid: FACTS.device.udid,
      number: share.number,
      count: 3,
      needed: 2,
      set: share.set,
      lines: shareLines(share),
      vault: FACTS.vault,
    });
    const read = shareInText(html);
    assert.deepEqual([read.number, read.set, [...read.bytes]], [share.number, share.set, [...share.bytes]]);
    assert.ok(!html.includes(PASSWORD) && !html.includes('<script'));
  }
});

/** What a person reads. */
function textOf(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,)])/g, '$1');
}
