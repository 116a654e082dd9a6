import { encodeBinaryPlist } from '../../formats/index.ts';
import { APPS_SETTING, type InstalledApp } from '../apps.ts';
import { daysBefore } from './apple-time.ts';
import type { Library } from './library.ts';
import { Random } from './random.ts';
import { slug, title } from './texts.ts';

/** Invented apps: bundle id, name, whether computers may see the documents, the extensions it brings. */
const KNOWN: readonly (readonly [
  bundleId: string,
  name: string,
  fileSharing: boolean,
  extensions: readonly string[],
])[] = [
  ['org.example.fernweh', 'Fernweh', false, []],
  ['com.example.papermill', 'Papermill', true, ['com.example.papermill.share']],
  ['com.example.kettle-timer', 'Kettle Timer', false, ['com.example.kettle-timer.widget']],
  ['net.example.scoreboard', 'Scoreboard – Live', false, []],
  ['org.example.birdsong', 'Vogelstimmen & Gesänge', true, []],
  ['com.example.bank.mobile', 'Example Bank', false, ['com.example.bank.mobile.notification']],
  ['com.example.puzzle.nonogram', 'ノノグラム', false, []],
  ['org.example.transit', 'Öffi-Planer', false, ['org.example.transit.widget']],
  ['com.example.cookbook', 'Cook “Book”', true, []],
  ['io.example.podcatcher', 'Podcatcher 🎧', true, []],
];

/**
 * The apps a phone of this seed has installed, beside those of iOS. Pure.
 *
 * @param count up to ten have names of their own; more get theirs from the seed.
 */
export function appsOf(seed: number, count = KNOWN.length): InstalledApp[] {
  const random = new Random(seed, 'apps');
  const known = KNOWN.slice(0, count).map(([bundleId, name, fileSharing]) => ({ bundleId, name, fileSharing }));
  const more = Array.from({ length: Math.max(0, count - KNOWN.length) }, (_, i) => ({
    bundleId: `com.example.${slug(random)}${i}`,
    name: title(random),
    fileSharing: random.chance(0.2),
  }));
  return [...known, ...more].map((app) => ({
    ...app,
    version: `${random.between(1, 12)}.${random.below(20)}.${random.below(9)}`,
    build: String(random.between(100, 99_999)),
  }));
}

/** Containers of the installed apps, of what they bring, and what Apple's own apps keep; writes the list of apps down. */
export function fillApps(library: Library, seed: number): void {
  const { disk, now, amounts } = library;
  const apps = appsOf(seed, amounts.apps);
  disk.settings.set(APPS_SETTING, apps);
  for (const app of apps) {
    const random = library.random(`app ${app.bundleId}`);
    const domain = `AppDomain-${app.bundleId}`;
    const installed = daysBefore(now, random.between(30, 900));
    const times = () => ({ bornAt: installed, modifiedAt: random.moment(installed, now) });
    for (const directory of ['Documents', 'Library/Preferences', 'Library/Caches', 'Library/Cookies', 'tmp']) {
      disk.makeDirectory(domain, directory, { modifiedAt: installed });
    }
    disk.writeFile(domain, `Library/Preferences/${app.bundleId}.plist`, preferences(random, app, now), times());
    disk.writeFile(domain, 'Library/Cookies/Cookies.binarycookies', cookies(), times());
    for (let i = 0; i < amounts.filesPerApp; i++) {
      const folder = random.pick([
        'Documents',
        'Library/Application Support/store',
        'Documents/Saved',
        'Library/Caches/web',
      ]);
      const extension = random.pick(['json', 'dat', 'bin', 'plist', 'txt']);
      const path = `${folder}/${slug(random)}-${i}.${extension}`;
      disk.writeFile(domain, path, appFile(random, extension), times());
    }
  }
  for (const extension of KNOWN.slice(0, amounts.apps).flatMap(([, , , extensions]) => extensions)) {
    const settings = encodeBinaryPlist({ lastRefresh: now, family: 'small' });
    disk.writeFile(`AppDomainPlugin-${extension}`, `Library/Preferences/${extension}.plist`, settings, {
      modifiedAt: now,
    });
  }
  const shared = encodeBinaryPlist({ WidgetKind: 'timer', LastUsed: now });
  disk.writeFile('AppDomainGroup-group.com.example.kettle', 'Library/Preferences/group.plist', shared, {
    modifiedAt: now,
  });
}

/** A day's use of some app: one of its settings and one document change. */
export function changeApps(library: Library): void {
  const { disk, now } = library;
  const random = library.random('apps');
  const domains = disk.domains().filter((domain) => domain.startsWith('AppDomain-com.example.'));
  for (const domain of random.some(domains, 2)) {
    const bundleId = domain.slice('AppDomain-'.length);
    const settings = encodeBinaryPlist({ launches: random.below(5000), lastLaunch: now });
    disk.writeFile(domain, `Library/Preferences/${bundleId}.plist`, settings, { modifiedAt: now });
    disk.writeFile(domain, `Documents/${slug(random)}.txt`, appFile(random, 'txt'), { modifiedAt: now });
  }
}

function preferences(random: Random, app: InstalledApp, now: Date): Buffer {
  return encodeBinaryPlist({
    CFBundleShortVersionString: app.version,
    firstLaunch: daysBefore(now, random.between(30, 900)),
    launches: random.below(4000),
    onboardingDone: true,
    volume: 0.5 + random.below(50) / 100,
    recent: [title(random), title(random)],
  });
}

/** An empty cookie store: magic, no pages, checksum and footer. */
function cookies(): Buffer {
  return Buffer.from('636f6f6b00000000000000000717200500000000', 'hex');
}

function appFile(random: Random, extension: string): Buffer {
  switch (extension) {
    case 'json':
      return Buffer.from(
        `${JSON.stringify({ id: random.uuid(), title: title(random), values: [...random.bytes(24)] }, null, 2)}\n`,
      );
    case 'txt':
      return Buffer.from(Array.from({ length: random.between(3, 60) }, () => title(random)).join('\n'));
    case 'plist':
      return encodeBinaryPlist({
        identifier: random.uuid(),
        name: title(random),
        data: random.bytes(random.between(8, 400)),
      });
    default:
      return random.bytes(random.between(64, 12_000));
  }
}
