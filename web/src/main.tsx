/** The page: loads what the first picture needs, draws, and loads the rest behind it. */

import { render } from "preact";
import { App } from "./app";
import { Clock } from "./clock";
import { loadModel, type Model } from "./data/model";
import { Motion } from "./data/motion";
import { Local } from "./data/local";
import { Carried, Served } from "./data/source";
import { Hand } from "./hand";
import { Live } from "./live";
import { Basemap } from "./map/basemap";
import { Pane } from "./map/pane";
import { middleOf, Plane, View } from "./map/projection";
import { BottomBar, TopBar } from "./panels/bars";
import { CardPanel } from "./panels/card";
import { ListPanel } from "./panels/lists";
import { readLink, Store, writeLink, type Link } from "./state";

/** What the first picture holds: ranges and sea areas, else other places, else who is anywhere. */
async function extentOf(model: Model, t: number): Promise<[number, number][]> {
  const weighty = model.places.filter((p) => p.kind === "range" || p.kind === "sea_area");
  const places = weighty.length ? weighty : model.places;
  if (places.length) return places.map((p) => [p.lat, p.lon]);
  // an exported file carries the positions of the begin alone
  const when = model.source.served ? t : model.run.sim_start;
  const positions = await model.source.columns(`/positions?t=${Math.round(when)}`);
  const [lat, lon] = [positions.number("lat").values, positions.number("lon").values];
  const found: [number, number][] = [];
  for (let e = 0; e < positions.rows; e++) if (Number.isFinite(lat[e])) found.push([lat[e], lon[e]]);
  return found;
}

async function start(): Promise<void> {
  const live = location.protocol.startsWith("http") ? await Live.open() : null;
  const link = readLink(location.hash);
  const carried = new Carried(document);
  const local = carried.has("/run") ? new Local(carried) : null;
  const served = new Served();
  const source = local ?? served;
  const told = document.getElementById("told")!;
  const loading = told.textContent;
  served.told = () => (told.textContent = served.problem ?? loading);
  const model = await loadModel(source);
  const { run } = model;
  const clock = new Clock(run.sim_start, live?.state.reached ?? run.reached ?? run.sim_end);
  clock.seek(live ? clock.end : (link.t ?? firstMoment(model)));
  const extent = await extentOf(model, clock.t);
  const view = new View(new Plane(...middleOf(extent)));
  const dark = link.dark ?? usuallyDark();
  const store = new Store({
    selected: link.selected ?? null,
    before: [],
    panes: ["truth"],
    colours: "nation",
    dark,
    layers: { night: true, graticule: true, borders: true, places: true, ways: true, towns: true },
    tab: link.tab ?? null,
    measuring: false,
    ranges: false,
    follow: false,
    menu: null,
    bare: link.bare ?? false,
  });
  const motion = new Motion(model);
  local?.know(model, motion);
  const app = new App(model, motion, clock, view, store);
  app.live = live;
  app.extent = extent;
  served.told = () => app.changed();
  store.set({ panes: app.panesOf(link.panes) });
  const basemap = new Basemap(source, model, view);
  const maps = document.getElementById("maps")!;
  const panes = [new Pane(app, basemap), new Pane(app, basemap)];

  const arrange = () => {
    const { panes: chosen } = store.state;
    const box = maps.getBoundingClientRect();
    const wide = box.width >= 700;
    const many = chosen.length;
    view.resize(Math.floor(wide ? box.width / many : box.width), Math.floor(wide ? box.height : box.height / many));
    panes.forEach((pane, n) => {
      pane.picture = chosen[n] ?? "truth";
      if (n < many && pane.canvas.parentElement !== maps) maps.append(pane.canvas);
      if (n >= many) pane.canvas.remove();
    });
    document.documentElement.classList.toggle("bare", store.state.bare);
    document.documentElement.dataset.theme = store.state.dark ? "dark" : "light";
  };
  // the bars take their room first
  render(<TopBar app={app} />, document.getElementById("top")!);
  render(<BottomBar app={app} />, document.getElementById("bottom")!);
  render(<ListPanel app={app} />, document.getElementById("lists")!);
  render(<CardPanel app={app} />, document.getElementById("card")!);
  arrange();
  if (link.lat !== undefined) view.look(link.lat, link.lon!, link.metres);
  else app.lookAtAll();
  new ResizeObserver(arrange).observe(maps);
  store.listen(arrange);

  const hand = new Hand(app, panes);
  hand.attach();

  const move = async () => {
    await motion.load((share) => {
      app.loadedShare = share * 0.99;
      app.changed();
    });
    app.loadedShare = 1;
    motion.show(clock.t);
    local?.open();
  };
  // a file has all legs at hand; a server tells where everybody is now before it sends them
  await Promise.all([
    basemap.load(),
    local ? move() : source.columns(`/positions?t=${clock.t}`).then((p) => motion.take(p, clock.t)),
  ]);
  loop(app, panes);
  watchLink(app);
  letOthersDrive(app, panes);
  app.changed();
  requestAnimationFrame(() => document.documentElement.classList.add("ready"));
  void basemap.loadMore();
  void model.loadEvents().then(() => app.changed());
  void model.loadTypes().then(() => app.changed());
  if (live) {
    // all legs can be had, and need no asking, once there will be no more
    await new Promise<void>((over) => live.watch(app, over));
    await model.refresh();
    clock.end = model.run.reached ?? model.run.sim_end;
    app.live = null;
    app.changed();
  }
  if (!motion.loaded) await move();
  app.changed();
  document.documentElement.classList.add("loaded");
}

/** Whether whoever looks prefers dark pages. */
function usuallyDark(): boolean {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** When the page opens without a link: when the first serial of the exercise proper is held. */
function firstMoment(model: Model): number {
  const held = model.serials.filter((s) => s.phase === "implementation" && s.start !== null);
  const first = Math.min(...held.map((s) => s.start!));
  return Number.isFinite(first) ? first : model.run.sim_start;
}

function loop(app: App, panes: Pane[]): void {
  const { clock, motion, model, store, view } = app;
  let before = performance.now();
  let asking = false;
  let askedAt = -Infinity;
  const step = (now: number) => {
    requestAnimationFrame(step);
    const was = clock.t;
    clock.tick(Math.min(250, now - before));
    app.live?.tick(app, now - before);
    before = now;
    if (motion.loaded) {
      if (motion.t !== clock.t) motion.show(clock.t);
    } else if (model.source.served && motion.t !== clock.t && !asking) {
      asking = true;
      const t = Math.round(clock.t);
      model.source
        .columns(`/positions?t=${t}`)
        .then((found) => {
          if (!motion.loaded) motion.take(found, t);
        })
        .catch(() => new Promise((done) => setTimeout(done, 1000)))
        .finally(() => (asking = false));
    }
    if (store.state.follow && store.state.selected) {
      const at = app.whereIs(store.state.selected);
      if (at) view.follow(at[0], at[1]);
    }
    for (const picture of store.state.panes) {
      if (picture === "truth" || now - askedAt < 400) continue;
      if (app.pictures.get(picture)?.t === Math.round(clock.t)) continue;
      askedAt = now;
      void app.askPicture(picture).catch(() => undefined);
    }
    if (was !== clock.t && (clock.t === clock.end || Math.floor(now / 500) !== Math.floor((now - 17) / 500))) app.changed();
    for (const pane of panes) if (pane.canvas.isConnected) pane.draw();
    app.frame();
  };
  requestAnimationFrame(step);
}

/** For programs that drive the page: the instant shown, and another, drawn when the promise is kept. */
function letOthersDrive(app: App, panes: Pane[]): void {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  Object.defineProperty(globalThis, "startex", {
    value: {
      get t() {
        return app.clock.t;
      },
      seek(t: number) {
        app.seek(t);
        return drawn();
      },
      /** Latitude and longitude of an entity at the instant shown, and what carries it outermost. */
      where(row: number) {
        return { lat: app.motion.lat[row], lon: app.motion.lon[row], root: app.motion.root[row] };
      },
      /** What the first map shows, in pixels from its corner. */
      get drawn() {
        return panes[0].drawn.map(({ kind, id, x, y, under }) => ({ kind, id, x, y, under }));
      },
    },
  });
}

/** Keep the address bar true, and do what it says when somebody changes it. */
function watchLink(app: App): void {
  const { view, clock, store } = app;
  let written = location.hash;
  const write = () => {
    if (clock.playing) return;
    const [lat, lon] = view.middle;
    const next = writeLink({ lat, lon, metres: view.metresPerPixel, t: clock.t }, store.state, usuallyDark());
    if (next !== written) history.replaceState(null, "", (written = next));
  };
  setInterval(write, 400);
  window.addEventListener("hashchange", () => {
    if (location.hash === written) return;
    written = location.hash;
    follow(app, readLink(location.hash));
  });
}

function follow(app: App, link: Link): void {
  if (link.lat !== undefined) app.view.look(link.lat, link.lon!, link.metres);
  if (link.t !== undefined) app.clock.seek(link.t);
  app.store.set({
    selected: link.selected ?? null,
    before: [],
    panes: app.panesOf(link.panes),
    tab: link.tab ?? null,
    bare: link.bare ?? false,
    ...(link.dark === undefined ? {} : { dark: link.dark }),
  });
}

start().catch((error: unknown) => {
  const told = document.getElementById("told")!;
  told.textContent = error instanceof Error ? error.message : String(error);
  document.documentElement.classList.add("failed");
});
