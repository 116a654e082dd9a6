import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addResticCopy } from './add-copy.ts';
import { CopiesScene, eventsOf } from './copies.test-helper.ts';
import type { RunEvent, VerifyCopyEvent, VerifyOptions } from './copy.ts';
import { findEntry } from './registry.ts';
import { readCopies, type CopyStatus } from './status.ts';
import { runCopy, verifyCopy } from './work.ts';

/**
 * A vault with a copy through a script that plays restic: it keeps what it is given as plain folders, `tree-1`, `tree-2`…,
 * and says of each what restic 0.14 says, which notes no number of files.
 */
export class ScriptedRestic extends CopiesScene {
  static async make({ version = '0.14.0' } = {}): Promise<ScriptedRestic> {
    const scene = new ScriptedRestic();
    const binary = scene.path('restic');
    writeFileSync(binary, scriptOf(version, scene.root), { mode: 0o755 });
    await using vault = await scene.openVault();
    const repository = scene.path('repository');
    const copy = { name: 'offsite', everyHours: 24, repository, readParts: 1, binary };
    await addResticCopy(scene.context, vault, copy);
    return scene;
  }

  /** What it was asked for, word by word. */
  get asked(): string[] {
    return readFileSync(this.path('asked'), 'utf8').trim().split('\n');
  }

  /** The folders that snapshots are kept as. */
  get trees(): string[] {
    return readdirSync(this.root).filter((name) => name.startsWith('tree-'));
  }

  lose(tree: string, path: string): void {
    rmSync(join(this.root, tree, path));
  }

  /** The second snapshot needs a pack that the index names, and that never arrived. */
  losePack(): void {
    writeFileSync(this.path('lost-pack'), '');
  }

  /** From now on nothing may be removed. */
  protect(): void {
    writeFileSync(this.path('append-only'), '');
  }

  async run(): Promise<RunEvent[]> {
    await using vault = await this.openVault();
    return await Array.fromAsync(runCopy(this.context, vault, await findEntry(this.context.stateDir, 'offsite')));
  }

  async verify(options: VerifyOptions = {}): Promise<Extract<VerifyCopyEvent, { kind: 'done' }> | undefined> {
    await using vault = await this.openVault();
    const entry = await findEntry(this.context.stateDir, 'offsite');
    return (await eventsOf(verifyCopy(this.context, vault, entry, options), 'done'))[0];
  }

  async status(): Promise<CopyStatus | undefined> {
    return (await readCopies(this.context, this.now))[0];
  }
}

const scriptOf = (version: string, root: string): string => `#!/bin/sh
if [ "$1" = version ]; then echo "restic ${version} compiled with go"; exit 0; fi
read -r password
echo "$*" >> "${root}/asked"
case "$*" in
  *"cat config"*) echo '{"id":"${'5'.repeat(64)}"}' ;;
  snapshots*) echo "[$(cat "${root}"/snapshot-* 2> /dev/null | paste -sd, -)]" ;;
  check*)
    if [ -e "${root}/lost-pack" ]; then echo "pack ${'a'.repeat(64)}: does not exist" >&2; fi
    if [ -e "${root}/lost-pack" ] || { [ -e "${root}/lost-blob" ] && [ -e "${root}/tree-2" ]; }; then
      echo 'error for tree 3c4ad81b:' >&2; echo 'Fatal: repository contains errors' >&2; exit 1
    fi ;;
  rebuild-index*) mv "${root}/lost-pack" "${root}/lost-blob" ;;
  ls*) cd "${root}/tree-$3" && find . -type f -printf '{"struct_type":"node","type":"file","path":"/%P","size":%s}\\n' ;;
  restore*) cp -r "${root}/tree-$2/." "$4" ;;
  forget*)
    shift
    if [ -e "${root}/append-only" ]; then echo "unable to remove $*" >&2; exit 3; fi
    for id in "$@"; do rm -r "${root}/tree-$id" "${root}/snapshot-$id"; done ;;
  backup*)
    tags=''
    while [ "$1" != -- ]; do
      if [ "$1" = --tag ]; then tags="$tags,\\"$2\\""; fi
      if [ "$1" = --time ]; then time="$(echo "$2" | tr ' ' T)Z"; fi
      shift
    done
    id=1
    while [ -e "${root}/tree-$id" ]; do id=$((id + 1)); done
    mkdir "${root}/tree-$id"
    cp -rL "$2" "$3" "${root}/tree-$id/"
    echo "{\\"id\\":\\"$id\\",\\"time\\":\\"$time\\",\\"tags\\":[\${tags#,}]}" > "${root}/snapshot-$id"
    files=$(find -L "$2" "$3" -type f | wc -l)
    bytes=$(find -L "$2" "$3" -type f -exec cat {} + | wc -c)
    echo "{\\"message_type\\":\\"summary\\",\\"data_added\\":1,\\"total_files_processed\\":$files,\\"total_bytes_processed\\":$bytes,\\"snapshot_id\\":\\"$id\\"}" ;;
esac
`;
