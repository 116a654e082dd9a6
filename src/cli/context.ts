import type { Places } from '../shared/files/places.ts';
import { createOutput, type Output, type TextSink } from './output/output.ts';

/** Everything a command may touch of the world around it; tests hand in their own. */
export interface CliContext {
  readonly env: NodeJS.ProcessEnv;
  readonly places: Places;
  readonly out: TextSink;
  readonly err: TextSink;
  /** Asks the person at the terminal; undefined where there is none (a pipe, a service). */
  readonly input: NodeJS.ReadStream | undefined;
  /** Aborted by Ctrl-C and by SIGTERM: a command ends cleanly and leaves what it has. */
  readonly signal: AbortSignal;
  /** For a command that did its work and found something wrong; failures are thrown instead. */
  readonly setExitCode: (exitCode: number) => void;
}

/** The options every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

export interface VaultOptions extends CommonOptions {
  readonly vault?: string;
}

export function outputFor(context: CliContext, options: CommonOptions): Output {
  return createOutput(context.out, context.err, { json: options.json === true });
}

/** The vault folder a command works on: `--vault`, else `HOLDFAST_VAULT`, else the platform's place. */
export function vaultDirFor(context: CliContext, options: VaultOptions): string {
  return options.vault ?? context.places.vaultDir;
}
