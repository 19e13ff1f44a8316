/**
 * Answers that an exported page works out itself: cards of units and entities, the chain of causes
 * of an event, what a side knew. Of the same form as the server's; docs/view.md.
 */

import { Refused, type Carried, type Source } from "./source";
import type { Columns } from "./columns";
import type { Model } from "./model";
import type { Motion } from "./motion";

interface Order {
  order: number;
  kind: string;
  unit: number;
  serial: string | null;
  place: string | null;
  t_start: number;
  t_end: number | null;
  outcome: string | null;
}

interface Brief {
  claim: string;
  quote: string;
}

interface Picture {
  t: number;
  training: unknown[];
  opposing: unknown[];
}

/** What an exported page carries, and what follows from it. */
export class Local implements Source {
  readonly served = false;
  private readonly opened: Promise<void>;
  /** Let cards be made: positions are there. */
  open!: () => void;
  private model!: Model;
  private motion!: Motion;
  private oneByOne: Promise<Record<string, unknown>> | null = null;
  private orders: Promise<Order[]> | null = null;
  private supply: Promise<Columns> | null = null;
  private claims: Promise<Map<string, Brief>> | null = null;
  private pictures: Promise<Picture[]> | null = null;

  constructor(private readonly carried: Carried) {
    this.opened = new Promise((done) => (this.open = done));
  }

  /** Tell what is shown; needed before the first card. */
  know(model: Model, motion: Motion): void {
    this.model = model;
    this.motion = motion;
  }

  columns(path: string): Promise<Columns> {
    return this.carried.columns(path);
  }

  file(name: string): Promise<ArrayBuffer> {
    return this.carried.file(name);
  }

  async json<T>(path: string): Promise<T> {
    if (this.carried.has(path)) return this.carried.json<T>(path);
    const [place, query] = path.split("?");
    const asked = new URLSearchParams(query ?? "");
    const parts = place.split("/").slice(1);
    if (parts[0] === "picture") return (await this.picture(Date.parse(asked.get("t")!), asked.get("side")!)) as T;
    if (parts[0] === "events" && parts[2] === "why") return (await this.why(Number(parts[1]))) as T;
    if (parts[0] === "card") {
      await this.opened;
      // the next frame moves everybody to the instant that was asked for
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    if (parts[0] === "card" && parts[1] === "unit") return (await this.unitCard(decodeURIComponent(parts[2]))) as T;
    if (parts[0] === "card" && parts[1] === "entity") return (await this.entityCard(Number(parts[2]))) as T;
    this.oneByOne ??= this.carried.json<Record<string, unknown>>("/one-by-one");
    const found = (await this.oneByOne)[place];
    if (found === undefined) throw new Refused(404, `this file was exported without ${place}`);
    return found as T;
  }

  private async picture(t: number, side: string): Promise<unknown> {
    this.pictures ??= this.carried.json<{ pictures: Picture[] }>("/pictures").then((p) => p.pictures);
    const pictures = await this.pictures;
    let at = -1;
    while (at + 1 < pictures.length && pictures[at + 1].t <= t) at++;
    const found = pictures[at];
    // pictures are made while something is played: an old one says nothing
    const fresh = found && t - found.t < 3600e3;
    return { t, side, targets: fresh ? found[side as "training" | "opposing"] : [] };
  }

  private async why(id: number): Promise<unknown> {
    const { events, serialById } = this.model;
    const byId = new Map(events.map((e) => [e.event, e]));
    const chain = [];
    for (let e = byId.get(id), seen = 0; e && seen < 60; e = e.cause === null ? undefined : byId.get(e.cause), seen++) {
      chain.push({ step: chain.length, what: "events", id: String(e.event), t: e.t, kind: e.kind, text: e.text, data: {} });
      const serial = e.cause === null && e.serial ? serialById.get(e.serial) : undefined;
      if (!serial) continue;
      chain.push({ step: chain.length, what: "serials", id: serial.serial, t: serial.planned_start, kind: "serial", text: serial.name, data: {} });
      for (const claim of await this.briefs(serial.claims)) {
        chain.push({ step: chain.length, what: "claims", id: claim.claim, t: null, kind: "claim", text: claim.quote, data: {} });
      }
    }
    return { chain };
  }

  private async briefs(ids: string[]): Promise<Brief[]> {
    this.claims ??= this.carried
      .json<{ claims: Brief[] }>("/claims")
      .then((all) => new Map(all.claims.map((c) => [c.claim, c])));
    const claims = await this.claims;
    return ids.map((id) => claims.get(id)).filter((c) => c !== undefined);
  }

  private chainOf(unit: number): number[] {
    const found: number[] = [];
    for (let u: number | null = unit; u !== null; u = this.model.units[u].parent) found.push(u);
    return found;
  }

  private async ordersOf(chain: number[], t: number): Promise<{ count: number; first: Order[] }> {
    this.orders ??= this.carried.json<{ orders: Order[] }>("/orders").then((o) => o.orders);
    const found = (await this.orders).filter(
      (o) => chain.includes(o.unit) && o.t_start <= t && (o.t_end === null || o.t_end > t),
    );
    found.sort((a, b) => chain.indexOf(a.unit) - chain.indexOf(b.unit) || a.order - b.order);
    return { count: found.length, first: found.slice(0, 100) };
  }

  private async supplyOf(chain: number[], t: number): Promise<unknown> {
    this.supply ??= this.carried.columns("/supply");
    const supply = await this.supply;
    const unit = supply.number("unit").values;
    const when = supply.number("t").values;
    const [item, holding, measure] = ["item", "holding", "measure"].map((name) => supply.number(name));
    for (const u of chain) {
      const last = new Map<string, number>();
      for (let row = 0; row < supply.rows; row++) {
        if (unit[row] !== u || when[row] > t) continue;
        const key = `${item.words![item.values[row]]} ${holding.words![holding.values[row]]}`;
        const before = last.get(key);
        if (before === undefined || when[before] <= when[row]) last.set(key, row);
      }
      if (!last.size) continue;
      const accounts = [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => ({
        item: item.words![item.values[row]],
        holding: holding.words![holding.values[row]],
        measure: measure.words![measure.values[row]],
        t: when[row],
        on_hand: supply.number("on_hand").values[row],
        consumed: supply.number("consumed").values[row],
      }));
      return { unit: u, accounts };
    }
    return null;
  }

  private async unitCard(id: string): Promise<unknown> {
    const { model, motion } = this;
    const unit = model.unitById.get(id);
    if (!unit) throw new Refused(404, `there is no unit ${id}`);
    const chain = this.chainOf(unit.unit);
    const t = motion.t;
    const parts = new Map<string, [string, number]>();
    let [lat, lon, n] = [0, 0, 0];
    for (let e = unit.first; e < unit.last; e++) {
      const kind = model.entities.kinds[model.entities.kind[e]];
      const where = motion.moving[motion.root[e]] ? "on the move" : "standing";
      const key = `${where} ${kind}`;
      parts.set(key, [kind, (parts.get(key)?.[1] ?? 0) + 1]);
      if (!Number.isFinite(motion.lat[e])) continue;
      lat += motion.lat[e];
      lon += motion.lon[e];
      n++;
    }
    const roles = (["units", "support", "opfor"] as const).flatMap((column) =>
      model.serials
        .filter((s) => s[column].includes(id))
        .map((s) => ({ serial: s.serial, name: s.name, task: s.task, as: column === "units" ? "training" : column === "opfor" ? "opposing" : column })),
    );
    const below = model.children[unit.unit].map((u) => model.units[u]);
    return {
      kind: "unit",
      t,
      unit,
      above: chain.slice(1).map((u) => model.units[u]),
      below: { count: below.length, first: below.slice(0, 100) },
      where: {
        text: "",
        lat: n ? lat / n : null,
        lon: n ? lon / n : null,
        mode: "",
        status: "",
        place: null,
        chain: [],
        parts: [...parts].map(([key, [kind, count]]) => [key.slice(0, -kind.length - 1), kind, count]),
      },
      orders: await this.ordersOf(chain, t),
      supply: await this.supplyOf(chain, t),
      serials: roles,
      claims: await this.briefs(unit.claims),
    };
  }

  private async entityCard(row: number): Promise<unknown> {
    const { model, motion } = this;
    if (!(row >= 0 && row < model.entities.rows)) throw new Refused(404, `there is no entity ${row}`);
    const names = await model.entityNames();
    const unit = model.units[model.entities.unit[row]];
    const chain = this.chainOf(unit.unit);
    const t = motion.t;
    const aboard = motion.ridersOf(row);
    const ladder = [row];
    while (motion.aboard[ladder[ladder.length - 1]] >= 0) ladder.push(motion.aboard[ladder[ladder.length - 1]]);
    const kind = (e: number) => model.entities.kinds[model.entities.kind[e]];
    return {
      kind: "entity",
      t,
      entity: {
        entity: row,
        kind: kind(row),
        name: names.text(row),
        type: model.entities.word(model.entities.type, row),
        role: model.entities.isPerson[row] ? model.entities.word(model.entities.role, row) : null,
        nation: unit.nation,
        owner_nation: unit.nation,
        counted: Boolean(model.entities.counted[row]),
      },
      unit,
      type: model.types.get(model.entities.word(model.entities.type, row)) ?? null,
      where: {
        text: "",
        lat: Number.isFinite(motion.lat[row]) ? motion.lat[row] : null,
        lon: Number.isFinite(motion.lon[row]) ? motion.lon[row] : null,
        mode: motion.modeOf(row),
        status: "",
        place: null,
        chain: ladder.map((e) => ({ entity: e, name: names.text(e), kind: kind(e), type: "", slot: 0 })),
        parts: [],
      },
      aboard: { count: aboard.length, first: aboard.slice(0, 100).map((e) => ({ entity: e, name: names.text(e) })) },
      orders: await this.ordersOf(chain, t),
      supply: await this.supplyOf(chain, t),
      claims: await this.briefs(unit.claims),
    };
  }
}
