/** Prints a line. */
export const say = (line = '') => process.stdout.write(`${line}\n`)

/** A number for people, with so many digits after the point; a dash where there is none. */
export function shown(value: number | undefined, digits = 0): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Round by round, so that a busy moment of the machine weighs on both sides of a ratio. */
export function medianRatio(some: readonly number[], others: readonly number[]): number {
  return median(others.map((rate, round) => (some[round] ?? Number.NaN) / rate))
}

/** Prints rows in columns, the first one flush left, the others flush right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('   ')
  for (const row of all) say(`  ${line(row)}`.trimEnd())
}
