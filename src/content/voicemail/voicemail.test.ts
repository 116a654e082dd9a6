import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { bytesField, encodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { openVoicemail, voicemailItems } from './open-voicemail.ts';
import { decodeTranscript } from './transcript.ts';

const FOLDER = 'HomeDomain:Library/Voicemail';
const COLUMNS = `ROWID INTEGER PRIMARY KEY, remote_uid INTEGER, date INTEGER, sender TEXT, callback_num TEXT, duration INTEGER,
  expiration INTEGER, trashed_date INTEGER, flags INTEGER`;
const ROWS = `
CREATE TABLE voicemail (${COLUMNS}, receiver TEXT, label TEXT);
CREATE TABLE deleted (${COLUMNS});
CREATE TABLE map (label TEXT, account TEXT);
INSERT INTO map VALUES ('l1', '8949');
INSERT INTO voicemail VALUES (1, 11, 1700000000, '+491', '+491', 5, 1702000000, 0, 67, '+49', 'l1'),
  (2, 12, 1700000100, NULL, NULL, 6, 0, 0, 3, NULL, 'other'), (3, 13, 1700000200, '+493', NULL, 7, 0, 721692800, 75, NULL, NULL);
INSERT INTO deleted VALUES (1, 9, 1600000000, '+499', NULL, 3, 0, 700000000, 75);
`;

const transcript = (text: string): Buffer =>
  encodeKeyedArchive(
    new KeyedObject('VMVoicemailTranscript', {
      transcriptionString: text,
      confidence: 0.75,
      transcriptionSegments: [new KeyedObject('S', { substring: text, timestamp: 0, duration: 1.5, confidence: 1 }), 7],
    }),
  );

describe('voice mail', () => {
  test('has senders, states, recordings and what the phone understood', async () => {
    using voicemails = await openVoicemail(
      memoryBackup({
        [`${FOLDER}/voicemail.db`]: databaseBytes(ROWS),
        [`${FOLDER}/1.amr`]: Buffer.from('#!AMR\n'),
        [`${FOLDER}/1.transcript`]: transcript('Hallo, hier ist Anna'),
        [`${FOLDER}/2.transcript`]: Buffer.from('bplist00 not'),
        [`${FOLDER}/8.amr`]: Buffer.from('#!AMR\n'),
        [`${FOLDER}/greeting.amr`]: Buffer.from('#!AMR\n'),
      }),
    );
    assert.ok(voicemails);
    const all = await Array.fromAsync(voicemails.all());
    assert.deepEqual(
      all.map(({ row, state, sender, recording, problem }) => [row, state, sender, recording.state, problem]),
      [
        [1, 'heard', '+491', 'in-backup', undefined],
        [2, 'new', null, 'not-in-backup', 'unreadable-transcript'],
        [3, 'trashed', '+493', 'not-in-backup', undefined],
        [1, 'deleted', '+499', 'not-in-backup', undefined],
      ],
    );
    const [first, second, third] = all;
    assert.deepEqual(first?.at, new Date(1_700_000_000_000));
    assert.equal(first?.account, '8949');
    assert.equal(second?.account, null);
    assert.equal(first?.trashedAt, null);
    assert.deepEqual(third?.trashedAt, new Date(1_700_000_000_000), 'this one date counts from 2001');
    assert.deepEqual(first?.transcript?.segments, [
      { text: 'Hallo, hier ist Anna', startSeconds: 0, durationSeconds: 1.5, confidence: 1 },
    ]);
    assert.deepEqual(
      [voicemails.greetings, voicemails.unclaimedRecordings()].map((list) => list.map((each) => each.relativePath)),
      [['Library/Voicemail/greeting.amr'], ['Library/Voicemail/8.amr']],
    );
    const items = await Array.fromAsync(voicemailItems(voicemails));
    assert.deepEqual(
      items.map(({ title, text }) => [title, text]),
      [
        ['+491', '+491\nHallo, hier ist Anna'],
        ['Unknown number', ''],
        ['+493', '+493'],
        ['+499', '+499'],
      ],
    );
    assert.equal(new Set(items.map(({ key }) => key)).size, 4);
  });

  test('of iOS 9 has fewer columns, which are not available', async () => {
    const old = databaseBytes(
      `CREATE TABLE voicemail (${COLUMNS}); INSERT INTO voicemail (date, sender) VALUES (1, '+49')`,
    );
    using voicemails = await openVoicemail(memoryBackup({ [`${FOLDER}/voicemail.db`]: old }));
    assert.deepEqual(voicemails?.notAvailable, ['receiver', 'account']);
    const [only] = await Array.fromAsync(voicemails?.all() ?? []);
    assert.equal(only?.receiver, undefined);
    assert.equal(only?.durationSeconds, null);
  });

  test('of an unknown layout is refused, and none is none', async () => {
    const other = databaseBytes('CREATE TABLE voicemail (x)');
    await assert.rejects(openVoicemail(memoryBackup({ [`${FOLDER}/voicemail.db`]: other })), {
      code: 'FORMAT_INVALID',
    });
    assert.equal(await openVoicemail(memoryBackup({})), undefined);
  });
});

const STORE = 'AppDomainGroup-group.com.apple.FaceTime:com.apple.facetimemessagestored/Data Store';
const UUIDS = ['4D94EC80-88FD-57E3-B37E-F98823AB849C', '5E94EC80-88FD-57E3-B37E-F98823AB849C'];
const STORED = `
CREATE TABLE ZSTOREDMESSAGE (Z_PK INTEGER PRIMARY KEY, ZISREAD INTEGER, ZMAILBOXTYPE INTEGER, ZDATECREATED FLOAT,
  ZDATEDELETED FLOAT, ZDURATION FLOAT, ZFROM VARCHAR, ZRECIPIENT VARCHAR, ZPROVIDER VARCHAR, ZRECORDUUID BLOB,
  ZTRANSCRIPT BLOB, ZTRANSCRIPTDATA BLOB);
INSERT INTO ZSTOREDMESSAGE VALUES
  (1, 1, 0, 721692800.5, NULL, 5, '+491', '+49', 'com.apple.coretelephony', x'${UUIDS[0]?.replaceAll('-', '')}', NULL, NULL),
  (2, 0, 0, 721700000, NULL, 12, 'anna@example.org', NULL, 'com.apple.FaceTime', x'${UUIDS[1]?.replaceAll('-', '')}', NULL,
    x'${bytesField(1, bytesField(2, 'Hier ist Anna.')).toString('hex')}${bytesField(1, bytesField(2, 'Bis bald!')).toString('hex')}'),
  (3, 1, 2, 721710000, 721720000, 3, '+495', NULL, 'com.apple.coretelephony', NULL, x'01', NULL);`;

describe('messages left with FaceTime', () => {
  const files = {
    [`${STORE}/FaceTimeMessageStore-local.sqlitedb`]: databaseBytes(STORED),
    [`${STORE}/Assets/4D/${UUIDS[0]}.amr`]: Buffer.from('#!AMR\n'),
    [`${STORE}/Assets/5E/${UUIDS[1]}.MOV`]: Buffer.from('film'),
    [`${STORE}/Assets/5E/${UUIDS[1]}.jpg`]: Buffer.from('picture'),
  };
  const toldBy = async (more: Readonly<Record<string, Uint8Array>>): Promise<unknown[]> => {
    using voicemails = await openVoicemail(memoryBackup({ ...files, ...more }));
    const all = await Array.fromAsync(voicemails?.all() ?? []);
    return all.map(({ sender, state, account, recording, transcript: heard, problem }) => [
      sender,
      state,
      account,
      recording.state === 'in-backup' ? recording.entry.relativePath.slice(-4) : recording.state,
      heard?.text ?? problem,
    ]);
  };

  const toldBeside = async (rows: string): Promise<unknown[]> =>
    toldBy({ [`${FOLDER}/voicemail.db`]: databaseBytes(rows), [`${FOLDER}/1.transcript`]: transcript('Hallo') });

  test('are sound and film of callers and of the network', async () => {
    assert.deepEqual(await toldBy({}), [
      ['+491', 'heard', undefined, '.amr', undefined],
      ['anna@example.org', 'new', 'FaceTime', '.MOV', 'Hier ist Anna. Bis bald!'],
      ['+495', 'trashed', undefined, 'not-in-backup', 'unreadable-transcript'],
    ]);
  });

  test('come once where the list of the network has them, too, with what either has', async () => {
    const [first, ...others] = await toldBeside(ROWS);
    assert.deepEqual(first, ['+491', 'heard', '8949', '.amr', 'Hallo']);
    assert.equal(others.length, 5);
    assert.equal((await toldBeside(`${ROWS} UPDATE voicemail SET date = date + 60`)).length, 7, 'another call');
  });

  test('are there when the list of the network is damaged, and the other way round', async () => {
    assert.equal((await toldBy({ [`${FOLDER}/voicemail.db`]: databaseBytes('CREATE TABLE voicemail (x)') })).length, 3);
    const damaged = memoryBackup({
      [`${FOLDER}/voicemail.db`]: databaseBytes(ROWS),
      [`${STORE}/FaceTimeMessageStore-local.sqlitedb`]: Buffer.from('no database'),
    });
    using voicemails = await openVoicemail(damaged);
    assert.equal((await Array.fromAsync(voicemails?.all() ?? [])).length, 4);
    assert.equal(damaged.damages.length, 1);
  });

  test('may have a transcript of segments alone', () => {
    const bytes = encodeKeyedArchive([
      { text: 'Guten', utteranceDuration: 1 },
      { text: 'Tag', confidence: 0.5 },
    ]);
    const { text, segments } = decodeTranscript(bytes);
    assert.deepEqual([text, segments.map(({ durationSeconds }) => durationSeconds)], ['Guten Tag', [1, undefined]]);
  });
});

describe('a transcript', () => {
  test('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(decodeTranscript(transcript(text)).text, text);
      }),
    );
  });

  test('that is damaged is read or refused', () => {
    const whole = transcript('Guten Tag 🥨');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        try {
          decodeTranscript(damaged);
        } catch (error) {
          assert.ok(isAppError(error, 'FORMAT_INVALID'));
        }
      }),
    );
  });

  test('without text is none', () => {
    for (const value of ['text', { confidence: 1 }, [], null]) {
      assert.throws(() => decodeTranscript(encodeKeyedArchive(value)), { code: 'FORMAT_INVALID' });
    }
  });
});
