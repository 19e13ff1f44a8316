/** Search: a box, and what is called so. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app";
import type { Kind } from "../state";
import { text } from "../text";

export interface Found {
  kind: Kind;
  id: string | number;
  name: string;
  nation?: string;
  echelon?: string;
  entity_kind?: string;
}

/** Spread, since the types of an input want a data list with this role. */
const COMBOBOX = { role: "combobox" } as object;

export function SearchBox({ app }: { app: App }) {
  const [asked, setAsked] = useState("");
  const [found, setFound] = useState<Found[] | null>(null);
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  /** What was found belongs to this; Enter waits for what was written last. */
  const foundOf = useRef("");
  const entered = useRef(false);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!asked.trim()) {
      setFound(null);
      return;
    }
    let wanted = true;
    const wait = setTimeout(async () => {
      let told: string | null = null;
      const results = await app.search(asked.trim()).catch((error: unknown) => {
        told = error instanceof Error ? error.message : String(error);
        return [];
      });
      if (!wanted) return;
      foundOf.current = asked;
      if (entered.current && results.length) return choose(results[0]);
      entered.current = false;
      setProblem(told);
      setFound(results);
      setAt(0);
    }, 120);
    return () => {
      wanted = false;
      clearTimeout(wait);
    };
  }, [asked]);
  const choose = (result: Found) => {
    const selected = { kind: result.kind, id: String(result.id) };
    if (result.kind === "entity") app.rowOfName.set(result.name, Number(result.id));
    app.store.select(selected);
    if (app.whereIs(selected)) app.goTo(selected);
    leave();
  };
  const leave = () => {
    entered.current = false;
    setAsked("");
    box.current?.blur();
  };
  useEffect(() => document.getElementById(`found-${at}`)?.scrollIntoView({ block: "nearest" }), [at]);
  return (
    <div class="search" role="search">
      <input
        ref={box}
        id="search"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={text.search}
        aria-label={text.search}
        {...COMBOBOX}
        aria-expanded={found !== null}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={found?.length ? `found-${at}` : undefined}
        maxLength={100}
        value={asked}
        onInput={(e) => {
          entered.current = false;
          setAsked(e.currentTarget.value);
        }}
        onBlur={(e) => {
          if (!(e.relatedTarget as Element | null)?.closest(".search")) leave();
        }}
        onKeyDown={(e) => {
          if (e.key === "Escape") leave();
          if (e.key === "Enter" && asked.trim() && foundOf.current !== asked) entered.current = true;
          if (!found?.length || foundOf.current !== asked) return;
          if (e.key === "ArrowDown") setAt((at + 1) % found.length);
          else if (e.key === "ArrowUp") setAt((at + found.length - 1) % found.length);
          else if (e.key === "Enter") choose(found[at]);
          else return;
          e.preventDefault();
        }}
      />
      {found && (
        <ul id="found" role="listbox" aria-label={text.search}>
          {found.length === 0 && <li class={problem ? "problem" : "quiet"} role="status">{problem ?? text.nothingFound}</li>}
          {found.map((f, n) => (
            <li key={`${f.kind} ${f.id}`} id={`found-${n}`} role="option" aria-selected={n === at}>
              <button type="button" class="pick" tabIndex={-1} onMouseDown={(e) => e.preventDefault()} onClick={() => choose(f)}>
                {f.name} <span class="quiet">{[f.entity_kind ?? f.kind, f.echelon, f.nation].filter(Boolean).join(" · ")}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
