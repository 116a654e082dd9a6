import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf, type RestoreWarning } from '../../../../src/contract/index.ts';
import { restorePartsWords } from '../../words/restore-parts.ts';
import { tellWarning } from './tell-warning.ts';

const WARNINGS: readonly RestoreWarning[] = [
  { code: 'ios-converts', from: '18.6', to: '26.1', message: '' },
  { code: 'other-device', message: '' },
  { code: 'in-icloud', names: ['Messages', 'Something new'], message: '' },
  { code: 'app-missing', app: 'org.example.diary', message: '' },
  { code: 'app-older', app: 'org.example.diary', message: '' },
  { code: 'app-passwords', app: 'org.example.other', message: '' },
];

const tellAll = (language: 'en' | 'de'): string[] =>
  WARNINGS.map((warning) =>
    tellWarning(warning, restorePartsWords[language], {
      nameOf: (app) => (app === 'org.example.diary' ? 'Diary' : app),
      format: formatsOf(language, new Date(0), 'UTC'),
    }),
  );

test('every warning is said in both languages, with what it is about', () => {
  const facts = ['iOS 18.6; iOS 26.1', '', 'Something new', 'Diary', 'Diary', 'org.example.other'];
  for (const told of [tellAll('en'), tellAll('de')]) {
    for (const [i, fact] of facts.entries()) assert.ok(told[i]?.includes(fact), told[i]);
  }
  assert.match(tellAll('de')[2] ?? '', /\(Nachrichten und Something new\)/);
  const [english, german] = [tellAll('en'), tellAll('de')];
  for (const [i, sentence] of english.entries()) assert.notEqual(sentence, german[i]);
});
