/** The instant shown, and how fast it goes. */

export const SPEEDS = [1, 10, 60, 600, 3600, 6 * 3600, 86_400];

export class Clock {
  t: number;
  playing = false;
  /** Seconds of the exercise a second. */
  speed = 3600;
  /** Time in which the clock may stand; a live run moves the end. */
  constructor(
    readonly begin: number,
    public end: number,
  ) {
    this.t = begin;
  }

  seek(t: number): void {
    this.t = Math.max(this.begin, Math.min(this.end, Math.round(t)));
  }

  /** Go on by real time. */
  tick(elapsedMs: number): void {
    if (!this.playing) return;
    this.seek(this.t + elapsedMs * this.speed);
    if (this.t >= this.end) this.playing = false;
  }

  faster(steps: number): void {
    const at = SPEEDS.findIndex((s) => s >= this.speed);
    this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + steps))];
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number) => String(n).padStart(2, "0");

/** Write an instant in local time: "2 Sep 2022 09:05:30". */
export function written(t: number, offsetH: number, seconds = false): string {
  const d = new Date(t + offsetH * 3600e3);
  const clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ""}`;
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${clock}`;
}

export function shortDay(t: number, offsetH: number): string {
  const d = new Date(t + offsetH * 3600e3);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`;
}

export function iso(t: number): string {
  return new Date(t).toISOString().replace(".000Z", "Z");
}

/** Write a speed: "1x", "10 min/s", "1 h/s", "1 day/s". */
export function pace(speed: number): string {
  if (speed >= 86_400) return `${speed / 86_400} day/s`;
  if (speed >= 3600) return `${speed / 3600} h/s`;
  if (speed >= 60) return `${speed / 60} min/s`;
  return `${speed}×`;
}
