import { encodeBinaryPlist, encodeXmlPlist, PlistReal, type PlistDictionary } from '../../formats/index.ts';
import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { appsOf } from './apps.ts';
import type { Library } from './library.ts';
import type { Random } from './random.ts';

const FOLDER = 'Library/Preferences';

/** Settings of iOS and its apps: property lists, binary as iOS writes them, one in XML as some of its tools do. */
export function fillPreferences(library: Library, seed: number): void {
  const { disk, now, people } = library;
  const random = library.random('preferences');
  const write = (name: string, values: PlistDictionary): void => {
    disk.writeFile('HomeDomain', `${FOLDER}/${name}.plist`, encodeBinaryPlist(values), { modifiedAt: now });
  };
  write('com.apple.Preferences', { AppleLanguages: ['de-DE', 'en-DE', 'ja-DE'], lastVersion: '18.5', badge: 1 });
  write('.GlobalPreferences', {
    AppleLocale: 'de_DE',
    AppleLanguages: ['de-DE'],
    AppleKeyboards: ['de_DE@sw=QWERTZ', 'emoji@sw=Emoji'],
  });
  write('com.apple.mobiletimerd', { MTAlarms: alarms(random, now), MTTimers: { MTTimers: [timer(random, now)] } });
  write('com.apple.MobileSMS', { SSKeepMessages: 0, KeepMessagesVersionID: 2 });
  write('com.apple.cmfsyncagent', {
    __kCMFBlockListStoreTopLevelKey: {
      __kCMFBlockListStoreArrayKey: [
        ...people.slice(-2).map(({ phone, country }) => ({
          __kCMFItemTypeKey: 0,
          __kCMFItemPhoneNumberUnformattedKey: phone,
          __kCMFItemPhoneNumberCountryCodeKey: country,
          __kCMFItemVersionKey: 1,
        })),
        { __kCMFItemTypeKey: 1, __kCMFItemEmailUnformattedKey: 'lästig@example.com', __kCMFItemVersionKey: 1 },
      ],
    },
  });
  write('com.apple.mobile.ldbackup', {
    CloudBackupEnabled: true,
    LastCloudBackupDate: new PlistReal(cocoaSeconds(daysBefore(now, 2))),
    LastCloudBackupTZ: 'GMT+1',
  });
  write('com.apple.madrid', { LocalDBStats: { recoverableMessages: 1 }, EnabledBefore: true });
  write('com.apple.ScreenTimeAgent', { ScreenTimeEnabled: false });
  disk.writeFile('HomeDomain', 'Library/SpringBoard/IconState.plist', encodeBinaryPlist(iconState(seed, library)), {
    modifiedAt: now,
  });
  const xml = encodeXmlPlist({ LastRun: now, Note: 'geschrieben von Hand & für Menschen' });
  disk.writeFile('RootDomain', `${FOLDER}/com.apple.MobileBackup.plist`, xml, {
    modifiedAt: now,
    uid: 0,
    gid: 0,
    mode: 0o600,
  });
  disk.writeFile(
    'WirelessDomain',
    `${FOLDER}/com.apple.commcenter.plist`,
    encodeBinaryPlist({ ReportedPhoneNumber: library.owner.phone }),
    {
      modifiedAt: now,
      uid: 25,
      gid: 25,
    },
  );
  disk.writeFile('HomeKitDomain', 'Library/homed/datastore.sqlite', Buffer.alloc(0), { modifiedAt: now });
  disk.writeFile(
    'SystemPreferencesDomain',
    'com.apple.wifi.known-networks.plist',
    encodeBinaryPlist(networks(random, now)),
    {
      modifiedAt: now,
      uid: 0,
      gid: 0,
    },
  );
  const sharedContainer = encodeBinaryPlist({ version: 3, identifier: random.uuid() });
  disk.writeFile(
    'SysContainerDomain-com.apple.accessibility.AccessibilityUIServer',
    `${FOLDER}/state.plist`,
    sharedContainer,
    { modifiedAt: now },
  );
  disk.writeFile(
    'SysSharedContainerDomain-systemgroup.com.apple.mobile.installationhelperlogs',
    'Library/.keep',
    Buffer.alloc(0),
    { modifiedAt: now },
  );
}

/** The phone was on for a day: counters and dates move on. */
export function changePreferences(library: Library): void {
  const { disk, now } = library;
  const random = library.random('preferences');
  const name = random.pick(['com.apple.Preferences', 'com.apple.springboard', 'com.apple.Maps', 'com.apple.weather']);
  const values = { lastUse: now, count: random.below(10_000) };
  disk.writeFile('HomeDomain', `${FOLDER}/${name}.plist`, encodeBinaryPlist(values), { modifiedAt: now });
}

function alarms(random: Random, now: Date): PlistDictionary {
  const alarm = (
    hour: number,
    minute: number,
    repeat: number,
    title: string,
    more: PlistDictionary = {},
  ): PlistDictionary => ({
    $MTAlarm: {
      MTAlarmHour: hour,
      MTAlarmMinute: minute,
      // One bit a day, Monday first.
      MTAlarmRepeatSchedule: repeat,
      MTAlarmTitle: title,
      MTAlarmEnabled: random.chance(0.6),
      MTAlarmAllowsSnooze: true,
      MTAlarmID: random.uuid(),
      MTAlarmIsSleep: false,
      MTAlarmLastModifiedDate: daysBefore(now, 5),
      MTAlarmSound: { $MTSound: { MTSoundToneID: 'system:Radial', MTSoundType: 2 } },
      ...more,
    },
  });
  const sleep = { MTAlarmIsSleep: true, MTAlarmEnabled: true, MTAlarmBedtimeHour: 22, MTAlarmBedtimeMinute: 45 };
  const song = { MTAlarmSound: { $MTSound: { MTSoundMediaItemID: 8_123_456_789_012, MTSoundType: 1 } } };
  return {
    MTAlarms: [
      alarm(6, 30, 0b0011111, 'Aufstehen'),
      alarm(9, 15, 0b1100000, '', song),
      alarm(22, 0, 0, 'ベランダの水やり'),
    ],
    MTSleepAlarms: [alarm(6, 45, 0b1111111, '', sleep)],
  };
}

function timer(random: Random, now: Date): PlistDictionary {
  const sound = { $MTSound: { MTSoundToneID: 'system:Stargaze', MTSoundType: 2 } };
  const times = { MTTimerDuration: new PlistReal(510), MTTimerLastModifiedDate: daysBefore(now, 1) };
  return { $MTTimer: { MTTimerID: random.uuid(), MTTimerTitle: 'Frühstücksei', MTTimerSound: sound, ...times } };
}

/** The home screen: a dock, two pages with icons, a folder, widgets and a web page. */
function iconState(seed: number, { amounts }: Library): PlistDictionary {
  const [first = '', ...others] = appsOf(seed, amounts.apps).map(({ bundleId }) => bundleId);
  const folder = {
    displayName: 'Spiele & Spaß',
    listType: 'folder',
    iconLists: [others.slice(0, 2), others.slice(2, 3)],
  };
  const weather = {
    iconType: 'custom',
    gridSize: 'medium',
    elements: [widget('com.apple.weather', 'com.apple.weather.today')],
  };
  const stack = {
    iconType: 'custom',
    gridSize: 'small',
    elements: [widget('com.apple.mobilecal', 'upNext'), widget('com.apple.reminders', 'list')],
  };
  const webPage = { displayName: 'Fahrplan', bundleIdentifier: 'com.apple.webapp-0F1E2D3C4B5A69788796A5B4C3D2E1F0' };
  return {
    buttonBar: ['com.apple.mobilephone', 'com.apple.mobilesafari', 'com.apple.MobileSMS', first],
    iconLists: [
      [weather, 'com.apple.camera', 'com.apple.mobilenotes', folder, ...others.slice(3)],
      [stack, 'com.apple.Preferences', webPage, 'com.apple.mobiletimer'],
    ],
    today: [widget('com.apple.shortcuts', 'shortcuts')],
  };
}

const widget = (bundleId: string, kind: string): PlistDictionary => ({
  elementType: 'widget',
  containerBundleIdentifier: bundleId,
  widgetIdentifier: kind,
  uniqueIdentifier: `${bundleId}:${kind}`,
});

function networks(random: Random, now: Date): PlistDictionary {
  const entries = ['Zuhause 5 GHz', 'Büro-Gäste', 'ホテル桜', 'iPhone de Zoé'].map(
    (name): [string, PlistDictionary] => [
      `wifi.network.ssid.${name}`,
      {
        SSID: Buffer.from(name),
        AddedAt: daysBefore(now, random.between(30, 700)),
        JoinedByUserAt: daysBefore(now, random.between(1, 29)),
        Hidden: false,
        SupportedSecurityTypes: 'WPA2/WPA3 Personal',
        CaptiveProfile: { CaptiveNetwork: name.startsWith('ホ') },
        BSSList: [{ BSSID: `02:00:5e:${random.between(10, 99)}:${random.between(10, 99)}:01`, Channel: 36 }],
      },
    ],
  );
  return Object.fromEntries(entries);
}
