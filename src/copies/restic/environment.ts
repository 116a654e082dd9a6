import { readFile, stat } from 'node:fs/promises';
import { AppError, systemErrorCode } from '../../shared/errors.ts';

/** What of our own environment restic, and what it starts (ssh, rclone), may see. */
const PASSED_ON = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_ALL|TMPDIR|TEMP|TMP|SYSTEMROOT|APPDATA|LOCALAPPDATA|PROGRAMDATA)$/,
  /^(SSH_AUTH_SOCK|SSL_CERT_FILE|SSL_CERT_DIR|XDG_CONFIG_HOME|XDG_RUNTIME_DIR)$/,
  /^(HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy)$/,
  /^(AWS|B2|AZURE|GOOGLE|OS|ST|RCLONE|RESTIC_REST)_[A-Z0-9_]+$/,
];

/**
 * The environment of restic: what it needs, the credentials of the place, and nothing else of ours.
 *
 * @param envFile a file with more, one NAME=value a line, which nobody but its owner may read.
 * @throws {AppError} USAGE when the file cannot be read, or can be by others.
 */
export async function resticEnvironment(
  env: NodeJS.ProcessEnv,
  envFile: string | undefined,
): Promise<Record<string, string>> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && PASSED_ON.some((each) => each.test(name))) passed[name] = value;
  }
  return { ...passed, ...(envFile === undefined ? {} : await readEnvFile(envFile)), TZ: 'UTC' };
}

async function readEnvFile(path: string): Promise<Record<string, string>> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw tooOpen(path);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    throw new AppError('USAGE', `the file with credentials ${path} could not be read`, {
      hint: 'Check the path, and who may read the file.',
      details: { systemCode },
      cause,
    });
  }
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values[name] = unquoted(value);
  }
  return values;
}

const unquoted = (value: string): string => /^(["'])(.*)\1\s*$/.exec(value)?.[2] ?? value;

function tooOpen(path: string): AppError {
  return new AppError('USAGE', `others on this computer may read the credentials in ${path}`, {
    hint: `Keep them to yourself: \`chmod 600 ${path}\`.`,
  });
}
