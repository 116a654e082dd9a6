import { namesOfCall, openCalls, openContacts, type Call, type Contacts } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { asVersion, mergeVersions, type EarlierVersion } from '../merge/merge-versions.ts';
import { isAbout, isWithin, timesIn } from '../text/times.ts';
import { callsPage } from './calls-page.ts';
import { MEDIA_IN_WORDS, OUTCOMES_IN_WORDS } from './words.ts';

const TITLE = 'Calls';

/** A call and whom it was with. */
export interface NamedCall {
  readonly call: Call;
  readonly names: readonly string[];
}

/** The list of calls: a page by days, a table, data. */
export const callsExport: ContentExport = {
  kind: 'calls',
  title: TITLE,
  formats: ['html', 'csv', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using calls = await openCalls(request.backup);
    if (calls === undefined) return undefined;
    using contacts = await openContacts(request.backup);
    const all = request.earlier === undefined ? calls.all() : await allVersions(request, request.earlier);
    const counted = new Counted(wanted(all, contacts, request));
    const { path } = await request.folder.write([`${TITLE}.${request.format}`], contentOf(counted, request));
    return { items: counted.count, notes: counted.notes, ...(request.format === 'html' && { startPage: path }) };
  },
};

function contentOf(
  calls: Iterable<NamedCall>,
  { format, timeZone }: ExportRequest,
): AsyncIterable<string> | Iterable<string> {
  if (format === 'json') return jsonArray(dataOf(calls));
  if (format === 'csv') return csv(COLUMNS, rowsOf(calls, timeZone));
  return callsPage(calls, timeZone);
}

function* wanted(
  calls: Iterable<Call>,
  contacts: Contacts | undefined,
  { options, signal, onProgress }: ExportRequest,
): Generator<NamedCall, undefined> {
  let done = 0;
  for (const call of calls) {
    signal.throwIfAborted();
    const names = namesOfCall(call, contacts);
    const known = [...names, ...call.participants.map(({ address }) => address)];
    if (isWithin(call.at, options) && isAbout(known, options.people)) yield { call, names };
    if (++done % 100 === 0) onProgress?.(done, undefined);
  }
}

/** Phones keep the last thousand calls; older versions know those before. */
async function allVersions({ backup }: ExportRequest, earlier: readonly EarlierVersion[]): Promise<Call[]> {
  return mergeVersions([...earlier.map((each) => () => each.open()), () => Promise.resolve(asVersion(backup))], {
    read: async (each, stack) => {
      const calls = await openCalls(each);
      return calls && stack.use(calls).all();
    },
    keyOf: ({ key }) => key,
    atOf: ({ at }) => at,
  });
}

/** Counts what passes through. */
class Counted implements Iterable<NamedCall> {
  count = 0;
  #problems = 0;
  readonly #calls: Iterable<NamedCall>;

  constructor(calls: Iterable<NamedCall>) {
    this.#calls = calls;
  }

  *[Symbol.iterator](): Generator<NamedCall, undefined> {
    for (const each of this.#calls) {
      this.count++;
      if (each.call.problem !== undefined) this.#problems++;
      yield each;
    }
  }

  get notes(): string[] {
    if (this.#problems === 0) return [];
    const calls = this.#problems === 1 ? 'one call' : `${this.#problems} calls`;
    return [`Of ${calls}, the list does not say completely when or with whom.`];
  }
}

const COLUMNS = [
  'Time',
  'Direction',
  'Outcome',
  'Kind',
  'Name',
  'Number or address',
  'Duration (s)',
  'Service',
  'Place',
  'Country',
  'Own line',
  'Junk confidence',
  'Identifier',
];

function* rowsOf(calls: Iterable<NamedCall>, timeZone: string): Generator<CsvValue[], undefined> {
  const times = timesIn(timeZone);
  for (const { call, names } of calls) {
    yield [
      times.iso(call.at),
      call.direction,
      OUTCOMES_IN_WORDS[call.outcome],
      MEDIA_IN_WORDS[call.medium],
      names.join('; '),
      call.participants.map(({ address }) => address).join('; '),
      call.durationSeconds,
      call.provider,
      call.location,
      call.country,
      call.ownLine,
      call.junkConfidence,
      call.key,
    ];
  }
}

function* dataOf(calls: Iterable<NamedCall>): Generator<unknown, undefined> {
  for (const { call, names } of calls) yield { ...call, at: call.at ?? null, names };
}
