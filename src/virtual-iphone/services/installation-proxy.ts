import { createHash } from 'node:crypto';
import { arrayAt, dictionaryAt, encodeXmlPlist, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { containerUuid, installedApps, type InstalledApp } from '../apps.ts';
import type { PhoneContext } from '../context.ts';
import { servePlists, type PlistServiceReply } from './plist-service.ts';
import type { Service } from './service.ts';

const NAME = 'com.apple.mobile.installation_proxy';
/** How many apps an iPhone puts into one message. */
const APPS_PER_MESSAGE = 20;

/** com.apple.mobile.installation_proxy: what is installed. */
export const installationProxy: Service = {
  serve: (stream, context) =>
    servePlists(stream, context, {
      name: NAME,
      command: (request) => stringAt(request, 'Command') ?? '',
      answer: (request) => answer(request, context),
      errorReply: (code) => ({ Error: code, ErrorDescription: code }),
    }),
};

function answer(request: PlistDictionary, context: PhoneContext): PlistServiceReply {
  const command = stringAt(request, 'Command') ?? '';
  switch (command) {
    case 'Browse':
      return { replies: browse(dictionaryAt(request, 'ClientOptions'), context) };
    case 'Lookup':
      return { replies: [lookup(dictionaryAt(request, 'ClientOptions'), context)] };
    case 'LookupArchives':
      return { replies: [{ Status: 'Complete', LookupResult: {} }] };
    default:
      return { replies: [{ Error: 'APIInternalError', ErrorDescription: `“${command}” is not supported` }] };
  }
}

function browse(options: PlistDictionary | undefined, context: PhoneContext): PlistDictionary[] {
  const wanted = attributesOf(options);
  const apps = selected(options, context).map((app) => describe(app, context, wanted));
  const messages: PlistDictionary[] = [];
  for (let index = 0; index < apps.length; index += APPS_PER_MESSAGE) {
    const page = apps.slice(index, index + APPS_PER_MESSAGE);
    messages.push({
      Status: 'BrowsingApplications',
      CurrentIndex: index,
      CurrentAmount: page.length,
      Total: apps.length,
      CurrentList: page,
    });
  }
  return [...messages, { Status: 'Complete' }];
}

function lookup(options: PlistDictionary | undefined, context: PhoneContext): PlistDictionary {
  const wanted = attributesOf(options);
  const ids = arrayAt(options, 'BundleIDs');
  const apps = selected(options, context).filter((app) => ids === undefined || ids.includes(app.bundleId));
  const results = apps.map((app) => [app.bundleId, describe(app, context, wanted)] as const);
  return { Status: 'Complete', LookupResult: Object.fromEntries(results) };
}

/** All apps here are the person's own; asked for system apps only, there are none. */
function selected(options: PlistDictionary | undefined, context: PhoneContext): InstalledApp[] {
  return stringAt(options, 'ApplicationType') === 'System' ? [] : installedApps(context);
}

function attributesOf(options: PlistDictionary | undefined): string[] | undefined {
  return arrayAt(options, 'ReturnAttributes')?.filter((name) => typeof name === 'string');
}

/** @param wanted the attributes to tell; all when there are none. */
function describe(app: InstalledApp, context: PhoneContext, wanted: readonly string[] = []): PlistDictionary {
  const all: PlistDictionary = attributesFrom(app);
  // Costs a walk through the app's files.
  if (wanted.includes('DynamicDiskUsage')) all['DynamicDiskUsage'] = sizeOf(app, context.disk);
  if (wanted.length === 0) return all;
  return Object.fromEntries(Object.entries(all).filter(([key]) => wanted.includes(key)));
}

function attributesFrom(app: InstalledApp): PlistDictionary {
  const bundle = `/private/var/containers/Bundle/Application/${containerUuid(`bundle/${app.bundleId}`)}`;
  const executable = app.bundleId.slice(app.bundleId.lastIndexOf('.') + 1);
  return {
    ApplicationDSID: 0,
    ApplicationType: 'User',
    CFBundleDisplayName: app.name,
    CFBundleExecutable: executable,
    CFBundleIdentifier: app.bundleId,
    CFBundleName: app.name,
    CFBundleShortVersionString: app.version,
    CFBundleVersion: app.build,
    Container: `/private/var/mobile/Containers/Data/Application/${containerUuid(`data/${app.bundleId}`)}`,
    IsAppClip: false,
    MinimumOSVersion: '15.0',
    Path: `${bundle}/${executable}.app`,
    StaticDiskUsage: 40_000_000,
    UIFileSharingEnabled: app.fileSharing,
    iTunesMetadata: itunesMetadata(app),
  };
}

function sizeOf({ bundleId }: InstalledApp, disk: PhoneContext['disk']): number {
  let sizeBytes = 0;
  for (const file of disk.below(`AppDomain-${bundleId}`)) sizeBytes += file.sizeBytes;
  return sizeBytes;
}

/** The property list in which the App Store says where an app comes from; opaque data to a computer. */
function itunesMetadata(app: InstalledApp): Buffer {
  const itemId = Number.parseInt(createHash('sha256').update(app.bundleId).digest('hex').slice(0, 7), 16);
  return encodeXmlPlist({
    itemId,
    itemName: app.name,
    artistName: 'Example Software GmbH',
    bundleShortVersionString: app.version,
    softwareVersionBundleId: app.bundleId,
  });
}
