import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from './browser-name.ts';

test('names browser and system', () => {
  assert.equal(
    browserName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Safari/604.1',
    ),
    'Safari, iPhone',
  );
  assert.equal(
    browserName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36'),
    'Chrome, Linux',
  );
});

test('shows the beginning of what it does not know', () => {
  assert.equal(browserName('curl/8.16.0'), 'curl/8.16.0');
  assert.equal(browserName(''), '?');
});
