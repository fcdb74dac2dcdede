import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { activitySubjects } from '../../contract/activity/actions.ts'
import { routeUrl } from '../api/client.ts'
import { apiQuery } from '../api/query.ts'
import { useDebouncedText } from '../form/use-debounced-text.ts'
import { buttonClass } from '../ui/buttons/button.tsx'
import { TextInput } from '../ui/fields/field.tsx'
import { SearchInput } from '../ui/fields/search-input.tsx'
import { Select } from '../ui/fields/select.tsx'
import { subjectLabels } from './describe.ts'
import { activityFilter, timeRanges, type ActivitySearch, type TimeRange } from './search-params.ts'

/** Parts of the search as they are to be; an empty one goes. */
export type SearchChange = Partial<Record<keyof ActivitySearch, string>>

/**
 * Changes parts of the search in the URL, without what doesn't make sense. The rest is what
 * stands there by then: two changes in a row are both kept. `step` says whether Back returns to
 * what was before.
 */
export type ChangeSearch = (change: SearchChange, options?: { step?: boolean }) => Promise<void>

const rangeLabels: Readonly<Record<TimeRange, string>> = {
  today: 'Today',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  dates: 'Between dates…',
}

const selectClass = 'w-42 [&>select]:border-line-strong max-md:min-w-36 max-md:flex-1'

/** Search and filters of Activity, all in the URL, and the export of what they let through. */
export function Filters({ search, onChange }: { search: ActivitySearch; onChange: ChangeSearch }) {
  const [text, setText] = useDebouncedText(search.search ?? '', (value) =>
    onChange({ search: value }),
  )
  const { data } = useQuery(apiQuery('listDeployments', {}))
  const deployments = data?.items ?? []
  const isKnown = deployments.some(({ id }) => id === search.deploymentId)
  const isOfKey = search.appId !== undefined

  function choose(change: SearchChange): void {
    void onChange(change, { step: true })
  }

  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchInput
        className="w-56 max-md:min-w-40 max-md:basis-full"
        label="Search activity"
        placeholder="Name, key or address"
        value={text}
        onChange={setText}
      />
      {!isOfKey && (
        <>
          <Select
            aria-label="About"
            className={selectClass}
            value={search.subject ?? ''}
            onChange={({ target }) => choose({ subject: target.value })}
          >
            <option value="">About anything</option>
            {activitySubjects.map((subject) => (
              <option key={subject} value={subject}>
                {subjectLabels[subject]}
              </option>
            ))}
          </Select>
          <Select
            aria-label="Deployment"
            className={selectClass}
            value={search.deploymentId ?? ''}
            onChange={({ target }) => choose({ deploymentId: target.value })}
          >
            <option value="">Any deployment</option>
            {deployments.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            {/* One that was removed since still has its history. */}
            {search.deploymentId !== undefined && !isKnown && (
              <option value={search.deploymentId}>{search.deploymentId}</option>
            )}
          </Select>
        </>
      )}
      <Select
        aria-label="Time"
        className={selectClass}
        value={search.range ?? ''}
        onChange={({ target }) => choose({ range: target.value, from: '', to: '' })}
      >
        <option value="">Any time</option>
        {timeRanges.map((range) => (
          <option key={range} value={range}>
            {rangeLabels[range]}
          </option>
        ))}
      </Select>
      {search.range === 'dates' && (
        <span className="flex items-center gap-2 max-md:w-full">
          <TextInput
            type="date"
            aria-label="First day"
            max={search.to}
            value={search.from ?? ''}
            className="border-line-strong md:!w-36"
            onChange={({ target }) => choose({ from: target.value })}
          />
          <span className="text-muted">to</span>
          <TextInput
            type="date"
            aria-label="Last day"
            min={search.from}
            value={search.to ?? ''}
            className="border-line-strong md:!w-36"
            onChange={({ target }) => choose({ to: target.value })}
          />
        </span>
      )}
      <a
        href={exportAddress(search)}
        className={buttonClass('secondary', 32, 'md:ml-auto max-md:flex-1')}
      >
        <Download className="size-4" />
        Export CSV
      </a>
    </div>
  )
}

function exportAddress(search: ActivitySearch): string {
  return routeUrl('exportActivity', { query: activityFilter(search, new Date()) })
}
