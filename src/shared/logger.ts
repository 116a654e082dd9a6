/** Where a module tells what it does. The library is silent unless given one; the service writes JSON lines. */
export interface Logger {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}

/** Identifiers, counts, durations. Never secrets, never file contents. */
export type LogFacts = Readonly<Record<string, unknown>>;

export const SILENT_LOGGER: Logger = { debug() {}, info() {}, warn() {}, error() {} };
