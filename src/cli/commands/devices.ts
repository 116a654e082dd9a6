import { Command } from 'commander';
import { deviceSetup, findDevices, listPairs, type DeviceListing } from '../../service/index.ts';
import { addressOption, jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';

interface DevicesOptions extends CommonOptions {
  readonly address?: string;
}

export function devicesCommand(context: CliContext): Command {
  return new Command('devices')
    .description('list the devices this computer sees, by cable and by Wi-Fi')
    .addOption(addressOption())
    .addOption(jsonOption())
    .action((options: DevicesOptions) => listAll(context, options));
}

async function listAll(context: CliContext, options: DevicesOptions): Promise<void> {
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const { address } = options;
  const devices = await findDevices(setup, { address, network: true, signal: context.signal });
  if (devices.length === 0) {
    output.line('No device is connected. Connect one with a cable and unlock it.');
    output.line('`holdfast doctor` looks for what is in the way.');
  } else
    output.table(['NAME', 'MODEL', 'IOS', 'REACHED BY', 'BATTERY', 'STATE', 'UDID'], devices.map(rowOf), {
      numeric: [4],
    });
  for (const device of devices) output.record(recordOf(device));
  for (const { udid, health } of await listPairs(setup)) {
    if (health.sentence === undefined || devices.some((device) => device.udid === udid)) continue;
    output.note(`${health.sentence} ${health.hint ?? ''}`);
  }
}

function rowOf({ udid, facts, connections, paired, problem }: DeviceListing): string[] {
  return [
    facts.name ?? '?',
    facts.model ?? facts.productType ?? '?',
    facts.productVersion ?? '?',
    connections.map((each) => (each === 'usb' ? 'cable' : 'Wi-Fi')).join(', '),
    facts.battery.percent === undefined ? '?' : `${facts.battery.percent} %`,
    stateOf(paired, facts.willEncrypt, problem?.code),
    udid,
  ];
}

function stateOf(paired: boolean, willEncrypt: boolean | undefined, problem: string | undefined): string {
  if (problem === 'DEVICE_LOCKED') return 'locked';
  if (!paired) return 'not paired';
  return willEncrypt === true ? 'paired, encrypted' : 'paired, not encrypted';
}

/** What scripts are given; the names are a promise. Unknown values are null. */
function recordOf({ udid, facts, connections, paired }: DeviceListing): object {
  return {
    udid,
    name: facts.name ?? null,
    model: facts.model ?? null,
    productType: facts.productType ?? null,
    productVersion: facts.productVersion ?? null,
    connections,
    paired,
    encrypted: facts.willEncrypt ?? null,
    battery: facts.battery.percent ?? null,
  };
}
