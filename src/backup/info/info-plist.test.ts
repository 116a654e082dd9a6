import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asDictionary, decodeXmlPlist } from '../../formats/index.ts';
import { encodeInfoPlist, infoDictionary, type InfoBasics, noExtras } from './info-plist.ts';

const BASICS: InfoBasics = {
  udid: '00008110-000a1b2c3d4e5f60',
  root: {
    DeviceName: 'Ada’s iPhone',
    BuildVersion: '22F76',
    ProductType: 'iPhone14,5',
    ProductVersion: '18.5',
    SerialNumber: 'SERIAL',
    InternationalMobileEquipmentIdentity: '35',
    MobileEquipmentIdentifier: '36',
    IntegratedCircuitCardIdentity: '89',
    PhoneNumber: '+49',
  },
  iTunesSettings: { LibraryApplications: ['a'] },
  mobileITunes: { MinITunesVersion: '12.13' },
  productName: 'iPhone 13',
  guid: 'A'.repeat(32),
  takenAt: new Date('2026-11-22T10:00:00Z'),
};

describe('Info.plist', () => {
  test('tells everything that Apple’s own programs write', () => {
    const extras = noExtras();
    extras.apps.set('org.example.one', { CFBundleIdentifier: 'org.example.one', ApplicationSINF: Buffer.from('s') });
    extras.apps.set('org.example.two', { CFBundleIdentifier: 'org.example.two', iTunesMetadata: Buffer.from('m') });
    extras.icons.set('org.example.one', Buffer.from('png'));
    extras.iTunesFiles.set('iTunesPrefs', Buffer.from('prefs'));
    extras.iBooksData = Buffer.from('books');
    assert.deepEqual(infoDictionary(BASICS, extras), {
      Applications: {
        'org.example.one': { ApplicationSINF: Buffer.from('s'), PlaceholderIcon: Buffer.from('png') },
        'org.example.two': { iTunesMetadata: Buffer.from('m') },
      },
      'Build Version': '22F76',
      'Device Name': 'Ada’s iPhone',
      'Display Name': 'Ada’s iPhone',
      GUID: 'A'.repeat(32),
      ICCID: '89',
      IMEI: '35',
      'Installed Applications': ['org.example.one', 'org.example.two'],
      'Last Backup Date': new Date('2026-11-22T10:00:00Z'),
      MEID: '36',
      'Phone Number': '+49',
      'Product Name': 'iPhone 13',
      'Product Type': 'iPhone14,5',
      'Product Version': '18.5',
      'Serial Number': 'SERIAL',
      'Target Identifier': '00008110-000a1b2c3d4e5f60',
      'Target Type': 'Device',
      'Unique Identifier': '00008110-000A1B2C3D4E5F60',
      'iBooks Data 2': Buffer.from('books'),
      'iTunes Files': { iTunesPrefs: Buffer.from('prefs') },
      'iTunes Settings': { LibraryApplications: ['a'] },
      'iTunes Version': '12.13',
    });
  });

  test('leaves out what the device does not tell', () => {
    const bare = { ...BASICS, root: {}, mobileITunes: {}, productName: undefined };
    const info = asDictionary(decodeXmlPlist(encodeInfoPlist(bare, noExtras())));
    assert.equal(info?.['iTunes Version'], '10.0.1');
    assert.deepEqual(
      ['Device Name', 'IMEI', 'Product Name', 'iBooks Data 2'].filter((key) => key in (info ?? {})),
      [],
    );
  });

  test('stays readable XML whatever the names of apps hold', () => {
    const extras = noExtras();
    extras.apps.set('org.example.\u0001<&>', { iTunesMetadata: { title: 'Bell \u0007 and \uFFFF' } });
    const info = asDictionary(decodeXmlPlist(encodeInfoPlist(BASICS, extras)));
    assert.deepEqual(info?.['Installed Applications'], ['org.example.<&>']);
  });
});
