import { useState } from 'react';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';

const SAID_MS = 2_500;

/** Puts a text where it can be pasted from, and says that it did. Over plain http no browser allows it: then it is not there. */
export function CopyButton({ text }: { readonly text: string }) {
  const words = useWords(partsWords);
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <Button icon={copied ? 'check' : 'copies'} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </Button>
  );
}
