import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Repository } from './repository.ts';

/** A script that plays restic: what it does for each of its commands, in a folder of its own. */
export class FakeRestic implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly repository: Repository;

  constructor(answers: Readonly<Record<string, string>>) {
    const path = join(this.dir, 'restic');
    const cases = Object.entries(answers).map(([command, answer]) => `*" ${command} "*) ${answer} ;;`);
    const script = ['#!/bin/sh', 'cd "$HERE"', 'echo "$*" >> asked', `case " $* " in`, ...cases, 'esac'];
    writeFileSync(path, `${script.join('\n')}\n`, { mode: 0o755 });
    const env = { PATH: process.env['PATH'] ?? '', HERE: this.dir };
    this.repository = new Repository({ path, version: '0.18.0', isFull: true }, env, 'secret');
  }

  /** What it was asked for, word by word. */
  get asked(): string[] {
    return readFileSync(join(this.dir, 'asked'), 'utf8').trim().split('\n');
  }

  /** Leaves a file where it works. */
  write(name: string, text: string): void {
    writeFileSync(join(this.dir, name), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
