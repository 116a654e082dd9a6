import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret, type KeychainItem } from '../../content/index.ts';
import { loginsOf } from './logins.ts';
import { bitwardenTable, onePasswordTable } from './password-managers.ts';

const ITEM: KeychainItem = {
  list: 'inet',
  purpose: 'web-login',
  problem: undefined,
  protectionClass: 6,
  title: 'example.org',
  account: 'ada@example.org',
  service: undefined,
  server: 'example.org',
  port: 0,
  path: '',
  protocol: 'htps',
  authentication: 'form',
  label: undefined,
  description: undefined,
  comment: undefined,
  accessGroup: 'com.apple.cfnetwork',
  createdAt: undefined,
  modifiedAt: undefined,
  isSynchronized: true,
  isTombstone: false,
  secret: new Secret(Buffer.from('=1+1","\n🔑')),
  oneTimeCode: undefined,
  attributes: {},
  key: 'inet:1',
};

describe('tables for password managers', () => {
  test('hold a password as it is, whatever is in it', () => {
    const [header, ...rows] = onePasswordTable(loginsOf([ITEM]));
    assert.equal(header, 'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\r\n');
    assert.deepEqual(rows, [
      'example.org,https://example.org,ada@example.org,"=1+1"",""\n🔑",,false,false,Websites,\r\n',
    ]);
  });

  test('have the columns that Bitwarden reads', () => {
    const code = new Secret(Buffer.from('otpauth://totp/a?secret=B'));
    const [header, row] = bitwardenTable(
      loginsOf([{ ...ITEM, secret: new Secret(Buffer.from('x')), oneTimeCode: code }]),
    );
    assert.equal(
      header,
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\r\n',
    );
    assert.equal(
      row,
      'iPhone – Websites,,login,example.org,,,0,https://example.org,ada@example.org,x,otpauth://totp/a?secret=B\r\n',
    );
  });

  test('leave out what nobody types', () => {
    const app: KeychainItem = { ...ITEM, purpose: 'app-password', accessGroup: 'org.example.app', server: undefined };
    const kept = loginsOf([
      { ...app, ...secret('typed') },
      { ...app, ...secret(Buffer.from([0, 1, 2])) },
      { ...app, ...secret('x'.repeat(129)) },
      { ...app, ...secret('typed'), accessGroup: 'com.apple.apsd' },
      { ...app, ...secret('typed'), accessGroup: 'apple' },
      { ...ITEM, isTombstone: true },
      { ...ITEM, secret: undefined },
      { ...ITEM, purpose: 'certificate' },
    ]);
    assert.deepEqual(
      kept.map(({ group, password }) => [group, password]),
      [['Apps', 'typed']],
    );
  });

  test('know the addresses of servers', () => {
    assert.equal(address({ protocol: 'http', port: 8080, path: '/login' }), 'http://example.org:8080/login');
    assert.equal(address({ purpose: 'internet-password', protocol: 'imap', port: 993 }), 'imap://example.org:993');
    assert.equal(address({ protocol: undefined }), 'https://example.org');
    assert.equal(address({ server: undefined }), '');
  });
});

const secret = (bytes: string | Buffer): { secret: Secret } => ({ secret: new Secret(Buffer.from(bytes)) });

const address = (fields: Partial<KeychainItem>): string | undefined => loginsOf([{ ...ITEM, ...fields }])[0]?.url;
