import type { Random } from './random.ts';

/** Somebody the phone's owner knows: in the address book, in conversations, in the list of calls. */
export interface Person {
  readonly first: string;
  readonly last: string;
  /** In E.164: "+4915112345678". */
  readonly phone: string;
  readonly email: string;
  /** ISO country code in small letters. */
  readonly country: string;
  /** Key into the phrases of `texts.ts`. */
  readonly language: Language;
}

export type Language = 'en' | 'de' | 'fr' | 'es' | 'pl' | 'el' | 'ru' | 'ar' | 'he' | 'hi' | 'ja' | 'ko' | 'zh' | 'th';

interface Origin {
  readonly language: Language;
  readonly country: string;
  readonly dial: string;
  readonly digits: number;
  readonly names: readonly (readonly [first: string, last: string])[];
}

/** Invented people; names as their owners write them, in several scripts and with decomposed accents here and there. */
const ORIGINS: readonly Origin[] = [
  {
    language: 'en',
    country: 'us',
    dial: '+1555',
    digits: 7,
    names: [
      ['Avery', 'Whitlock'],
      ['Jordan', 'O’Hallaran'],
      ['Morgan', 'Castellane'],
      ['Riley', 'Thornbury'],
      ['Casey', 'McIlwraith'],
      ['Quinn', 'Adeyemi-Ross'],
      ['Harper', 'Lindqvist'],
      ['Rowan', 'Fairweather'],
    ],
  },
  {
    language: 'de',
    country: 'de',
    dial: '+4915',
    digits: 9,
    names: [
      ['Jürgen', 'Weißenböck'],
      ['Annegret', 'Köhlmann'],
      ['Söhnke', 'Brüggemann'],
      ['Liselotte', 'von der Aue'],
    ],
  },
  {
    language: 'fr',
    country: 'fr',
    dial: '+336',
    digits: 8,
    names: [
      ['Hélène', 'Du\u0302che\u0302ne'],
      ['François', 'Le Goëllec'],
      ['Zoé', 'Çaillat'],
    ],
  },
  {
    language: 'es',
    country: 'es',
    dial: '+346',
    digits: 8,
    names: [
      ['Íñigo', 'Peñarrubia Muñoz'],
      ['Lucía', 'Güell'],
    ],
  },
  {
    language: 'pl',
    country: 'pl',
    dial: '+485',
    digits: 8,
    names: [
      ['Łucja', 'Brzęczykowska'],
      ['Grzegorz', 'Żółkiewicz'],
    ],
  },
  { language: 'el', country: 'gr', dial: '+3069', digits: 8, names: [['Ελένη', 'Παπακωνσταντίνου']] },
  {
    language: 'ru',
    country: 'kz',
    dial: '+7701',
    digits: 7,
    names: [
      ['Алёна', 'Щербакова'],
      ['Тимур', 'Ахметов'],
    ],
  },
  { language: 'ar', country: 'eg', dial: '+2010', digits: 8, names: [['ليلى', 'المنصوري']] },
  { language: 'he', country: 'il', dial: '+9725', digits: 8, names: [['נועה', 'בן־דוד']] },
  { language: 'hi', country: 'in', dial: '+9198', digits: 8, names: [['अनन्या', 'चतुर्वेदी']] },
  {
    language: 'ja',
    country: 'jp',
    dial: '+8190',
    digits: 8,
    names: [
      ['陽菜', '髙橋'],
      ['大輔', '渡邉'],
    ],
  },
  { language: 'ko', country: 'kr', dial: '+8210', digits: 8, names: [['서연', '황보']] },
  { language: 'zh', country: 'tw', dial: '+8869', digits: 8, names: [['怡君', '歐陽']] },
  { language: 'th', country: 'th', dial: '+668', digits: 8, names: [['กัญญา', 'ศรีสุวรรณ']] },
];

/** `count` different people; the first few dozen have different names, later ones share them. */
export function inventPeople(random: Random, count: number): Person[] {
  const everybody = ORIGINS.flatMap((origin) => origin.names.map((name) => ({ origin, name })));
  const shuffled = everybody
    .map((entry) => ({ entry, order: random.word() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ entry }) => entry);
  const people: Person[] = [];
  while (people.length < count) {
    const chosen = shuffled[people.length % shuffled.length];
    if (chosen === undefined) break;
    const { origin, name } = chosen;
    people.push({
      first: name[0],
      last: name[1],
      phone: origin.dial + random.digits(origin.digits),
      email: `${mailboxOf(name)}${people.length}@example.${random.pick(['com', 'net', 'org'])}`,
      country: origin.country,
      language: origin.language,
    });
  }
  return people;
}

export function fullName(person: Person): string {
  const familyFirst = ['ja', 'ko', 'zh'].includes(person.language);
  return familyFirst ? `${person.last}${person.first}` : `${person.first} ${person.last}`;
}

function mailboxOf([first, last]: readonly [string, string]): string {
  const letters = `${first}.${last}`.normalize('NFKD').replace(/[^A-Za-z.]/g, '');
  return letters.length > 3 ? letters.toLowerCase() : 'friend';
}
