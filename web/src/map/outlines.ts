/** Land, lakes and borders as paths in the plane, made once for a projection. */

import { geoPath, type GeoProjection } from "d3-geo";
import type { Source } from "../data/source";

/** A polygon: outline and holes, degrees. */
interface Area {
  rings: [number, number][][];
}

/** Corners of a rectangle in the plane: km, y downwards. */
export type Bounds = [[number, number], [number, number]];

/** What is drawn as one. */
export interface Piece {
  path: Path2D;
  bounds: Bounds;
}

/** An area whose path is made only for the part that is seen: it has too many points. */
export interface Detailed {
  area: Area;
  bounds: Bounds;
}

async function inflate(packed: Uint8Array): Promise<ArrayBuffer> {
  const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** Read the polygons of a file of data/surface (its README describes the format). */
export async function readAreas(file: ArrayBuffer): Promise<Area[]> {
  const bytes = new Uint8Array(file);
  const end = bytes.indexOf(10);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const values = new Int32Array(await inflate(bytes.subarray(end + 1)));
  const [count, vertices] = [header.rings, header.vertices];
  const areas: Area[] = [];
  let at = 2 * count;
  let [x, y] = [0, 0];
  for (let r = 0; r < count; r++) {
    const ring: [number, number][] = [];
    for (let i = 0; i < values[r]; i++) {
      x += values[at + i];
      y += values[at + vertices + i];
      ring.push([x * header.scale[0] + header.translate[0], y * header.scale[1] + header.translate[1]]);
    }
    at += values[r];
    if (values[count + r]) areas[areas.length - 1].rings.push(turned(ring, false));
    else areas.push({ rings: [turned(ring, true)] });
  }
  return areas;
}

/** Outlines turn clockwise on the map, holes the other way: so d3 knows what is inside. */
function turned(ring: [number, number][], outline: boolean): [number, number][] {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return twice < 0 === outline ? ring : ring.reverse();
}

const shapeOf = (areas: Area[]) => ({ type: "MultiPolygon", coordinates: areas.map((a) => a.rings) }) as never;

function drawn(shape: never, projection: GeoProjection): Path2D {
  const path = new Path2D();
  geoPath(projection, path as unknown as CanvasRenderingContext2D)(shape);
  return path;
}

/** Bounds of each area; what lies too far away to be drawn is left out. */
export function detailed(areas: Area[], projection: GeoProjection): Detailed[] {
  const measure = geoPath(projection);
  return areas
    .map((area) => ({ area, bounds: measure.bounds(shapeOf([area])) as Bounds }))
    .filter(({ bounds }) => Number.isFinite(bounds[0][0]));
}

export function pieces(areas: Area[], projection: GeoProjection): Piece[] {
  return detailed(areas, projection).map(({ area, bounds }) => ({ path: drawn(shapeOf([area]), projection), bounds }));
}

/** The part of areas within a rectangle, as one path. */
export function within(areas: Detailed[], bounds: Bounds, projection: GeoProjection): Path2D {
  const met = areas.filter((a) => meets(a.bounds, bounds)).map((a) => a.area);
  return drawn(shapeOf(met), projection.clipExtent(bounds));
}

export function meets(a: Bounds, b: Bounds): boolean {
  return a[0][0] < b[1][0] && a[1][0] > b[0][0] && a[0][1] < b[1][1] && a[1][1] > b[0][1];
}

export async function readBorders(source: Source): Promise<[number, number][][]> {
  const text = new TextDecoder().decode(await source.file("borders-50m.json"));
  const packed = JSON.parse(text) as { unit_deg: number; lines: number[][] };
  return packed.lines.map((steps) => {
    const line: [number, number][] = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      line.push([x * packed.unit_deg, y * packed.unit_deg]);
    }
    return line;
  });
}

/** The part of lines within a rectangle, as one path. */
export function linesWithin(lines: [number, number][][], bounds: Bounds, projection: GeoProjection): Path2D {
  return drawn({ type: "MultiLineString", coordinates: lines } as never, projection.clipExtent(bounds));
}

/** A path made for what is seen and as much again around it; kept while that serves. */
export class Around {
  private kept: { bounds: Bounds; path: Path2D } | null = null;

  constructor(private readonly make: (bounds: Bounds) => Path2D) {}

  path(seen: Bounds): Path2D {
    const [[x0, y0], [x1, y1]] = seen;
    const [wide, high] = [x1 - x0, y1 - y0];
    if (this.kept) {
      const [[a0, b0], [a1, b1]] = this.kept.bounds;
      const covers = a0 <= x0 && b0 <= y0 && a1 >= x1 && b1 >= y1;
      if (covers && a1 - a0 < 16 * wide) return this.kept.path;
    }
    const bounds: Bounds = [
      [x0 - wide, y0 - high],
      [x1 + wide, y1 + high],
    ];
    this.kept = { bounds, path: this.make(bounds) };
    return this.kept.path;
  }
}
