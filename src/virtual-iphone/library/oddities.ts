import { encodeBinaryPlist } from '../../formats/index.ts';
import type { Library } from './library.ts';

const FILES_DOMAIN = 'AppDomainGroup-group.com.apple.FileProvider.LocalStorage';
const FILES = 'File Provider Storage';
const ICLOUD = 'Library/Mobile Documents/com~apple~CloudDocs';

/** What a file system allows and programs forget: names of every kind, nothing in files, links, depth, attributes. */
export function fillOddities(library: Library): void {
  const { disk, now } = library;
  const random = library.random('oddities');
  const at = { modifiedAt: now };
  const names = [
    'Über Öl.txt',
    'U\u0308ber O\u0308l (zerlegt).txt',
    '日本語のファイル名.txt',
    'ملف.txt',
    '👩🏽‍🚀 emoji.txt',
    'name with  two spaces.txt',
    ' leading space.txt',
    'trailing dot..txt',
    "it's \"quoted\" 'twice'.txt",
    'semi;colon & ampersand %41 #hash.txt',
    'star*question?bar|less<greater>.txt',
    'colon:in:name.txt',
    'back\\slash.txt',
    'tab\tin name.txt',
    'CON.txt',
    'case.txt',
    'Case.TXT',
    '-leading-dash.txt',
    '.hidden',
    `${'long '.repeat(49)}.txt`,
  ];
  for (const name of names) disk.writeFile(FILES_DOMAIN, `${FILES}/${name}`, Buffer.from(`${name}\n`), at);
  disk.writeFile(FILES_DOMAIN, `${FILES}/empty`, Buffer.alloc(0), at);
  disk.writeFile(FILES_DOMAIN, `${FILES}/one block`, random.bytes(16), at);
  disk.writeFile(FILES_DOMAIN, `${FILES}/one page`, random.bytes(4096), at);
  disk.makeDirectory(FILES_DOMAIN, `${FILES}/empty folder`, at);
  disk.makeDirectory(FILES_DOMAIN, `${FILES}/.Trash`, { ...at, mode: 0o700 });
  const deep = Array.from({ length: 24 }, (_, depth) => `Ebene ${depth + 1}`).join('/');
  disk.writeFile(FILES_DOMAIN, `${FILES}/${deep}/ganz unten.txt`, Buffer.from('unten\n'), at);
  disk.makeSymlink('HomeDomain', 'Library/Caches/com.apple.link', '../Preferences/.GlobalPreferences.plist', at);
  disk.makeSymlink('HomeDomain', `${ICLOUD}/Verknüpfung`, '/var/mobile/Library/Mobile Documents/nirgends', at);
  disk.makeSymlink('DatabaseDomain', 'timezone/localtime', '/var/db/timezone/zoneinfo/Europe/Berlin', {
    ...at,
    uid: 0,
    gid: 0,
  });
  disk.writeFile('HomeDomain', `${ICLOUD}/Notizen.md`, Buffer.from('# Überschrift\n\n- eins\n- zwei\n'), {
    ...at,
    extendedAttributes: {
      'com.apple.metadata:kMDItemWhereFroms': encodeBinaryPlist(['https://example.org/notizen']),
      'com.apple.lastuseddate#PS': random.bytes(16),
      'org.example.empty': Buffer.alloc(0),
    },
  });
  disk.writeFile('KeyboardDomain', 'Library/Keyboard/de-dynamic.lm', random.bytes(9000), { ...at, protectionClass: 1 });
  disk.writeFile('TonesDomain', 'Media/Purchases/ringtone.m4r', random.bytes(30_000), at);
  disk.writeFile('BooksDomain', 'Media/Books/Purchases/Purchases.plist', encodeBinaryPlist({ Books: [] }), at);
  disk.writeSynthetic(
    'MediaDomain',
    'Media/Recordings/Concert (live).caf',
    { seed: random.word(), sizeBytes: 2_500_000 },
    at,
  );
}
