import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anything, assert as check, property } from 'fast-check';
import { isAppError } from '../../shared/errors.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { openVoiceMemos, voiceMemoItems, type VoiceMemos } from './index.ts';
import { transcriptIn } from './transcript.ts';

const GROUP = 'AppDomainGroup-group.com.apple.VoiceMemos.shared:Recordings';
const OLD = 'MediaDomain:Media/Recordings';
const LIST = `
  CREATE TABLE ZFOLDER (Z_PK INTEGER PRIMARY KEY, ZENCRYPTEDNAME VARCHAR);
  CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZFOLDER INTEGER, ZDATE TIMESTAMP, ZEVICTIONDATE TIMESTAMP,
    ZDURATION FLOAT, ZCUSTOMLABEL VARCHAR, ZCUSTOMLABELFORSORTING VARCHAR, ZENCRYPTEDTITLE VARCHAR, ZPATH VARCHAR, ZUNIQUEID VARCHAR);
  INSERT INTO ZFOLDER VALUES (1, 'Chor');
  INSERT INTO ZCLOUDRECORDING VALUES
    (1, 1, 700000000, NULL, 12.5, '2023-03-08T20:26:40Z', 'Probe', 'Probe 🎻', 'one.m4a', 'ID-1'),
    (2, NULL, 600000000, 700000001, 3, '2020-01-06T10:40:00Z', NULL, NULL, '/var/mobile/Media/Recordings/two.m4a', 'ID-2'),
    (3, NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
`;

describe('voice memos', () => {
  test('come with titles, folders, dates and where their sound is', async () => {
    const memos = await memosOf({ [`${GROUP}/CloudRecordings.db`]: LIST }, [
      'one.qta',
      'three.m4a',
      'one.composition/x.m4a',
    ]);
    assert.deepEqual(
      memos.memos.map(({ key, title, folder, durationSeconds, audio, deletedAt, recordedAt, problem }) => [
        key,
        title,
        folder,
        durationSeconds,
        recordedAt?.getTime(),
        deletedAt?.toISOString(),
        audio?.place.relativePath,
        audio?.state,
        problem,
      ]),
      [
        ['ID-1', 'Probe 🎻', 'Chor', 12.5, 1678307200000, undefined, 'Recordings/one.qta', 'in-backup', undefined],
        [
          'ID-2',
          null,
          null,
          3,
          1578307200000,
          '2023-03-08T20:26:41.000Z',
          'Recordings/two.m4a',
          'not-in-backup',
          undefined,
        ],
        [
          'file:Recordings/CloudRecordings.db 3',
          null,
          null,
          null,
          undefined,
          undefined,
          undefined,
          undefined,
          'no-file-name',
        ],
        [
          'file:three.m4a',
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          'Recordings/three.m4a',
          'in-backup',
          undefined,
        ],
      ],
    );
  });

  test('are found in the list of old releases, and once where two lists have them', async () => {
    const old = `CREATE TABLE ZRECORDING (Z_PK INTEGER PRIMARY KEY, ZDATE TIMESTAMP, ZDURATION FLOAT, ZCUSTOMLABEL VARCHAR, ZPATH VARCHAR);
      INSERT INTO ZRECORDING VALUES (1, 500000000, 2, 'Alt', '/var/mobile/Media/Recordings/one.m4a');`;
    const alone = await memosOf({ [`${OLD}/Recordings.db`]: old });
    assert.deepEqual(
      alone.memos.map(({ title, folder, deletedAt }) => [title, folder, deletedAt]),
      [['Alt', undefined, undefined]],
    );
    assert.deepEqual(alone.notAvailable, ['folder', 'deletedAt']);
    const both = await memosOf({ [`${GROUP}/CloudRecordings.db`]: LIST, [`${OLD}/Recordings.db`]: old }, ['one.m4a']);
    assert.equal(both.memos.filter(({ fileName }) => fileName === 'one.m4a').length, 1);
  });

  test('are read without a list that is damaged, and are none where there are none', async () => {
    const memos = await memosOf({ [`${GROUP}/CloudRecordings.db`]: 'CREATE TABLE x (y)' }, ['one.m4a']);
    assert.deepEqual([memos.memos.length, memos.problems.length], [1, 1]);
    assert.equal(await openVoiceMemos(memoryBackup({ 'HomeDomain:x': Buffer.alloc(0) })), undefined);
  });

  test('are found by what was said in them', async () => {
    const backup = memoryBackup({
      [`${GROUP}/CloudRecordings.db`]: databaseBytes(LIST),
      [`${GROUP}/one.m4a`]: Buffer.concat([box('ftyp'), box('mdat', Buffer.alloc(3000)), m4a(RUNS)]),
    });
    const memos = await openVoiceMemos(backup);
    assert.ok(memos !== undefined);
    const [item] = await Array.fromAsync(voiceMemoItems(memos));
    assert.match(item?.text ?? '', /Probe 🎻\nChor\nGuten Tag/);
  });
});

const RUNS = {
  locale: { identifier: 'de_DE', current: 1 },
  attributedString: {
    runs: ['Guten', 0, ' Tag', 1],
    attributeTable: [{ timeRange: [0, 0.5] }, { timeRange: [0.5, 1.25] }],
  },
};

describe('a transcript', () => {
  test('is read from the user data of a .m4a and the metadata of a .qta', () => {
    const expected = {
      text: 'Guten Tag',
      language: 'de_DE',
      spoken: [
        { text: 'Guten', from: 0, to: 0.5 },
        { text: ' Tag', from: 0.5, to: 1.25 },
      ],
    };
    for (const file of [m4a(RUNS), qta(RUNS)]) assert.deepEqual(transcriptIn(file.subarray(8)), expected);
  });

  test('may be empty, plain, or text and attributes by turns', () => {
    const texts = ['', 'Nur Text', ['a', { timeRange: [0, 1] }, 'b', {}]].map(
      (attributedString) => transcriptIn(m4a({ attributedString }).subarray(8))?.text,
    );
    assert.deepEqual(texts, ['', 'Nur Text', 'ab']);
    assert.equal(transcriptIn(box('trak').subarray(0)), undefined);
  });

  test('is refused when it is none, whatever it is', () => {
    for (const bad of [1, null, { attributedString: { runs: 3 } }, { attributedString: null }]) {
      assert.throws(() => transcriptIn(m4a(bad).subarray(8)), { code: 'FORMAT_INVALID' });
    }
    check(
      property(anything(), (attributedString) => {
        try {
          transcriptIn(m4a({ attributedString: JSON.parse(JSON.stringify(attributedString) ?? 'null') }).subarray(8));
        } catch (error) {
          assert.ok(isAppError(error, 'FORMAT_INVALID'));
        }
      }),
    );
  });
});

async function memosOf(lists: Record<string, string>, files: readonly string[] = []): Promise<VoiceMemos> {
  const databases = Object.entries(lists).map(([path, sql]) => [path, databaseBytes(sql)] as const);
  const audio = files.map((name) => [`${GROUP}/${name}`, Buffer.from('sound')] as const);
  const memos = await openVoiceMemos(memoryBackup(Object.fromEntries([...databases, ...audio])));
  assert.ok(memos !== undefined);
  return memos;
}

function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

const m4a = (transcript: unknown): Buffer =>
  box('moov', box('trak', box('udta', box('tsrp', Buffer.from(JSON.stringify(transcript))))));

function qta(transcript: unknown): Buffer {
  const one = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
  const keys = box('keys', one, box('mdta', Buffer.from('com.apple.VoiceMemos.tsrp')));
  const value = box('data', Buffer.alloc(8), Buffer.from(JSON.stringify(transcript)));
  const list = box('ilst', box('\0\0\0\x01', value));
  return box('moov', box('trak'), box('trak', box('meta', box('hdlr', Buffer.alloc(24)), keys, list)));
}
