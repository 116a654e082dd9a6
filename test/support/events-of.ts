import assert from 'node:assert/strict';
import { LiveEvent } from '../../src/contract/index.ts';

/** Reads the events of an answer until one that is wanted. */
export function eventsOf(answer: Response): (wanted: (event: LiveEvent) => boolean) => Promise<LiveEvent> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async (wanted) => {
    for (;;) {
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const [i, block] of blocks.entries()) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const event = data === undefined ? undefined : LiveEvent.parse(JSON.parse(data));
        if (event === undefined || !wanted(event)) continue;
        text = [...blocks.slice(i + 1), text].join('\n\n');
        return event;
      }
      const { done, value } = (await reader?.read()) ?? { done: true };
      assert.ok(!done, 'the stream ended too early');
      text += value;
    }
  };
}
