const NEWLINE = 0x0a;
const TAB = 0x09;
/** How far the first look for a difference goes; each further one goes twice as far. */
const FIRST_LOOK_BYTES = 512;

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
  let beyond = Math.min(room, same + look) + 1;
  while (beyond - same > 1) {
    const middle = (same + beyond) >>> 1;
    if (areAlike(same, middle)) same = middle;
    else beyond = middle;
  }
  return same === 0 ? 0 : Math.max(0, current.lastIndexOf(NEWLINE, inNew + same - 1) + 1 - inNew);
}

function compareKeys(old: Buffer, inOld: number, current: Buffer, inNew: number): number {
  return old.compare(current, inNew, keyEnd(current, inNew), inOld, keyEnd(old, inOld));
}

function keyEnd(text: Buffer, start: number): number {
  const tab = text.indexOf(TAB, start);
  return tab < 0 ? text.length : tab;
}

function nextLine(text: Buffer, start: number): number {
  const end = text.indexOf(NEWLINE, start);
  return end < 0 ? text.length : end + 1;
}
