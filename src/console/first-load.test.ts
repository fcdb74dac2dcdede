import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '..')

/** Every module of ours that a module loads at once, and every package it does. */
function loadedAtOnce(entry: string) {
  const modules = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (modules.has(file) || !existsSync(file)) return
    modules.add(file)
    const code = readFileSync(file, 'utf8')
    for (const [, clause = '', from = ''] of code.matchAll(
      /^(?:import|export)\s([^'";]*?from\s)?'([^']+)'/gms,
    )) {
      if (clause.startsWith('type ')) continue
      if (from.startsWith('.')) visit(join(dirname(file), from))
      else packages.add(from)
    }
  }
  visit(entry)
  return { modules: [...modules].map((file) => relative(src, file)), packages: [...packages] }
}

const first = loadedAtOnce(join(src, 'console/main.tsx'))

test('the first load is followed to its end', () => {
  expect(first.modules).toContain('console/deployments/overview/figures-strip.tsx')
  expect(first.modules).toContain('console/api-keys/list/api-key-section.tsx')
  expect(first.packages).toContain('react-dom/client')
})

test('the first load holds no schema, form library, chart or dialog', () => {
  const withheld =
    /contract\/(?:.+\/)?(?:schemas|routes)\.ts|console\/ui\/overlays\/(?:confirm-)?dialog\.tsx/
  expect(first.modules.filter((file) => withheld.test(file))).toEqual([])
  expect(first.packages.filter((name) => /zod|ipaddr|hook-?form|radix|d3/.test(name))).toEqual([])
})
