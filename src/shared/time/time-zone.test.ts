import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { momentOf, timeZoneNamed, wallClock, wallClockWithOffset, zoneOffsetMs } from './time-zone.ts';

describe('time zones', () => {
  it('are known by the names of IANA, of Windows, and by offsets', () => {
    const names = ['Europe/Berlin', 'W. Europe Standard Time', 'GMT+0200', 'UTC-5:30', '+02:00', 'UTC', 'GMT'];
    assert.deepEqual(names.map(timeZoneNamed), [
      'Europe/Berlin',
      'Europe/Berlin',
      '+02:00',
      '-05:30',
      '+02:00',
      'UTC',
      'GMT',
    ]);
    for (const name of ['Nowhere/Land', '', 'GMT+9999', '../etc', '_float'])
      assert.equal(timeZoneNamed(name), undefined);
  });

  it('say what the clocks show', () => {
    const at = new Date('2026-07-01T10:00:00Z');
    assert.equal(wallClock('Europe/Berlin', at), '2026-07-01T12:00:00');
    assert.equal(wallClockWithOffset('America/St_Johns', at), '2026-07-01T07:30:00-02:30');
    assert.equal(wallClockWithOffset('UTC', at), '2026-07-01T10:00:00Z');
    assert.equal(zoneOffsetMs('Europe/Berlin', Date.UTC(1880, 0, 1)), (53 * 60 + 28) * 1000);
  });

  it('find the moment at which clocks show a time', () => {
    for (const month of ['01', '04', '07', '10']) {
      for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', '+05:45']) {
        const wall = `2026-${month}-15T23:45:00`;
        assert.equal(wallClock(zone, momentOf(zone, wall)), wall);
      }
    }
  });
});
