/** Reminders, voice memos and chats of WhatsApp as a page gets them, against what the phone was given. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  ReminderPlace,
  Reminders,
  SearchResult,
  TakeOut,
  VoiceMemos,
  VoiceMemoTranscript,
  WhatsAppChats,
  WhatsAppPage,
  type SearchHit,
} from '../../src/contract/index.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';
import { readZip } from '../support/zip.ts';

/** What people type who try things out. */
const WRONG_IDS = [
  'nobody',
  '../../etc/passwd',
  '..',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '\u0000',
  'x'.repeat(499),
];

let scene: BrowsingScene;
const get = (path: string): Promise<unknown> => scene.get(`snapshots/${scene.snapshot}/${path}`);
const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  scene.owner.ask(`snapshots/${scene.snapshot}/${path}`, { headers });
const hitsOf = async (kind: string, words: string): Promise<SearchHit[]> =>
  SearchResult.parse(await get(`search?q=${encodeURIComponent(words)}&kinds=${kind}`)).hits;

before(async () => {
  scene = await startBrowsingScene();
  const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/unlock`, {
    method: 'POST',
    body: { password: BACKUP_PASSWORD },
  });
  assert.equal(answer.status, 200);
});
after(() => scene[Symbol.asyncDispose]());

describe('reminders', () => {
  test('stand in their lists with everything that is known of them, parts behind what they belong to', async () => {
    const { items, lists } = await shopping('&done=true');
    const [apples, ...parts] = items;
    assert.deepEqual(
      { ...apples, id: '', list: '', alarms: apples?.alarms.length },
      {
        id: '',
        list: '',
        section: 'Obst & Gemüse',
        depth: 0,
        title: 'Äpfel, 2 kg; <b>süß</b>',
        notes: 'vom Markt\nnicht die grünen',
        due: '2026-11-21T09:30:00',
        isDone: false,
        priority: 'high',
        isFlagged: true,
        links: [{ text: 'https://example.org/markt', to: 'https://example.org/markt' }],
        tags: ['wochenmarkt'],
        assignee: 'Zoé Çaillat',
        rules: ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU'],
        alarms: 2,
        attachments: [],
      },
    );
    assert.deepEqual(
      parts.map(({ title, depth, isDone }) => ({ title, depth, isDone })),
      [
        { title: 'Korb mitnehmen', depth: 1, isDone: false },
        { title: 'Pfandflaschen', depth: 1, isDone: true },
      ],
    );
    assert.deepEqual(
      lists
        .filter(({ title }) => title.startsWith('Einkauf'))
        .map(({ open, done, color, isShared }) => [open, done, color, isShared]),
      [[2, 1, '#FF9500', true]],
    );
    assert.equal(
      (await shopping()).items.every(({ isDone }) => !isDone),
      true,
    );
  });

  test('come list by list, page by page; what is due comes the soonest first', async () => {
    const all = Reminders.parse(await get('reminders?done=true&limit=500'));
    assert.equal(
      all.total,
      all.lists.reduce((sum, { open, done }) => sum + open + done, 0),
    );
    assert.ok(all.items.every(({ title }) => title !== 'Weg damit'));
    const [first, second] = [0, 4].map(async (from) =>
      Reminders.parse(await get(`reminders?done=true&from=${from}&limit=4`)),
    );
    assert.deepEqual([...((await first)?.items ?? []), ...((await second)?.items ?? [])], all.items.slice(0, 8));
    const scheduled = Reminders.parse(await get('reminders?view=scheduled&limit=500&timeZone=UTC'));
    const days = scheduled.items.map(({ due }) => due?.slice(0, 10) ?? '');
    assert.deepEqual(days, days.toSorted());
    assert.equal(scheduled.total, all.scheduled);
    const flagged = Reminders.parse(await get('reminders?view=flagged'));
    assert.ok(flagged.items.every(({ isFlagged, isDone }) => isFlagged === true && !isDone));
  });

  test('are found by a search, which tells where they stand, done or not', async () => {
    for (const [words, isDone] of [
      ['süß', false],
      ['Pfandflaschen', true],
    ] as const) {
      const [hit] = await hitsOf('reminders', words);
      const place = ReminderPlace.parse(await get(`reminders/place?reminder=${encodeURIComponent(hit?.id ?? '')}`));
      assert.equal(place.done, isDone);
      const { items } = Reminders.parse(await get(`reminders?list=${place.list}&done=${place.done}`));
      assert.equal(items[place.n]?.id, hit?.id);
    }
  });

  test('and lists that are not there are said to be missing', async () => {
    for (const id of WRONG_IDS) {
      assert.equal((await ask(`reminders?list=${encodeURIComponent(id)}`)).status, 404, id);
      assert.equal((await ask(`reminders/place?reminder=${encodeURIComponent(id)}`)).status, 404, id);
    }
    for (const query of ['limit=501', 'view=private', 'timeZone=Nowhere/Land', 'list=']) {
      assert.equal((await ask(`reminders?${query}`)).status, 400, query);
    }
  });
});

describe('voice memos', () => {
  test('come newest first, and say what is thrown away and what is elsewhere', async () => {
    const { items, total } = VoiceMemos.parse(await get('voice-memos?limit=500'));
    assert.equal(items.length, total);
    const times = items.map(({ at }) => at ?? '');
    assert.deepEqual(times, times.toSorted().toReversed());
    assert.ok((await memoCalled('Weggeworfen')).deletedAt !== undefined);
    assert.equal((await memoCalled('Nur auf dem iPad')).recording, undefined);
    const { folder, durationSeconds } = await memoCalled('Idee <fürs> Fest');
    assert.deepEqual([folder, durationSeconds], ['Chor & Orchester 🎶', 1]);
  });

  test('play from any place on, as sounds a browser knows', async () => {
    for (const [title, type] of [
      ['Einkaufszettel', 'audio/mp4'],
      // iOS 18 keeps recordings as QuickTime films without a picture.
      ['Idee <fürs> Fest', 'video/mp4'],
    ] as const) {
      const path = `files/content/${(await memoCalled(title)).recording?.file ?? ''}?as=view`;
      const whole = await ask(path);
      assert.equal(whole.headers.get('content-type'), type);
      const bytes = Buffer.from(await whole.arrayBuffer());
      const part = await ask(path, { range: 'bytes=100-149' });
      assert.equal(part.status, 206);
      assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(100, 150));
    }
  });

  test('are kept under their titles, whatever those try to be', async () => {
    const memo = await memoCalled('Idee <fürs> Fest');
    const answer = await ask(`voice-memos/${encodeURIComponent(memo.id)}/recording`);
    assert.equal(answer.status, 200);
    const day = memo.at?.slice(0, 10) ?? '';
    assert.match(
      answer.headers.get('content-disposition') ?? '',
      new RegExp(`^attachment; filename="${day} Idee _f_rs_ Fest.qta"; filename\\*=UTF-8''`),
    );
    assert.equal((await answer.arrayBuffer()).byteLength, memo.recording?.sizeBytes);
    const away = await memoCalled('Nur auf dem iPad');
    assert.equal((await ask(`voice-memos/${away.id}/recording`)).status, 404);
  });

  test('tell what was said in them, and are found by it', async () => {
    const said = async (title: string): Promise<VoiceMemoTranscript> =>
      VoiceMemoTranscript.parse(await get(`voice-memos/${(await memoCalled(title)).id}/transcript`));
    assert.deepEqual(await said('Einkaufszettel'), { text: 'Milch, Eier und Brötchen.', language: 'de_DE' });
    assert.equal((await said('Stille')).text, '');
    assert.deepEqual(await said('Nur auf dem iPad'), {});
    const [hit] = await hitsOf('voice-memos', 'Lampions');
    const { n } = (await get(`voice-memos/place?memo=${encodeURIComponent(hit?.id ?? '')}`)) as { n: number };
    assert.equal(VoiceMemos.parse(await get('voice-memos?limit=500')).items[n]?.title, 'Idee <fürs> Fest');
  });

  test('that are not there are said to be missing', async () => {
    for (const id of WRONG_IDS) {
      for (const path of [
        `voice-memos/place?memo=${encodeURIComponent(id)}`,
        `voice-memos/${encodeURIComponent(id)}/recording`,
      ]) {
        assert.equal((await ask(path)).status, 404, path);
      }
    }
  });
});

describe('chats of WhatsApp', () => {
  test('are jumped to from what a search has found', async () => {
    const { items } = WhatsAppChats.parse(await get('whatsapp/chats'));
    const pages = await Promise.all(
      items.map(async ({ id }) => WhatsAppPage.parse(await get(`whatsapp/chats/${id}?limit=200`))),
    );
    const texts = pages.flatMap(({ messages }) => messages).map(({ text = '' }) => text);
    const [word = ''] = texts.flatMap((text) => /\p{L}{5,}/u.exec(text)?.[0] ?? []);
    const hits = await hitsOf('whatsapp', word);
    assert.ok(hits.length > 0);
    for (const { id } of hits) {
      const place = (await get(`whatsapp/place?message=${encodeURIComponent(id)}`)) as { chat: string; n: number };
      const page = WhatsAppPage.parse(await get(`whatsapp/chats/${place.chat}?at=${place.n}&limit=4`));
      assert.ok(id.endsWith(`:${page.messages.find(({ n }) => n === place.n)?.id ?? '?'}`));
    }
    for (const id of WRONG_IDS) {
      assert.equal((await ask(`whatsapp/place?message=${encodeURIComponent(id)}`)).status, 404, id);
    }
  });

  test('are taken out one by one, without those who were called by others', async () => {
    const { items } = WhatsAppChats.parse(await get('whatsapp/chats'));
    const [chat, other] = items.filter(({ messages }) => messages > 0);
    assert.ok(chat !== undefined && other !== undefined);
    const html = await takenOut(chat.id, 'html');
    assert.ok(html.some((name) => name.endsWith('.html') && name.includes(chat.title.slice(0, 3))));
    assert.ok(html.filter((name) => name.endsWith('.html')).length <= 2, html.join('\n'));
    assert.deepEqual(
      (await takenOut(chat.id, 'csv')).filter((name) => name.endsWith('.csv')).map((name) => name.split('/').at(-1)),
      ['Messages.csv'],
    );
    const body = { what: 'kinds', kinds: ['whatsapp'], conversation: 'nobody' };
    const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/take-out`, { method: 'POST', body });
    assert.equal(answer.status, 404);
  });
});

/** The list that has one of everything. */
async function shopping(query = ''): Promise<Reminders> {
  const { lists } = Reminders.parse(await get('reminders?limit=1'));
  const list = lists.find(({ title }) => title.startsWith('Einkauf'));
  return Reminders.parse(await get(`reminders?list=${list?.id ?? ''}&timeZone=Europe/Berlin${query}`));
}

async function memoCalled(title: string): Promise<VoiceMemos['items'][number]> {
  const { items } = VoiceMemos.parse(await get('voice-memos?limit=500'));
  const memo = items.find((each) => each.title === title);
  assert.ok(memo !== undefined, title);
  return memo;
}

/** @returns the names of the files in the zip */
async function takenOut(conversation: string, format: string): Promise<string[]> {
  const path = `snapshots/${scene.snapshot}/take-out`;
  const body = { what: 'kinds', kinds: ['whatsapp'], format, conversation };
  const started = TakeOut.parse(await (await scene.owner.ask(path, { method: 'POST', body })).json());
  for (;;) {
    const { state, url } = TakeOut.parse(await scene.get(`${path}/${started.id}`));
    assert.notEqual(state, 'failed');
    if (state !== 'ready') {
      await setTimeout(5);
      continue;
    }
    const answer = await scene.owner.ask(url?.replace('/api/v1/', '') ?? '');
    return [...readZip(Buffer.from(await answer.arrayBuffer())).keys()];
  }
}
