import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'

// CSV injection (OWASP): a spreadsheet runs a cell that starts like this as a formula, which a
// leading apostrophe prevents. The last four are full-width forms of the same characters.
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

const columns = {
  Time: ({ at }) => at,
  Action: ({ action }) => action,
  By: ({ actor }) => actor.name,
  'Kind of actor': ({ actor }) => actor.kind,
  'Actor ID': ({ actor }) => actor.id,
  Address: ({ address }) => address,
  Deployment: ({ deployment }) => deployment?.name ?? null,
  'Deployment ID': ({ deployment }) => deployment?.id ?? null,
  Subject: ({ subject }) => subject.name,
  'Kind of subject': ({ subject }) => subject.kind,
  'Subject ID': ({ subject }) => subject.id,
  Changes: ({ changes }) => changes.map(describeChange).join('; '),
  'Entry ID': ({ id }) => id,
} satisfies Record<string, (entry: ActivityEntry) => string | null>

/** The header line of the export. */
export const csvHeading = joinCells(Object.keys(columns))

/** One entry as a line of CSV (RFC 4180). */
export function formatCsvLine(entry: ActivityEntry): string {
  return joinCells(Object.values(columns).map((cell) => cell(entry) ?? ''))
}

function describeChange({ field, before, after }: ActivityChange): string {
  return `${field}: ${formatValue(before)} → ${formatValue(after)}`
}

function formatValue(value: ActivityChange['before']): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value : value.join(', ')
}

function joinCells(cells: readonly string[]): string {
  return `${cells.map(quoteCell).join(',')}\r\n`
}

function quoteCell(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
