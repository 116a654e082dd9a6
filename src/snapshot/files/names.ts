/** Names as people type them: upper or lower case, composed or decomposed letters are the same. */

// oxlint-disable-next-line no-control-regex -- the range of ASCII
const ASCII = /^[\u0000-\u007f]*$/;

export function foldName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : name.normalize('NFC').toLowerCase().normalize('NFC');
}

/**
 * Matches names as shells do: `*` any characters, `?` one, `[abc]` one of them; without any of these, names that
 * contain the text. A pattern with a `/` is matched against the whole path, any other against the last name of it.
 *
 * @returns whether a path relative to its domain matches.
 */
export function namePattern(pattern: string): (relativePath: string) => boolean {
  const wanted = foldName(pattern);
  const isPath = wanted.includes('/');
  const test = /[*?[]/.test(wanted) ? globTest(wanted) : (text: string): boolean => text.includes(wanted);
  return (relativePath) => {
    const name = isPath ? relativePath : relativePath.slice(relativePath.lastIndexOf('/') + 1);
    return test(foldName(name));
  };
}

function globTest(glob: string): (text: string) => boolean {
  const parts = Array.from(glob.matchAll(/\*+|\?|\[([^\]]+)\]|[^*?[]+|\[/gu), ([part, set]) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    return set === undefined ? escaped(part) : setOf(set);
  });
  const expression = new RegExp(`^${parts.join('')}$`, 'su');
  return (text) => expression.test(text);
}

/** `[a-z]`, `[!0-9]` */
function setOf(set: string): string {
  const negated = /^[!^]./su.test(set);
  const members = (negated ? set.slice(1) : set).replace(/[\\\]^]/g, '\\$&').replace(/^-|-$/g, '\\-');
  try {
    // A range that runs backwards is a set of its letters.
    return new RegExp(`[${negated ? '^' : ''}${members}]`, 'u').source;
  } catch {
    return `[${negated ? '^' : ''}${members.replaceAll('-', '\\-')}]`;
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
