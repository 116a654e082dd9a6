/**
 * The unit that systemd runs the service by. What is locked away from it is told by `systemd-analyze security`; what stays
 * open has its reason here.
 */
import { isAbsolute } from 'node:path';

export interface UnitOptions {
  /** `system` runs from boot on, under a user of its own; `user` as long as its user is signed in, or lingers. */
  readonly kind: 'system' | 'user';
  /** Program and arguments, without `serve`. All absolute paths. */
  readonly program: readonly string[];
  /** Of a system unit. */
  readonly user?: string;
  /** Told to the service by the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that systemd makes for a system unit, below /var/lib; where all of it lies unless told otherwise. */
  readonly stateDirectory?: string;
}

/**
 * Has the allocator of the C library give memory back when it is not used. By itself it keeps what a night of backups took:
 * a fifth of all the service has.
 */
const GIVES_MEMORY_BACK: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** For what a backup in the middle has to put in order when the service is stopped. */
const STOP_SECONDS = 90;

/** Every user may lock these away from itself. */
const FOR_ANYBODY = [
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RestrictNamespaces=yes',
  '# usbmuxd and commands: AF_UNIX. Phones and browsers: AF_INET. The list of network interfaces: AF_NETLINK.',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged',
  'SystemCallErrorNumber=EPERM',
  '# MemoryDenyWriteExecute would stop JavaScript from being compiled.',
];

/** Only the system manager can. */
const FOR_THE_SYSTEM = [
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'RemoveIPC=yes',
  '# Not "strict": the vault and its copies may lie on any disk, and disks are mounted while the service runs.',
  'ProtectSystem=full',
];

/** The text of the unit. @throws {RangeError} for a program that is no absolute path, or a line break in a value. */
export function systemdUnit(options: UnitOptions): string {
  const { kind, program, environment } = options;
  if (program[0] === undefined || !isAbsolute(program[0])) throw new RangeError('the program needs an absolute path');
  const isSystem = kind === 'system';
  const lines = [
    '[Unit]',
    'Description=Holdfast keeps iPhones and iPads safe',
    ...(isSystem ? ['After=network-online.target usbmuxd.service', 'Wants=network-online.target usbmuxd.service'] : []),
    '# Given up only where it fails at once, again and again.',
    'StartLimitIntervalSec=300',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[...program, 'serve'].map(quoted).join(' ')}`,
    ...Object.entries({ ...GIVES_MEMORY_BACK, ...environment }).map(
      ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
    ),
    ...(isSystem ? systemLines(options) : []),
    'Restart=on-failure',
    'RestartSec=5',
    '# The devices are told and what has arrived is kept; killed after that it loses nothing either.',
    `TimeoutStopSec=${STOP_SECONDS}`,
    'KillMode=mixed',
    'UMask=0077',
    '',
    ...FOR_ANYBODY,
    ...(isSystem ? [...FOR_THE_SYSTEM, `ProtectHome=${isInHomes(environment) ? 'no' : 'yes'}`] : []),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
  ];
  return `${lines.join('\n')}\n`;
}

function systemLines({ user = 'holdfast', stateDirectory = 'holdfast' }: UnitOptions): string[] {
  return [`User=${user}`, `StateDirectory=${stateDirectory}`, 'StateDirectoryMode=0700'];
}

/** Whether anything it needs lies where people have their own folders. */
function isInHomes(environment: Readonly<Record<string, string>>): boolean {
  return Object.values(environment).some((value) => /^\/(home|root|run\/user)\//.test(value));
}

/** As systemd reads words: in quotes where need be, with its own signs made harmless. */
function quoted(word: string): string {
  if (/[\n\r\0]/.test(word)) throw new RangeError('a unit cannot hold a line break');
  const plain = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$')}"`;
}
