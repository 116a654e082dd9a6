/** How long a film is, as players write it: "0:07", "12:03", "1:02:03". */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
