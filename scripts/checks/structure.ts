import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { repeatedPlaces } from './repeated-places.ts'

/**
 * Prints the figures of the structure: files of each folder, arrows between rooms, cycles, broken
 * import rules, lines, repeated places and the longest paragraph of the docs.
 *
 *   npm run structure [-- FOLDER]     FOLDER is a checkout, this one where it is left out
 */
const folder = resolve(process.argv[2] ?? '.')
const RULES = resolve(import.meta.dirname, '../../.dependency-cruiser.mjs')
const TEST = /\.(?:test|spec)\.tsx?$|\/testing[./]|^src\/contract-suite\/|^(?:test|e2e)\//

const filesLike = (pattern: string): string[] => globSync(pattern, { cwd: folder }).toSorted()
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const countLines = (files: string[]): number =>
  files.reduce((sum, file) => sum + read(file).split('\n').length - 1, 0)

const cruised = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(z.object({ resolved: z.string() })),
    }),
  ),
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
})

function cruise(): z.infer<typeof cruised> {
  const folders = ['src', 'test', 'bench', 'scripts', 'e2e'].filter((one) =>
    existsSync(join(folder, one)),
  )
  const options = ['--config', RULES, '--output-type', 'json']
  const json = execFileSync('depcruise', [...options, ...folders], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return cruised.parse(JSON.parse(json))
}

/** Counts values, the most frequent first. */
function tally(values: string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)
}

function longestParagraph(): { file: string; words: number } {
  let longest = { file: '', words: 0 }
  for (const file of filesLike('{*.md,docs/**/*.md,src/**/*.md}')) {
    const prose = read(file).replaceAll(/^```[\s\S]*?^```/gm, '')
    for (const paragraph of prose.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)/)) {
      const words = paragraph.split(/\s+/).filter(Boolean).length
      if (words > longest.words) longest = { file, words }
    }
  }
  return longest
}

const code = filesLike('{src,test,bench,scripts,e2e}/**/*.{ts,tsx,mjs}')
const product = code.filter((file) => file.startsWith('src/') && !TEST.test(file))
const { modules, summary } = cruise()
const roomOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1]
const arrows = modules
  .filter(({ source }) => !TEST.test(source))
  .flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => [roomOf(source), roomOf(resolved)]),
  )
  .filter(([from, to]) => from && to && from !== to)
  .map(([from, to]) => `${from} → ${to}`)
const isCycle = ({ rule }: { rule: { name: string } }): boolean => rule.name === 'no-cycle'
const cycles = summary.violations.filter(isCycle)
const broken = summary.violations.filter((one) => !isCycle(one))
const repeated = repeatedPlaces(new Map(code.map((file) => [file, read(file)])))
const { file, words } = longestParagraph()

const folders = tally(code.map(dirname))
process.stdout.write(
  `${[
    `lines of the product: ${countLines(product)} in ${product.length} files`,
    `lines of tests: ${countLines(code.filter((one) => TEST.test(one)))}`,
    `lines of benches and scripts: ${countLines(filesLike('{bench,scripts}/**/*.{ts,mjs}'))}`,
    `longest file: ${Math.max(...product.map((one) => countLines([one])))} lines`,
    `folders with most files: ${folders
      .slice(0, 6)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `arrows between rooms: ${new Set(arrows).size}`,
    ...tally(arrows).map(([arrow, count]) => `  ${arrow} (${count})`),
    `cycles, type imports included: ${cycles.length}`,
    ...cycles.map(({ from, to }) => `  ${from} ↔ ${to}`),
    `imports against the rules: ${broken.length}`,
    ...broken.map(({ from, to, rule }) => `  ${rule.name}: ${from} → ${to}`),
    `pairs of files that share six or more lines of one shape: ${repeated.length}`,
    `longest paragraph of the docs: ${words} words, ${file}`,
  ].join('\n')}\n`,
)
