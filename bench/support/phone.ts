import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { measure } from './measure.ts';

export const HOLDFAST = [process.execPath, join(import.meta.dirname, '..', '..', 'bin', 'holdfast.js')];

/** A virtual iPhone in a process of its own, as a real one has a processor of its own. */
export interface PluggedPhone extends AsyncDisposable {
  /** What points clients at it. */
  readonly env: NodeJS.ProcessEnv;
}

export async function plugIn(stateDir: string, library: string): Promise<PluggedPhone> {
  const [program = '', ...words] = HOLDFAST;
  const child = spawn(
    program,
    [...words, 'virtual-iphone', '--json', '--tcp', '0', '--state', stateDir, '--library', library],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ready = await nextLine(child.stdout);
  const address = /"address":"([^"]+)"/.exec(ready)?.[1];
  if (address === undefined) throw new Error(`the virtual iPhone did not start: ${ready}`);
  const env = { USBMUXD_SOCKET_ADDRESS: address };
  await measure([...HOLDFAST, 'pair'], { env });
  return {
    env,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function nextLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return '';
}
