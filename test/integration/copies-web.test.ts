/** Copies as the web interface sets them up: over HTTP, through the service that runs them. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AddedCopy, CopyOverview, Job, Problem, Status } from '../../src/contract/index.ts';
import { holdfast } from '../support/holdfast-cli.ts';
import { Scene } from '../support/scene.ts';
import { Serving } from '../support/serving.ts';

test('a copy is added, filled, seen in the status, changed and forgotten', async () => {
  await using scene = await Scene.start({ seed: 5, encrypted: false, files: 20 });
  assert.equal((await holdfast(['backup'], { env: scene.cliEnv })).status, 0);
  const { directory, vaultDir } = scene.both;
  const dir = join(directory, 'disk', 'holdfast');
  mkdirSync(join(directory, 'disk'));
  mkdirSync(join(directory, 'full'));
  writeFileSync(join(directory, 'full', 'holiday.jpg'), 'a picture');
  await using serving = await Serving.start(scene.cliEnv);
  const add = (copy: object): Promise<unknown> =>
    serving.ask('copies', 'POST', { kind: 'folder', name: 'usb-disk', ...copy });
  const refusal = async (place: string): Promise<string> => Problem.parse(await add({ dir: place })).code;

  assert.equal(await refusal(join(vaultDir, 'copy')), 'COPY_REFUSED');
  assert.equal(await refusal(join(serving.home, 'state', 'copy')), 'COPY_REFUSED');
  assert.equal(await refusal('/etc/holdfast-copy'), 'COPY_REFUSED');
  assert.equal(await refusal(join(directory, 'not', 'mounted')), 'COPY_REFUSED');
  assert.equal(await refusal(join(directory, 'full')), 'FOLDER_NOT_EMPTY');
  assert.equal(existsSync(join(vaultDir, 'copy')), false);

  // A disk that was formatted just now holds what its file system puts there, and is as good as empty.
  const fresh = join(directory, 'fresh');
  mkdirSync(join(fresh, 'lost+found'), { recursive: true });
  assert.equal(AddedCopy.parse(await add({ name: 'fresh-disk', dir: fresh })).found, false);
  await serving.ask('copies/fresh-disk', 'DELETE');
  mkdirSync(join(directory, 'full', 'lost+found'));
  assert.equal(await refusal(join(directory, 'full')), 'FOLDER_NOT_EMPTY');

  const { copy, warnings } = AddedCopy.parse(
    await add({ dir, everyHours: 12, window: { from: '00:00', to: '00:01' } }),
  );
  assert.deepEqual([copy.place, copy.isDue, warnings.map(({ code }) => code)], [dir, true, ['copy-on-vault-disk']]);
  assert.equal(Problem.parse(await add({ dir })).code, 'ALREADY_THERE');

  const { id } = Job.parse(await serving.ask('copies/usb-disk/run', 'POST', {}));
  const job = await serving.until('the copy', async () => {
    const now = Job.parse(await serving.ask(`jobs/${id}`));
    return now.endedAt !== undefined && now;
  });
  assert.equal(job.state, 'done');
  const { devices } = Status.parse(await serving.ask('status'));
  const places = devices[0]?.places ?? [];
  const [vault, there] = ['vault', 'copy'].map((kind) => places.find((place) => place.kind === kind));
  assert.deepEqual([there?.name, there?.at, there?.offSite], ['usb-disk', vault?.at, false]);

  await serving.ask('copies/usb-disk', 'PATCH', { everyHours: 168, window: null, offSite: true, keep: { last: 3 } });
  const [changed] = CopyOverview.array().parse(await serving.ask('copies'));
  assert.ok(changed);
  assert.deepEqual(
    [changed.everyHours, changed.window, changed.offSite, changed.keep],
    [168, undefined, true, { last: 3 }],
  );

  await serving.ask('copies/usb-disk', 'DELETE');
  assert.deepEqual(await serving.ask('copies'), []);
  assert.ok(readdirSync(dir).includes('holdfast.json'));
  assert.equal(AddedCopy.parse(await add({ dir })).found, true);
  await serving.stop();
});

test('credentials are sealed, go to restic, and are forgotten with the copy', async () => {
  await using scene = await Scene.start({ seed: 6, encrypted: false, files: 5 });
  assert.equal((await holdfast(['backup'], { env: scene.cliEnv })).status, 0);
  const bin = join(scene.both.directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'restic'), RESTIC, { mode: 0o755 });
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  await using serving = await Serving.start({ ...scene.cliEnv, PATH });
  const secret = 'the key of the bucket';
  const answer = await serving.ask('copies', 'POST', {
    kind: 'restic',
    name: 'offsite',
    repository: 's3:s3.example.org/bucket',
    credentials: { AWS_ACCESS_KEY_ID: 'ada', AWS_SECRET_ACCESS_KEY: secret },
    window: notNow(),
  });
  const { password = '', copy } = AddedCopy.parse(answer);
  assert.match(password, /^\S{20,}$/);
  assert.deepEqual([copy.kind, copy.offSite], ['restic', true]);
  const told = readFileSync(join(bin, 'told'), 'utf8');
  assert.match(told, new RegExp(`ada ${secret}`));
  const kept =
    readFileSync(join(serving.home, 'state', 'copies.json'), 'utf8') + JSON.stringify(await serving.ask('copies'));
  for (const each of [secret, password]) assert.ok(!kept.includes(each));
  const other = 'another key of the bucket';
  await serving.ask('copies/offsite/secrets', 'PUT', { credentials: { AWS_SECRET_ACCESS_KEY: other } });
  assert.match(readFileSync(join(bin, 'told'), 'utf8'), new RegExp(`ada ${other}\n$`));
  // Another repository answers: the key that was there before is used again.
  writeFileSync(join(bin, 'restic'), RESTIC.replace('5'.repeat(64), '6'.repeat(64)), { mode: 0o755 });
  const refused = await serving.ask('copies/offsite/secrets', 'PUT', { password: 'a password' });
  assert.equal(Problem.parse(refused).code, 'COPY_UNEXPECTED');
  await serving.ask('copies/offsite', 'DELETE');
  assert.deepEqual(await serving.ask('copies'), []);
  await serving.stop();
  assert.ok(!(await serving.cli.ended).stderr.includes(secret));
});

/** A window in which a copy that is due does not begin by itself: it opens in six hours. */
function notNow(): { from: string; to: string } {
  const hour = new Date().getHours();
  return { from: fullHour(hour + 6), to: fullHour(hour + 7) };
}

const fullHour = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;

/** Says what it was given, and that there is a repository now. */
const RESTIC = `#!/bin/sh
if [ "$1" = version ]; then echo "restic 0.18.0 compiled with go"; exit 0; fi
echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY" >> "$(dirname "$0")/told"
echo '{"version":2,"id":"${'5'.repeat(64)}","chunker_polynomial":"25b468838dcb75"}'
`;
