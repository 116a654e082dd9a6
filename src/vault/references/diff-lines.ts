const NEWLINE = 0x0a;
const TAB = 0x09;
/** How far the first look for a difference goes; each further one goes twice as far. */
const FIRST_LOOK_BYTES = 512;
/** So few are compared one by one: asking for more at once costs as much as a hundred bytes. */
const LAST_LOOK_BYTES = 128;

/** Where lines begin that only one of two texts has, in order. */
export interface LineDifference {
  readonly onlyInOld: number[];
  readonly onlyInNew: number[];
}

/**
 * Compares two texts of lines that are sorted by what stands before their first tab. What is alike is compared as
 * bytes, not as lines, so that texts with few differences cost little.
 *
 * A line that is in both may be taken for one that is not (where escapes sort otherwise than what they stand for);
 * never the other way round.
 */
export function diffLines(old: Buffer, current: Buffer): LineDifference {
  const onlyInOld: number[] = [];
  const onlyInNew: number[] = [];
  let inOld = 0;
  let inNew = 0;
  for (;;) {
    const alike = alikeLines(old, inOld, current, inNew);
    inOld += alike;
    inNew += alike;
    if (inOld === old.length || inNew === current.length) break;
    const order = compareKeys(old, inOld, current, inNew);
    if (order <= 0) {
      onlyInOld.push(inOld);
      inOld = nextLine(old, inOld);
    }
    if (order >= 0) {
      onlyInNew.push(inNew);
      inNew = nextLine(current, inNew);
    }
  }
  for (; inOld < old.length; inOld = nextLine(old, inOld)) onlyInOld.push(inOld);
  for (; inNew < current.length; inNew = nextLine(current, inNew)) onlyInNew.push(inNew);
  return { onlyInOld, onlyInNew };
}

/** How many bytes the whole lines have that are the same from here on. */
function alikeLines(old: Buffer, inOld: number, current: Buffer, inNew: number): number {
  const room = Math.min(old.length - inOld, current.length - inNew);
  const areAlike = (from: number, to: number): boolean =>
    current.compare(old, inOld + from, inOld + to, inNew + from, inNew + to) === 0;
  let same = 0;
  let look = FIRST_LOOK_BYTES;
  while (same + look <= room && areAlike(same, same + look)) {
    same += look;
    look *= 2;
  }
  // The first difference is less than `look` bytes away.
  let beyond = Math.min(room, same + look);
  while (beyond - same > LAST_LOOK_BYTES) {
    const middle = (same + beyond) >>> 1;
    if (areAlike(same, middle)) same = middle;
    else beyond = middle;
  }
  while (same < beyond && old[inOld + same] === current[inNew + same]) same++;
  while (same > 0 && current[inNew + same - 1] !== NEWLINE) same--;
  return same;
}

/** Compares what stands before the first tab of two lines. */
export function compareKeys(old: Buffer, inOld: number, current: Buffer, inNew: number): number {
  for (let at = 0; ; at++) {
    const [left, right] = [old[inOld + at] ?? TAB, current[inNew + at] ?? TAB];
    if (left === TAB || right === TAB) return Number(right === TAB) - Number(left === TAB);
    if (left !== right) return left - right;
  }
}

function nextLine(text: Buffer, start: number): number {
  const end = text.indexOf(NEWLINE, start);
  return end < 0 ? text.length : end + 1;
}
