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
/** Bits of an NVMe disk's warning: its spare is used up, it is too hot or too cold at this moment, it is unreliable… */
const OUT_OF_TEMPERATURE = 0x02;
/** An adapter that smartctl does not know; most of them translate as SAT says. */
const UNKNOWN_ADAPTER = /unknown usb bridge|specify device type/i;

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
    .object({
      table: z.array(
        z.object({
          id: z.number(),
          when_failed: z.string().catch(''),
          flags: z.object({ prefailure: z.boolean() }).optional().catch(undefined),
          raw: z.object({ value: z.number() }),
        }),
      ),
    })
    .optional()
    .catch(undefined),
  /** Of SAS disks. */
  scsi_grown_defect_list: count,
  nvme_smart_health_information_log: z
    .object({ critical_warning: count, percentage_used: count, media_errors: count })
    .optional()
    .catch(undefined),
});
type Answer = z.infer<typeof Answer>;

/** Asks a disk how it is. Nothing is changed, no test is started. @param device "/dev/sda" */
export async function askDisk(device: string, run: RunSmartctl = runSmartctl): Promise<DiskHealth> {
  const asked = ['--json=c', '-i', '-H', '-A'];
  const first = await run([...asked, device]);
  if (first === undefined) return { kind: 'no-program' };
  let answer = parse(first);
  if (says(answer, UNKNOWN_ADAPTER)) answer = parse((await run([...asked, '-d', 'sat', device])) ?? '') ?? answer;
  if (answer === undefined) return { kind: 'says-nothing' };
  const { smart_status: status, ata_smart_attributes: ata, nvme_smart_health_information_log: nvme } = answer;
  if (status === undefined && ata === undefined && nvme === undefined) {
    return { kind: says(answer, KEPT_AWAY) ? 'no-rights' : 'says-nothing' };
  }
  return {
    kind: 'told',
    model: answer.model_name,
    passed: verdictIn(answer),
    unreadablePlaces: mostOf(answer, UNREADABLE) + (nvme?.media_errors ?? 0),
    replacedPlaces: Math.max(mostOf(answer, REPLACED), answer.scsi_grown_defect_list ?? 0),
    usedPercent: nvme?.percentage_used ?? answer.endurance_used?.current_percent,
    hours: answer.power_on_time?.hours,
    celsius: answer.temperature?.current,
  };
}

const says = (answer: Answer | undefined, words: RegExp): boolean =>
  answer?.smartctl.messages.some((each) => words.test(each.string)) ?? false;

/**
 * What the disk makes of itself. That of an NVMe disk is smartctl's, and is "failed" for any warning: being hot for a moment
 * is none of the disk's end. An adapter that keeps an ATA disk's verdict back may let its attributes through.
 */
function verdictIn({
  smart_status: status,
  ata_smart_attributes: ata,
  nvme_smart_health_information_log: nvme,
}: Answer): boolean | undefined {
  if (nvme?.critical_warning !== undefined) return (nvme.critical_warning & ~OUT_OF_TEMPERATURE) === 0;
  // The others tell of age, and of being hot.
  const isFailing = ata?.table.some(({ when_failed: failed, flags }) => failed === 'now' && flags?.prefailure === true);
  if (isFailing === true) return false;
  return status?.passed;
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
