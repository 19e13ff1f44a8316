/** Answers in columns: arrays as the server packs them (docs/view.md, "Columns"). */

type Numbers = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A column of numbers; where it is one of words, `words[code]` is the text of a code. */
export interface Column {
  values: Numbers;
  words: string[] | null;
}

/** A column of texts, decoded one by one when asked for: most are never shown. */
export interface Texts {
  text(row: number): string;
}

export interface Columns {
  rows: number;
  header: Record<string, unknown>;
  number(name: string): Column;
  texts(name: string): Texts;
}

interface Described {
  name: string;
  type: string;
  offset: number;
  bytes: number;
  words?: string[];
  ends?: { offset: number; bytes: number };
}

const KINDS = {
  uint8: Uint8Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Unpack an answer; nothing is copied. */
export function unpack(buffer: ArrayBuffer): Columns {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const rows: number = header.rows;
  const described = new Map<string, Described>(header.columns.map((c: Described) => [c.name, c]));
  const find = (name: string): Described => {
    const found = described.get(name);
    if (!found) throw new Error(`the answer has no column ${name}`);
    return found;
  };
  return {
    rows,
    header,
    number(name) {
      const c = find(name);
      const kind = KINDS[c.type as keyof typeof KINDS];
      return { values: new kind(buffer, c.offset, rows), words: c.words ?? null };
    },
    texts(name) {
      const c = find(name);
      const ends = new Uint32Array(buffer, c.ends!.offset, rows);
      const decoder = new TextDecoder();
      return {
        text(row) {
          const first = row ? ends[row - 1] : 0;
          return decoder.decode(new Uint8Array(buffer, c.offset + first, ends[row] - first));
        },
      };
    },
  };
}
