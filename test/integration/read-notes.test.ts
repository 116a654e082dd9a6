import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { noteItems, openNotes, plainText, type Note, type NoteFile, type Notes } from '../../src/content/index.ts';
import { ExportFolder, takeOut } from '../../src/export/index.ts';
import { notesExport } from '../../src/export/notes/notes-export.ts';
import type { Backup } from '../../src/snapshot/index.ts';
import { LEGACY_NOTES } from '../../src/virtual-iphone/library/notes/legacy-notes.ts';
import { NOTE_PASSWORD } from '../../src/virtual-iphone/library/notes/note-lock.ts';
import { SHOWCASE } from '../../src/virtual-iphone/library/notes/notes-showcase.ts';
import { backUpLifelikePhone, type LifelikeBackup } from '../support/lifelike-backup.ts';

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
});

after(() => rm(directory, { recursive: true, force: true }));

for (const password of [undefined, 'Backup-Paßwort']) {
  describe(`notes of ${password === undefined ? 'a plain' : 'an encrypted'} backup`, () => {
    let lifelike: LifelikeBackup;
    let backup: Backup;
    let notes: Notes;
    let byKey: Map<string, Note>;

    before(async () => {
      const own = join(directory, password === undefined ? 'plain' : 'encrypted');
      lifelike = await backUpLifelikePhone(own, password === undefined ? {} : { password });
      backup = await lifelike.open();
      notes = await opened(backup, NOTE_PASSWORD);
      byKey = new Map((await Array.fromAsync(notes.notes())).map((note) => [note.key, note]));
    });

    after(() => {
      notes[Symbol.dispose]();
      backup[Symbol.dispose]();
    });

    const noteOf = (key: string): Note => byKey.get(key) ?? assert.fail(`no note ${key}`);

    test('are in their folders, with the trash apart and smart folders named', () => {
      assert.equal(notes.count(), byKey.size);
      assert.deepEqual(noteOf(SHOWCASE.formatting).folder?.path, ['Küche 🍲', 'Kuchen']);
      assert.deepEqual(
        notes.folders.filter(({ isSmart }) => isSmart).map(({ name }) => name),
        ['Reisen'],
      );
      assert.ok([...byKey.values()].some(({ isDeleted, folder }) => isDeleted && folder?.isTrash));
      assert.ok(
        [...byKey.values()].some(({ document, text }) => document !== undefined && text === ''),
        'a blank note',
      );
      assert.equal(noteOf(SHOWCASE.formatting).isPinned, true);
      assert.deepEqual(notes.notAvailable, []);
    });

    test('look as they were written', () => {
      const { document, attachments } = noteOf(SHOWCASE.formatting);
      const inline = attachments.map(({ identifier }) => identifier);
      assert.deepEqual(document?.paragraphs, [
        { style: 'title', indent: 0, spans: [{ text: 'Alles, was geht 🧑‍💻' }] },
        { style: 'heading', indent: 0, spans: [{ text: 'Überschrift' }] },
        { style: 'subheading', indent: 0, spans: [{ text: 'Unterüberschrift' }] },
        body(
          { bold: true, text: 'fett' },
          { text: ' ' },
          { italic: true, text: 'kursiv' },
          { text: ' ' },
          { bold: true, italic: true, text: 'beides' },
          { text: ' ' },
          { underlined: true, text: 'unterstrichen' },
          { text: ' ' },
          { struck: true, text: 'gestrichen' },
          { text: ' H' },
          { raised: 'subscript', text: '2' },
          { text: 'O m' },
          { raised: 'superscript', text: '2' },
        ),
        body(
          { highlight: 'purple', text: 'lila' },
          { highlight: 'pink', text: 'rosa' },
          { highlight: 'orange', text: 'orange' },
          { highlight: 'mint', text: 'minze' },
          { highlight: 'blue', text: 'blau' },
          { colour: '#FF4000', text: ' rot' },
        ),
        body({ text: 'Zeile eins\nZeile zwei, ' }, { link: 'https://example.org/?q=1&r=ü', text: 'ein Verweis' }),
        body(),
        { style: 'monospaced', indent: 0, spans: [{ text: 'let x = 1' }] },
        { style: 'monospaced', indent: 0, spans: [{ text: '  x += `y`' }] },
        { style: 'bulleted', indent: 0, spans: [{ text: 'Punkt' }] },
        { style: 'bulleted', indent: 1, spans: [{ text: 'Punkt darunter' }] },
        { style: 'dashed', indent: 0, spans: [{ text: 'Strich' }] },
        { style: 'numbered', indent: 0, startsAt: 3, spans: [{ text: 'drittens' }] },
        { style: 'numbered', indent: 0, spans: [{ text: 'viertens' }] },
        { style: 'checklist', indent: 0, checked: true, spans: [{ text: 'Milch' }] },
        { style: 'checklist', indent: 0, checked: false, spans: [{ text: 'Brot 🍞' }] },
        { style: 'checklist', indent: 1, checked: false, spans: [{ text: 'mit Körnern' }] },
        { style: 'body', indent: 0, quoted: true, spans: [{ text: 'Ein Zitat.' }] },
        { style: 'body', indent: 0, alignment: 'center', spans: [{ text: 'in der Mitte' }] },
        { style: 'body', indent: 0, alignment: 'right', spans: [{ text: 'rechts' }] },
        body(
          { object: inline[0], uti: 'com.apple.notes.inlinetextattachment.hashtag' },
          { text: ' mit ' },
          { object: inline[1], uti: 'com.apple.notes.inlinetextattachment.mention' },
          { text: ', siehe ' },
          { object: inline[2], uti: 'com.apple.notes.inlinetextattachment.link' },
          { text: ', 6 × 7 ' },
          { object: inline[3], uti: 'com.apple.notes.inlinetextattachment.calculateresult' },
        ),
      ]);
      assert.match(noteOf(SHOWCASE.formatting).text, /#Reise mit @Ada, siehe Tabellen, 6 × 7 = 42$/);
      assert.equal(attachments[2]?.target, `applenotes:note/${SHOWCASE.tables.toLowerCase()}`);
    });

    test('have their tables, without rows that were removed', () => {
      const [prices, arabic] = noteOf(SHOWCASE.tables).attachments.map(({ table }) => table);
      const cells = prices?.rows.map((row) => row.map((cell) => plainText(cell, new Map())));
      assert.deepEqual(cells, [
        ['Was', 'Preis'],
        ['A\u0308pfel | Birnen', '2,50 €'],
        ['Käse', ''],
      ]);
      assert.deepEqual(prices?.rows[0]?.[0]?.paragraphs[0]?.spans, [{ bold: true, text: 'Was' }]);
      assert.equal(arabic?.isRightToLeft, true);
      assert.match(noteOf(SHOWCASE.tables).text, /Was\tPreis\n/);
    });

    test('have their pictures, drawings, scans, recordings and cards', async () => {
      const { attachments } = noteOf(SHOWCASE.files);
      assert.deepEqual(
        attachments.map(({ kind, problem }) => problem ?? kind),
        ['image', 'image', 'drawing', 'gallery', 'scan', 'pdf', 'audio', 'video', 'link', 'map', 'contact', 'missing'],
      );
      const [photo, old, drawing, gallery, scan, pdf, audio, video, link, map, contact] = attachments;
      assert.match(photo?.file?.entry?.relativePath ?? '', /\/Media\/[^/]+\/1_[^/]+\/IMG_0815\.jpeg$/);
      assert.match(old?.file?.entry?.relativePath ?? '', /\/Media\/[^/]+\/Altes Bild\.jpg$/);
      assert.equal(drawing?.recognised, 'von Hand');
      assert.match(drawing?.picture?.entry?.relativePath ?? '', /FallbackImages/);
      assert.deepEqual(
        gallery?.parts.map(({ file }) => file?.name),
        ['Seite 1.jpg', 'Seite 2.jpg'],
      );
      assert.match(scan?.pages?.entry?.relativePath ?? '', /FallbackPDFs/);
      assert.match(scan?.picture?.entry?.relativePath ?? '', /Previews/);
      assert.equal((await contentOf(notes, pdf?.file)).subarray(0, 5).toString(), '%PDF-');
      assert.deepEqual(
        audio?.transcript?.turns.map(({ text }) => text),
        ['Guten Tag, hier ist Ada.', 'Bis morgen.'],
      );
      assert.equal(audio?.transcript?.preview, 'Ada meldet sich');
      assert.equal(video?.file?.state, 'not-in-backup');
      assert.equal(link?.target, 'https://example.org/kuchen?a=1&b=2');
      assert.deepEqual(map?.place, { latitude: 47.66, longitude: 9.18 });
      assert.equal((await contentOf(notes, contact?.file)).toString().split('\r\n')[2], 'FN:Bo');
    });

    test('open with the password of the notes, in each way they were locked', async () => {
      const note = noteOf(SHOWCASE.locked);
      assert.equal(note.lock?.state, 'open');
      const [table, photo, drawing, link] = note.attachments;
      assert.match(note.text, /^Geheimfach\nDer Schlüssel liegt unter dem Topf\.\nPIN\t1234\n/);
      assert.equal(table?.table?.columns, 2);
      assert.equal(photo?.file?.name, 'Topf.jpg');
      for (const file of [photo?.file, drawing?.picture]) {
        assert.equal((await contentOf(notes, file)).readUInt16BE(0), 0xffd8);
      }
      assert.equal(link?.target, 'https://bank.example');
      assert.match(noteOf(SHOWCASE.lockedByRecord).text, /Nur im Datensatz steht der Schlüssel\.$/);
      assert.match(noteOf(SHOWCASE.lockedArchive).text, /Seit iOS 17 liegt alles beisammen\.$/);
      assert.equal(noteOf(SHOWCASE.lockedByPasscode).lock?.state, 'device-passcode');
      assert.equal(noteOf(SHOWCASE.lockedByPasscode).document, undefined);
    });

    test('stay closed without it, and say so', async () => {
      for (const [wrong, state] of [
        [undefined, 'no-password'],
        ['falsch', 'wrong-password'],
      ] as const) {
        using closed = await opened(backup, wrong);
        const locked = (await Array.fromAsync(closed.notes())).filter(({ lock }) => lock !== undefined);
        const states = new Set(locked.map(({ lock }) => lock?.state));
        assert.deepEqual(states, new Set([state, 'device-passcode']));
        assert.ok(locked.every(({ text, document }) => text === '' && document === undefined));
        const files = locked.flatMap(({ attachments }) => attachments.map(({ file }) => file?.state));
        assert.ok(files.includes('locked'));
      }
    });

    test('of mail accounts are text of what they were, and nothing that runs', () => {
      const [mail, evil, gone] = LEGACY_NOTES.map(({ guid }) => noteOf(guid));
      assert.equal(mail?.text, 'Aus der Post\nWichtig & eilig\n\nEins\nZwei <3\nmehr');
      assert.equal(mail?.account?.name, 'Web.de');
      assert.equal(evil?.text, 'Böse\nharmlos\nklick');
      assert.equal(gone?.isDeleted, true);
    });

    test('are found by what is in their pictures and recordings', async () => {
      const items = await Array.fromAsync(noteItems(notes));
      const item = items.find(({ key }) => key === SHOWCASE.files);
      for (const words of ['Paragraph eins', 'von Hand', 'Guten Tag, hier ist Ada.', 'Bilder und Dateien']) {
        assert.ok(item?.text.includes(words), words);
      }
      assert.equal(items.length, byKey.size);
    });

    test('come out as pages that hold nothing that runs', async () => {
      const dir = join(lifelike.dir, '..', 'html');
      const files = await takenOut(backup, dir, 'html');
      const pages = files.filter((name) => name.endsWith('.html') && !name.includes('böse'));
      assert.ok(pages.length > 15);
      for (const name of pages) {
        const page = await readFile(join(dir, name), 'utf8');
        assert.doesNotMatch(page, /<script|<iframe|<object|<[^>]*\son\w+=|(?:href|src)="(?:javascript|data):/i, name);
        for (const [, address = ''] of page.matchAll(/(?:href|src|poster)="([^"#:]+)(?:#[^"]*)?"/g)) {
          assert.ok(existsSync(join(dir, name, '..', decodeURIComponent(address))), `${name} leads to ${address}`);
        }
      }
    });

    test('come out as Markdown and as data', async () => {
      const dir = join(lifelike.dir, '..', 'markdown');
      const files = await takenOut(backup, dir, 'markdown');
      const text = await readFile(
        join(dir, files.find((name) => name.endsWith('Alles, was geht 🧑‍💻.md')) ?? ''),
        'utf8',
      );
      assert.match(text, /^---\ntitle: "Alles, was geht 🧑‍💻"\n/);
      assert.match(text, /\n- \[x\] Milch\n- \[ \] Brot 🍞\n {2}- \[ \] mit Körnern\n/);
      const hostile = await readFile(join(dir, files.find((name) => name.endsWith('passwd.md')) ?? ''), 'utf8');
      assert.doesNotMatch(hostile, /(?<!\\)<(?:script|img)|\]\(<?javascript/);

      await takenOut(backup, join(lifelike.dir, '..', 'json'), 'json');
      const data: { id: string; text: string }[] = JSON.parse(
        await readFile(join(lifelike.dir, '..', 'json', 'Notes.json'), 'utf8'),
      );
      assert.deepEqual(
        data.map(({ id, text: words }) => [id, words]),
        [...byKey.values()].map((note) => [note.key, note.document === undefined ? null : note.text]),
      );
      const table = await takenOut(backup, join(lifelike.dir, '..', 'csv'), 'csv');
      assert.match(await readFile(join(lifelike.dir, '..', 'csv', table[0] ?? ''), 'utf8'), /\n"?'=cmd\|x/);
    });
  });
}

const body = (...spans: object[]): object => ({ style: 'body', indent: 0, spans });

async function opened(backup: Backup, password?: string): Promise<Notes> {
  const notes = await openNotes(backup, { password });
  assert.ok(notes !== undefined);
  return notes;
}

async function contentOf(notes: Notes, file: NoteFile | undefined): Promise<Buffer> {
  assert.ok(file !== undefined && file.state === 'in-backup');
  const chunks: Buffer[] = [];
  for await (const chunk of notes.chunks(file)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Takes everything out in a format. @returns the files, relative. */
async function takenOut(backup: Backup, dir: string, format: string): Promise<string[]> {
  const folder = await ExportFolder.create(dir);
  const [taken] = await takeOut({
    backup,
    kinds: [notesExport],
    format,
    folder,
    timeZone: 'Europe/Berlin',
    signal: new AbortController().signal,
    options: { notePassword: NOTE_PASSWORD, deleted: true },
  });
  assert.equal(taken?.result.state, 'done');
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((name) => !name.startsWith('.'));
}
