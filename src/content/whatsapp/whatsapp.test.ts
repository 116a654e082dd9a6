import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { bytesField, varintField } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { mediaMetadataOf, reactionsIn } from './blobs.ts';
import { chatKindOf, phoneOfJid, plainJid } from './jid.ts';
import { openWhatsApp } from './whatsapp.ts';

describe('identifiers', () => {
  test('say what a conversation is', () => {
    assert.deepEqual(
      ['491@s.whatsapp.net', '5@lid', '120363@g.us', 'status@broadcast', '12@broadcast', '3@newsletter', null].map(
        (jid) => chatKindOf(jid, undefined),
      ),
      ['private', 'private', 'group', 'status', 'broadcast', 'channel', 'unknown'],
    );
    assert.equal(chatKindOf(undefined, 1), 'group');
  });

  test('give the number where it is one, whatever the device', () => {
    assert.equal(phoneOfJid('491512345678@s.whatsapp.net'), '+491512345678');
    assert.equal(phoneOfJid('491512345678.0:12@s.whatsapp.net'), '+491512345678');
    assert.equal(phoneOfJid('205690463334636@lid'), undefined);
    assert.equal(plainJid('491512345678.0:12@s.whatsapp.net'), '491512345678@s.whatsapp.net');
    assert.equal(plainJid('491512345678:3@S.WhatsApp.net'), '491512345678@s.whatsapp.net');
  });
});

describe('reactions', () => {
  test('are the latest of each person, without those taken back', () => {
    const blob = Buffer.concat([
      varintField(4, 1),
      bytesField(7, of('1@lid', '😢', 5), of('1@lid', '❤️', 9), of('2@lid', '👍', 1), of('2@lid', '', 2)),
      bytesField(7, bytesField(2, bytesField(1, '3A01'), bytesField(2, '🎉'), varintField(3, 7))),
    ]);
    assert.deepEqual(reactionsIn(blob), [
      { emoji: '❤️', fromJid: '1@lid', at: new Date(9) },
      { emoji: '🎉', fromJid: undefined, at: new Date(7) },
    ]);
  });

  test('and metadata answer any bytes with a value or a FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        total(() => reactionsIn(bytes));
        total(() => mediaMetadataOf(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test('are not looked for where the field is something else', () => {
    assert.equal(mediaMetadataOf(bytesField(5, '/o1/v/t62.7118-24/f1/m230?ccb=9-4')).quoted, undefined);
    assert.deepEqual(mediaMetadataOf(Buffer.concat([bytesField(5, '3A0123456789'), varintField(17, 3)])), {
      quoted: { key: '3A0123456789', fromJid: undefined, text: undefined },
      forwardCount: 3,
      forwardedFromJid: undefined,
    });
  });
});

const of = (jid: string, emoji: string, ms: number): Buffer =>
  bytesField(1, bytesField(1, '3A01'), bytesField(2, jid), bytesField(3, emoji), varintField(4, ms));

const total = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof FormatError);
  }
};

const SMALLEST = `
  CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
  CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZTEXT VARCHAR);
  INSERT INTO ZWACHATSESSION VALUES (1, '49151@s.whatsapp.net', '+49 151');
  INSERT INTO ZWAMESSAGE VALUES (1, 1, 4e8, 'Hallo'), (2, 99, 4e8, 'from a conversation that is gone'), (3, 1, NULL, NULL);`;

describe('the database', () => {
  test('is found where the first versions kept it, with few columns', async () => {
    const place = 'AppDomain-net.whatsapp.WhatsApp:Documents/ChatStorage.sqlite';
    using whatsapp = await openWhatsApp(memoryBackup({ [place]: databaseBytes(SMALLEST) }));
    const [account] = whatsapp?.accounts ?? [];
    assert.equal(account?.app, 'WhatsApp');
    const messages = [...account.messages()];
    assert.deepEqual(
      messages.map(({ text, chat, isStarred, problem }) => [text, chat?.jid, isStarred, problem]),
      [
        [null, '49151@s.whatsapp.net', undefined, 'date'],
        ['Hallo', '49151@s.whatsapp.net', undefined, undefined],
        ['from a conversation that is gone', undefined, undefined, undefined],
      ],
    );
    assert.ok(account.notAvailable.includes('ZSTARRED'));
  });

  test('may be two: of WhatsApp and of WhatsApp Business', async () => {
    const bytes = databaseBytes(SMALLEST);
    const backup = memoryBackup({
      'AppDomainGroup-group.net.whatsapp.WhatsApp.shared:ChatStorage.sqlite': bytes,
      'AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared:ChatStorage.sqlite': bytes,
    });
    using whatsapp = await openWhatsApp(backup);
    assert.deepEqual(
      whatsapp?.accounts.map(({ app }) => app),
      ['WhatsApp', 'WhatsApp Business'],
    );
  });

  test('is refused in words when its layout is not known', async () => {
    const place = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared:ChatStorage.sqlite';
    const backup = memoryBackup({ [place]: databaseBytes('CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY)') });
    await assert.rejects(openWhatsApp(backup), /ZWACHATSESSION/);
    assert.equal(await openWhatsApp(memoryBackup({})), undefined);
  });
});
