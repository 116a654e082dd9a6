export { type ActivityDay, type Correlation, Health, healthItems, type HealthTypeCount, openHealth } from './health.ts';
export type { HealthMetadata, HealthMetadataValue } from './metadata.ts';
export type { HealthPerson } from './person.ts';
export type { HealthDevice, Provenance } from './provenance.ts';
export type { RoutePoint, WorkoutRoute } from './route.ts';
export type { HealthSample, HealthType } from './sample.ts';
export type { Workout, WorkoutStatistic } from './workout.ts';
export { tellingOf as healthTellingOf, type HealthBucket } from './buckets.ts';
