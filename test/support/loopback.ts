/**
 * An address of this computer for a virtual phone on Wi-Fi, different for every process and call: each phone needs
 * port 62078 for itself, and several runs of tests may share a computer. All of 127.0.0.0/8 is this computer on Linux.
 */
export function loopbackAddress(): string {
  next = (next + 1) % 250;
  return `127.${64 + ((process.pid >> 8) % 128)}.${process.pid & 255}.${2 + next}`;
}

let next = 0;
