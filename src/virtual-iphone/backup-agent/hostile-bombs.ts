/** Hostile acts that aim at the memory, the time or the good faith of a host rather than at its files. */
import { PlistReal } from '../../formats/index.ts';
import type { HostLink } from './wire/host-link.ts';

export type Act = (link: HostLink, udid: string) => Promise<void> | void;

const PROGRESS = new PlistReal(50);
const CODE_DATA = 0x0c;
const MANY = 50_000;
const DEEP = 100_000;
const MIB = 1024 * 1024;

export const BOMBS: Readonly<Record<string, Act>> = {
  'bomb-of-shared-arrays': (link) => message(link, sharedArrays()),
  'bomb-of-shared-text': (link) => message(link, sharedText()),
  'bomb-of-depth': (link) => message(link, xml(`${'<array>'.repeat(DEEP)}${'</array>'.repeat(DEEP)}`)),
  'bomb-of-entities': (link) => message(link, entities()),
  'bomb-of-a-list-in-itself': (link) => message(link, binaryList([Buffer.of(0xa1, 0)])),
  'bomb-in-status': (link, udid) => send(link, [[`${udid}/Status.plist`, sharedArrays()]]),
  'bomb-in-manifest-plist': (link, udid) => send(link, [[`${udid}/Snapshot/Manifest.plist`, sharedArrays()]]),
  'endless-status': (link, udid) => send(link, [[`${udid}/Status.plist`, Buffer.alloc(64 * MIB, 0x41)]]),
  'many-paths-outside': async (link) => {
    announceUpload(link);
    for (let i = 0; i < MANY; i++) {
      file(link, `../../holdfast-hostile-${i}`, Buffer.of(1));
      if (link.writer.congested) await link.writer.drained();
    }
    await endUpload(link);
  },
  'many-removals-outside': async (link) => {
    link.send('DLMessageRemoveItems', numbered('/tmp/holdfast-hostile-'), {}, PROGRESS);
    await link.status();
  },
  'many-pings': async (link) => {
    for (let i = 0; i < MANY; i++) {
      link.announce('DLMessagePing', `ping ${i}`);
      if (link.writer.congested) await link.writer.drained();
    }
    link.writer.flush();
  },
  'many-unknown-words': async (link) => {
    for (let i = 0; i < 2_000; i++) {
      link.send(`DLMessageWord${i}`, 1);
      await link.status();
    }
  },
  'text-without-end': (link) => message(link, Buffer.concat([Buffer.from('bplist00'), Buffer.alloc(8 * MIB, 0x5f)])),
  'name-of-the-prototype': async (link, udid) => {
    link.send('DLMessageMoveItems', { ['__proto__']: `${udid}/taken`, constructor: `${udid}/taken` }, {}, PROGRESS);
    await link.status();
  },
  'progress-that-is-no-number': async (link) => {
    link.send('DLContentsOfDirectory', 'x', {}, new PlistReal(Number.NaN));
    await link.status();
  },
  'success-from-nowhere': (link) => {
    link.send('DLMessageProcessMessage', { MessageName: 'Response', ErrorCode: 0, ErrorDescription: '' });
  },
};

async function message(link: HostLink, body: Uint8Array): Promise<void> {
  link.writer.frame(body);
  link.writer.flush();
  await link.status();
}

async function send(link: HostLink, files: readonly (readonly [path: string, content: Uint8Array])[]): Promise<void> {
  announceUpload(link);
  for (const [path, content] of files) file(link, path, content);
  await endUpload(link);
}

function announceUpload(link: HostLink): void {
  link.announce('DLMessageUploadFiles', {}, PROGRESS, 1);
}

function file(link: HostLink, path: string, content: Uint8Array): void {
  link.writer.text('/.b/6/hostile');
  link.writer.text(path);
  for (let at = 0; at < content.length; at += MIB) link.writer.code(CODE_DATA, content.subarray(at, at + MIB));
  link.writer.code(0);
}

async function endUpload(link: HostLink): Promise<void> {
  link.writer.terminator();
  link.writer.flush();
  await link.status();
}

function numbered(prefix: string): string[] {
  return Array.from({ length: MANY }, (_, i) => `${prefix}${i}`);
}

/** Thirty arrays, each holding the next one fourteen times: 14^30 elements in 500 bytes. */
function sharedArrays(): Buffer {
  const levels = 30;
  const arrays = Array.from({ length: levels }, (_, i) =>
    Buffer.from([0xae, ...Array.from({ length: 14 }, () => i + 1)]),
  );
  return binaryList([...arrays, Buffer.of(0x09)]);
}

/** One array of 64,000 references to the same 60,000 characters: 4 GB of text in 190 KB. */
function sharedText(): Buffer {
  const text = Buffer.alloc(60_000, 0x61);
  const count = 64_000;
  const array = Buffer.alloc(4 + count, 1);
  Buffer.of(0xaf, 0x11, count >> 8, count & 0xff).copy(array);
  return binaryList([array, Buffer.concat([Buffer.of(0x5f, 0x11, text.length >> 8, text.length & 0xff), text])]);
}

/** A binary property list of these objects, the first of them its root; references in it are one byte. */
function binaryList(objects: readonly Buffer[]): Buffer {
  const header = Buffer.from('bplist00');
  const table = Buffer.alloc(objects.length * 4);
  let offset = header.length;
  for (const [i, object] of objects.entries()) {
    table.writeUInt32BE(offset, i * 4);
    offset += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer[6] = 4;
  trailer[7] = 1;
  trailer.writeUInt32BE(objects.length, 12);
  trailer.writeUInt32BE(offset, 28);
  return Buffer.concat([header, ...objects, table, trailer]);
}

function xml(content: string): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0">${content}</plist>`);
}

/** A billion laughs: each entity is ten of the one before. */
function entities(): Buffer {
  const names = Array.from({ length: 12 }, (_, i) => `e${i}`);
  const definitions = names.map((name, i) => `<!ENTITY ${name} "${i === 0 ? 'ha' : `&e${i - 1};`.repeat(10)}">`);
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE plist [${definitions.join('')}]><plist><string>&e11;</string></plist>`,
  );
}
