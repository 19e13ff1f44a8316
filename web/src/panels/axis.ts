/** The axis of the timeline: what part of the run it shows, and its marks. */

import { shortDay, written } from "../clock";
import type { Palette } from "../map/palette";

export interface Range {
  from: number;
  to: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 5, 15, 30].map((n) => n * SECOND)
  .concat([1, 5, 15, 30].map((n) => n * MINUTE), [1, 3, 6, 12].map((n) => n * HOUR)); // prettier-ignore
/** Pixels that a mark takes with its words. */
const ROOM_PX = 56;
/** Nearer than this, or a twentieth of a short run, nobody looks. */
const LEAST_MS = 10 * MINUTE;

/** A part of the whole, larger or smaller by a factor around an instant. */
export function nearer(shown: Range, whole: Range, middle: number, factor: number): Range {
  const least = Math.min(LEAST_MS, (whole.to - whole.from) / 20);
  const long = Math.max(least, (shown.to - shown.from) * factor);
  const share = (middle - shown.from) / (shown.to - shown.from);
  if (long >= whole.to - whole.from) return whole;
  const from = Math.max(whole.from, Math.min(whole.to - long, middle - share * long));
  return { from, to: from + long };
}

/** Instants to be marked within a day, in ms: the finest that have room for their words. */
export function stepOf(shown: Range, width: number): number | null {
  const pixel = (shown.to - shown.from) / Math.max(1, width);
  return STEPS.find((step) => step / pixel >= ROOM_PX) ?? null;
}

/** Draw days, and hours, minutes or seconds where there is room. */
export function drawAxis(
  c: CanvasRenderingContext2D,
  shown: Range & { width: number; x: (t: number) => number },
  offsetH: number,
  height: number,
  palette: Palette,
): void {
  const h = offsetH * HOUR;
  const { from, to, x, width } = shown;
  const every = Math.ceil((ROOM_PX * (to - from)) / (DAY * Math.max(1, width)));
  for (let n = 0, t = Math.ceil((from + h) / DAY) * DAY - h; t <= to; t += DAY, n++) {
    c.fillStyle = palette.graticule;
    c.fillRect(x(t), 0, 1, height);
    if (n % every || x(t) > width - 30) continue;
    c.fillStyle = palette.text;
    c.fillText(shortDay(t, offsetH), x(t) + 3, 2);
  }
  const step = stepOf(shown, width);
  if (!step) return;
  c.fillStyle = palette.town;
  for (let t = Math.ceil((from + h) / step) * step - h; t <= to; t += step) {
    if (!((t + h) % DAY) || x(t) > width - 30) continue;
    const words = written(t, offsetH, step < MINUTE);
    c.fillText(words.slice(step < MINUTE ? -8 : -5), x(t) + 3, 2);
  }
}
