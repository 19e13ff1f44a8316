/** Symbols of APP-6 / MIL-STD-2525D, drawn once by milsymbol and kept. */

import ms from "milsymbol";

export interface Drawn {
  image: HTMLCanvasElement;
  /** Pixels (CSS) from the left and top of the image to its anchor, and its size. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Fourth digit of a code, by who stands against whom. */
export type Standing = "friend" | "hostile" | "neutral" | "unknown";
const DIGIT: Record<Standing, string> = { friend: "3", hostile: "6", neutral: "4", unknown: "1" };

export class Symbols {
  private readonly kept = new Map<string, Drawn>();
  ratio = 1;

  /** Return a symbol; `fill` replaces the colour of its frame's inside. */
  get(sidc: string, size: number, standing: Standing | null, fill: string | null, dark: boolean): Drawn {
    const code = standing ? sidc.slice(0, 3) + DIGIT[standing] + sidc.slice(4) : sidc;
    const key = `${code} ${size} ${fill} ${this.ratio} ${dark}`;
    let drawn = this.kept.get(key);
    if (!drawn) {
      const symbol = new ms.Symbol(code, {
        size: size * this.ratio,
        ...(fill ? { fillColor: fill } : {}),
        outlineWidth: 2,
        // lines and letters around a symbol are black: on dark ground they need a light edge
        outlineColor: dark ? "rgba(225,232,238,0.85)" : "rgba(255,255,255,0.8)",
        infoFields: false,
      } as never);
      const image = symbol.asCanvas() as HTMLCanvasElement;
      const anchor = symbol.getAnchor();
      drawn = {
        image,
        x: anchor.x / this.ratio,
        y: anchor.y / this.ratio,
        width: image.width / this.ratio,
        height: image.height / this.ratio,
      };
      this.kept.set(key, drawn);
    }
    return drawn;
  }
}
