/** A run that is computed while it is watched; exercise control pauses, steps and paces it. */

import type { App } from "./app";
import { Refused } from "./data/source";

export interface LiveState {
  live: boolean;
  state: "starting" | "running" | "paused" | "finished" | "failed";
  reached: number;
  speed: number | null;
  watchers: number;
  message: string | null;
}

export type Action =
  | { action: "pause" | "resume" }
  | { action: "speed"; speed: number | null }
  | { action: "step"; by_ms: number };

const POLL_MS = 500;
/** Between two looks at serials and events, which grow slower. */
const REFRESH_MS = 4000;
const ADDRESS = "/api/v1/live";

export class Live {
  /** Whether the newest instant is shown as it comes. */
  newest = true;
  problem: string | null = null;
  private refreshed = 0;
  private readonly watcher = Math.random().toString(36).slice(2);

  private constructor(
    public state: LiveState,
    /** Of exercise control; null for who only watches. */
    readonly token: string | null,
  ) {}

  /** Return null where the run has ended already. */
  static async open(): Promise<Live | null> {
    const token = takeToken();
    const answer = await fetch(ADDRESS).catch(() => null);
    if (!answer?.ok) return null;
    const state = (await answer.json()) as LiveState;
    return state.live && !ended(state) ? new Live(state, token) : null;
  }

  get ended(): boolean {
    return ended(this.state);
  }

  /** Go on asking until the run has ended; then `over` is called. */
  watch(app: App, over: () => void): void {
    const ask = async () => {
      try {
        const answer = await fetch(`${ADDRESS}?watcher=${this.watcher}`);
        if (answer.ok) this.take(app, await answer.json());
      } catch {
        this.problem = "the server does not answer";
      }
      if (this.ended) over();
      else setTimeout(ask, POLL_MS);
    };
    void ask();
  }

  private take(app: App, state: LiveState): void {
    this.state = state;
    this.problem = state.message;
    app.clock.end = Math.max(app.clock.begin, state.reached);
    if (performance.now() - this.refreshed > REFRESH_MS) {
      this.refreshed = performance.now();
      void app.model.refresh().catch(() => undefined);
    }
    app.changed();
  }

  /** Move the clock towards the newest instant, in about a second. */
  tick(app: App, elapsedMs: number): void {
    if (!this.newest) return;
    const left = app.clock.end - app.clock.t;
    app.clock.seek(app.clock.t + Math.max(0, left) * Math.min(1, elapsedMs / 400));
  }

  async order(app: App, action: Action): Promise<void> {
    const answer = await fetch(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` },
      body: JSON.stringify(action),
    });
    const told = await answer.json();
    if (answer.ok) this.take(app, told);
    else this.problem = new Refused(answer.status, told.detail).message;
    app.changed();
  }
}

function ended(state: LiveState): boolean {
  return state.state === "finished" || state.state === "failed";
}

/** The token of exercise control stands in the address once, and is kept for this window. */
function takeToken(): string | null {
  const found = new URLSearchParams(location.hash.slice(1));
  const given = found.get("excon");
  if (given) {
    sessionStorage.setItem("excon", given);
    found.delete("excon");
    history.replaceState(null, "", found.size ? `#${found}` : location.pathname);
  }
  return given ?? sessionStorage.getItem("excon");
}
