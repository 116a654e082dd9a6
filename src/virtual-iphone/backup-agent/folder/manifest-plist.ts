import { asDictionary, booleanAt, bytesAt, encodeBinaryPlist, type PlistDictionary } from '../../../formats/index.ts';
import { containerUuid, installedApps } from '../../apps.ts';
import type { PhoneContext } from '../../context.ts';
import { plistIn } from './status-plist.ts';
import type { Layout } from './layout.ts';

/** What decides whether a backup can be continued or read, of Manifest.plist. */
export interface ManifestFacts {
  readonly isEncrypted: boolean;
  readonly keybag: Buffer | undefined;
  /** Wrapped, 44 bytes. */
  readonly manifestKey: Buffer | undefined;
}

export interface ManifestContent {
  readonly date: Date;
  readonly keybag: Buffer;
  /** Wrapped key of Manifest.db; given when the backup is encrypted. */
  readonly manifestKey: Buffer | undefined;
}

export function encodeManifestPlist(context: PhoneContext, layout: Layout, content: ManifestContent): Buffer {
  const { identity, screen } = context;
  return encodeBinaryPlist({
    Version: layout.manifestVersion,
    SystemDomainsVersion: layout.systemDomainsVersion,
    Date: content.date,
    IsEncrypted: content.manifestKey !== undefined,
    WasPasscodeSet: screen.passcode.mode !== 'none',
    BackupKeyBag: content.keybag,
    // Databases were encrypted as a whole only from iOS 10.2 on; Manifest.mbdb never was.
    ...(content.manifestKey !== undefined && !layout.isFlat && { ManifestKey: content.manifestKey }),
    Lockdown: {
      BuildVersion: identity.buildVersion,
      DeviceName: identity.name,
      ProductType: identity.productType,
      ProductVersion: identity.productVersion,
      SerialNumber: identity.serialNumber,
      UniqueDeviceID: identity.udid,
      'com.apple.Accessibility': { ClosedCaptioningEnabledByiTunes: 0, VoiceOverTouchEnabledByiTunes: 0 },
      'com.apple.MobileDeviceCrashCopy': {},
      'com.apple.TerminalFlashr': {},
      'com.apple.mobile.data_sync': {},
      'com.apple.mobile.iTunes.accessories': {},
      'com.apple.mobile.wireless_lockdown': {},
    },
    Applications: applicationsOf(context),
  });
}

/** @throws {AgentError} malformed */
export function parseManifestPlist(bytes: Uint8Array): ManifestFacts {
  const facts = asDictionary(plistIn(bytes, 'Manifest.plist'));
  return {
    isEncrypted: booleanAt(facts, 'IsEncrypted') === true,
    keybag: bytesAt(facts, 'BackupKeyBag'),
    manifestKey: bytesAt(facts, 'ManifestKey'),
  };
}

/** The same Manifest.plist with another keybag: what a change of password leaves in the folder. */
export function withKeybag(bytes: Uint8Array, keybag: Buffer): Buffer {
  return encodeBinaryPlist({ ...asDictionary(plistIn(bytes, 'Manifest.plist')), BackupKeyBag: keybag });
}

function applicationsOf(context: PhoneContext): PlistDictionary {
  return Object.fromEntries(
    installedApps(context).map(({ bundleId, name, build }) => {
      const container = containerUuid(bundleId);
      return [
        bundleId,
        {
          CFBundleIdentifier: bundleId,
          CFBundleVersion: build,
          ContainerContentClass: 'Data/Application',
          Path: `/var/containers/Bundle/Application/${container}/${name}.app`,
        },
      ];
    }),
  );
}
