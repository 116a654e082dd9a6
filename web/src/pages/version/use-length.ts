import { useFormats } from '../../telling/use-formats.ts';
import { peopleWords } from '../../words/people.ts';
import { useWords } from '../../words/words.ts';

/** Writes how long a call or a recording was: "40 s", "27 min 22 s", "1 h 5 min". */
export function useLength(): (seconds: number) => string {
  const words = useWords(peopleWords);
  const format = useFormats();
  return (length) => {
    const seconds = Math.round(length);
    if (seconds < 60) return words.seconds(seconds, format);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return words.minutes(minutes, seconds % 60, format);
    return words.hours(Math.floor(minutes / 60), minutes % 60, format);
  };
}
