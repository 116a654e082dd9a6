import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { decodePlist, encodeBinaryPlist, encodeXmlPlist } from '../../formats/index.ts';
import { DEVICE_PUBLIC_KEY } from '../fake-phone.test-helper.ts';
import { createPairRecord } from './create-pair-record.ts';
import { bitString, contentOf, objectIdentifier, partsOf, sequence, smallInteger, time } from './der.ts';
import { pairRecordOffer } from './offer.ts';
import { encodePairRecord, parsePairRecord } from './pair-record.ts';

const now = new Date('2026-11-22T10:00:00Z');
const record = await createPairRecord({ devicePublicKey: DEVICE_PUBLIC_KEY, systemBuid: 'BUID', now });
const root = new X509Certificate(record.rootCertificate);
const host = new X509Certificate(record.hostCertificate);
const device = new X509Certificate(record.deviceCertificate);

describe('the certificates of a pairing', () => {
  test('are all signed by the root', () => {
    for (const certificate of [root, host, device]) assert.equal(certificate.verify(root.publicKey), true);
    assert.equal(host.verify(host.publicKey), false);
  });

  test('carry the keys they are for', () => {
    assert.equal(device.publicKey.equals(createPublicKey(DEVICE_PUBLIC_KEY)), true);
    assert.equal(host.checkPrivateKey(createPrivateKey(record.hostPrivateKey)), true);
    assert.equal(root.checkPrivateKey(createPrivateKey(record.rootPrivateKey ?? '')), true);
  });

  test('have no names, serial number 1, and are valid for ten years', () => {
    for (const certificate of [root, host, device]) {
      assert.equal(certificate.subject ?? '', '');
      assert.equal(certificate.issuer ?? '', '');
      assert.equal(certificate.serialNumber, '01');
      assert.equal(certificate.validFromDate.toISOString(), '2026-11-21T10:00:00.000Z');
      assert.equal(certificate.validToDate.toISOString(), '2036-11-21T10:00:00.000Z');
    }
  });

  test('say what they may be used for, in the words of RFC 5280', () => {
    assert.deepEqual([root.ca, host.ca, device.ca], [true, false, false]);
    const critical = '0101ff';
    const authority = `0603551d13${critical}04053003` + critical;
    const noAuthority = `0603551d13${critical}04023000`;
    const usage = `0603551d0f${critical}0404030205a0`;
    const keyIdentifier = '0603551d0e04160414';
    assert.deepEqual(extensionsOf(root), [authority]);
    assert.deepEqual(extensionsOf(host), [noAuthority, usage]);
    const [first, second = '', third] = extensionsOf(device);
    assert.deepEqual([first, third], [noAuthority, usage]);
    assert.match(second, new RegExp(`^${keyIdentifier}[0-9a-f]{40}$`));
  });

  test('are signed with SHA-256', () => {
    const sha256WithRsa = '06092a864886f70d01010b0500';
    for (const certificate of [root, host, device]) {
      const [, algorithm = Buffer.alloc(0)] = partsOf(certificate.raw);
      assert.equal(contentOf(algorithm).toString('hex'), sha256WithRsa);
    }
  });

  test('are made anew for every device, under another HostID', async () => {
    const other = await createPairRecord({ devicePublicKey: DEVICE_PUBLIC_KEY, systemBuid: 'BUID' });
    assert.notEqual(other.hostId, record.hostId);
    assert.match(record.hostId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    assert.equal(new X509Certificate(other.hostCertificate).publicKey.equals(host.publicKey), false);
  });

  test('cannot be made for something that is no key', async () => {
    const devicePublicKey = Buffer.from('-----BEGIN RSA PUBLIC KEY-----\nnonsense\n-----END RSA PUBLIC KEY-----\n');
    await assert.rejects(createPairRecord({ devicePublicKey, systemBuid: 'BUID' }), { code: 'PROTOCOL_VIOLATION' });
  });
});

describe('a pair record', () => {
  const full = { ...record, escrowBag: Buffer.from('escrow'), wifiMacAddress: 'aa:bb:cc:dd:ee:01' };

  test('is read back as it was stored', () => {
    assert.deepEqual(parsePairRecord(encodePairRecord(full)), full);
    assert.deepEqual(parsePairRecord(encodePairRecord(record)), record);
  });

  test('is read from XML as well', () => {
    assert.deepEqual(parsePairRecord(encodeXmlPlist(decodePlist(encodePairRecord(full)))), full);
  });

  test('shows a device no private key', () => {
    const offered = encodeXmlPlist(pairRecordOffer(full)).toString('latin1');
    assert.deepEqual(Object.keys(pairRecordOffer(full)).toSorted(), [
      'DeviceCertificate',
      'HostCertificate',
      'HostID',
      'RootCertificate',
      'SystemBUID',
    ]);
    assert.doesNotMatch(offered, /PRIVATE/);
  });

  for (const { what, bytes } of [
    { what: 'no property list', bytes: Buffer.from('PRIVATE KEY') },
    { what: 'no dictionary', bytes: encodeBinaryPlist(['PRIVATE KEY']) },
    { what: 'a record without keys', bytes: encodeBinaryPlist({ HostID: 'PRIVATE KEY' }) },
    {
      what: 'a certificate that is none',
      bytes: encodeBinaryPlist({
        HostID: 'H',
        SystemBUID: 'S',
        HostCertificate: Buffer.from('PRIVATE KEY'),
        HostPrivateKey: record.hostPrivateKey,
        RootCertificate: record.rootCertificate,
        DeviceCertificate: record.deviceCertificate,
      }),
    },
  ]) {
    test(`is refused when it is ${what}, without a word of what it holds`, () => {
      assert.throws(
        () => parsePairRecord(bytes),
        (error: Error) => error.name === 'FormatError' && !/PRIVATE/.test(JSON.stringify([error.message, error.cause])),
      );
    });
  }
});

test('DER is written as X.690 says', () => {
  assert.equal(smallInteger(0).toString('hex'), '020100');
  assert.equal(smallInteger(127).toString('hex'), '02017f');
  assert.equal(smallInteger(128).toString('hex'), '02020080');
  assert.equal(smallInteger(65537).toString('hex'), '0203010001');
  assert.equal(objectIdentifier('1.2.840.113549').toString('hex'), '06062a864886f70d');
  assert.equal(sequence(Buffer.alloc(200)).subarray(0, 3).toString('hex'), '3081c8');
  assert.equal(sequence(Buffer.alloc(70_000)).subarray(0, 5).toString('hex'), '3083011170');
  assert.equal(bitString(Buffer.from([0xa0]), 5).toString('hex'), '030205a0');
  assert.equal(time(new Date('2049-12-31T23:59:59Z')).subarray(2).toString(), '491231235959Z');
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).subarray(2).toString(), '20500101000000Z');
  assert.deepEqual(partsOf(sequence(smallInteger(1), sequence())), [smallInteger(1), sequence()]);
});

/** The extensions in hex, each without the header of its sequence. */
function extensionsOf(certificate: X509Certificate): string[] {
  const [toBeSigned = Buffer.alloc(0)] = partsOf(certificate.raw);
  const [wrapped = Buffer.alloc(0)] = partsOf(toBeSigned).slice(-1);
  const [extensions = Buffer.alloc(0)] = partsOf(wrapped);
  return partsOf(extensions).map((extension) => contentOf(extension).toString('hex'));
}
