import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { MANAGEMENT_BASE } from '../src/contract/http/base-path.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const filesLike = (pattern: string) => globSync(pattern, { cwd: root })

describe('The names of files', () => {
  it('say by their ending what is a unit test and what is a browser spec', () => {
    expect(filesLike('src/**/*.spec.{ts,tsx}')).toEqual([])
    expect(filesLike('e2e/**/*.test.ts')).toEqual([])
    const specs = filesLike('e2e/**/*.spec.ts')
    const named = /^e2e\/[a-z0-9-]+(?:\.server|\.demo)?\.spec\.ts$/
    expect(specs.filter((spec) => !named.test(spec))).toEqual([])
  })

  it('are in lower case with hyphens', () => {
    const files = filesLike('src/**/*.{ts,tsx,css}')
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => /[A-Z_ ]/.test(file))).toEqual([])
  })
})

describe('The console', () => {
  it('writes no path of the management API by hand', () => {
    const files = filesLike('src/console/**/*.{ts,tsx}').filter((file) => !/\.test\./.test(file))
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => read(file).includes(MANAGEMENT_BASE))).toEqual([])
  })

  it('names the demo in its entry alone', () => {
    const files = filesLike('src/console/**/*.{ts,tsx}').filter((file) =>
      /\/demo\//.test(read(file)),
    )
    expect(files.filter((file) => file !== 'src/console/main.tsx')).toEqual([])
  })
})

describe('The management API', () => {
  it('adds every route through the guard', () => {
    const files = filesLike('src/management/*/routes.ts')
    const added = files.flatMap((file) => [...read(file).matchAll(/\bapi\.\w+\([^,\n]*/g)])
    expect(added.length).toBeGreaterThan(25)
    const past = added
      .map(([text]) => text)
      .filter((text) => !/^api\.openapi\(on\('\w+'\)$/.test(text))
    expect(past).toEqual([])
    const elsewhere = filesLike('src/management/**/*.ts').filter(
      (file) =>
        !files.includes(file) &&
        /\bapi\.(?:openapi|get|post|put|patch|delete|all|on)\(/.test(read(file)),
    )
    expect(elsewhere).toEqual([])
  })
})

const guides = ['*.md', 'docs/**/*.md', 'src/**/*.md'].flatMap(filesLike)

describe.each(guides)('%s', (guide) => {
  const text = read(guide)

  it('names scripts that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')))
    const named = [...text.matchAll(/(?:`|^)npm (?:run )?([a-z0-9:-]+)/gm)].map(([, name]) => name)
    const npm = ['ci', 'install']
    expect(named.filter((name) => !npm.includes(name ?? '') && !scripts[name ?? ''])).toEqual([])
  })

  it('has no paragraph over 120 words', () => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '')
    const paragraphs = prose.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)/)
    expect(paragraphs.filter((one) => one.split(/\s+/).length > 120)).toEqual([])
  })

  it('names paths that exist', () => {
    const inCode =
      /`((?:src|test|bench|deploy|docs|e2e|scripts|public|\.ci|\.github)\/[^\s`*{…]*)`/g
    const inLinks = /\]\((?!https?:|#)([^)#]+)\)/g
    const folder = join(root, guide, '..')
    const paths = [
      ...[...text.matchAll(inCode)].map(([, path]) => join(root, path ?? '')),
      ...[...text.matchAll(inLinks)].map(([, path]) => join(folder, path ?? '')),
    ]
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
  })
})
