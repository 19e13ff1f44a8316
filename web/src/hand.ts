/** Mouse, fingers and keys. */

import type { App } from "./app";
import type { Pane } from "./map/pane";
import type { Picture } from "./state";

export class Hand {
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private moved = 0;

  constructor(
    private readonly app: App,
    private readonly panes: Pane[],
  ) {}

  attach(): void {
    for (const pane of this.panes) this.attachTo(pane);
    document.addEventListener("keydown", (e) => this.key(e));
  }

  private attachTo(pane: Pane): void {
    const { app } = this;
    const { canvas } = pane;
    const at = (e: PointerEvent | WheelEvent | MouseEvent) => {
      const box = canvas.getBoundingClientRect();
      return { x: e.clientX - box.left, y: e.clientY - box.top };
    };
    canvas.addEventListener(
      "wheel",
      (e) => {
        e.preventDefault();
        const { x, y } = at(e);
        const lines = e.deltaMode === 1 ? e.deltaY * 30 : e.deltaY;
        app.view.zoom(Math.exp(Math.max(-200, Math.min(200, lines)) * 0.004), x, y);
      },
      { passive: false },
    );
    canvas.addEventListener("pointerdown", (e) => {
      if (e.button > 0) return;
      canvas.setPointerCapture(e.pointerId);
      this.pointers.set(e.pointerId, at(e));
      this.moved = 0;
      if (app.store.state.measuring && this.pointers.size === 1) {
        const { x, y } = at(e);
        app.measured = [app.view.groundAt(x, y)];
      }
    });
    canvas.addEventListener("pointermove", (e) => {
      // a menu of the system may swallow the end of a press
      if (e.buttons === 0) this.pointers.delete(e.pointerId);
      const before = this.pointers.get(e.pointerId);
      const here = at(e);
      if (!before) {
        canvas.style.cursor = app.store.state.measuring ? "crosshair" : pane.pick(here.x, here.y) ? "pointer" : "grab";
        return;
      }
      if (this.pointers.size === 2) {
        const other = [...this.pointers].find(([id]) => id !== e.pointerId)![1];
        const was = Math.hypot(before.x - other.x, before.y - other.y);
        const is = Math.hypot(here.x - other.x, here.y - other.y);
        if (was > 0 && is > 0) app.view.zoom(was / is, (here.x + other.x) / 2, (here.y + other.y) / 2);
        app.view.pan((here.x - before.x) / 2, (here.y - before.y) / 2);
      } else if (app.store.state.measuring) {
        const ground = app.view.groundAt(here.x, here.y);
        app.measured = [app.measured[0] ?? ground, ground];
        app.changed();
      } else app.view.pan(here.x - before.x, here.y - before.y);
      this.moved += Math.hypot(here.x - before.x, here.y - before.y);
      // who drags the map away looks elsewhere
      if (this.moved > 5 && app.store.state.follow && !app.store.state.measuring) app.store.set({ follow: false });
      this.pointers.set(e.pointerId, here);
    });
    const up = (e: PointerEvent) => {
      const here = at(e);
      const only = this.pointers.size === 1 && this.pointers.has(e.pointerId);
      this.pointers.delete(e.pointerId);
      if (e.type === "pointercancel" || !only || this.moved > 5 || app.store.state.measuring) return;
      const item = pane.pick(here.x, here.y);
      if (!item) app.store.select(null);
      else if (item.kind === "unit") app.store.select({ kind: "unit", id: app.model.units[item.id].id });
      else app.store.select({ kind: "entity", id: String(item.id) });
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("dblclick", (e) => {
      const { x, y } = at(e);
      app.view.zoom(0.4, x, y);
    });
  }

  private key(e: KeyboardEvent): void {
    const { app } = this;
    const { store, clock, view } = app;
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const target = e.target as HTMLElement;
    if (takes(target, e.key)) return;
    const hour = 3600e3;
    const pan = 90;
    const done: Record<string, () => void> = {
      " ": () => app.togglePlay(),
      "[": () => clock.faster(-1),
      "]": () => clock.faster(1),
      ",": () => app.jump(-1),
      ".": () => app.jump(1),
      "+": () => view.zoom(1 / 1.5),
      "=": () => view.zoom(1 / 1.5),
      "-": () => view.zoom(1.5),
      ArrowLeft: () => (e.shiftKey ? app.seek(clock.t - hour) : view.pan(pan, 0)),
      ArrowRight: () => (e.shiftKey ? app.seek(clock.t + hour) : view.pan(-pan, 0)),
      ArrowUp: () => view.pan(0, pan),
      ArrowDown: () => view.pan(0, -pan),
      Home: () => app.seek(clock.begin),
      End: () => app.seek(clock.end),
      "/": () => document.getElementById("search")?.focus(),
      m: () => app.toggleMeasure(),
      f: () => store.set({ follow: !store.state.follow && app.chosenRow() !== null }),
      r: () => store.set({ ranges: !store.state.ranges }),
      w: () => app.lookAtAll(),
      d: () => store.set({ dark: !store.state.dark }),
      s: () => {
        if (!app.hasPictures) return;
        const order: Picture[] = ["truth", "training", "opposing"];
        const next = order[(order.indexOf(store.state.panes[0]) + 1) % 3];
        store.set({ panes: [next, ...store.state.panes.slice(1)] });
      },
      Escape: () => {
        if (store.state.menu) store.set({ menu: null });
        else if (store.state.measuring) app.toggleMeasure();
        else store.select(null);
      },
    };
    const act = done[e.key];
    if (!act) return;
    e.preventDefault();
    act();
    app.changed();
  }
}

/** Whether what has the keyboard's focus needs a key itself. */
function takes(target: HTMLElement, key: string): boolean {
  const { tagName } = target;
  if (tagName === "INPUT" && /^(checkbox|radio)$/.test((target as HTMLInputElement).type)) return /^( |Arrow.*)$/.test(key);
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(tagName)) return true;
  if (key === " ") return /^(BUTTON|SUMMARY)$/.test(tagName);
  // what can be scrolled is scrolled
  return /^(Arrow(Up|Down)|Home|End)$/.test(key) && target.closest(".card-body, .list-body, .menu") !== null;
}
