/** Small parts that all panels use. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app";
import { Refused } from "../data/source";
import type { Store } from "../state";
import type { Selected } from "../state";
import { text } from "../text";

export interface Brief {
  claim: string;
  subject: string;
  field: string;
  value: unknown;
  unit: string | null;
  quote: string;
  speaker: string | null;
  source: string;
  date: string | null;
  used: boolean;
  verdict: string | null;
  verdict_why: string | null;
  conflicts: string[];
}

export function useStore(store: Store) {
  const [, redraw] = useState(0);
  useEffect(() => store.listen(() => redraw((n) => n + 1)), [store]);
  return store.state;
}

/** Draw anew with each change of instant, choice or data. */
export function useChanged(app: App): void {
  const [, redraw] = useState(0);
  useEffect(() => app.onChange(() => redraw((n) => n + 1)), [app]);
}

interface Answer<T> {
  value: T | null;
  problem: string | null;
}

/**
 * What a promise holds once it is there. Of another `key` nothing is kept; when `again` alone
 * changes the last answer stands until the next, and one at a time is asked for.
 */
export function useAsked<T>(ask: () => Promise<T>, key: string, again = ""): Answer<T> {
  const [found, set] = useState<Answer<T> & { key: string }>({ key: "", value: null, problem: null });
  const wanted = useRef({ ask, key, again });
  wanted.current = { ask, key, again };
  const flight = useRef<{ key: string; again: string } | null>(null);
  useEffect(() => {
    const go = (): void => {
      const asked = wanted.current;
      if (flight.current?.key === asked.key) return;
      flight.current = asked;
      const end = (answer: Answer<T>): void => {
        if (flight.current !== asked) return;
        flight.current = null;
        set({ key: asked.key, ...answer });
        if (wanted.current.key === asked.key && wanted.current.again !== asked.again) go();
      };
      asked.ask().then(
        (value) => end({ value, problem: null }),
        (error: unknown) => end({ value: null, problem: error instanceof Refused ? error.message : String(error) }),
      );
    };
    go();
  }, [key, again]);
  return found.key === key ? found : { value: null, problem: null };
}

export function Pick(props: { store: Store; to: Selected; children: ComponentChildren; title?: string }) {
  return (
    <button type="button" class="pick" title={props.title} onClick={() => props.store.select(props.to)}>
      {props.children}
    </button>
  );
}

export function Facts(props: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {props.rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && !value.length))
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The claims that something rests on; where there are none, what was assumed instead. */
export function Claims(props: { store: Store; claims: Brief[]; assumed?: string | null }) {
  const { store, claims, assumed } = props;
  return (
    <section>
      <h3>{text.claims}</h3>
      {claims.length === 0 && !assumed && <p class="quiet">{text.noClaims}</p>}
      <ul class="claims">
        {claims.map((c) => (
          <li key={c.claim}>
            <Pick store={store} to={{ kind: "claim", id: c.claim }} title={c.quote}>
              <b>{c.claim}</b> {c.field}: {String(c.value)}
              {c.unit ? ` ${c.unit}` : ""}
              {c.conflicts.length > 0 && <span class="disputed" title={text.contradicted}> ⚡{c.conflicts.length}</span>}
            </Pick>
          </li>
        ))}
      </ul>
      {assumed && (
        <p class="assumed">
          <b>{text.assumed}:</b> {assumed}
        </p>
      )}
    </section>
  );
}

export function plain(word: string | null | undefined): string {
  return (word ?? "").replaceAll("_", " ");
}

export function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

/** An amount of supply in units that people use. */
export function amount(value: number, measure: string): string {
  if (measure === "ml") return `${number(value / 1000)} l`;
  if (measure === "g") return value >= 1e6 ? `${number(value / 1e6)} t` : `${number(value / 1000)} kg`;
  return `${number(value)} ${measure}`;
}
