/** What the numbers of `samples.data_type` mean for things that were or were not: sleep, symptoms, events. */

/** After "HKCategoryTypeIdentifier". */
export const CATEGORY_TYPES: Readonly<Record<number, string>> = {
  63: 'SleepAnalysis',
  70: 'AppleStandHour',
  91: 'CervicalMucusQuality',
  92: 'OvulationTestResult',
  95: 'MenstrualFlow',
  96: 'IntermenstrualBleeding',
  97: 'SexualActivity',
  99: 'MindfulSession',
  147: 'LowHeartRateEvent',
  157: 'AbdominalCramps',
  158: 'BreastPain',
  159: 'Bloating',
  160: 'Headache',
  161: 'Acne',
  162: 'LowerBackPain',
  163: 'PelvicPain',
  164: 'MoodChanges',
  165: 'Constipation',
  166: 'Diarrhea',
  167: 'Fatigue',
  168: 'Nausea',
  169: 'SleepChanges',
  170: 'AppetiteChanges',
  171: 'HotFlashes',
  178: 'AudioExposureEvent',
  189: 'ToothbrushingEvent',
  191: 'Pregnancy',
  192: 'Lactation',
  193: 'Contraceptive',
  201: 'RapidPoundingOrFlutteringHeartbeat',
  202: 'SkippedHeartbeat',
  203: 'Fever',
  204: 'ShortnessOfBreath',
  205: 'ChestTightnessOrPain',
  206: 'Fainting',
  207: 'Dizziness',
  220: 'Vomiting',
  221: 'Heartburn',
  222: 'Coughing',
  223: 'Wheezing',
  224: 'SoreThroat',
  225: 'SinusCongestion',
  226: 'RunnyNose',
  229: 'VaginalDryness',
  230: 'NightSweats',
  231: 'Chills',
  232: 'HairLoss',
  233: 'DrySkin',
  234: 'BladderIncontinence',
  235: 'MemoryLapse',
  237: 'HandwashingEvent',
  240: 'GeneralizedBodyAche',
  241: 'LossOfSmell',
  242: 'LossOfTaste',
  243: 'PregnancyTestResult',
  244: 'ProgesteroneTestResult',
  262: 'IrregularMenstrualCycles',
  263: 'ProlongedMenstrualPeriods',
  264: 'PersistentIntermenstrualBleeding',
};

interface OtherType {
  readonly name: string;
  /** As HealthKit calls it; what is the system's own has none. */
  readonly identifier?: string;
}

/** Samples that are neither a quantity nor a category. */
export const OTHER_TYPES: Readonly<Record<number, OtherType>> = {
  67: { name: 'ActiveEnergyGoal' },
  76: { name: 'ActivitySummary', identifier: 'HKActivitySummaryTypeIdentifier' },
  79: { name: 'Workout', identifier: 'HKWorkoutTypeIdentifier' },
  80: { name: 'BloodPressure', identifier: 'HKCorrelationTypeIdentifierBloodPressure' },
  81: { name: 'Food', identifier: 'HKCorrelationTypeIdentifierFood' },
  102: { name: 'WorkoutRoute', identifier: 'HKWorkoutRouteTypeIdentifier' },
  104: { name: 'StandHoursGoal' },
  105: { name: 'ExerciseMinutesGoal' },
  116: { name: 'WatchIsCharging' },
  119: { name: 'HeartbeatSeries', identifier: 'HKDataTypeIdentifierHeartbeatSeries' },
  144: { name: 'Electrocardiogram', identifier: 'HKDataTypeIdentifierElectrocardiogram' },
  145: { name: 'Audiogram', identifier: 'HKDataTypeIdentifierAudiogram' },
  198: { name: 'SleepSchedule' },
  287: { name: 'AnxietyAssessment', identifier: 'HKScoredAssessmentTypeIdentifierGAD7' },
  288: { name: 'DepressionAssessment', identifier: 'HKScoredAssessmentTypeIdentifierPHQ9' },
};

const SLEEP = ['InBed', 'AsleepUnspecified', 'Awake', 'AsleepCore', 'AsleepDeep', 'AsleepREM'];
const SEVERITY = ['Unspecified', 'NotPresent', 'Mild', 'Moderate', 'Severe'];
const VALUES: Readonly<Record<string, readonly [name: string, first: number, values: readonly string[]]>> = {
  SleepAnalysis: ['SleepAnalysis', 0, SLEEP],
  AppleStandHour: ['AppleStandHour', 0, ['Stood', 'Idle']],
  CervicalMucusQuality: ['CervicalMucusQuality', 1, ['Dry', 'Sticky', 'Creamy', 'Watery', 'EggWhite']],
  OvulationTestResult: [
    'OvulationTestResult',
    1,
    ['Negative', 'LuteinizingHormoneSurge', 'Indeterminate', 'EstrogenSurge'],
  ],
  MenstrualFlow: ['MenstrualFlow', 1, ['Unspecified', 'Light', 'Medium', 'Heavy', 'None']],
  PregnancyTestResult: ['PregnancyTestResult', 1, ['Negative', 'Positive', 'Indeterminate']],
  ProgesteroneTestResult: ['ProgesteroneTestResult', 1, ['Negative', 'Positive', 'Indeterminate']],
  Contraceptive: [
    'Contraceptive',
    1,
    ['Unspecified', 'Implant', 'Injection', 'IntrauterineDevice', 'IntravaginalRing', 'Oral', 'Patch'],
  ],
  AppetiteChanges: ['AppetiteChanges', 0, ['Unspecified', 'NoChange', 'Decreased', 'Increased']],
  MoodChanges: ['Presence', 0, ['Present', 'NotPresent']],
  SleepChanges: ['Presence', 0, ['Present', 'NotPresent']],
};

/** Symptoms are told by how bad they were; they are numbered together. */
const isSymptom = (typeNumber: number): boolean =>
  (typeNumber >= 157 && typeNumber <= 171) || (typeNumber >= 201 && typeNumber <= 242 && typeNumber !== 237);

/** As HealthKit calls the value: "HKCategoryValueSleepAnalysisAsleepREM"; the number itself where it has no name. */
export function categoryValueName(typeNumber: number, value: number): string {
  const type = CATEGORY_TYPES[typeNumber] ?? '';
  const entry = VALUES[type] ?? (isSymptom(typeNumber) ? (['Severity', 0, SEVERITY] as const) : undefined);
  if (entry === undefined) return value === 0 ? 'HKCategoryValueNotApplicable' : String(value);
  const [name, first, values] = entry;
  const named = values[value - first];
  return named === undefined ? String(value) : `HKCategoryValue${name}${named}`;
}
