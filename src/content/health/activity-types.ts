/** HKWorkoutActivityType, from 1 on, in the order of Apple's documentation. */
const ACTIVITIES = `
  AmericanFootball Archery AustralianFootball Badminton Baseball Basketball Bowling Boxing Climbing Cricket
  CrossTraining Curling Cycling Dance DanceInspiredTraining Elliptical EquestrianSports Fencing Fishing
  FunctionalStrengthTraining Golf Gymnastics Handball Hiking Hockey Hunting Lacrosse MartialArts MindAndBody
  MixedMetabolicCardioTraining PaddleSports Play PreparationAndRecovery Racquetball Rowing Rugby Running
  Sailing SkatingSports SnowSports Soccer Softball Squash StairClimbing SurfingSports Swimming TableTennis
  Tennis TrackAndField TraditionalStrengthTraining Volleyball Walking WaterFitness WaterPolo WaterSports
  Wrestling Yoga Barre CoreTraining CrossCountrySkiing DownhillSkiing Flexibility HighIntensityIntervalTraining
  JumpRope Kickboxing Pilates Snowboarding Stairs StepTraining WheelchairWalkPace WheelchairRunPace TaiChi
  MixedCardio HandCycling DiscSports FitnessGaming CardioDance SocialDance Pickleball Cooldown
`
  .trim()
  .split(/\s+/);

/** Those that came later, or stand apart. */
const LATER: Readonly<Record<number, string>> = {
  82: 'SwimBikeRun',
  83: 'Transition',
  84: 'UnderwaterDiving',
  3000: 'Other',
};

/** "Running"; undefined for a number without a name. */
export const activityName = (activityType: number): string | undefined =>
  LATER[activityType] ?? ACTIVITIES[activityType - 1];

/** HKWorkoutEventType, from 1 on. */
const EVENTS = ['Pause', 'Resume', 'Lap', 'Marker', 'MotionPaused', 'MotionResumed', 'Segment', 'PauseOrResumeRequest'];

export const workoutEventName = (type: number): string | undefined => EVENTS[type - 1];
