import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../src/clock";
import { readLink, writeLink, type State } from "../src/state";

const STATE: State = {
  selected: { kind: "unit", id: "rus-5caa.a:b" },
  before: [],
  panes: ["truth", "training"],
  colours: "nation",
  dark: true,
  layers: { night: true, graticule: true, borders: true, places: true, ways: true, towns: true },
  tab: "serials",
  measuring: false,
  ranges: false,
  follow: false,
  bare: false,
};

test("a link restores view, time and selection", () => {
  const link = { lat: 44.40781, lon: -171.57423, metres: 61.5, t: Date.parse("2022-09-06T03:00:01Z") };
  const read = readLink(writeLink(link, STATE));
  assert.deepEqual(read, { ...link, selected: STATE.selected, panes: STATE.panes, tab: "serials", dark: true });
});

test("what a link says wrongly is left out", () => {
  for (const hash of ["#at=x,y,z&t=never&show=gun:1&sides=ours&list=all", "#%%%", "", "#at=95,0,1&show=unit:"]) {
    assert.deepEqual(readLink(hash), {});
  }
});

test("the clock goes on by its speed and stops at the end", () => {
  const clock = new Clock(1000, 100_000);
  clock.speed = 60;
  clock.tick(50);
  assert.equal(clock.t, 1000);
  clock.playing = true;
  clock.tick(50);
  assert.equal(clock.t, 4000);
  clock.tick(1e9);
  assert.equal(clock.t, 100_000);
  assert.equal(clock.playing, false);
});
