/** One of everything that Messages can do, so that a reader can be shown to miss none of it. */
import type { Database } from '../../../database/index.ts';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject, PlistReal } from '../../../formats/index.ts';
import { after, cocoaNanoseconds, cocoaSeconds, daysBefore, MINUTE_MS } from '../apple-time.ts';
import { storeAttachment } from './attachments.ts';
import type { Library } from '../library.ts';
import { encodeRecording } from '../media/audio.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { landscape } from '../media/scene.ts';
import { addChat, addHandle } from './message-chats.ts';
import {
  addMessage,
  addTapback,
  addWithAttachment,
  type Chat,
  type NewAttachment,
  type NewMessage,
  type Written,
} from './message-rows.ts';
import type { Random } from '../random.ts';
import { insert, type RowValues } from '../sqlite.ts';
import { encodeAttributedString, type AttributeRun, type AttributeValue } from './typedstream.ts';

const EXTENSION = 'com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000';

/** Writes a direct conversation, a group and somebody unknown; the newest of all conversations. */
export function addUnusualMessages(library: Library, database: Database, random: Random): void {
  const { people, owner, now } = library;
  const [first, second, third] = people.slice(-3);
  if (first === undefined || second === undefined || third === undefined) return;
  const members = [addHandle(database, first, 'iMessage')];
  const direct = addChat(database, random, owner.phone, { service: 'iMessage', members, identifier: first.phone });
  const scene = new Scene(library, database, random, direct, daysBefore(now, 4));
  writeEffects(scene);
  writeFormatting(scene);
  writeEdits(scene);
  writeReactions(scene);
  writeFiles(scene);
  writeApps(scene);
  writeEvents(scene);
  writeStates(scene);

  const all = [first, second, third].map((person) => addHandle(database, person, 'RCS'));
  const identifier = `chat${random.digits(18)}`;
  const name = 'Wanderung 🥾 <b>&amp;</b>';
  const group = addChat(database, random, owner.phone, { service: 'RCS', members: all, identifier, name });
  writeGroupEvents(new Scene(library, database, random, group, daysBefore(now, 2)), third.first);

  const stranger = { first: '', last: '', phone: '+15550109999', email: '', country: 'us', language: 'en' } as const;
  const unknown = addChat(database, random, owner.phone, {
    service: 'SMS',
    members: [addHandle(database, stranger, 'SMS')],
    identifier: stranger.phone,
    more: { is_filtered: 1, is_archived: 1 },
  });
  const spam = new Scene(library, database, random, unknown, daysBefore(now, 1));
  spam.theirs('You have won! Claim at https://example.com/win.', { is_spam: 1 });
}

/** A conversation that goes on minute by minute. */
class Scene {
  readonly library: Library;
  readonly database: Database;
  readonly random: Random;
  readonly chat: Chat;
  #at: Date;

  constructor(library: Library, database: Database, random: Random, chat: Chat, from: Date) {
    this.library = library;
    this.database = database;
    this.random = random;
    this.chat = chat;
    this.#at = from;
  }

  get handleId(): number {
    return this.chat.handleIds[0] ?? 0;
  }

  /** The time of the last message. */
  get at(): Date {
    return this.#at;
  }

  mine(text: string, more: RowValues = {}, runs?: readonly AttributeRun[]): Written {
    return this.add({ text, more, ...(runs && { runs }) });
  }

  theirs(text: string, more: RowValues = {}): Written {
    return this.add({ text, more, handleId: this.handleId });
  }

  add(message: Partial<NewMessage>): Written {
    return addMessage(this.database, this.random, this.next(message));
  }

  /** A message a minute later than the last one, from the owner unless told otherwise. */
  next(message: Partial<NewMessage>): NewMessage {
    this.#at = after(this.#at, MINUTE_MS);
    return { chat: this.chat, sentAt: this.#at, handleId: 0, ...message };
  }

  /** A row without words. */
  event(more: RowValues, handleId = this.handleId): void {
    this.add({ handleId, more: { text: null, attributedBody: null, ...more } });
  }

  file(attachment: NewAttachment, message: Partial<NewMessage> & { transcript?: string } = {}): Written {
    const { transcript, ...rest } = message;
    const next = this.next({ text: '', ...rest });
    return addWithAttachment(this.database, this.random, { ...next, attachment, transcript });
  }
}

function writeEffects(scene: Scene): void {
  scene.mine('Slam!', { expressive_send_style_id: 'com.apple.MobileSMS.expressivesend.impact' });
  scene.theirs('Geschafft 🎉', { expressive_send_style_id: 'com.apple.messages.effect.CKConfettiEffect' });
  scene.mine('psst', { expressive_send_style_id: 'com.apple.MobileSMS.expressivesend.invisibleink' });
  scene.theirs('Mit Betreff', { subject: 'Übergabe der Schlüssel' });
}

const PART = '__kIMMessagePartAttributeName';

function writeFormatting(scene: Scene): void {
  const mention = scene.library.people.at(-1)?.phone ?? '';
  const pieces: readonly (readonly [string, Record<string, AttributeValue>])[] = [
    ['fett', { __kIMTextBoldAttributeName: 1 }],
    [' ', {}],
    ['kursiv', { __kIMTextItalicAttributeName: 1 }],
    [' ', {}],
    ['unten', { __kIMTextUnderlineAttributeName: 1 }],
    [' ', {}],
    ['weg', { __kIMTextStrikethroughAttributeName: 1 }],
    [' ', {}],
    ['zitternd', { __kIMTextEffectAttributeName: 9 }],
    [' @', {}],
    ['alle', { __kIMMentionConfirmedMention: mention }],
    [' ', {}],
    ['example.org', { __kIMLinkAttributeName: new URL('https://example.org/weg?a=1&b=2') }],
    [' ', {}],
    ['483920', { __kIMOneTimeCodeAttributeName: { code: '483920', displayCode: '483920' } }],
  ];
  const runs = pieces.map(([text, more]) => ({ length: text.length, attributes: { [PART]: 0, ...more } }));
  scene.mine(pieces.map(([text]) => text).join(''), {}, runs);
  scene.theirs('<script>alert("hallo")</script> & <img src=x onerror=alert(1)>');
  scene.theirs("=cmd|' /C calc'!A0");
  scene.theirs('e\u0301te\u0301 👩🏽‍🚀🏳️‍🌈 שלום \u202Egpj.exe\u202C ﷽ 𝒳 Ⅷ\u2028neue Zeile');
  scene.theirs('🦭');
}

function writeEdits(scene: Scene): void {
  const { database } = scene;
  const wordings = ['Um 8 am Banhof', 'Um 8 am Bahnhof', 'Um 9 am Bahnhof'];
  const { sentAt } = scene.next({});
  const history = wordings.map((text, i) => ({
    d: new PlistReal(cocoaSeconds(after(sentAt, i * MINUTE_MS))),
    t: archived(text),
  }));
  const summary = encodeBinaryPlist({ ec: { 0: history }, ep: [0], ust: true });
  const editedAt = cocoaNanoseconds(after(sentAt, 2 * MINUTE_MS));
  // Some versions of iOS 16 leave nothing but the history.
  scene.mine('', { text: null, attributedBody: null, date_edited: editedAt, message_summary_info: summary });
  const photo = picture(scene, 'IMG_0001.jpeg');
  const at = cocoaNanoseconds(after(scene.at, MINUTE_MS));
  const unsent = encodeBinaryPlist({ rp: [1], otr: { 0: { lo: 0, le: 1 }, 1: { lo: 1, le: 9 } }, ust: true });
  scene.file(photo, { more: { date_edited: at, date_retracted: at, message_summary_info: unsent, part_count: 2 } });
  const kept = scene.theirs('Das bleibt stehen');
  insert(database, 'recoverable_message_part', {
    chat_id: scene.chat.id,
    message_id: kept.id,
    part_index: 1,
    delete_date: cocoaNanoseconds(scene.at),
    part_text: archived('Das ist gelöscht'),
  });
}

function writeReactions(scene: Scene): void {
  const { database, random, handleId } = scene;
  const target = scene.mine('Kommst du mit?');
  const react = (kind: number, from = handleId, more: RowValues = {}): Written =>
    addTapback(database, random, {
      ...scene.next({ handleId: from }),
      target,
      kind,
      quoted: 'Kommst du mit?',
      ...(Object.keys(more).length > 0 && { more }),
    });
  react(2001);
  react(2000);
  react(2006, 0);
  react(3006, 0);
  react(2003, 0);
  const sticker = { ...picture(scene, 'Sticker.jpeg'), isSticker: true };
  for (const type of [2007, 1000]) {
    const more = { associated_message_guid: `p:0/${target.guid}`, associated_message_type: type };
    scene.file({ ...sticker, guid: random.uuid() }, { handleId, more });
  }
  scene.mine('Ja oder nein?', { thread_originator_guid: target.guid, thread_originator_part: '0:0:14' });
}

function writeFiles(scene: Scene): void {
  const { library, random, handleId } = scene;
  const film = encodeRecording(scene.at, 3, 440);
  const voice = store(scene, 'Audio Message.m4a', 'com.apple.m4a-audio', 'audio/x-m4a', film);
  scene.file(voice, {
    handleId,
    transcript: 'Ich bin gleich da.',
    more: {
      is_audio_message: 1,
      date_played: cocoaNanoseconds(after(scene.at, 90_000)),
      is_played: 1,
      expire_state: 1,
    },
  });
  const live = store(scene, 'IMG_0042.HEIC', 'public.heic', 'image/heic', random.bytes(3000));
  library.disk.writeFile('MediaDomain', `${(live.path ?? '').slice(2, -5)}.MOV`, random.bytes(5000), {
    modifiedAt: scene.at,
  });
  scene.file(live);
  scene.file(
    store(scene, '<script>alert(1)</script> ../..\\x.txt', 'public.plain-text', 'text/plain', Buffer.from('x\n')),
  );
  const gone = {
    guid: random.uuid(),
    name: 'IMG_0043.HEIC',
    uti: 'public.heic',
    mimeType: 'image/heic',
    sizeBytes: 2_345_678,
  };
  scene.file({ ...gone, path: `~/Library/SMS/Attachments/0a/10/${gone.guid}/IMG_0043.HEIC`, isInCloud: true });
  scene.file({
    ...gone,
    guid: random.uuid(),
    name: 'Film.mov',
    uti: 'com.apple.quicktime-movie',
    mimeType: 'video/quicktime',
    path: undefined,
  });
}

function writeApps(scene: Scene): void {
  const { handleId } = scene;
  const url = 'https://example.org/recipes/lemon-tart';
  const metadata = new KeyedObject('LPLinkMetadata', {
    title: 'Lemon tart <the best>',
    summary: 'Butter, lemons, patience',
    siteName: 'Example Recipes',
    originalURL: nsUrl(url),
    URL: nsUrl(url),
    version: 1,
  });
  const link = new KeyedObject('RichLink', { richLinkMetadata: metadata, richLinkIsPlaceholder: false });
  scene.theirs(url, {
    balloon_bundle_id: 'com.apple.messages.URLBalloonProvider',
    payload_data: encodeKeyedArchive(link),
  });
  const money = extension('Apple Cash', '$25', { caption: 'Payment', subcaption: '$25' });
  const cash = {
    balloon_bundle_id: `${EXTENSION}:com.apple.PassbookUIService.PeerPaymentMessagesExtension`,
    payload_data: money,
  };
  scene.add({ text: '\uFFFC', handleId, more: cash });
  const game = extension('Ludo', 'Your turn', { caption: 'Your turn', 'image-title': 'Ludo', subcaption: '3 : 2' });
  scene.add({
    text: '\uFFFC',
    more: { balloon_bundle_id: `${EXTENSION}:com.example.ludo.messages`, payload_data: game },
  });
  const drawing = {
    balloon_bundle_id: 'com.apple.Handwriting.HandwritingProvider',
    payload_data: Buffer.from([8, 1, 18, 0]),
  };
  scene.add({ text: '\uFFFC', more: drawing });
}

function writeEvents(scene: Scene): void {
  scene.event({ item_type: 4, share_status: 0, share_direction: 1 });
  scene.event({ item_type: 4, share_status: 1, share_direction: 1 });
  scene.event({ item_type: 5 });
  scene.event({ item_type: 6 }, 0);
}

function writeStates(scene: Scene): void {
  scene.mine('Kommt nicht an', { error: 22, is_sent: false, is_delivered: false, date_delivered: 0n, date_read: 0n });
  scene.mine('Für morgen früh', {
    schedule_type: 2,
    schedule_state: 1,
    is_sent: false,
    date_delivered: 0n,
    date_read: 0n,
  });
  scene.mine('Als SMS geschickt', { service: 'SMS', was_downgraded: 1 });
}

function writeGroupEvents(scene: Scene, name: string): void {
  const [, second = 0, third = 0] = scene.chat.handleIds;
  scene.event({ item_type: 2, group_title: 'Wanderung 🥾 <b>&amp;</b>' });
  scene.event({ item_type: 1, group_action_type: 0, other_handle: third });
  scene.add({ text: `Willkommen ${name}!`, handleId: second });
  scene.event({ item_type: 1, group_action_type: 1, other_handle: third }, 0);
  scene.event({ item_type: 3, group_action_type: 1 }, second);
  scene.event({ item_type: 3, group_action_type: 2 }, second);
  scene.event({ item_type: 3, group_action_type: 0 }, third);
  scene.event({ item_type: 2, group_title: null }, 0);
}

function extension(name: string, summary: string, layout: Readonly<Record<string, string>>): Buffer {
  return encodeKeyedArchive({
    an: name,
    ldtext: summary,
    layoutClass: 'MSMessageTemplateLayout',
    userInfo: layout,
    URL: nsUrl('data:,x=1'),
  });
}

const nsUrl = (address: string): KeyedObject =>
  new KeyedObject('NSURL', { 'NS.base': null, 'NS.relative': address }, ['NSURL', 'NSObject']);

function picture(scene: Scene, name: string): NewAttachment {
  const { random } = scene;
  const bytes = encodeJpeg({ widthPx: 320, heightPx: 240, scene: landscape(random), random, grain: 2 });
  return store(scene, name, 'public.jpeg', 'image/jpeg', bytes);
}

function store(
  { library, random, at }: Scene,
  name: string,
  uti: string,
  mimeType: string,
  bytes: Buffer,
): NewAttachment {
  return storeAttachment(library, random, at, { name, uti, mimeType, bytes });
}

const archived = (text: string): Buffer =>
  encodeAttributedString(text, [{ length: text.length, attributes: { [PART]: 0 } }]);
