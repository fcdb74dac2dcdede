/**
 * The number that a check is given after its name, such as `npm run check:kills -- 20`; without
 * one, `usual`. Ends the process with 2 and a word where it is none: a check of nothing passes.
 */
export function countArgument(usual: number): number {
  const given = process.argv[2]
  const count = Number(given ?? usual)
  if (process.argv.length <= 3 && Number.isInteger(count) && count > 0) return count
  process.stderr.write(`Give a whole number of at least 1, such as ${usual}, or nothing.\n`)
  return process.exit(2)
}
