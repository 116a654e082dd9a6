import { because, type CheckupLine } from '../../contract/index.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';

/** Whether somebody would be told when something goes wrong: a test message over every way that is set up. */
export async function lookAtAlarms({ host, quick, signal }: TopicContext): Promise<CheckupLine[]> {
  if (quick || host.testChannels === undefined) return [line('alarms', 'unproven', because('alarms-untried', {}))];
  const tests = await host.testChannels(signal);
  if (tests.length === 0) {
    return [line('alarms', 'unproven', because('alarms-nobody', {}), {}, [because('do-add-channel', {})])];
  }
  return tests.map(({ channel, problem }) =>
    problem === undefined
      ? line('alarms', 'proven', because('alarms-delivered', { channel }))
      : line('alarms', 'failed', because('alarms-failing', { channel, problem }), {}, [
          because('do-check-channel', {}),
        ]),
  );
}
