/**
 * The property list codec: entries of a manifest, an Info.plist-like XML list, its binary twin, a dictionary of
 * 100,000 keys. Each figure is that of the fastest round: whatever else the machine does only slows a round down.
 */
import {
  decodeBinaryPlist,
  decodeXmlPlist,
  encodeBinaryPlist,
  encodeXmlPlist,
  PlistReal,
  type PlistValue,
} from '../src/formats/index.ts';
import { decodeMbFile, encodeMbFile } from '../src/snapshot/index.ts';
import { printTable } from './support/table.ts';

const ROUNDS = 25;
const ENTRIES = 20_000;

export async function run(): Promise<void> {
  const entries = Array.from({ length: ENTRIES }, (_, i) => mbFileEntry(i));
  const bytes = entries.reduce((sum, each) => sum + each.length, 0) / ENTRIES;
  const list = infoPlist(2_300);
  const xml = encodeXmlPlist(list);
  const binary = encodeBinaryPlist(list);
  const keys: PlistValue = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]));
  const keysBinary = encodeBinaryPlist(keys);

  printTable(
    ['what', 'figure', 'to reach'],
    [
      [
        `binary list → value, ${Math.round(bytes)} B MBFile`,
        rate(() => entries.forEach(decodeBinaryPlist)),
        '100,000 /s',
      ],
      ['the same → MbFile', rate(() => entries.forEach(decodeMbFile)), ''],
      ['MbFile → binary list', rate(() => entries.forEach((_, i) => mbFileEntry(i))), ''],
      [`XML list → value, ${megabytes(xml)}`, duration(() => decodeXmlPlist(xml)), '10 ms for 1.3 MB'],
      ['value → XML list', duration(() => encodeXmlPlist(list)), ''],
      [`binary list → value, ${megabytes(binary)}`, duration(() => decodeBinaryPlist(binary)), ''],
      ['value → binary list', duration(() => encodeBinaryPlist(list)), ''],
      ['100,000 keys, binary → value', duration(() => decodeBinaryPlist(keysBinary)), ''],
      ['100,000 keys, value → binary', duration(() => encodeBinaryPlist(keys)), ''],
    ],
  );
}

function mbFileEntry(i: number): Buffer {
  return encodeMbFile({
    relativePath: `Media/DCIM/100APPLE/IMG_${String(i).padStart(5, '0')}.HEIC`,
    sizeBytes: 2_000_000 + i,
    mode: 0o100644,
    userId: 501,
    groupId: 501,
    inode: 10_000_000 + i,
    modifiedAt: new Date(1.7e12 + i * 1000),
    statusChangedAt: new Date(1.7e12 + i * 1000),
    bornAt: new Date(1.7e12 + i * 1000),
    protectionClass: 3,
    flags: 0,
    digest: Buffer.alloc(20, i),
    encryptionKey: Buffer.alloc(44, i),
  });
}

/** As large and as mixed as the applications part of a real Info.plist or Manifest.plist. */
function infoPlist(applications: number): PlistValue {
  const entries = Array.from({ length: applications }, (_, i): [string, PlistValue] => [
    `com.example.app${i}`,
    {
      CFBundleIdentifier: `com.example.app${i}`,
      CFBundleVersion: `1.2.${i}`,
      Number: i,
      Flag: i % 2 === 0,
      Path: `/private/var/containers/Bundle/Application/${i}/App.app`,
      Date: new Date(1.6e12 + i * 1000),
      Icon: Buffer.alloc(60, i),
      Ratio: new PlistReal(i / 7),
    },
  ]);
  return { 'Device Name': 'iPhone', Applications: Object.fromEntries(entries) };
}

function rate(work: () => void): string {
  return `${Math.round(ENTRIES / (fastestMs(work) / 1000)).toLocaleString('en')} /s`;
}

function duration(work: () => void): string {
  return `${fastestMs(work).toFixed(1)} ms`;
}

function fastestMs(work: () => void): number {
  let fastest = Infinity;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    work();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

function megabytes(bytes: Buffer): string {
  return `${(bytes.length / 1e6).toFixed(2)} MB`;
}
