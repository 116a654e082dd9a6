import { useSyncExternalStore } from 'react';
import type { Language } from '../../../src/contract/index.ts';

export type { Language };

/** As each language calls itself. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const KEPT_AS = 'holdfast-language';
const listeners = new Set<() => void>();
let current: Language = kept() ?? fromBrowser();
document.documentElement.lang = current;

export function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'de';
}

function language(): Language {
  return current;
}

/** Shows everything in this language from now on and remembers it in this browser. */
export function chooseLanguage(chosen: Language): void {
  try {
    localStorage.setItem(KEPT_AS, chosen);
  } catch {
    // A browser that keeps nothing still shows the language until it is closed.
  }
  show(chosen);
}

/** What the account prefers, unless somebody has chosen in this browser. */
export function preferLanguage(preferred: Language): void {
  if (kept() === undefined) show(preferred);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

function show(shown: Language): void {
  if (shown === current) return;
  current = shown;
  document.documentElement.lang = shown;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function kept(): Language | undefined {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return isLanguage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromBrowser(): Language {
  const first = navigator.languages.find((each) => isLanguage(each.slice(0, 2)));
  return first?.startsWith('de') ? 'de' : 'en';
}
