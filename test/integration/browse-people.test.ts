/** Conversations, contacts, calls, notes and the other kinds as a page gets them, against what the phone was given. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  Bookmarks,
  CalendarMonth,
  Calls,
  Contact,
  Contacts,
  ConversationMonths,
  Conversations,
  HealthOverview,
  HealthSeries,
  History,
  MessagesPage,
  Note,
  Notes,
  SearchResult,
  Shelf,
  Tabs,
  Voicemails,
  WhatsAppChats,
  WhatsAppPage,
  Workouts,
} from '../../src/contract/index.ts';
import { NOTE_PASSWORD } from '../../src/virtual-iphone/library/notes/note-lock.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\u202egpj.exe';

describe('what is in a version', () => {
  let scene: BrowsingScene;
  const get = (path: string): Promise<unknown> => scene.get(`snapshots/${scene.snapshot}/${path}`);
  const status = async (path: string): Promise<number> =>
    (await scene.owner.ask(`snapshots/${scene.snapshot}/${path}`)).status;

  before(async () => {
    scene = await startBrowsingScene();
    const body = { password: BACKUP_PASSWORD };
    const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/unlock`, { method: 'POST', body });
    assert.equal(answer.status, 200);
  });
  after(() => scene[Symbol.asyncDispose]());

  test('the shelf counts every kind, and tells what no backup holds', async () => {
    const shelf = Shelf.parse(await get('coverage'));
    assert.deepEqual(
      shelf.kinds.filter(({ state }) => state !== 'here').map(({ kind }) => kind),
      [],
    );
    assert.ok(shelf.never.length > 0 && shelf.areas.length > 10);
    const conversations = Conversations.parse(await get('messages/conversations'));
    assert.equal(shelf.kinds.find(({ kind }) => kind === 'messages')?.details['conversations'], conversations.total);
  });

  test('conversations come with their last words, the newest first, page by page', async () => {
    const all = Conversations.parse(await get('messages/conversations?limit=500'));
    const [first, second] = [0, 5].map(async (from) =>
      Conversations.parse(await get(`messages/conversations?from=${from}&limit=5`)),
    );
    const pages = [...((await first)?.items ?? []), ...((await second)?.items ?? [])];
    assert.deepEqual(pages, all.items.slice(0, 10));
    const times = all.items.map(({ lastAt }) => lastAt ?? '');
    assert.deepEqual(times, times.toSorted().toReversed());
    assert.ok(all.items.filter(({ last }) => last?.text !== undefined).length > all.total / 2);
    assert.equal(await status('messages/conversations?limit=501'), 400);
    assert.equal(await status('messages/conversations?from=-1'), 400);
  });

  test('pages of a conversation fit each other whichever way they are turned', async () => {
    const { items } = Conversations.parse(await get('messages/conversations'));
    const largest = items.toSorted((a, b) => b.messages - a.messages)[0];
    assert.ok(largest !== undefined);
    const path = `messages/conversations/${largest.id}`;
    const backwards: number[] = [];
    for (let next: number | undefined, isOver = false; !isOver;) {
      const page = MessagesPage.parse(await get(`${path}?limit=7${next === undefined ? '' : `&before=${next}`}`));
      backwards.unshift(...page.messages.map(({ n }) => n));
      next = page.before;
      isOver = next === undefined;
    }
    const forwards: number[] = [];
    for (let next: number | undefined, isOver = false; !isOver;) {
      const page = MessagesPage.parse(await get(`${path}?limit=9&${next === undefined ? 'at=0' : `after=${next}`}`));
      forwards.push(...page.messages.map(({ n }) => n));
      next = page.after;
      isOver = next === undefined;
    }
    assert.deepEqual(forwards, backwards);
    assert.equal(new Set(forwards).size, forwards.length);
    assert.deepEqual(
      forwards,
      forwards.toSorted((a, b) => a - b),
    );
    const { months } = ConversationMonths.parse(await get(`${path}/months`));
    assert.equal(
      months.reduce((sum, { messages }) => sum + messages, 0),
      largest.messages,
    );
    assert.equal(await status(`${path}?before=3&after=3`), 400);
    assert.equal(await status('messages/conversations/unknown'), 404);
  });

  test('a day is jumped to, and so is a message that a search has found', async () => {
    const found = SearchResult.parse(await get('search?q=the&kinds=messages&limit=5'));
    const [hit] = found.hits;
    assert.ok(hit !== undefined && hit.excerpt.length >= 2);
    const place = (await get(`messages/${encodeURIComponent(hit.id)}/place`)) as { conversation: string; n: number };
    const page = MessagesPage.parse(await get(`messages/conversations/${place.conversation}?at=${place.n}&limit=6`));
    assert.ok(page.messages.some(({ id, n }) => id === hit.id && n === page.wanted));
    const around = MessagesPage.parse(
      await get(`messages/conversations/${place.conversation}?around=${hit.at ?? ''}&limit=4`),
    );
    const wanted = around.messages.find(({ n }) => n === around.wanted);
    assert.equal(wanted?.at, hit.at);
    assert.equal(await status('messages/no-such-message/place'), 404);
  });

  test('reactions stand with what they are about, and files of messages are sent', async () => {
    const { items } = Conversations.parse(await get('messages/conversations'));
    const pages = items.map(async ({ id }) => MessagesPage.parse(await get(`messages/conversations/${id}?limit=200`)));
    const messages = (await Promise.all(pages)).flatMap((page) => page.messages);
    assert.ok(messages.some(({ reactions }) => reactions.length > 0));
    assert.ok(messages.some(({ replyTo }) => replyTo?.isThere === true));
    assert.ok(messages.some(({ edits }) => edits.length > 0));
    const files = messages
      .flatMap(({ parts }) => parts)
      .flatMap((part) => (part.kind === 'attachment' ? [part.attachment] : []));
    const picture = files.find(({ file, shownAs }) => file !== undefined && shownAs === 'picture');
    assert.ok(picture?.file !== undefined);
    const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/files/content/${picture.file}?as=view`);
    assert.match(answer.headers.get('content-type') ?? '', /^image\/(jpeg|png|gif|webp)$/);
    assert.ok((await answer.arrayBuffer()).byteLength > 0);
    assert.ok(files.some(({ state, file }) => state !== 'in-backup' && file === undefined));
  });

  test('people are found by name and number, with everything on their cards', async () => {
    const all = Contacts.parse(await get('contacts?limit=500'));
    assert.equal(all.items.length, all.total);
    const person = all.items.find(({ phone, hasPhoto }) => phone !== undefined && hasPhoto);
    assert.ok(person?.phone !== undefined);
    const found = Contacts.parse(await get(`contacts?q=${encodeURIComponent(person.phone)}`));
    assert.deepEqual(found.items, [person]);
    const card = Contact.parse(await get(`contacts/${encodeURIComponent(person.id)}`));
    assert.ok(card.phones.some(({ value }) => value === person.phone));
    const photo = await scene.owner.ask(
      `snapshots/${scene.snapshot}/contacts/${encodeURIComponent(person.id)}/photo?size=small`,
    );
    assert.equal(photo.headers.get('content-type'), 'image/jpeg');
    const cards = await Promise.all(
      all.items.map(async ({ id }) => Contact.parse(await get(`contacts/${encodeURIComponent(id)}`))),
    );
    assert.ok(cards.some(({ conversation }) => conversation !== undefined));
    assert.equal(await status('contacts/nobody'), 404);
  });

  test('calls and voice mail come newest first, and voice mail plays everywhere', async () => {
    const calls = Calls.parse(await get('calls?limit=500'));
    const times = calls.items.flatMap(({ at }) => at ?? []);
    assert.deepEqual(times, times.toSorted().toReversed());
    const voicemail = Voicemails.parse(await get('voicemail'));
    const recorded = voicemail.items.find(({ recording }) => recording?.file !== undefined);
    const path = `snapshots/${scene.snapshot}/files/content/${recorded?.recording?.file ?? ''}`;
    const playable = await scene.owner.ask(`${path}?as=view`);
    assert.equal(playable.headers.get('content-type'), 'audio/wav');
    assert.equal(Buffer.from(await playable.arrayBuffer()).toString('latin1', 0, 4), 'RIFF');
    const original = await scene.owner.ask(path);
    assert.match(original.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.equal(Buffer.from(await original.arrayBuffer()).toString('latin1', 0, 5), '#!AMR');
  });

  test('notes are blocks without any HTML, with their tables and files; locked ones open with their password', async () => {
    const list = Notes.parse(await get('notes?limit=500'));
    const notes = await Promise.all(
      list.items.map(async ({ id }) => Note.parse(await get(`notes/${encodeURIComponent(id)}`))),
    );
    const attachments = notes.flatMap((note) => note.attachments);
    assert.ok(attachments.some(({ table }) => (table?.rows.length ?? 0) > 0));
    assert.ok(attachments.some(({ file }) => file?.file !== undefined));
    assert.ok(notes.some(({ blocks }) => blocks?.some(({ style }) => style === 'checklist') === true));
    const locked = list.items.filter(({ lock }) => lock !== undefined);
    assert.ok(locked.length > 0 && locked.every(({ lock }) => lock !== 'open'));
    for (const { id } of locked) {
      assert.equal(notes.find((note) => note.id === id)?.blocks, undefined);
    }
    const body = { password: 'certainly wrong' };
    const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/notes/unlock`, { method: 'POST', body });
    assert.deepEqual(await answer.json(), { open: 0, locked: locked.length });
    const right = await scene.owner.ask(`snapshots/${scene.snapshot}/notes/unlock`, {
      method: 'POST',
      body: { password: NOTE_PASSWORD },
    });
    assert.ok(((await right.json()) as { open: number }).open > 0);
    const opened = Notes.parse(await get('notes?limit=500')).items.filter(({ lock }) => lock === 'open');
    const readable = opened.map(async ({ id }) => Note.parse(await get(`notes/${encodeURIComponent(id)}`)));
    assert.ok((await Promise.all(readable)).every(({ blocks }) => blocks !== undefined));
    const links = notes
      .flatMap(({ blocks = [] }) => blocks.flatMap(({ spans }) => spans))
      .flatMap(({ link }) => link ?? []);
    assert.ok(links.every((link) => /^(https?:|mailto:|tel:)/i.test(link)));
  });

  test('a month of the calendar holds what repeats, by the clocks of who reads', async () => {
    const month = CalendarMonth.parse(await get('calendar?month=2026-11&timeZone=Europe/Berlin'));
    assert.ok(month.occurrences.length > 5 && month.occurrences.some(({ repeats }) => repeats));
    for (const { start, end } of month.occurrences) assert.ok(start < '2026-12' && (end ?? start) >= '2026-11-01');
    const [first] = month.occurrences;
    assert.ok(first !== undefined);
    await get(`calendar/events/${encodeURIComponent(first.event)}`);
    assert.equal(await status('calendar?month=2026-13'), 400);
    assert.equal(await status('calendar?month=2026-11&timeZone=Nowhere/Land'), 400);
    assert.equal(CalendarMonth.parse(await get('calendar?month=1999-01')).occurrences.length >= 0, true);
  });

  test('Safari, WhatsApp and Health', async () => {
    const visits = History.parse(await get('safari/history?limit=500'));
    assert.equal(visits.items.length, Math.min(500, visits.total));
    const later = History.parse(await get(`safari/history?limit=5&from=${visits.total - 2}`));
    assert.deepEqual(later.items, visits.items.slice(-2));
    assert.ok(Bookmarks.parse(await get('safari/bookmarks')).total > 0);
    assert.ok(Tabs.parse(await get('safari/tabs')).items.every(({ isPrivate }) => !isPrivate));
    const chats = WhatsAppChats.parse(await get('whatsapp/chats'));
    const [chat] = chats.items;
    const page = WhatsAppPage.parse(await get(`whatsapp/chats/${chat?.id ?? ''}?limit=200`));
    assert.equal(page.messages.length, chat?.messages);
    const health = HealthOverview.parse(await get('health'));
    const steps = health.types.find(({ name }) => name === 'StepCount');
    const days = HealthSeries.parse(await get(`health/types/${steps?.id ?? 0}?by=day&timeZone=UTC`));
    const months = HealthSeries.parse(await get(`health/types/${steps?.id ?? 0}?by=month&timeZone=UTC`));
    assert.ok(Math.abs(totalOf(days) - totalOf(months)) < 1 && totalOf(days) > 0);
    assert.equal(Workouts.parse(await get('health/workouts')).total, health.workouts);
  });
});

describe('hostile names', () => {
  test('are text in answers and harmless in headers', async () => {
    await using scene = await startBrowsingScene({
      encrypted: false,
      change: ({ disk }) => {
        disk.writeFile('HomeDomain', `Documents/${HOSTILE}.html`, Buffer.from('<script>alert(1)</script>'));
        disk.writeFile('HomeDomain', 'Documents/picture.svg', Buffer.from('<svg onload="alert(1)"/>'));
      },
    });
    const version = `snapshots/${scene.snapshot}`;
    const folder = (await scene.get(`${version}/files/folder?domain=HomeDomain&path=Documents`)) as {
      items: { name: string; file?: string }[];
    };
    assert.deepEqual(folder.items.map(({ name }) => name).toSorted(), [`${HOSTILE}.html`, 'picture.svg'].toSorted());
    for (const { file } of folder.items) {
      for (const form of ['original', 'view']) {
        const answer = await scene.owner.ask(`${version}/files/content/${file ?? ''}?as=${form}`);
        assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
        assert.match(
          answer.headers.get('content-disposition') ?? '',
          /^attachment; filename="[\w .()-]+"; filename\*=UTF-8''[\w%.~!-]+$/,
        );
        assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox;/);
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(answer.headers.get('cache-control'), 'private, no-store');
      }
    }
    for (const token of ['', 'A', '..', Buffer.from('HomeDomain\0../../etc/passwd').toString('base64url')]) {
      const answer = await scene.owner.ask(`${version}/files/content/${token}`);
      assert.ok([400, 404].includes(answer.status), token);
    }
  });
});

const totalOf = ({ points }: HealthSeries): number => points.reduce((sum, { value }) => sum + value, 0);
