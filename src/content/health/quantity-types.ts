/**
 * What the numbers of `samples.data_type` mean for measured quantities, and how to show what is stored. HealthKit keeps
 * every type in a unit of its own; where people use another, `factor` leads there. Types without a unit are those whose
 * stored unit nobody has established: their samples are shown as whoever measured them wrote them.
 *
 * Apple documents none of it. The numbers are those that independent readers of real databases agree on; the units were
 * established by comparing databases with what the phone itself exports.
 */

export interface QuantityType {
  /** After "HKQuantityTypeIdentifier". */
  readonly name: string;
  /** What values are shown in. */
  readonly unit?: string;
  /** From the stored unit to the shown one; 1 unless told. */
  readonly factor?: number;
}

export const QUANTITY_TYPES: Readonly<Record<number, QuantityType>> = {
  0: { name: 'BodyMassIndex', unit: 'count' },
  1: { name: 'BodyFatPercentage', unit: '%' },
  2: { name: 'Height', unit: 'cm', factor: 100 },
  3: { name: 'BodyMass', unit: 'kg' },
  4: { name: 'LeanBodyMass', unit: 'kg' },
  5: { name: 'HeartRate', unit: 'count/min', factor: 60 },
  7: { name: 'StepCount', unit: 'count' },
  8: { name: 'DistanceWalkingRunning', unit: 'km', factor: 0.001 },
  9: { name: 'BasalEnergyBurned', unit: 'kcal' },
  10: { name: 'ActiveEnergyBurned', unit: 'kcal' },
  12: { name: 'FlightsClimbed', unit: 'count' },
  14: { name: 'OxygenSaturation', unit: '%' },
  15: { name: 'BloodGlucose', unit: 'mg/dL' },
  16: { name: 'BloodPressureSystolic', unit: 'mmHg' },
  17: { name: 'BloodPressureDiastolic', unit: 'mmHg' },
  18: { name: 'BloodAlcoholContent', unit: '%' },
  19: { name: 'PeripheralPerfusionIndex', unit: '%' },
  20: { name: 'DietaryFatTotal', unit: 'g' },
  21: { name: 'DietaryFatPolyunsaturated', unit: 'g' },
  22: { name: 'DietaryFatMonounsaturated', unit: 'g' },
  23: { name: 'DietaryFatSaturated', unit: 'g' },
  24: { name: 'DietaryCholesterol', unit: 'mg', factor: 1000 },
  25: { name: 'DietarySodium' },
  26: { name: 'DietaryCarbohydrates', unit: 'g' },
  27: { name: 'DietaryFiber', unit: 'g' },
  28: { name: 'DietarySugar', unit: 'g' },
  29: { name: 'DietaryEnergyConsumed', unit: 'kcal' },
  30: { name: 'DietaryProtein', unit: 'g' },
  31: { name: 'DietaryVitaminA' },
  32: { name: 'DietaryVitaminB6' },
  33: { name: 'DietaryVitaminB12' },
  34: { name: 'DietaryVitaminC' },
  35: { name: 'DietaryVitaminD' },
  36: { name: 'DietaryVitaminE' },
  37: { name: 'DietaryVitaminK' },
  38: { name: 'DietaryCalcium' },
  39: { name: 'DietaryIron' },
  40: { name: 'DietaryThiamin' },
  41: { name: 'DietaryRiboflavin' },
  42: { name: 'DietaryNiacin' },
  43: { name: 'DietaryFolate' },
  44: { name: 'DietaryBiotin' },
  45: { name: 'DietaryPantothenicAcid' },
  46: { name: 'DietaryPhosphorus' },
  47: { name: 'DietaryIodine' },
  48: { name: 'DietaryMagnesium' },
  49: { name: 'DietaryZinc' },
  50: { name: 'DietarySelenium' },
  51: { name: 'DietaryCopper' },
  52: { name: 'DietaryManganese' },
  53: { name: 'DietaryChromium' },
  54: { name: 'DietaryMolybdenum' },
  55: { name: 'DietaryChloride' },
  56: { name: 'DietaryPotassium' },
  57: { name: 'NumberOfTimesFallen', unit: 'count' },
  58: { name: 'ElectrodermalActivity' },
  60: { name: 'InhalerUsage', unit: 'count' },
  61: { name: 'RespiratoryRate', unit: 'count/min', factor: 60 },
  62: { name: 'BodyTemperature', unit: 'degC' },
  71: { name: 'ForcedVitalCapacity' },
  72: { name: 'ForcedExpiratoryVolume1' },
  73: { name: 'PeakExpiratoryFlowRate' },
  75: { name: 'AppleExerciseTime', unit: 'min' },
  78: { name: 'DietaryCaffeine' },
  83: { name: 'DistanceCycling', unit: 'km', factor: 0.001 },
  87: { name: 'DietaryWater' },
  89: { name: 'UVExposure', unit: 'count' },
  90: { name: 'BasalBodyTemperature', unit: 'degC' },
  101: { name: 'PushCount', unit: 'count' },
  110: { name: 'DistanceSwimming', unit: 'm' },
  111: { name: 'SwimmingStrokeCount', unit: 'count' },
  113: { name: 'DistanceWheelchair', unit: 'km', factor: 0.001 },
  114: { name: 'WaistCircumference' },
  118: { name: 'RestingHeartRate', unit: 'count/min' },
  124: { name: 'VO2Max', unit: 'mL/min·kg' },
  125: { name: 'InsulinDelivery', unit: 'IU' },
  137: { name: 'WalkingHeartRateAverage', unit: 'count/min' },
  138: { name: 'DistanceDownhillSnowSports', unit: 'km', factor: 0.001 },
  139: { name: 'HeartRateVariabilitySDNN', unit: 'ms' },
  172: { name: 'EnvironmentalAudioExposure', unit: 'dBASPL' },
  173: { name: 'HeadphoneAudioExposure', unit: 'dBASPL' },
  182: { name: 'WalkingDoubleSupportPercentage', unit: '%' },
  183: { name: 'SixMinuteWalkTestDistance', unit: 'm' },
  186: { name: 'AppleStandTime', unit: 'min' },
  187: { name: 'WalkingSpeed', unit: 'km/hr', factor: 3.6 },
  188: { name: 'WalkingStepLength', unit: 'cm', factor: 100 },
  194: { name: 'WalkingAsymmetryPercentage', unit: '%' },
  195: { name: 'StairAscentSpeed', unit: 'm/s' },
  196: { name: 'StairDescentSpeed', unit: 'm/s' },
  248: { name: 'AtrialFibrillationBurden', unit: '%' },
  249: { name: 'AppleWalkingSteadiness', unit: '%' },
  251: { name: 'NumberOfAlcoholicBeverages', unit: 'count' },
  256: { name: 'AppleSleepingWristTemperature', unit: 'degC' },
  258: { name: 'RunningStrideLength', unit: 'm' },
  259: { name: 'RunningVerticalOscillation', unit: 'cm' },
  260: { name: 'RunningGroundContactTime', unit: 'ms' },
  266: { name: 'HeartRateRecoveryOneMinute' },
  269: { name: 'UnderwaterDepth', unit: 'm' },
  270: { name: 'RunningPower', unit: 'W' },
  272: { name: 'EnvironmentalSoundReduction', unit: 'dBASPL' },
  274: { name: 'RunningSpeed', unit: 'km/hr', factor: 3.6 },
  277: { name: 'WaterTemperature', unit: 'degC' },
  279: { name: 'TimeInDaylight', unit: 'min' },
  280: { name: 'CyclingPower', unit: 'W' },
  281: { name: 'CyclingSpeed' },
  282: { name: 'CyclingCadence' },
  283: { name: 'CyclingFunctionalThresholdPower', unit: 'W' },
  286: { name: 'PhysicalEffort', unit: 'kcal/hr·kg' },
};

/** Quantities that add up: of a workout, their sum is told; of all others the average. */
const ADDS_UP =
  /^(?:StepCount|Distance|BasalEnergyBurned|ActiveEnergyBurned|FlightsClimbed|PushCount|SwimmingStrokeCount|Dietary|Apple(?:Exercise|Stand)Time|InhalerUsage|InsulinDelivery|NumberOf|TimeInDaylight)/;

export const addsUp = (name: string): boolean => ADDS_UP.test(name);
