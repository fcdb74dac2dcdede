import { Fragment, useState } from 'react'
import type { ActivityEntry } from '../../contract/activity/schemas.ts'
import { cx } from '../ui/text/cx.ts'
import { Ago } from '../ui/text/timestamp.tsx'
import { useMediaQuery } from '../ui/use-media-query.ts'
import { ChangesView } from './changes-view.tsx'
import { entryDetails } from './describe.ts'
import { Actor, ChangesButton, changesId, Deed, DeploymentName } from './entry-parts.tsx'

type ListProps = {
  entries: readonly ActivityEntry[]
  /** When they were loaded, as milliseconds since 1970. */
  now: number
}

type RowsProps = ListProps & {
  open: ReadonlySet<string>
  onToggle: (id: string) => void
}

// Five columns don't fit below it.
const TOO_NARROW = '(max-width: 55.99rem)'

/** Entries as a table, or as cards where the window is narrow, with their changes to unfold. */
export function EntryList(props: ListProps) {
  const isNarrow = useMediaQuery(TOO_NARROW)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())

  function toggle(id: string): void {
    const next = new Set(open)
    if (!next.delete(id)) next.add(id)
    setOpen(next)
  }

  const Rows = isNarrow ? Cards : Table
  return <Rows {...props} open={open} onToggle={toggle} />
}

function Table({ entries, now, open, onToggle }: RowsProps) {
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-left">
      <colgroup>
        <col className="w-12" />
        <col className="w-28" />
        <col className="w-44" />
        <col />
        <col className="w-44" />
        <col className="w-40" />
      </colgroup>
      <thead className="text-sm text-muted">
        <tr className="h-9 *:border-b *:border-line *:font-[450]">
          <th scope="col">
            <span className="sr-only">Changes</span>
          </th>
          {['When', 'Who', 'What', 'Deployment', 'From'].map((name) => (
            <th key={name} scope="col" className="px-3">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, at) => {
          const isOpen = open.has(entry.id)
          const isLast = at === entries.length - 1
          return (
            <Fragment key={entry.id}>
              <tr
                className={cx(
                  'h-10.5 *:border-line-soft',
                  isOpen ? 'bg-sunken' : 'hover:bg-hover',
                  !isOpen && !isLast && '*:border-b',
                )}
              >
                <td className="pl-3">
                  {entryDetails(entry).length > 0 && (
                    <ChangesButton
                      entry={entry}
                      isOpen={isOpen}
                      onToggle={() => onToggle(entry.id)}
                    />
                  )}
                </td>
                <td className="px-3 whitespace-nowrap text-muted tabular-nums">
                  <Ago at={entry.at} now={now} />
                </td>
                <td className="px-3 py-2">
                  <Actor entry={entry} />
                </td>
                <td className="px-3 py-2">
                  <Deed entry={entry} />
                </td>
                <td className="px-3 py-2 wrap-anywhere">
                  <DeploymentName entry={entry} />
                </td>
                <td className="px-3 py-2 font-mono text-sm wrap-anywhere text-muted">
                  {entry.address ?? '—'}
                </td>
              </tr>
              {isOpen && (
                <tr id={changesId(entry)} className="bg-sunken">
                  <td
                    colSpan={6}
                    className={cx('pt-1 pr-6 pb-4 pl-15', !isLast && 'border-b border-line-soft')}
                  >
                    <ChangesView entry={entry} />
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

function Cards({ entries, now, open, onToggle }: RowsProps) {
  return (
    <ul>
      {entries.map((entry) => {
        const isOpen = open.has(entry.id)
        return (
          <li
            key={entry.id}
            className="border-line-soft py-2.5 not-first:border-t data-expanded:bg-sunken"
            data-expanded={isOpen || undefined}
          >
            <div className="flex items-start gap-1 pr-3 pl-2">
              <span className="-mt-1 size-7 flex-none">
                {entryDetails(entry).length > 0 && (
                  <ChangesButton
                    entry={entry}
                    isOpen={isOpen}
                    onToggle={() => onToggle(entry.id)}
                  />
                )}
              </span>
              <div className="min-w-0 flex-1">
                <p>
                  <span className="font-[550]">
                    <Actor entry={entry} />
                  </span>{' '}
                  <Deed entry={entry} />
                </p>
                <div className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted tabular-nums">
                  <Ago at={entry.at} now={now} />
                  {entry.deployment && <DeploymentName entry={entry} />}
                  {entry.address !== null && <span className="font-mono">{entry.address}</span>}
                </div>
              </div>
            </div>
            {isOpen && (
              <div
                id={changesId(entry)}
                className="mt-2 border-t border-line-soft pt-3 pr-4 pb-1 pl-10"
              >
                <ChangesView entry={entry} />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
