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
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!asked.trim()) {
      setFound(null);
      return;
    }
    let wanted = true;
    const wait = setTimeout(async () => {
      const results = await app.search(asked.trim()).catch(() => []);
      if (wanted) {
        setFound(results);
        setAt(0);
      }
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
    setAsked("");
    box.current?.blur();
  };
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
        value={asked}
        onInput={(e) => setAsked(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") {
            setAsked("");
            e.currentTarget.blur();
          }
          if (!found?.length) return;
          if (e.key === "ArrowDown") setAt((at + 1) % found.length);
          else if (e.key === "ArrowUp") setAt((at + found.length - 1) % found.length);
          else if (e.key === "Enter") choose(found[at]);
          else return;
          e.preventDefault();
        }}
      />
      {found && (
        <ul id="found" role="listbox">
          {found.length === 0 && <li class="quiet">{text.nothingFound}</li>}
          {found.map((f, n) => (
            <li key={`${f.kind} ${f.id}`} role="option" aria-selected={n === at}>
              <button type="button" class="pick" onMouseDown={(e) => e.preventDefault()} onClick={() => choose(f)}>
                {f.name} <span class="quiet">{[f.entity_kind ?? f.kind, f.echelon, f.nation].filter(Boolean).join(" · ")}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
