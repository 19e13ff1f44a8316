/** What the user chose; the address bar keeps it, so that a link restores it. */

import type { Layers } from "./map/basemap";

export type Kind = "entity" | "unit" | "place" | "serial" | "claim" | "event" | "figure";
export interface Selected {
  kind: Kind;
  id: string;
}

/** Truth, or what one side of the plays knows. */
export type Picture = "truth" | "training" | "opposing";

export interface State {
  selected: Selected | null;
  /** What was selected before, to go back to. */
  before: Selected[];
  panes: Picture[];
  colours: "nation" | "side";
  dark: boolean;
  layers: Layers;
  tab: "units" | "serials" | "events" | "figures" | null;
  measuring: boolean;
  ranges: boolean;
  follow: boolean;
  /** Only the map and the clock: for pictures. */
  bare: boolean;
}

export class Store {
  private readonly listeners = new Set<() => void>();

  constructor(public state: State) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  select(selected: Selected | null): void {
    const { selected: old, before } = this.state;
    if (old && selected && old.kind === selected.kind && old.id === selected.id) return;
    this.set({ selected, before: selected && old ? [...before.slice(-30), old] : selected ? before : [], follow: false });
  }

  back(): void {
    const before = [...this.state.before];
    const selected = before.pop() ?? null;
    this.set({ selected, before, follow: false });
  }

  toggleLayer(name: keyof Layers): void {
    this.set({ layers: { ...this.state.layers, [name]: !this.state.layers[name] } });
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export interface Link {
  lat?: number;
  lon?: number;
  metres?: number;
  t?: number;
  selected?: Selected;
  panes?: Picture[];
  tab?: State["tab"];
  dark?: boolean;
  bare?: boolean;
}

const KINDS: Kind[] = ["entity", "unit", "place", "serial", "claim", "event", "figure"];
const PICTURES: Picture[] = ["truth", "training", "opposing"];

/** Read what a link asks for; what cannot be understood is left out. */
export function readLink(hash: string): Link {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const link: Link = {};
  const at = (found.get("at") ?? "").split(",").map(Number);
  if (at.length === 3 && at.every(Number.isFinite) && Math.abs(at[0]) <= 90) {
    [link.lat, link.lon, link.metres] = at;
  }
  const t = Date.parse(found.get("t") ?? "");
  if (Number.isFinite(t)) link.t = t;
  const [kind, ...rest] = (found.get("show") ?? "").split(":");
  const id = rest.join(":");
  if (id && KINDS.includes(kind as Kind)) link.selected = { kind: kind as Kind, id };
  const panes = (found.get("sides") ?? "").split(",").filter((p) => PICTURES.includes(p as Picture));
  if (panes.length) link.panes = panes.slice(0, 2) as Picture[];
  const tab = found.get("list");
  if (tab === "units" || tab === "serials" || tab === "events" || tab === "figures") link.tab = tab;
  if (found.get("theme")) link.dark = found.get("theme") === "dark";
  if (found.get("only") === "map") link.bare = true;
  return link;
}

export function writeLink(link: Required<Pick<Link, "lat" | "lon" | "metres" | "t">>, state: State): string {
  const parts = new URLSearchParams();
  parts.set("at", `${link.lat.toFixed(5)},${link.lon.toFixed(5)},${Number(link.metres.toPrecision(4))}`);
  parts.set("t", new Date(link.t).toISOString().replace(".000Z", "Z"));
  if (state.selected) parts.set("show", `${state.selected.kind}:${state.selected.id}`);
  if (state.panes.length > 1 || state.panes[0] !== "truth") parts.set("sides", state.panes.join(","));
  if (state.tab) parts.set("list", state.tab);
  if (state.dark) parts.set("theme", "dark");
  if (state.bare) parts.set("only", "map");
  return `#${parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}
