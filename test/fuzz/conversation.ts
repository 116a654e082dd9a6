/**
 * Backup conversations that are damaged: what a phone said is recorded once, then played back with bytes changed,
 * repeated or removed. Whatever becomes of it, the job ends with an expected error or in good order, and nothing
 * beside the folder of the backup is touched.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, duplexPair } from 'node:stream';
import { openFolderTarget } from '../../src/backup/folder-target.ts';
import { runMobileBackup } from '../../src/device/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { serveBackup } from '../../src/virtual-iphone/backup-agent/index.ts';
import { startVirtualIphone } from '../../src/virtual-iphone/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';
import { filesIn } from '../support/tidy.ts';

const HANG_MS = 20_000;

interface Recording {
  readonly udid: string;
  readonly bytes: Buffer;
}

/** Plays `count` damaged conversations; throws on the first that does harm, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  try {
    const recording = await record(directory);
    await writeFile(join(directory, 'neighbour'), 'untouched');
    for (let i = 0; i < count; i++) {
      const bytes = mutate(randomFrom(seedOfRound(seed, i)), recording.bytes);
      await play(directory, { ...recording, bytes }).catch((cause: unknown) => {
        throw new Error(`conversation fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
      });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function record(directory: string): Promise<Recording> {
  await using phone = await startVirtualIphone({ stateDir: join(directory, 'phone'), library: 'empty' });
  for (let i = 0; i < 12; i++) phone.disk.writeFile('HomeDomain', `Library/${i}`, Buffer.alloc(i * 50, i));
  const [host, agent] = duplexPair();
  const chunks: Buffer[] = [];
  host.on('data', (chunk: Buffer) => chunks.push(chunk));
  const target = await openFolderTarget(await emptyFolder(directory), { udids: [phone.udid] });
  const connection = { service: 'recorded', transport: 'usb', escrow: true, hostId: undefined } as const;
  const served = serveBackup(agent, phone.context, { ...connection, signal: new AbortController().signal });
  const request = { kind: 'backup', udid: phone.udid } as const;
  await runMobileBackup({ stream: host, request, target });
  await served;
  return { udid: phone.udid, bytes: Buffer.concat(chunks) };
}

async function play(directory: string, { udid, bytes }: Recording): Promise<void> {
  const folder = await emptyFolder(directory);
  const target = await openFolderTarget(folder, { udids: [udid] });
  const deadline = AbortSignal.timeout(HANG_MS);
  try {
    await runMobileBackup({ stream: playback(bytes), request: { kind: 'backup', udid }, target, signal: deadline });
  } catch (error) {
    if (!isAppError(error)) throw error;
    assert.ok(!deadline.aborted, 'the job hung');
  }
  const strangers = filesIn(directory).filter(
    (path) => !path.startsWith(`backup/${udid}/`) && !path.startsWith('phone'),
  );
  assert.deepEqual(strangers, ['neighbour']);
}

/** A phone that says what it has to say, whatever it hears. */
function playback(bytes: Buffer): Duplex {
  const stream = new Duplex({
    read() {
      this.push(bytes);
      this.push(null);
    },
    write: (_chunk, _encoding, callback) => callback(),
  });
  return stream;
}

async function emptyFolder(directory: string): Promise<string> {
  const folder = join(directory, 'backup');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return folder;
}
