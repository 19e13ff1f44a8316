import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DARK, LIGHT } from "../src/map/palette";

const LEAST = 4.5; // WCAG 2.2, 1.4.3, AA

/** Contrast of two colours by WCAG. */
function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return high / low;
}

test("words on the map stand out from land and water in both themes", () => {
  for (const [name, p] of Object.entries({ LIGHT, DARK })) {
    for (const [what, colour, ground] of [
      ["town", p.town, p.land], ["place", p.place, p.land], ["place", p.place, p.water], ["sea", p.sea, p.water],
      ["notional", p.range.words, p.land], ["text", p.text, p.land], ["range", p.known, p.land], ["range", p.plan, p.land],
    ]) {
      assert.ok(contrast(colour, ground) >= LEAST, `${name} ${what}: ${contrast(colour, ground).toFixed(2)}`);
    }
  }
});

test("words in the panels stand out in both themes", () => {
  const sheet = readFileSync("src/startex/view/static/map.css", "utf8");
  for (const block of [/:root \{([^}]*)\}/, /\[data-theme="dark"\] \{([^}]*)\}/]) {
    const found = new Map([...sheet.match(block)![1].matchAll(/--(\w+): (#\w{6})/g)].map((m) => [m[1], m[2]]));
    for (const words of ["ink", "quiet", "mark", "warn"]) {
      for (const ground of ["paper", "chosen"]) {
        const found_ = contrast(found.get(words)!, found.get(ground)!);
        assert.ok(found_ >= LEAST, `${words} on ${ground}: ${found_.toFixed(2)}`);
      }
    }
  }
});
