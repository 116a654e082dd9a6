import type { Random } from '../random.ts';

/** Brightness and colour, each 0 to 255: what JPEG stores. */
export type Ycc = readonly [y: number, cb: number, cr: number];

/**
 * A picture without a size: for a place from left to right, 0 to 1, a column; and its colour at a height from top to
 * bottom, 0 to 1. What is the same for a whole column is computed once.
 */
export type Scene = (u: number) => (v: number) => Ycc;

/** A landscape of sky, sun or moon, two ranges of hills and a meadow, no two alike. */
export function landscape(random: Random): Scene {
  const isNight = random.chance(0.15);
  const zenith = isNight ? rgb(12, 16, 40) : rgb(random.between(30, 110), random.between(110, 170), 225);
  const horizon = isNight ? rgb(50, 48, 90) : rgb(random.between(170, 250), random.between(150, 210), 190);
  const far = rgb(random.between(60, 110), random.between(80, 130), random.between(110, 160));
  const near = rgb(random.between(20, 80), random.between(60, 120), random.between(30, 80));
  const light = isNight ? rgb(235, 235, 220) : rgb(255, 240, 180);
  const lightU = 0.15 + 0.7 * random.fraction();
  const lightV = 0.1 + 0.3 * random.fraction();
  const lightRadius = 0.03 + 0.05 * random.fraction();
  const farRidge = ridge(random, 0.45, 0.1);
  const nearRidge = ridge(random, 0.65, 0.12);
  const shade = isNight ? 0.35 : 1;
  return (u) => {
    const nearHeight = nearRidge(u);
    const farHeight = farRidge(u);
    return (v) => {
      if (v > nearHeight) return darker(near, shade * (0.75 + 0.5 * (v - 0.6)));
      if (v > farHeight) return darker(far, shade);
      const distance = Math.hypot((u - lightU) * 1.33, v - lightV);
      if (distance < lightRadius) return light;
      const glow = Math.max(0, 1 - distance / (lightRadius * 6)) * 0.5;
      return blend(blend(zenith, horizon, Math.min(1, v / 0.6)), light, glow);
    };
  };
}

/** A face-like oval before a plain wall: pictures of contacts, paintings of nobody. */
export function portrait(random: Random): Scene {
  const wall = rgb(random.between(120, 230), random.between(120, 230), random.between(120, 230));
  const skin = rgb(random.between(110, 235), random.between(80, 190), random.between(60, 160));
  const hair = rgb(random.between(10, 150), random.between(10, 110), random.between(10, 80));
  const shirt = rgb(random.between(0, 255), random.between(0, 255), random.between(0, 255));
  return (u) => (v) => {
    const x = (u - 0.5) / 0.22;
    const y = (v - 0.42) / 0.28;
    const isFace = x * x + y * y < 1;
    if (isFace && v < 0.27) return hair;
    if (isFace) return Math.abs(Math.abs(u - 0.5) - 0.08) < 0.015 && Math.abs(v - 0.4) < 0.015 ? rgb(20, 20, 20) : skin;
    if (x * x + (y + 0.2) * (y + 0.2) < 1.3) return hair;
    return v > 0.72 + 0.6 * (u - 0.5) * (u - 0.5) ? shirt : wall;
  };
}

function ridge(random: Random, height: number, roughness: number): (u: number) => number {
  const waves = [1.7, 4.1, 9.3].map((frequency, i) => ({
    frequency: frequency * (0.8 + 0.4 * random.fraction()),
    phase: random.fraction() * Math.PI * 2,
    amplitude: (roughness * (0.5 + random.fraction())) / (i + 1) ** 1.5,
  }));
  return (u) =>
    waves.reduce((sum, wave) => sum + wave.amplitude * Math.sin(wave.frequency * Math.PI * u + wave.phase), height);
}

function rgb(red: number, green: number, blue: number): Ycc {
  return [
    0.299 * red + 0.587 * green + 0.114 * blue,
    128 - 0.168736 * red - 0.331264 * green + 0.5 * blue,
    128 + 0.5 * red - 0.418688 * green - 0.081312 * blue,
  ];
}

function blend(a: Ycc, b: Ycc, share: number): Ycc {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function darker([y, cb, cr]: Ycc, factor: number): Ycc {
  return [y * factor, cb, cr];
}
