/** Colours of the map, quiet, for paper and projector; told apart with colour-blind vision, too. */

export interface Palette {
  water: string;
  land: string;
  coast: string;
  border: string;
  graticule: string;
  night: string;
  way: string;
  lane: string;
  halo: string;
  place: string;
  sea: string;
  town: string;
  range: { fill: string; line: string };
  area: { fill: string; line: string };
  text: string;
  select: string;
  track: string;
  plan: string;
  known: string;
  neutral: string;
}

export const LIGHT: Palette = {
  water: "#dfe9ef",
  land: "#f7f5ef",
  coast: "#9fb0ba",
  border: "#b9a99a",
  graticule: "rgba(90,110,125,0.22)",
  night: "rgba(24,34,68,0.10)",
  way: "#b0a08c",
  lane: "#5b87a8",
  halo: "rgba(255,255,255,0.75)",
  place: "#5b3a1d",
  sea: "#5f84a0",
  town: "#6d6a64",
  range: { fill: "rgba(190,110,40,0.10)", line: "#b06a2c" },
  area: { fill: "rgba(40,110,160,0.07)", line: "#5b8fb5" },
  text: "#1c2430",
  select: "#d62f6c",
  track: "#d62f6c",
  plan: "#7a4fb0",
  known: "#b3261e",
  neutral: "#d3dccb",
};

export const DARK: Palette = {
  water: "#111a24",
  land: "#222a31",
  coast: "#4c5f6e",
  border: "#6b5f52",
  graticule: "rgba(150,175,195,0.16)",
  night: "rgba(0,0,10,0.24)",
  way: "#5f584c",
  lane: "#4e7fa5",
  halo: "rgba(10,16,22,0.75)",
  place: "#e2b98f",
  sea: "#6e97b7",
  town: "#9aa0a6",
  range: { fill: "rgba(220,140,60,0.12)", line: "#cf8b4b" },
  area: { fill: "rgba(80,150,200,0.10)", line: "#4f86ad" },
  text: "#e6ebf0",
  select: "#ff6aa2",
  track: "#ff6aa2",
  plan: "#b79be6",
  known: "#ff8a80",
  neutral: "#aebaa6",
};

/** Okabe and Ito's colours, and tints of them; nations in the order of their strength. */
const NATIONS = [
  "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00", "#0072b2", "#999999",
  "#a6dcff", "#ffd27f", "#7fd6bb", "#e9bcd5", "#c8b89a", "#b0a0e0",
]; // prettier-ignore

export function nationColours(nations: string[]): Map<string, string> {
  return new Map(nations.map((nation, n) => [nation, NATIONS[n % NATIONS.length]]));
}
