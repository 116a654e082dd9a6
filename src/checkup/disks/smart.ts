/** What a disk says of itself, asked by smartctl of smartmontools. */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import { systemErrorCode } from '../../shared/errors.ts';

/** What a disk tells. `says-nothing`: it has no SMART, or an adapter keeps it back. */
export type DiskHealth =
  | {
      readonly kind: 'told';
      readonly model: string | undefined;
      /** What it makes of itself; undefined where it does not say. */
      readonly passed: boolean | undefined;
      /** Places it cannot read, or gave up on and replaced. */
      readonly unreadablePlaces: number;
      readonly replacedPlaces: number;
      readonly usedPercent: number | undefined;
      readonly hours: number | undefined;
      readonly celsius: number | undefined;
    }
  | { readonly kind: 'no-program' | 'no-rights' | 'says-nothing' };

/** Runs smartctl. @returns what it wrote; undefined when it is not installed. */
export type RunSmartctl = (args: readonly string[]) => Promise<string | undefined>;

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** It lies where only root looks by itself. */
const ADMIN_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin';

/** Attributes of ATA disks by their numbers, the same for all makers. */
const REPLACED = [5];
const UNREADABLE = [197, 198];
/** Some makers put several numbers into one: what is larger is no count. */
const MAX_COUNT = 10_000_000;

/** The system knows the disk and does not let us at it; a service that is fenced in does not even see it. */
const KEPT_AWAY = /permission denied|operation not permitted|no such (?:device|file)/i;

const count = z.number().nonnegative().optional().catch(undefined);

/** As `smartctl --json` of 7.0 and later has it; what is not there was not told. */
const Answer = z.object({
  smartctl: z
    .object({
      messages: z
        .array(z.object({ string: z.string() }))
        .catch([])
        .default([]),
    })
    .catch({ messages: [] })
    .default({ messages: [] }),
  model_name: z.string().optional().catch(undefined),
  smart_status: z.object({ passed: z.boolean() }).optional().catch(undefined),
  temperature: z.object({ current: count }).optional().catch(undefined),
  power_on_time: z.object({ hours: count }).optional().catch(undefined),
  endurance_used: z.object({ current_percent: count }).optional().catch(undefined),
  ata_smart_attributes: z
    .object({ table: z.array(z.object({ id: z.number(), raw: z.object({ value: z.number() }) })) })
    .optional()
    .catch(undefined),
  nvme_smart_health_information_log: z
    .object({ critical_warning: count, percentage_used: count, media_errors: count })
    .optional()
    .catch(undefined),
});
type Answer = z.infer<typeof Answer>;

/** Asks a disk how it is. Nothing is changed, no test is started. @param device "/dev/sda" */
export async function askDisk(device: string, run: RunSmartctl = runSmartctl): Promise<DiskHealth> {
  const text = await run(['--json=c', '-i', '-H', '-A', device]);
  if (text === undefined) return { kind: 'no-program' };
  const answer = parse(text);
  if (answer === undefined) return { kind: 'says-nothing' };
  if (answer.smartctl.messages.some((each) => KEPT_AWAY.test(each.string))) return { kind: 'no-rights' };
  const { smart_status: status, ata_smart_attributes: ata, nvme_smart_health_information_log: nvme } = answer;
  if (status === undefined && ata === undefined && nvme === undefined) return { kind: 'says-nothing' };
  return {
    kind: 'told',
    model: answer.model_name,
    passed: (nvme?.critical_warning ?? 0) > 0 ? false : status?.passed,
    unreadablePlaces: mostOf(answer, UNREADABLE) + (nvme?.media_errors ?? 0),
    replacedPlaces: mostOf(answer, REPLACED),
    usedPercent: nvme?.percentage_used ?? answer.endurance_used?.current_percent,
    hours: answer.power_on_time?.hours,
    celsius: answer.temperature?.current,
  };
}

/** Places that were given up are often counted by two attributes. */
function mostOf({ ata_smart_attributes: ata }: Answer, ids: readonly number[]): number {
  const values = (ata?.table ?? []).filter(({ id }) => ids.includes(id)).map(({ raw }) => raw.value);
  return Math.max(0, ...values.filter((value) => value <= MAX_COUNT));
}

function parse(text: string): Answer | undefined {
  try {
    return Answer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Its exit status is a set of bits that tell of the disk: what counts is what it wrote. */
function runSmartctl(args: readonly string[]): Promise<string | undefined> {
  const path = `${process.env['PATH'] ?? ''}:${ADMIN_FOLDERS}`;
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, env: { PATH: path, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile('smartctl', args, options, (error, stdout) => {
      resolve(systemErrorCode(error) === 'ENOENT' ? undefined : stdout);
    });
  });
}
