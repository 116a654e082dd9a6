/**
 * What a phone does that means harm, or has lost its mind: to find out what a host lets it do. Each act has a name;
 * it is ordered as fault `behave: 'hostile:<name>'` at any point of a job.
 */
import { encodeBinaryPlist, PlistReal, type PlistValue } from '../../formats/index.ts';
import { AgentError, MB_ERROR } from './agent-error.ts';
import { BOMBS, type Act } from './hostile-bombs.ts';
import type { Session } from './session.ts';
import type { HostLink } from './wire/host-link.ts';
import { UploadOperation } from './wire/upload.ts';

const CONTENT = Buffer.from('written by a hostile phone\n');
const PROGRESS = new PlistReal(50);

/** Ways to name something that is not the phone's to name. */
const EVIL_PATHS: Readonly<Record<string, (udid: string) => string>> = {
  parent: () => '../holdfast-hostile',
  'parent-inside': (udid) => `${udid}/../../holdfast-hostile`,
  'parent-dots': (udid) => `${udid}/./.././../holdfast-hostile`,
  absolute: () => '/tmp/holdfast-hostile',
  'absolute-double': () => '//tmp/holdfast-hostile',
  nul: (udid) => `${udid}/holdfast\0hostile`,
  backslash: (udid) => `${udid}\\..\\..\\holdfast-hostile`,
  drive: () => 'C:/holdfast-hostile',
  'other-udid': () => '00008101-000A00000000001E/holdfast-hostile',
  'the-folder-itself': () => '.',
  empty: () => '',
  'too-long': (udid) => `${udid}/${'a/'.repeat(3000)}b`,
  'long-name': (udid) => `${udid}/${'a'.repeat(300)}`,
};

/** What can be done with a path. */
const EVIL_OPERATIONS: Readonly<Record<string, (link: HostLink, path: string, udid: string) => Promise<void>>> = {
  upload: (link, path) => upload(link, path),
  download: (link, path) => download(link, path),
  list: (link, path) => operation(link, 'DLContentsOfDirectory', path, {}, PROGRESS),
  create: (link, path) => operation(link, 'DLMessageCreateDirectory', path, {}, PROGRESS),
  remove: (link, path) => operation(link, 'DLMessageRemoveItems', [path], {}, PROGRESS),
  'move-from': (link, path, udid) => moveItem(link, path, `${udid}/taken`),
  'move-to': (link, path, udid) => moveItem(link, `${udid}/Info.plist`, path),
  'copy-from': (link, path, udid) => copyItem(link, path, `${udid}/taken`),
  'copy-to': (link, path, udid) => copyItem(link, `${udid}/Info.plist`, path),
};

/** Messages and bytes that are wrong in themselves. */
const NONSENSE: Readonly<Record<string, Act>> = {
  'frame-of-4-gib': (link) => lie(link, 0xffffffff),
  'frame-of-1-gib': (link) => lie(link, 0x40000000),
  'message-not-a-plist': (link) => rawMessage(link, Buffer.from('hello there')),
  'message-empty': (link) => rawMessage(link, Buffer.alloc(0)),
  'message-not-an-array': (link) => rawMessage(link, encodeBinaryPlist({ name: 'DLMessagePing' })),
  'message-without-name': (link) => rawMessage(link, encodeBinaryPlist([42, 'x'])),
  'unknown-operation': (link) => operation(link, 'DLMessageFormatDisk', '/', {}),
  'download-of-a-number': (link) => operation(link, 'DLMessageDownloadFiles', [42], {}, PROGRESS, 0),
  'download-of-a-string': (link) => operation(link, 'DLMessageDownloadFiles', 'Status.plist', {}, PROGRESS, 0),
  'list-of-a-dictionary': (link) => operation(link, 'DLContentsOfDirectory', { path: 'x' }, {}, PROGRESS),
  'create-without-path': (link) => operation(link, 'DLMessageCreateDirectory'),
  'move-of-an-array': (link) => operation(link, 'DLMessageMoveItems', ['a', 'b'], {}, PROGRESS),
  'move-to-a-number': (link, udid) =>
    operation(link, 'DLMessageMoveItems', { [`${udid}/Info.plist`]: 7 }, {}, PROGRESS),
  'remove-of-nothing': (link) => operation(link, 'DLMessageRemoveItems', null, {}, PROGRESS),
  'copy-of-a-date': (link) => operation(link, 'DLMessageCopyItem', new Date(0), 'x', {}, PROGRESS, 0),
  'progress-of-text': (link) => operation(link, 'DLMessageGetFreeDiskSpace', 'soon'),
  'upload-name-of-4-gib': async (link) => {
    link.send('DLMessageUploadFiles', {}, PROGRESS, 10);
    await lie(link, 0xfffffff0);
  },
  'upload-data-without-end': async (link, udid) => {
    link.send('DLMessageUploadFiles', {}, PROGRESS, 10);
    link.writer.text('/.b/6/x');
    link.writer.text(`${udid}/Snapshot/x`);
    // Announces 1000 bytes of data, gives ten and hangs up.
    link.writer.lengthOnly(1001);
    link.writer.bytes(Buffer.concat([Buffer.of(0x0c), CONTENT.subarray(0, 10)]));
    link.hangUp('hung up within a frame');
  },
  'upload-name-not-utf8': async (link, udid) => {
    link.send('DLMessageUploadFiles', {}, PROGRESS, 10);
    link.writer.text('/.b/6/x');
    link.writer.frame(Buffer.concat([Buffer.from(`${udid}/`), Buffer.of(0xff, 0xfe, 0x80)]));
    link.writer.code(0x0c, CONTENT);
    link.writer.code(0);
    link.writer.terminator();
    link.writer.flush();
    await link.status();
  },
  'upload-more-than-told': async (link, udid) => {
    link.send('DLMessageUploadFiles', {}, PROGRESS, 1);
    link.writer.text('/.b/6/x');
    link.writer.text(`${udid}/Snapshot/holdfast-hostile`);
    link.writer.code(0x0c, CONTENT);
    link.writer.code(0);
    link.writer.terminator();
    link.writer.flush();
    await link.status();
  },
  'response-of-text': (link) => {
    link.send('DLMessageProcessMessage', 'Response');
  },
  'response-without-code': (link) => {
    link.send('DLMessageProcessMessage', { MessageName: 'Response', ErrorCode: 'fine' });
  },
};

const ACTS: ReadonlyMap<string, Act> = new Map([
  ...Object.entries(EVIL_OPERATIONS).flatMap(([operationName, act]) =>
    Object.entries(EVIL_PATHS).map(([pathName, pathOf]): [string, Act] => [
      `${operationName}:${pathName}`,
      (link, udid) => act(link, pathOf(udid), udid),
    ]),
  ),
  ...Object.entries(NONSENSE),
  ...Object.entries(BOMBS),
]);

/** The names of all acts: `<operation>:<path>`, the nonsense and the bombs. */
export const HOSTILE_ACTS: readonly string[] = [...ACTS.keys()];

/** Does one thing a host must not fall for, and takes its answer, whatever it is. */
export async function actHostile({ link, context }: Session, name: string): Promise<void> {
  const act = ACTS.get(name);
  if (act === undefined) throw new AgentError(MB_ERROR.generic, `no such hostile act: ${name}`);
  await act(link, context.identity.udid);
}

async function operation(link: HostLink, name: string, ...args: PlistValue[]): Promise<void> {
  link.send(name, ...args);
  await link.status();
}

function moveItem(link: HostLink, from: string, to: string): Promise<void> {
  return operation(link, 'DLMessageMoveItems', { [from]: to }, {}, PROGRESS);
}

function copyItem(link: HostLink, from: string, to: string): Promise<void> {
  return operation(link, 'DLMessageCopyItem', from, to, {}, PROGRESS, 0);
}

async function upload(link: HostLink, path: string): Promise<void> {
  const sending = new UploadOperation(link, { progress: 50, totalBytes: CONTENT.length });
  sending.open('/.b/6/hostile', path);
  sending.data(CONTENT);
  sending.close();
  sending.finish();
  await link.status();
}

/** Reads whatever the host sends up to the empty frame, and its status. */
async function download(link: HostLink, path: string): Promise<void> {
  link.send('DLMessageDownloadFiles', [path], {}, PROGRESS, 0);
  for (let isName = true; ;) {
    const frame = link.reader.tryFrame();
    if (frame === undefined) {
      await link.reader.more();
      continue;
    }
    if (isName && frame.length === 0) break;
    isName = isName ? false : frame[0] !== 0x0c;
  }
  await link.status();
}

function rawMessage(link: HostLink, body: Uint8Array): Promise<void> {
  link.writer.frame(body);
  link.writer.flush();
  return link.status().then(() => undefined);
}

function lie(link: HostLink, length: number): Promise<void> {
  link.writer.lengthOnly(length);
  link.writer.bytes(Buffer.alloc(64, 0x41));
  link.writer.flush();
  return link.status().then(() => undefined);
}
