import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, property, string } from 'fast-check';
import type { Photo } from '../../content/index.ts';
import { foldersFor, StemNames } from './photo-folders.ts';
import { xmpSidecar } from './xmp.ts';

const PHOTO: Photo = {
  key: 'U',
  kind: 'photo',
  traits: [],
  origin: 'library',
  originalName: 'IMG_1.HEIC',
  fileName: 'IMG_1.HEIC',
  takenAt: new Date('2026-01-01T03:30:00Z'),
  utcOffsetSeconds: -18_000,
  timeZone: undefined,
  addedAt: undefined,
  modifiedAt: undefined,
  position: { latitude: -33.5, longitude: 151.25, accuracyM: 5 },
  address: undefined,
  title: undefined,
  caption: undefined,
  keywords: undefined,
  people: undefined,
  isFavorite: true,
  isHidden: undefined,
  isDeleted: undefined,
  deletedAt: undefined,
  isEdited: undefined,
  widthPx: undefined,
  heightPx: undefined,
  durationSeconds: undefined,
  sizeBytes: undefined,
  contentType: undefined,
  camera: undefined,
  burst: undefined,
  albums: [],
  state: 'in-backup',
  resources: [],
};

describe('an XMP sidecar', () => {
  test('says when, where and how much it was liked', () => {
    const text = xmpSidecar(PHOTO, 'Europe/Berlin');
    assert.match(text, /<exif:DateTimeOriginal>2025-12-31T22:30:00-05:00</);
    assert.match(text, /<exif:GPSLatitude>33,30\.000000S</);
    assert.match(text, /<exif:GPSLongitude>151,15\.000000E</);
    assert.match(text, /<xmp:Rating>5</);
  });

  test('is well formed, whatever was written about the photo', () => {
    const words = string({ unit: 'binary', maxLength: 40 });
    check(
      property(words, array(words, { maxLength: 3 }), (title, keywords) => {
        assertWellFormed(xmpSidecar({ ...PHOTO, title, caption: title, keywords, people: keywords }, 'UTC'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('where a photo goes', () => {
  const album = { id: 'A', kind: 'album', createdAt: null, owner: null, isDeleted: false, count: 1 } as const;
  const trip = { ...album, title: 'Rom', folders: ['Reisen'] };
  const other = { ...album, title: null, folders: [] };
  const rules = { layout: 'album', timeZone: 'Europe/Berlin' } as const;

  test('is said by the clock where it was taken', () => {
    assert.deepEqual(foldersFor(PHOTO, true, { ...rules, layout: 'date' }), [['2025', '2025-12']]);
    const { utcOffsetSeconds: _unknown, ...withoutOffset } = PHOTO;
    const photo = { ...withoutOffset, utcOffsetSeconds: undefined };
    assert.deepEqual(foldersFor(photo, true, { ...rules, layout: 'date' }), [['2026', '2026-01']]);
    assert.deepEqual(foldersFor({ ...PHOTO, takenAt: null }, true, { ...rules, layout: 'date' }), [['Undated']]);
  });

  test('is every album it is in, and a place of its own for what was hidden or thrown away', () => {
    const inTwo = { ...PHOTO, albums: [trip, other] };
    assert.deepEqual(foldersFor(inTwo, true, rules), [['Reisen', 'Rom'], ['Untitled album']]);
    assert.deepEqual(foldersFor({ ...inTwo, isHidden: true }, true, rules), [['Hidden', '2025', '2025-12']]);
    assert.deepEqual(foldersFor({ ...inTwo, isDeleted: true }, true, rules)[0]?.[0], 'Recently Deleted');
    assert.deepEqual(foldersFor(inTwo, false, rules)[0]?.[0], 'Not in the photo library');
  });

  test('is never the place of another, though names differ only in case or form', () => {
    const names = new StemNames();
    const stems = ['IMG_1.HEIC', 'img_1.jpg', 'Ö.jpg', 'O\u0308.jpg', '../x.jpg', '..:x.jpg'].map((name) =>
      names.claim(['2026'], name),
    );
    assert.equal(new Set(stems.map((stem) => stem.normalize('NFC').toUpperCase())).size, stems.length);
    assert.ok(stems.every((stem) => !/[/\\:]/.test(stem)));
    assert.equal(names.claim(['2025'], 'IMG_1.HEIC'), 'IMG_1');
  });
});

/** Every tag is closed in the order it was opened, and nothing else looks like a tag or an entity. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/<\?[^?]*\?>/g, '')
    .replace(/<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*>/g, (_, slash, name) => {
      if (slash === '') open.push(String(name));
      else assert.equal(open.pop(), name);
      return '';
    });
  assert.deepEqual(open, []);
  // oxlint-disable-next-line no-control-regex -- what XML cannot hold
  assert.doesNotMatch(rest, /[<\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|&(?!(?:amp|lt|gt|quot|#13);)/);
}
