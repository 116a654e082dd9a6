/** Why a paired device is not found on the Wi-Fi network, as far as that can be told from here. */
import type { NetworkSurvey } from '../../device/index.ts';
import type { Finding } from './finding.ts';
import type { PairFacts } from '../pairs/pairs.ts';

const CHECK = 'network';

const GIVE_ADDRESS =
  'Where phones cannot be found by themselves, give the address: on the phone, Settings › Wi-Fi › ⓘ › IP Address, then ' +
  '`holdfast backup --address ADDRESS`. It is remembered; let the router always give the phone the same one, and set ' +
  'Private Wi-Fi Address to “Fixed” on the phone.';

const BLOCKED =
  'Guest networks, separate VLANs, “client isolation” of access points and some mesh systems keep devices from seeing ' +
  'each other; so does a container without the host’s network. Put both into the same network. ';

const ASLEEP =
  'Wake it or put it on its charger, unlock it once if it was restarted or lay untouched for a day, and check that it is ' +
  'in this very network. If it was never connected here by cable: do that once and run `holdfast pair`. ';

/**
 * Explains the absence of devices that are paired and neither on a cable nor found on the network.
 *
 * @param missing at least one.
 */
export function* explainNetwork(survey: NetworkSurvey, missing: readonly PairFacts[]): Generator<Finding, void> {
  const names = missing.map(({ name, udid }) => name ?? udid).join(', ');
  const { networks, responders, phones } = survey;
  if (networks.length === 0) {
    yield finding('problem', `This computer is in no network, so that ${names} can only be reached by cable.`, {
      hint: 'Connect it to the network that the phone is in.',
    });
    return;
  }
  const own = `This computer is in ${networks.join(' and ')}.`;
  if (phones > 0) {
    const heard = phones === 1 ? 'A phone announces itself' : `${phones} phones announce themselves`;
    yield finding('attention', `${heard} in this network, but none of them as ${names}.`, {
      hint: `${ASLEEP}If it is there and awake, its pairing may be over: connect it with a cable and run \`holdfast pair\`.`,
    });
  } else if (responders > 0) {
    const heard = responders === 1 ? 'Another device answers' : `${responders} other devices answer`;
    yield finding('attention', `${heard} in this network, but no phone announces itself. ${own}`, {
      hint: `${ASLEEP}${GIVE_ADDRESS}`,
    });
  } else {
    yield finding(
      'attention',
      `Nothing in this network answers multicast DNS, by which phones are found: it seems to be blocked. ${own}`,
      { hint: `${BLOCKED}${GIVE_ADDRESS}` },
    );
  }
  // An address at which it answers would have been tried before anything else, and it would not be missing.
  for (const { udid, name, address } of missing) {
    if (address === undefined) continue;
    yield finding('attention', `${name ?? udid} does not answer at ${address} either, where it was the last time.`, {
      hint: 'It sleeps, has left the network or has got another address there.',
      udid,
    });
  }
}

/** What is to be said of a pairing that comes to its end. */
export function* explainTrust(pairs: readonly PairFacts[]): Generator<Finding, void> {
  for (const { udid, name, health, hasEscrowBag } of pairs) {
    if (health.sentence !== undefined)
      yield finding('attention', health.sentence, { hint: health.hint, udid }, 'trust');
    if (hasEscrowBag) continue;
    const message = `The pair record of ${name ?? udid} has no escrow bag, without which backups cannot start.`;
    yield finding(
      'attention',
      message,
      { hint: 'Connect the device with a cable and run `holdfast pair`.', udid },
      'trust',
    );
  }
}

function finding(
  state: Finding['state'],
  message: string,
  more: Pick<Finding, 'hint' | 'udid'>,
  check = CHECK,
): Finding {
  return { check, state, message, ...more };
}
