/** Land, lakes and borders as paths in the plane, made once for a projection. */

import { geoPath, type GeoProjection } from "d3-geo";
import type { Source } from "../data/source";

/** A polygon: outline and holes, degrees. */
interface Area {
  rings: [number, number][][];
  bounds: [number, number, number, number];
}

/** What is drawn as one, with its bounds in the plane (km, y downwards). */
export interface Piece {
  path: Path2D;
  bounds: [[number, number], [number, number]];
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
    else areas.push({ rings: [turned(ring, true)], bounds: boundsOf(ring) });
  }
  return areas;
}

function boundsOf(ring: [number, number][]): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of ring) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return [west, south, east, north];
}

/** Outlines turn clockwise on the map, holes the other way: so d3 knows what is inside. */
function turned(ring: [number, number][], outline: boolean): [number, number][] {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return twice < 0 === outline ? ring : ring.reverse();
}

export function pieces(areas: Area[], projection: GeoProjection): Piece[] {
  const made: Piece[] = [];
  for (const area of areas) {
    const shape = { type: "Polygon", coordinates: area.rings } as const;
    const path = new Path2D();
    const draw = geoPath(projection, path as unknown as CanvasRenderingContext2D);
    draw(shape as never);
    const bounds = geoPath(projection).bounds(shape as never);
    if (Number.isFinite(bounds[0][0])) made.push({ path, bounds });
  }
  return made;
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

export function linePath(lines: [number, number][][], projection: GeoProjection): Path2D {
  const path = new Path2D();
  const draw = geoPath(projection, path as unknown as CanvasRenderingContext2D);
  draw({ type: "MultiLineString", coordinates: lines } as never);
  return path;
}
