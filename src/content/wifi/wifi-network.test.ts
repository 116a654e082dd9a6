import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { asDictionary, decodePlist } from '../../formats/index.ts';
import { knownNetwork, listedNetwork } from './wifi-network.ts';

describe('a network of the list before iOS 14', () => {
  test('has its name, its dates, and the security that its announcement implies', () => {
    const network = listedNetwork({
      SSID_STR: 'Zuhause',
      SSID: Buffer.from('Zuhause'),
      BSSID: '2:0:5e:1:2:3',
      CHANNEL: 11,
      lastJoined: new Date('2015-09-01T10:00:00Z'),
      lastAutoJoined: new Date('2015-09-07T10:00:00Z'),
      RSN_IE: { IE_KEY_RSN_VERSION: 1 },
      HIDDEN_NETWORK: true,
    });
    assert.deepEqual(
      {
        name: network?.name,
        security: network?.security,
        isHidden: network?.isHidden,
        last: network?.lastJoinedAt,
        points: network?.accessPoints,
      },
      {
        name: 'Zuhause',
        security: 'WPA2 Personal',
        isHidden: true,
        last: new Date('2015-09-07T10:00:00Z'),
        points: [{ bssid: '2:0:5e:1:2:3', channel: 11, lastJoinedAt: undefined }],
      },
    );
  });

  test('may be protected in older ways, or not at all', () => {
    assert.equal(listedNetwork({ SSID_STR: 'a', WPA_IE: {} })?.security, 'WPA Personal');
    assert.equal(listedNetwork({ SSID_STR: 'a', WEP: true })?.security, 'WEP');
    assert.equal(listedNetwork({ SSID_STR: 'a', RSN_IE: {}, EnterpriseProfile: {} })?.security, 'WPA2 Enterprise');
    assert.equal(listedNetwork({ SSID_STR: 'a' })?.security, undefined);
  });
});

describe('a known network', () => {
  test('keeps the bytes of a name that is not UTF-8', () => {
    const bytes = Buffer.from([0x42, 0xfc, 0x72, 0x6f]);
    assert.deepEqual(knownNetwork('wifi.network.ssid.?', { SSID: bytes })?.nameBytes, bytes);
    assert.equal(knownNetwork('wifi.network.ssid.Büro', { SSID: Buffer.from('Büro') })?.nameBytes, undefined);
  });

  test('without a list of access points has the one it was joined at last', () => {
    const joined = new Date('2023-05-20T15:52:55Z');
    const system = { BSSID: '6a:22:32:98:f4:df', CHANNEL: 161, prevJoined: joined };
    const network = knownNetwork('wifi.network.ssid.a', { SSID: Buffer.from('a'), __OSSpecific__: system });
    assert.deepEqual(network?.accessPoints, [{ bssid: system.BSSID, channel: 161, lastJoinedAt: joined }]);
  });

  test('is named by its key when nothing else names it', () => {
    assert.equal(knownNetwork('wifi.network.ssid.a.b\nc', {})?.name, 'a.b\nc');
    assert.equal(knownNetwork('wifi.passpoint.example.org', {}), undefined);
    assert.equal(knownNetwork('wifi.network.ssid.x', 'nothing'), undefined);
  });
});

const REAL = join(import.meta.dirname, '../../../../shared/data/plaso/com.apple.wifi.known-networks.plist');
if (existsSync(REAL)) {
  test('a list of a real phone is read whole', () => {
    const [entry] = Object.entries(asDictionary(decodePlist(readFileSync(REAL))) ?? {});
    const network = entry && knownNetwork(...entry);
    assert.equal(network?.name, 'Matt_Foley');
    assert.equal(network.security, 'WPA2 Personal');
    assert.equal(network.isHidden, false);
    assert.equal(network.isCaptive, false);
    assert.equal(network.addedAt?.toISOString(), '2023-04-15T13:53:47.476Z');
    assert.equal(network.lastJoinedAt?.toISOString(), '2023-05-20T19:55:03.073Z');
    assert.equal(network.accessPoints.length, 9);
    assert.deepEqual(
      network.accessPoints.map(({ channel }) => channel),
      [1, 36, 48, 11, 153, 1, 11, 161, 44],
    );
    assert.equal(network.accessPoints[0]?.bssid, '76:a7:41:e7:7c:9d');
  });
}
