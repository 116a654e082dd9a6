import type { Language } from './people.ts';
import type { Random } from './random.ts';

/** What people write to each other, by language. Emoji with skin tones, flags and joiners are part of the exercise. */
const PHRASES: Record<Language, readonly [string, ...string[]]> = {
  en: [
    'Are you already on the way?',
    'Running ten minutes late, sorry 🙈',
    'Did you see the moon tonight? 🌕',
    'I put the spare key under the blue pot.',
    'lol no way',
    'Thanks, that means a lot ❤️',
    'Can you send me the photos from Saturday?',
    'The plumber comes on Tuesday between 8 and 10.',
    'Happy birthday!!! 🎂🎉 Hope you get spoiled today',
    'ok',
    'I’ll bring dessert. Anyone allergic to nuts?',
    'Landed ✈️ see you at baggage claim',
    'https://example.org/recipes/lemon-tart looks good',
    'The dog ate half of it. He is fine. The sofa is not.',
    '👍🏽',
    '👩‍👩‍👧‍👦🏳️‍🌈🇳🇿',
    'Reminder: the parents’ evening starts at half past six, room 2.14, and please bring the signed form with you this time, they asked twice already.',
    'Café, 7 pm?',
    'Call me when you can. Nothing bad.',
    'Line one\nLine two\n\nLine four',
  ],
  de: [
    'Bin gleich da, stehe noch im Stau.',
    'Hast du den Schlüssel für den Fahrradkeller?',
    'Größtenteils sonnig, sagt der Wetterbericht ☀️',
    'Können wir das auf Donnerstag verschieben?',
    'Liebe Grüße aus den Bergen! 🏔️',
    'Die Fußballschuhe passen nicht mehr, wir brauchen Größe 36.',
  ],
  fr: [
    'J’arrive dans un quart d’heure.',
    'Tu as pensé au pain ? 🥖',
    'C’était délicieux, merci encore !',
    'On se voit où, déjà ? Près du cœur du marché ?',
  ],
  es: ['¿Ya habéis comido?', '¡Qué alegría verte ayer!', 'Mañana te llamo sin falta.'],
  pl: ['Zażółć gęślą jaźń, jak mówią klawiatury 😄', 'Będę o piątej, dobrze?', 'Kup proszę chleb i śmietanę.'],
  el: ['Θα αργήσω λίγο, συγγνώμη.', 'Τα λέμε το απόγευμα στην πλατεία.'],
  ru: ['Я уже выехала.', 'Купишь хлеба по дороге?', 'Фотографии просто чудо!'],
  ar: ['وصلت إلى البيت بسلامة، شكراً.', 'نلتقي غداً الساعة ٥ إن شاء الله'],
  he: ['אני בדרך, חמש דקות.', 'תודה רבה על הכול! 🙏'],
  hi: ['मैं रास्ते में हूँ।', 'कल की तस्वीरें भेज देना 📷'],
  ja: ['今から向かいます！', '写真ありがとう📸とてもきれい', '明日は雨らしいよ☔️'],
  ko: ['지금 가는 중이야', '사진 정말 예쁘다 😍'],
  zh: ['我快到了，等我五分鐘。', '週末一起去爬山嗎？⛰️'],
  th: ['ใกล้ถึงแล้วนะ', 'ขอบคุณมากค่ะ 🙏'],
};

const WORDS = (
  'amber basin cedar drift ember fable grove harbor inlet juniper kettle lantern meadow north orchard pebble quarry ' +
  'river saddle timber umbra valley willow yarrow zephyr'
).split(' ');

/** One message in the given language, or now and then in English. */
export function phrase(random: Random, language: Language = 'en'): string {
  return random.pick(PHRASES[random.chance(0.2) ? 'en' : language]);
}

/** Several sentences, for notes and descriptions. */
export function paragraph(random: Random, sentences: number, language: Language = 'en'): string {
  return Array.from({ length: sentences }, () => phrase(random, language)).join(' ');
}

/** A made-up name of small letters: "juniper-harbor". */
export function slug(random: Random): string {
  return `${random.pick(WORDS)}-${random.pick(WORDS)}`;
}

/** A title: "Juniper harbor". */
export function title(random: Random): string {
  const words = slug(random).replace('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
