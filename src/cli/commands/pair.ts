import { Command } from 'commander';
import { deviceSetup, findDevice, pairWith, type PairingNeed } from '../../service/index.ts';
import { addressOption, jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';

interface PairCommandOptions extends CommonOptions {
  readonly address?: string;
}

const WORDS: Readonly<Record<PairingNeed, string>> = {
  'answer-trust': 'Now look at the device: tap “Trust” and enter its passcode.',
  unlock: 'The device is locked. Unlock it; this goes on by itself.',
};

export function pairCommand(context: CliContext): Command {
  return new Command('pair')
    .description('make a device trust this computer; needs a cable and somebody at the device, once')
    .argument('[device]', 'name or UDID; may be left out when only one is connected')
    .addOption(addressOption())
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: PairCommandOptions) => pair(context, wanted, options));
}

async function pair(context: CliContext, wanted: string | undefined, options: PairCommandOptions): Promise<void> {
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const { address } = options;
  const device = await findDevice(setup, wanted, { address, signal: context.signal });
  const name = device.facts.name ?? device.udid;
  const pairing = await pairWith(setup, device, {
    signal: context.signal,
    onWaiting: (need) => {
      output.line(WORDS[need]);
      output.record({ event: 'waiting', for: need });
    },
  });
  output.line(pairing.existing ? `${name} trusts this computer already.` : `${name} trusts this computer now.`);
  if (pairing.wifi === 'enabled') output.line('It will be found over Wi-Fi too, when both are on the same network.');
  if (pairing.willEncrypt === false) {
    output.line('Its backups are not encrypted: passwords, Health and call history are left out of them.');
  }
  output.record({ event: 'paired', udid: device.udid, name: device.facts.name ?? null, existing: pairing.existing });
}
