/**
 * MBFile: what a manifest says about one file, a keyed archive in the `file` column of Manifest.db.
 *
 * Fields: LastModified, LastStatusChange, Birth (Unix seconds), Mode (as st_mode), Size, UserID, GroupID, InodeNumber,
 * ProtectionClass, Flags; and by reference RelativePath, Target (of a symbolic link), Digest (SHA-1 of the stored
 * bytes: raw data or NSData), EncryptionKey (NSData, 44 bytes), ExtendedAttributes (data holding a binary list).
 */
import {
  asDictionary,
  bytesAt,
  decodeBinaryPlist,
  encodeBinaryPlist,
  encodeKeyedArchive,
  integerAt,
  KeyedObject,
  numberAt,
  PlistUid,
  valueAt,
  type PlistDictionary,
  type PlistValue,
} from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import { PlistTemplate, type TemplateValue } from './plist-template.ts';

export interface MbFile {
  readonly relativePath: string;
  /** Where a symbolic link points. */
  readonly linkTarget?: string;
  /**
   * Size when the phone listed the file. Absent in some backups, and wrong for databases, which may change before they
   * are copied: never cut content to it.
   */
  readonly sizeBytes?: number;
  /** As st_mode of POSIX: type and permission bits. */
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  readonly inode: number;
  readonly modifiedAt?: Date;
  readonly statusChangedAt?: Date;
  readonly bornAt?: Date;
  /** Which class key wraps the file's key: 1 to 4, mostly 0 for directories and links. */
  readonly protectionClass: number;
  readonly flags: number;
  /** SHA-1 of the stored, that is encrypted, bytes. Many domains have none. */
  readonly digest?: Buffer;
  /** u32 little-endian protection class and wrapped key, 44 bytes. In encrypted backups only. */
  readonly encryptionKey?: Buffer;
  /** A binary property list; see `decodeExtendedAttributes`. */
  readonly extendedAttributes?: Buffer;
}

/**
 * Reads an MBFile archive.
 *
 * @throws {FormatError} when it is not one. Absent fields are absent, or 0 where POSIX always has a number.
 */
export function decodeMbFile(bytes: Uint8Array): MbFile {
  const archive = asDictionary(decodeBinaryPlist(bytes));
  const objects = valueAt(archive, '$objects');
  const root = valueAt(asDictionary(valueAt(archive, '$top')), 'root');
  if (!Array.isArray(objects) || !(root instanceof PlistUid)) throw new FormatError('a manifest entry is no archive');
  const file = asDictionary(objects[root.value]);
  if (file === undefined) throw new FormatError('a manifest entry is empty');
  const linkTarget = textOf(objects, file, 'Target');
  const sizeBytes = integerAt(file, 'Size');
  const modifiedAt = unixTimeAt(file, 'LastModified');
  const statusChangedAt = unixTimeAt(file, 'LastStatusChange');
  const bornAt = unixTimeAt(file, 'Birth');
  const digest = dataOf(objects, file, 'Digest');
  const encryptionKey = dataOf(objects, file, 'EncryptionKey');
  const extendedAttributes = dataOf(objects, file, 'ExtendedAttributes');
  return {
    relativePath: textOf(objects, file, 'RelativePath') ?? '',
    ...(linkTarget !== undefined && { linkTarget }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    mode: integerAt(file, 'Mode') ?? 0,
    userId: integerAt(file, 'UserID') ?? 0,
    groupId: integerAt(file, 'GroupID') ?? 0,
    inode: integerAt(file, 'InodeNumber') ?? 0,
    ...(modifiedAt && { modifiedAt }),
    ...(statusChangedAt && { statusChangedAt }),
    ...(bornAt && { bornAt }),
    protectionClass: integerAt(file, 'ProtectionClass') ?? 0,
    flags: integerAt(file, 'Flags') ?? 0,
    ...(digest && { digest }),
    ...(encryptionKey && { encryptionKey }),
    ...(extendedAttributes && { extendedAttributes }),
  };
}

/** Writes an MBFile archive as a device does. Times lose what is finer than a second. */
export function encodeMbFile(file: MbFile): Buffer {
  const { linkTarget, encryptionKey, digest, extendedAttributes } = file;
  const values: TemplateValue[] = [
    unixSeconds(file.modifiedAt),
    file.flags,
    file.groupId,
    unixSeconds(file.statusChangedAt),
    file.relativePath,
    unixSeconds(file.bornAt),
    file.sizeBytes ?? 0,
    file.inode,
    file.mode,
    file.userId,
    file.protectionClass,
  ];
  if (linkTarget !== undefined) values.push(linkTarget);
  if (encryptionKey) values.push(encryptionKey);
  if (digest) values.push(digest);
  if (extendedAttributes) values.push(extendedAttributes);
  const optional = OPTIONAL.filter((each) => file[each] !== undefined);
  return templateOf(optional).write(values);
}

/** The fields that not every entry has, in the order in which their values follow the others. */
const OPTIONAL = ['linkTarget', 'encryptionKey', 'digest', 'extendedAttributes'] as const;
type OptionalField = (typeof OPTIONAL)[number];

const templates = new Map<string, PlistTemplate>();

/** What all entries with the same fields have in common. */
function templateOf(optional: readonly OptionalField[]): PlistTemplate {
  const name = optional.join();
  const known = templates.get(name);
  if (known !== undefined) return known;
  // Values that are nowhere else in the archive.
  const numbers = Array.from({ length: 10 }, (_, i) => 1_700_000_001 + i);
  const [
    modified = 0,
    flags = 0,
    group = 0,
    changed = 0,
    born = 0,
    size = 0,
    inode = 0,
    mode = 0,
    user = 0,
    ofClass = 0,
  ] = numbers;
  const path = 'relative path';
  const samples: Record<OptionalField, string | Buffer> = {
    linkTarget: 'link target',
    encryptionKey: Buffer.from('encryption key'),
    digest: Buffer.from('digest'),
    extendedAttributes: Buffer.from('extended attributes'),
  };
  const fields: Record<string, unknown> = {
    LastModified: modified,
    Flags: flags,
    GroupID: group,
    LastStatusChange: changed,
    RelativePath: path,
    Birth: born,
    Size: size,
    InodeNumber: inode,
    Mode: mode,
    UserID: user,
    ProtectionClass: ofClass,
  };
  for (const each of optional) fields[ARCHIVED_NAMES[each]] = archivedValue(each, samples[each]);
  const sample = encodeKeyedArchive(new KeyedObject('MBFile', fields, CLASSES));
  const values = [modified, flags, group, changed, path, born, size, inode, mode, user, ofClass];
  const template = new PlistTemplate(sample, [...values, ...optional.map((each) => samples[each])]);
  templates.set(name, template);
  return template;
}

const ARCHIVED_NAMES: Readonly<Record<OptionalField, string>> = {
  linkTarget: 'Target',
  encryptionKey: 'EncryptionKey',
  digest: 'Digest',
  extendedAttributes: 'ExtendedAttributes',
};

function archivedValue(field: OptionalField, value: string | Buffer): unknown {
  return field === 'encryptionKey' ? new KeyedObject('NSMutableData', { 'NS.data': value }, DATA) : value;
}

const CLASSES = ['MBFile', 'NSObject'];
const DATA = ['NSMutableData', 'NSData', 'NSObject'];

/** Extended attributes by name; values are binary. @throws {FormatError} when the bytes are no property list. */
export function decodeExtendedAttributes(bytes: Uint8Array): Map<string, Buffer> {
  const attributes = asDictionary(decodeBinaryPlist(bytes)) ?? {};
  const named = new Map<string, Buffer>();
  for (const name of Object.keys(attributes)) {
    const value = bytesAt(attributes, name);
    if (value) named.set(name, value);
  }
  return named;
}

export function encodeExtendedAttributes(attributes: Readonly<Record<string, Uint8Array>>): Buffer {
  return encodeBinaryPlist({ ...attributes });
}

/** A string, in place or by reference, raw or as the NS.string of an object; '$null' is none. */
function textOf(objects: PlistValue[], file: PlistDictionary, key: string): string | undefined {
  const value = resolved(objects, valueAt(file, key));
  if (typeof value === 'string') return value;
  const inner = resolved(objects, valueAt(asDictionary(value), 'NS.string'));
  return typeof inner === 'string' ? inner : undefined;
}

/** Data, in place or by reference, raw or as the NS.data of an object, which may refer in its turn. */
function dataOf(objects: PlistValue[], file: PlistDictionary, key: string): Buffer | undefined {
  const value = resolved(objects, valueAt(file, key));
  if (Buffer.isBuffer(value)) return value;
  const inner = resolved(objects, valueAt(asDictionary(value), 'NS.data'));
  return Buffer.isBuffer(inner) ? inner : undefined;
}

/** What a reference refers to; number 0 is '$null', nothing. */
function resolved(objects: PlistValue[], value: PlistValue | undefined): PlistValue | undefined {
  if (!(value instanceof PlistUid)) return value;
  return value.value === 0 ? undefined : objects[value.value];
}

function unixTimeAt(file: PlistDictionary, key: string): Date | undefined {
  const seconds = numberAt(file, key);
  if (seconds === undefined) return undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function unixSeconds(date: Date | undefined): number {
  return date ? Math.floor(date.getTime() / 1000) : 0;
}
