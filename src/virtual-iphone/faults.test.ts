import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FaultPlan, type FaultAction } from './faults.ts';

const CUT: FaultAction = { kind: 'disconnect' };

describe('a fault at a point', () => {
  test('fires the first time and never again, unless told otherwise', () => {
    const plan = new FaultPlan();
    plan.at({ point: 'a:x', action: CUT });
    assert.deepEqual([plan.hit('a:y'), plan.hit('a:x'), plan.hit('a:x')], [undefined, CUT, undefined]);
  });

  test('can wait for the nth time and then fire several times', () => {
    const plan = new FaultPlan();
    plan.at({ point: 'p', nth: 2, times: 2, action: CUT });
    const hits = Array.from({ length: 5 }, () => plan.hit('p') !== undefined);
    assert.deepEqual(hits, [false, true, true, false, false]);
  });

  test('lets the earlier of two go first', () => {
    const plan = new FaultPlan();
    const stall: FaultAction = { kind: 'stall' };
    plan.at({ point: 'p', action: CUT });
    plan.at({ point: 'p', action: stall });
    assert.deepEqual([plan.hit('p'), plan.hit('p'), plan.hit('p')], [CUT, stall, undefined]);
  });
});

test('a fault of a stream applies to one connection of its service', () => {
  const plan = new FaultPlan();
  const fault = { service: 's', direction: 'in', afterBytes: 5, action: 'cut', nth: 2 } as const;
  plan.onStream(fault);
  assert.deepEqual(
    [plan.takeStreamFault('s'), plan.takeStreamFault('other'), plan.takeStreamFault('s'), plan.takeStreamFault('s')],
    [undefined, undefined, fault, undefined],
  );
});

test('clearing forgets everything that was ordered', () => {
  const plan = new FaultPlan();
  plan.at({ point: 'p', action: CUT });
  plan.refuse('s');
  plan.clear();
  assert.equal(plan.hit('p'), undefined);
  assert.equal(plan.isRefused('s'), false);
});
