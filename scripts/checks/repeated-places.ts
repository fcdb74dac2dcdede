const LINES_MIN = 6
/** A run in more places than this is an idiom of the language or a library. */
const PLACES_MAX = 8

type Line = { at: number; text: string }
type Place = { file: string; at: number }

/** Lines that say something, without comments, imports and lone punctuation. */
function meaningfulLines(code: string): Line[] {
  return code
    .split('\n')
    .map((text, index) => ({ at: index + 1, text: text.trim().replaceAll(/\s+/g, ' ') }))
    .filter(({ text }) => /\w/.test(text) && !/^(?:\/\/|\/?\*|import\b|\} from )/.test(text))
}

/** The shape of a line: names, texts and numbers replaced, so that renamed copies are found. */
function shapeOf(text: string): string {
  return text
    .replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '""')
    .replaceAll(/\b\d[\w.]*/g, '0')
    .replaceAll(/\b[A-Za-z_]\w*\b/g, (word) => (KEYWORDS.has(word) ? word : 'x'))
}

const KEYWORDS = new Set(
  'async await case catch class const default else export extends false finally for function if in instanceof let new null of return switch this throw true try type typeof undefined while yield'.split(
    ' ',
  ),
)

/**
 * The pairs of files that share a run of six or more lines of the same shape, as
 * `first.ts:10 ~ second.ts:20`, one line a pair with the first of their runs.
 */
export function repeatedPlaces(files: Map<string, string>): string[] {
  const runs = new Map<string, Place[]>()
  for (const [file, code] of files) {
    const lines = meaningfulLines(code)
    const shapes = lines.map(({ text }) => shapeOf(text))
    for (let index = 0; index + LINES_MIN <= lines.length; index += 1) {
      const run = shapes.slice(index, index + LINES_MIN).join('\n')
      const places = runs.get(run) ?? []
      places.push({ file, at: lines[index]?.at ?? 0 })
      runs.set(run, places)
    }
  }
  const pairs = new Map<string, string>()
  for (const places of runs.values()) {
    if (places.length < 2 || places.length > PLACES_MAX) continue
    for (const [index, first] of places.entries()) {
      for (const second of places.slice(index + 1)) {
        if (first.file === second.file && second.at - first.at < LINES_MIN) continue
        const pair = `${first.file} ~ ${second.file}`
        if (!pairs.has(pair)) {
          pairs.set(pair, `${first.file}:${first.at} ~ ${second.file}:${second.at}`)
        }
      }
    }
  }
  return [...pairs.values()]
}
