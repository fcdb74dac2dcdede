import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ActivityEntry } from '../../contract/activity/schemas.ts'
import { csvHeading, formatCsvLine } from './activity-csv.ts'

const entry: ActivityEntry = {
  id: '1',
  at: '2026-11-23T12:00:00.000Z',
  action: 'apiKey.update',
  actor: { kind: 'user', id: 'u1', name: 'noor' },
  address: '192.0.2.1',
  deployment: { id: 'line-3', name: 'Line 3' },
  subject: { kind: 'apiKey', id: 'k1', name: 'Scraper' },
  changes: [{ field: 'access', before: ['GET /clients', 'GET /rules'], after: 'full' }],
}

/** Reads CSV as RFC 4180 has it; throws on anything else. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]]
  let rest = csv
  while (rest !== '') {
    const [all, text = '', end] = /^"((?:[^"]|"")*)"(,|\r\n)/.exec(rest) ?? []
    if (all === undefined) throw new Error(`this is no cell: ${rest}`)
    rows.at(-1)?.push(text.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    rest = rest.slice(all.length)
  }
  return rows.slice(0, -1)
}

test('An entry is a line with a cell for each heading', () => {
  const [headings, cells] = parse(csvHeading + formatCsvLine(entry))
  expect(Object.fromEntries((headings ?? []).map((heading, at) => [heading, cells?.[at]]))).toEqual(
    {
      Time: '2026-11-23T12:00:00.000Z',
      Action: 'apiKey.update',
      By: 'noor',
      'Kind of actor': 'user',
      'Actor ID': 'u1',
      Address: '192.0.2.1',
      Deployment: 'Line 3',
      'Deployment ID': 'line-3',
      Subject: 'Scraper',
      'Kind of subject': 'apiKey',
      'Subject ID': 'k1',
      Changes: 'access: GET /clients, GET /rules → full',
      'Entry ID': '1',
    },
  )
})

const trouble = fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;\'a 0＝＋－＠') })

test('Whatever people type comes back as they typed it, and none of it as a formula', () => {
  fc.assert(
    fc.property(trouble, trouble, trouble, (who, name, note) => {
      const changes = [{ field: 'note', before: null, after: note }]
      const actor = { ...entry.actor, name: who }
      const subject = { ...entry.subject, name }
      const [cells = [], ...others] = parse(formatCsvLine({ ...entry, actor, subject, changes }))
      expect(others).toEqual([])
      expect(cells).toHaveLength(13)
      for (const [at, typed] of [
        [2, who],
        [8, name],
      ] as const) {
        const cell = cells[at] ?? ''
        expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
        expect([typed, `'${typed}`]).toContain(cell)
      }
      expect(cells[11]).toBe(`note: nothing → ${note}`)
    }),
  )
})
