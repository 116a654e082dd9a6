import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainNetwork, explainTrust } from './explain-network.ts';
import { pairHealth } from '../pairs/pair-health.ts';
import type { PairFacts } from '../pairs/pairs.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

describe('a phone that is not found on the network', () => {
  for (const { what, survey, says, advises } of [
    {
      what: 'a computer without a network',
      survey: { networks: [], responders: 0, phones: 0 },
      says: /in no network/,
      advises: /Connect it to the network/,
    },
    {
      what: 'a network that lets nobody be found',
      survey: { networks: ['192.168.1.5/24'], responders: 0, phones: 0 },
      says: /multicast DNS.*blocked.*192\.168\.1\.5\/24/,
      advises: /Guest networks.*VLANs.*mesh.*container.*--address/s,
    },
    {
      what: 'a network where others are found',
      survey: { networks: ['192.168.1.5/24'], responders: 4, phones: 0 },
      says: /4 other devices answer.*no phone/,
      advises: /charger.*--address/s,
    },
    {
      what: 'a network where only strangers’ phones are found',
      survey: { networks: ['192.168.1.5/24'], responders: 4, phones: 1 },
      says: /A phone announces itself.*none of them as Ada/,
      advises: /pairing may be over/,
    },
  ]) {
    test(`is explained by ${what}`, () => {
      const [finding, ...more] = explainNetwork(survey, [pair({})]);
      assert.match(finding?.message ?? '', says);
      assert.match(finding?.hint ?? '', advises);
      assert.deepEqual(more, []);
    });
  }

  test('and was somewhere before: that is said too', () => {
    const survey = { networks: ['192.168.1.5/24'], responders: 0, phones: 0 };
    const findings = [...explainNetwork(survey, [pair({ address: '192.168.1.20' }), pair({})])];
    assert.equal(findings.length, 2);
    assert.match(findings[1]?.message ?? '', /Ada does not answer at 192\.168\.1\.20/);
  });
});

test('pairings that come to their end, or that no backup can be made with, are told', () => {
  const old = pair({ health: pairHealth('Ada', new Date('2026-10-30T10:00:00Z'), NOW), hasEscrowBag: false });
  assert.deepEqual([...explainTrust([pair({})])], []);
  const [trust, escrow] = [...explainTrust([old])];
  assert.match(`${trust?.message} ${trust?.hint}`, /in 7 days it stops answering.*renew/);
  assert.match(`${escrow?.message} ${escrow?.hint}`, /no escrow bag.*cable/);
});

function pair(facts: Partial<PairFacts>): PairFacts {
  return {
    udid: '00008110-000A1B2C3D4E5F60',
    name: 'Ada',
    lastContactAt: NOW,
    lastContactBy: 'usb',
    address: undefined,
    hasEscrowBag: true,
    health: pairHealth('Ada', NOW, NOW),
    ...facts,
  };
}
