/** What the documentation tells people to type is what the program takes. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { placesFor } from '../shared/files/places.ts';
import { createProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '../..');
const NO_TEXT = { write: () => true };
/** How a command line of ours begins. */
const OURS = /^ {0,4}(?:sudo )?(?:node bin\/holdfast\.js|holdfast) /;
/** Begins like one, and is how the index of a file list begins in docs/formats/vault.md. */
const NOT_TYPED = 'holdfast list index';

const program = await createProgram(
  {
    env: {},
    places: placesFor({}),
    out: NO_TEXT,
    err: NO_TEXT,
    input: undefined,
    signal: new AbortController().signal,
    setExitCode: () => {},
  },
  [],
);
const commands = new Set(program.commands.map((command) => command.name()));

for (const file of ['README.md', 'SECURITY.md', 'web/README.md', ...globSync('docs/**/*.md', { cwd: ROOT })]) {
  test(`${file} names commands and options that there are`, () => {
    const wrong = linesTyped(readFileSync(join(ROOT, file), 'utf8')).flatMap((words) =>
      unknownIn(words).map((word) => `${word}, in: ${words.join(' ')}`),
    );
    assert.deepEqual(wrong, []);
  });
}

test('the README lists every command, and none besides', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| (`(?:\\\||[^|])*) \|/gm)].flatMap(([, cell = '']) =>
    codeIn(cell).map((code) => code.split(' ', 1)[0] ?? ''),
  );
  assert.deepEqual(new Set(listed), commands);
});

/** What of a command line the program does not know: a command, a command below it, an option. */
function unknownIn(words: readonly string[]): string[] {
  const unknown: string[] = [];
  let command: Command = program;
  const firstOption = words.findIndex((word) => word.startsWith('-'));
  for (const [i, word] of words.entries()) {
    if (word.startsWith('-')) {
      if (!takes(command, word)) unknown.push(word);
      continue;
    }
    // What comes after an option may be its value.
    if (command.commands.length === 0 || (firstOption >= 0 && i > firstOption)) continue;
    // The README puts commands that are alike into one line: `accounts list|add|password|remove`.
    const named = word.split('|').map((name) => below(command, name));
    const found = named[0];
    if (named.every((each) => each !== undefined) && found !== undefined) command = found;
    else if (command.registeredArguments.length === 0 && !/^[A-Z…]/.test(word)) unknown.push(word);
  }
  return unknown;
}

function takes(command: Command, option: string): boolean {
  const name = option.split('=', 1)[0];
  return name === '--help' || command.options.some(({ long, short }) => long === name || short === name);
}

function below(command: Command, name: string): Command | undefined {
  return command.commands.find((each) => each.name() === name);
}

/** The command lines of a page, without the name of the program: in blocks, and in the middle of a sentence. */
function linesTyped(markdown: string): string[][] {
  const inBlocks = [...markdown.matchAll(/^ {0,4}(?:sudo )?(?:node bin\/holdfast\.js|holdfast) .*$/gm)];
  const inSentences = codeIn(markdown).filter(
    (code) => !code.startsWith(NOT_TYPED) && (OURS.test(code) || commands.has(code.split(/\s/, 1)[0] ?? '')),
  );
  return [...inBlocks.map(([line]) => line), ...inSentences].map((line) => wordsOf(line.replace(OURS, '')));
}

function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll(String.raw`\|`, '|'));
}

/** Up to a comment or another program; without the brackets around what may be left out. */
function wordsOf(line: string): string[] {
  const [typed = ''] = line.split(/ #| \| | && /);
  return typed
    .replaceAll(/"[^"]*"/g, 'TEXT')
    .replaceAll(/[[\]]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}
