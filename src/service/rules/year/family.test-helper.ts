import { BackupRule } from '../../../contract/index.ts';
import type { Change, Habit, Real } from './world.test-helper.ts';

const LOCKED_AT_HOME: Real = { home: 'network', power: true, locked: true, battery: 80 };
const rule = (patch: Partial<BackupRule> = {}): BackupRule => ({ ...BackupRule.parse({}), ...patch });

/** Twelve devices of one family, as they are used. */
export const FAMILY: readonly Habit[] = [
  {
    name: 'Anna’s iPhone: on the charger every night, in her hand all day, asks',
    rule: rule(),
    asks: true,
    answers: 90,
    start: LOCKED_AT_HOME,
    day: (weekday, dayOfYear, random) => [
      { hour: 6.5 + random() / 2, power: false, battery: 100 },
      ...(dayOfYear % 10 === 4 ? [{ hour: 18.9 + random(), byHand: true } as const] : []),
      ...uses(7, 7.8, 3, random),
      ...(isWorkday(weekday)
        ? [{ hour: 8, home: 'none' } as const, { hour: 17 + random() * 2, home: 'network' } as const]
        : []),
      ...uses(19, 22.5, 8, random),
      { hour: 22.8 + random() / 2, power: true, battery: 40 },
    ],
    atLeast: 300,
  },
  {
    name: 'Ben’s iPhone: hardly ever answers, asks',
    rule: rule({ maxPromptsPerDay: 4 }),
    asks: true,
    answers: 30,
    start: LOCKED_AT_HOME,
    day: (_, __, random) => [
      ...uses(6, 7, 2, random),
      { hour: 7.2, home: 'none', power: false },
      { hour: 18 + random(), home: 'network', battery: 15 + Math.floor(random() * 40) },
      ...uses(19.2, 23.5, 10, random),
      { hour: 23.8, power: true },
    ],
    atLeast: 150,
  },
  {
    name: 'an old iPhone: on the charger from 23:00, or later; by hand on Wednesdays at noon',
    rule: rule(),
    asks: false,
    start: LOCKED_AT_HOME,
    day: (weekday, __, random) => [
      { hour: 6.6, power: false },
      ...(weekday === 3 ? [{ hour: 12 + random(), byHand: true } as const] : []),
      ...uses(7, 22, 12, random),
      { hour: 22.9 + random() * 2, power: true },
    ],
    atLeast: 320,
  },
  {
    name: 'the iPad in the kitchen: always on, never locks',
    rule: rule(),
    asks: false,
    start: { ...LOCKED_AT_HOME, locked: false },
    day: () => [],
    // Nobody ever saw it being unlocked: it is given three hours each time.
    atLeast: 310,
  },
  {
    name: 'the children’s iPad: never locks, asks',
    rule: rule({ maxPromptsPerDay: 2 }),
    asks: true,
    answers: 60,
    start: { ...LOCKED_AT_HOME, locked: false },
    day: (_, __, random) => [
      { hour: 9 + random() * 4, battery: 25 + Math.floor(random() * 60), power: false },
      { hour: 19 + random(), power: true },
    ],
    atLeast: 250,
  },
  {
    name: 'Carla’s iPhone: away from Friday to Sunday, backed up between ten and six',
    rule: rule({ window: { from: '22:00', to: '06:00' } }),
    asks: false,
    start: LOCKED_AT_HOME,
    day: (weekday, _, random) => [
      { hour: 6.4, power: false },
      ...(weekday === 5 ? [{ hour: 16 + random() * 2, home: 'none' } as const] : []),
      ...(weekday === 0 ? [{ hour: 19 + random() * 2, home: 'network' } as const] : []),
      { hour: 22.2 + random(), power: true },
    ],
    atLeast: 230,
  },
  {
    name: 'David’s iPhone: a student, home every second weekend, asks',
    rule: rule({ overdueDays: 21 }),
    asks: true,
    answers: 80,
    start: { ...LOCKED_AT_HOME, home: 'none' },
    day: (weekday, dayOfYear, random) => {
      const isHomeWeek = Math.floor(dayOfYear / 7) % 2 === 0;
      if (weekday === 5 && isHomeWeek)
        return [{ hour: 18 + random() * 3, home: 'network' }, ...uses(21.5, 23, 3, random)];
      if (weekday === 6 && dayOfYear > 0) return uses(10, 23, 10, random);
      if (weekday === 0) return [...uses(10, 15, 5, random), { hour: 16 + random() * 2, home: 'none' }];
      return uses(7, 23, 6, random);
    },
    atLeast: 25,
  },
  {
    name: 'an iPhone that is backed up only between one and five in the night',
    rule: rule({ window: { from: '01:00', to: '05:00' } }),
    asks: false,
    start: LOCKED_AT_HOME,
    day: (_, __, random) => [{ hour: 6.7, power: false }, ...uses(7, 23, 9, random), { hour: 23.1, power: true }],
    atLeast: 340,
  },
  {
    name: 'an iPhone that need not be on power, but above 40 %',
    rule: rule({ onPower: false, minBatteryPercent: 40, everyHours: 12 }),
    asks: false,
    start: { ...LOCKED_AT_HOME, power: false },
    day: (_, __, random) => [
      { hour: 5, battery: 20 + Math.floor(random() * 30) },
      { hour: 8 + random(), power: true },
      { hour: 9 + random() * 2, power: false, battery: 90 },
      ...uses(11, 20, 9, random),
      { hour: 21, battery: 30 + Math.floor(random() * 30) },
    ],
    atLeast: 450,
  },
  {
    name: 'an iPad that is put on the cable on Sundays, once a week',
    rule: rule({ everyHours: 168, overdueDays: 15 }),
    asks: false,
    start: { ...LOCKED_AT_HOME, home: 'none', power: false },
    day: (weekday, _, random) =>
      weekday === 0
        ? [
            { hour: 10 + random() * 2, home: 'usb' },
            { hour: 18, home: 'none' },
          ]
        : [],
    atLeast: 35,
  },
  {
    name: 'Emil’s iPhone: paused for the summer',
    rule: rule(),
    pause: { fromMs: Date.parse('2026-06-20T06:00:00Z'), untilMs: Date.parse('2026-07-20T06:00:00Z') },
    asks: false,
    start: LOCKED_AT_HOME,
    day: (_, __, random) => [
      { hour: 6.1, power: false },
      ...uses(7, 20, 7, random),
      { hour: 21.5 + random(), power: true },
    ],
    atLeast: 280,
  },
  {
    name: 'an iPod that tells neither lock nor power, home in the evening',
    rule: rule(),
    asks: false,
    silent: true,
    start: LOCKED_AT_HOME,
    day: (_, __, random) => [
      { hour: 7.5, home: 'none' },
      { hour: 16 + random() * 2, home: 'network' },
    ],
    atLeast: 300,
  },
];

/** Somebody takes it into the hand so many times, for some minutes each. */
function uses(from: number, to: number, times: number, random: () => number): Change[] {
  const step = (to - from) / times;
  return Array.from({ length: times }, (_, index) => from + index * step + (random() * step) / 2).flatMap((hour) => {
    const glance = random() < 0.2;
    return [
      { hour, locked: false },
      { hour: hour + (glance ? 4 / 3600 : Math.min(step / 2, 0.05 + random() / 4)), locked: true },
    ];
  });
}

const isWorkday = (weekday: number): boolean => weekday >= 1 && weekday <= 5;
