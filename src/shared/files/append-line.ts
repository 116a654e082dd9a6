import { open } from 'node:fs/promises';

/** Adds a line to a file of lines, durably. One before it that a crash has torn stays apart from it. */
export async function appendLine(path: string, line: string): Promise<void> {
  await using file = await open(path, 'a+', 0o600);
  const newline = (await endsInLine(file)) ? '' : '\n';
  await file.appendFile(`${newline}${line}\n`);
  await file.sync();
}

async function endsInLine(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last.toString('latin1') === '\n';
}
