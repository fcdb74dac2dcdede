import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'

// A spreadsheet takes what starts so for a formula (OWASP, CSV injection); the apostrophe makes
// it text. The last four are the same characters in full width.
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
  Changes: ({ changes }) => changes.map(textOf).join('; '),
  'Entry ID': ({ id }) => id,
} satisfies Record<string, (entry: ActivityEntry) => string | null>

/** The first line of the export. */
export const csvHeading = lineOf(Object.keys(columns))

/** One entry as a line of CSV (RFC 4180). */
export function csvOf(entry: ActivityEntry): string {
  return lineOf(Object.values(columns).map((cell) => cell(entry) ?? ''))
}

function textOf({ field, before, after }: ActivityChange): string {
  return `${field}: ${valueOf(before)} → ${valueOf(after)}`
}

function valueOf(value: ActivityChange['before']): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value : value.join(', ')
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

function quoted(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
