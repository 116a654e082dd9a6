import type { LogFacts, Logger } from '../shared/logger.ts';
import { jsonLine, printable } from './output/format.ts';
import type { TextSink } from './output/output.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** As syslog and the journal number them; a line that begins with "<4>" is a warning to the journal. */
const PRIORITIES: Readonly<Record<Level, number>> = { debug: 7, info: 6, warn: 4, error: 3 };

export interface ServiceLogOptions {
  /** One JSON object per line. */
  readonly json: boolean;
  /** `JOURNAL_STREAM` is set where the journal reads along. */
  readonly env: NodeJS.ProcessEnv;
  /** Also what only helps to find mistakes. */
  readonly verbose: boolean;
}

/** The log of the service: a line for each thing that happens, for people, the journal, or programs. */
export function serviceLog(sink: TextSink, { json, env, verbose }: ServiceLogOptions): Logger {
  const isJournal = env['JOURNAL_STREAM'] !== undefined;
  const write = (level: Level, message: string, facts: LogFacts = {}): void => {
    if (level === 'debug' && !verbose) return;
    if (json) sink.write(jsonLine({ at: new Date().toISOString(), level, message, ...facts }));
    else if (isJournal) sink.write(`<${PRIORITIES[level]}>${lineOf(message, facts)}\n`);
    else
      sink.write(
        `${new Date().toTimeString().slice(0, 8)} ${level === 'info' ? '' : `${level}: `}${lineOf(message, facts)}\n`,
      );
  };
  return {
    debug: (message, facts) => write('debug', message, facts),
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}

/** "a backup is done (udid 0000…, snapshot 1c99c397)" */
function lineOf(message: string, facts: LogFacts): string {
  const told = Object.entries(facts).filter(([, value]) => value !== undefined);
  const words = told.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return printable(words.length === 0 ? message : `${message} (${words.join(', ')})`);
}
