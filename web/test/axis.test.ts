import assert from "node:assert/strict";
import { test } from "node:test";
import { zone } from "../src/clock";
import { bearingText } from "../src/map/overlays";
import { nearer, stepOf } from "../src/panels/axis";
import { short } from "../src/text";

const HOUR = 3600e3;

test("the timeline zooms around an instant, stays within the run, and comes back to the whole", () => {
  const whole = { from: 0, to: 48 * HOUR };
  let shown = whole;
  for (let i = 0; i < 60; i++) shown = nearer(shown, whole, 20 * HOUR, 0.7);
  assert.ok(shown.from <= 20 * HOUR && shown.to >= 20 * HOUR);
  assert.equal(Math.round(shown.to - shown.from), 600e3);
  for (let i = 0; i < 60; i++) shown = nearer(shown, whole, shown.from, 1.4);
  assert.deepEqual(shown, whole);
});

test("a run of five minutes can be zoomed, too", () => {
  const whole = { from: 0, to: 300e3 };
  assert.ok(nearer(whole, whole, 100e3, 0.5).to < whole.to);
});

test("marks of the timeline have room for their words", () => {
  for (const width of [300, 1200, 3000]) {
    for (const hours of [0.01, 0.1, 1, 6, 40, 70, 500]) {
      const step = stepOf({ from: 0, to: hours * HOUR }, width);
      if (step) assert.ok((step / (hours * HOUR)) * width >= 56);
      else assert.ok(((12 * HOUR) / (hours * HOUR)) * width < 56);
    }
  }
});

test("words for zones, bearings and long names", () => {
  assert.deepEqual([10, 0, -3.5, 5.75].map(zone), ["UTC+10", "UTC+0", "UTC−3:30", "UTC+5:45"]);
  assert.deepEqual([359.6, 0.2, 44.5, 180].map(bearingText), ["000°", "000°", "045°", "180°"]);
  assert.equal(short("a".repeat(100)).length, 44);
});
