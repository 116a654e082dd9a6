import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type Statement } from '../../src/database/index.ts';
import { encodeBinaryPlist, encodeXmlPlist, PlistReal } from '../../src/formats/index.ts';
import { createManifestDatabase, encodeMbFile, fileIdOf } from '../../src/snapshot/index.ts';
import { MESSAGES_SCHEMA } from '../../src/virtual-iphone/library/messages/messages-schema.ts';
import { encodeAttributedString } from '../../src/virtual-iphone/library/messages/typedstream.ts';
import { randomFrom, type Random } from '../../test/support/random.ts';

const UDID = '00008110-00BE7C4000BE7C40';
const [DOMAIN, PATH] = ['HomeDomain', 'Library/SMS/sms.db'];
const CHATS = 300;
const WORDS =
  'heute morgen ja nein später vielleicht Große Grüße kommst du mit ins Kino the train is late 👍 see you there'.split(
    ' ',
  );

/**
 * A backup with nothing in it but so many messages, mixed as people write them: one chat holds a third of all, one
 * message in ten is a reaction, some are replies, edited, or photos that are not in the backup.
 */
export function makeMessagesBackup(parent: string, count: number): string {
  const dir = join(parent, UDID);
  const fileId = fileIdOf(DOMAIN, PATH);
  mkdirSync(join(dir, fileId.slice(0, 2)), { recursive: true });
  const file = join(dir, fileId.slice(0, 2), fileId);
  rmSync(file, { force: true });
  fillMessages(file, count);
  writeLists(dir, fileId, statSync(file).size);
  return dir;
}

function fillMessages(file: string, count: number): void {
  const database = openDatabase(file, { create: true });
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${MESSAGES_SCHEMA}`);
  // What the phone's triggers keep is not needed here, and costs most of the time.
  database.exec('DROP TRIGGER after_insert_on_chat_message_join; DROP TRIGGER after_insert_on_message_attachment_join');
  const random = randomFrom(1);
  const insert = (table: string, ...columns: string[]): Statement =>
    database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const addHandle = insert('handle', 'ROWID', 'id', 'service', 'person_centric_id');
  const addChat = insert('chat', 'ROWID', 'guid', 'style', 'chat_identifier', 'service_name', 'display_name');
  const addMember = insert('chat_handle_join', 'chat_id', 'handle_id');
  for (let id = 1; id <= CHATS; id++) {
    const isGroup = id % 10 === 0;
    const address = `+4915100${String(id).padStart(6, '0')}`;
    addHandle.run(id, address, 'iMessage', `person ${id}`);
    const identifier = isGroup ? `chat${id}` : address;
    addChat.run(
      id,
      `iMessage;${isGroup ? '+' : '-'};${identifier}`,
      isGroup ? 43 : 45,
      identifier,
      'iMessage',
      isGroup ? `Gruppe ${id}` : '',
    );
    for (const member of isGroup ? [id, id - 1, id - 2, id - 3] : [id]) addMember.run(id, member);
  }
  const columns = [
    'ROWID',
    'guid',
    'text',
    'attributedBody',
    'handle_id',
    'service',
    'date',
    'date_read',
    'date_delivered',
  ];
  const more = ['is_from_me', 'is_read', 'is_sent', 'associated_message_guid', 'associated_message_type'];
  const rest = [
    'thread_originator_guid',
    'date_edited',
    'message_summary_info',
    'destination_caller_id',
    'cache_has_attachments',
  ];
  const addMessage = insert('message', ...columns, ...more, ...rest);
  const addJoin = insert('chat_message_join', 'chat_id', 'message_id', 'message_date');
  const addAttachment = insert(
    'attachment',
    'ROWID',
    'guid',
    'original_guid',
    'filename',
    'uti',
    'mime_type',
    'transfer_name',
    'total_bytes',
  );
  const addFile = insert('message_attachment_join', 'message_id', 'attachment_id');
  const last: (string | undefined)[] = [];
  for (let id = 1; id <= count; id++) {
    const chat = random.onceIn(3) ? 1 : random.between(1, CHATS);
    const kind = random.below(100);
    const target = last[chat];
    const isMine = random.onceIn(2);
    const guid = guidOf(id);
    const date = 500_000_000_000_000_000n + BigInt(id) * 250_000_000_000n;
    const words = Array.from({ length: random.between(1, 18) }, () => random.pick(WORDS)).join(' ');
    const [isReaction, isReply, isEdited, isPhoto] = [
      kind < 10 && target !== undefined,
      kind >= 10 && kind < 14 && target !== undefined,
      kind === 15,
      kind >= 16 && kind < 20,
    ];
    const text = isPhoto ? '\uFFFC' : isReaction ? `Loved “${words}”` : words;
    const body = encodeAttributedString(text, [
      {
        length: text.length,
        attributes: {
          __kIMMessagePartAttributeName: 0,
          ...(isPhoto && { __kIMFileTransferGUIDAttributeName: `at_0_${guid}` }),
        },
      },
    ]);
    const sender = isMine ? 0 : chat % 10 === 0 ? chat - random.below(4) : chat;
    const identity = [
      id,
      guid,
      random.onceIn(4) ? text : null,
      body,
      sender,
      'iMessage',
      date,
      date + 60_000_000_000n,
      isMine ? date + 1_000_000_000n : 0n,
    ] as const;
    const flags = [
      isMine ? 1 : 0,
      1,
      isMine ? 1 : 0,
      isReaction ? `p:0/${target}` : null,
      isReaction ? 2000 + random.below(6) : 0,
    ] as const;
    addMessage.run(
      ...identity,
      ...flags,
      isReply ? (target ?? null) : null,
      isEdited ? date + 90_000_000_000n : 0n,
      isEdited ? edited(words, random) : null,
      '+4915199999999',
      isPhoto ? 1 : 0,
    );
    addJoin.run(chat, id, date);
    if (isPhoto) {
      const name = `IMG_${id % 10_000}.jpeg`;
      addAttachment.run(
        id,
        `at_0_${guid}`,
        guid,
        `~/Library/SMS/Attachments/ab/11/${guid}/${name}`,
        'public.jpeg',
        'image/jpeg',
        name,
        1_000_000,
      );
      addFile.run(id, id);
    }
    if (!isReaction) last[chat] = guid;
  }
  database.exec('COMMIT');
  database.close();
}

function edited(words: string, random: Random): Buffer {
  const history = [words.slice(0, random.between(1, 5)), words].map((text, i) => ({
    d: new PlistReal(7e8 + i * 60),
    t: encodeAttributedString(text, [{ length: text.length, attributes: { __kIMMessagePartAttributeName: 0 } }]),
  }));
  return encodeBinaryPlist({ ec: { 0: history }, ep: [0], ust: true });
}

const guidOf = (id: number): string => `5F84086D-BDB2-4000-8000-${id.toString(16).toUpperCase().padStart(12, '0')}`;

function writeLists(dir: string, fileId: string, sizeBytes: number): void {
  const now = new Date();
  const manifest = createManifestDatabase(join(dir, 'Manifest.db'));
  const owner = { userId: 501, groupId: 501, inode: 1, flags: 0, protectionClass: 3, mode: 0o100644 };
  const times = { modifiedAt: now, statusChangedAt: now, bornAt: now };
  const file = encodeMbFile({ relativePath: PATH, sizeBytes, ...owner, ...times });
  manifest.put({ fileId, domain: DOMAIN, relativePath: PATH, kind: 'file', file });
  manifest.finish();
  const device = { DeviceName: 'Bench', ProductType: 'iPhone14,5', ProductVersion: '18.1', UniqueDeviceID: UDID };
  const list = {
    Version: '10.0',
    Date: now,
    IsEncrypted: false,
    WasPasscodeSet: true,
    Lockdown: device,
    Applications: {},
  };
  writeFileSync(join(dir, 'Manifest.plist'), encodeBinaryPlist(list));
  const info = { 'Device Name': 'Bench', 'Product Type': 'iPhone14,5', 'Product Version': '18.1', UDID };
  writeFileSync(join(dir, 'Info.plist'), encodeXmlPlist({ ...info, 'Target Identifier': UDID }));
  const status = { Version: '3.3', UUID: '7C0A3A52-0000-4000-8000-000000000001', Date: now, BackupState: 'new' };
  writeFileSync(
    join(dir, 'Status.plist'),
    encodeBinaryPlist({ ...status, SnapshotState: 'finished', IsFullBackup: false }),
  );
}
