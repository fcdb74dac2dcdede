import { memo } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { cx } from '../../ui/text/cx.ts'
import { AppIdLink } from '../parts/app-id.tsx'
import {
  AccessCell,
  CreatedText,
  ExpandButton,
  LastUsedText,
  NoteText,
  StatusText,
} from '../parts/cells.tsx'
import { findFix } from '../parts/condition-fix.ts'
import { OldSecretLine } from '../parts/old-secret-line.tsx'
import { QuickAction, RowActions } from '../parts/row-actions.tsx'
import { ExpandedAccess } from './expanded-access.tsx'
import type { KeyListProps } from './key-list-props.ts'

type KeyRowProps = Pick<
  KeyListProps,
  'deployment' | 'catalog' | 'now' | 'configurable' | 'condition' | 'onOpen' | 'onDialog'
> & {
  apiKey: ApiKey
  /** Its index in the list. */
  at: number
  /** For `aria-rowindex`; undefined if every row is rendered. */
  rowIndex: number | undefined
  expanded: boolean
  isLast: boolean
  createdClass: string | undefined
  measure: (element: Element | null) => void
}

/** A key's row, with its old secret and its access below. Memoised. */
export const KeyRow = memo(function KeyRow({
  deployment,
  catalog,
  apiKey,
  at,
  rowIndex,
  now,
  configurable,
  condition,
  expanded,
  isLast,
  createdClass,
  measure,
  onOpen,
  onDialog,
}: KeyRowProps) {
  const { appId, oldSecret } = apiKey
  const columns = configurable ? 8 : 7
  const hairline = !isLast && 'border-b border-line-soft'
  return (
    <tbody ref={measure} data-index={at}>
      <tr
        aria-rowindex={rowIndex}
        className={cx(
          'h-10.5 *:border-line-soft',
          expanded ? 'bg-sunken' : 'hover:bg-hover',
          !expanded && !isLast && !oldSecret && '*:border-b',
        )}
      >
        <td className="pl-3">
          <ExpandButton
            appId={appId}
            expanded={expanded}
            controls={`access-${appId}`}
            onToggle={() => onOpen(appId, !expanded)}
          />
        </td>
        <td className="px-3 whitespace-nowrap">
          <AppIdLink deploymentId={deployment.id} appId={appId} />
        </td>
        {configurable && (
          <td className="px-3 py-2 wrap-anywhere">
            <NoteText apiKey={apiKey} brief={!expanded} />
          </td>
        )}
        <td className="px-3">
          <AccessCell apiKey={apiKey} catalog={catalog} />
        </td>
        <td className={cx('px-3 whitespace-nowrap text-muted tabular-nums', createdClass)}>
          <CreatedText apiKey={apiKey} />
        </td>
        <td className="px-3 whitespace-nowrap tabular-nums">
          <LastUsedText apiKey={apiKey} now={now} />
        </td>
        <td className="px-3 whitespace-nowrap tabular-nums">
          <StatusText apiKey={apiKey} now={now} />
        </td>
        <td className="pr-3">
          <span className="flex items-center justify-end gap-1">
            <QuickAction
              apiKey={apiKey}
              fix={findFix(condition, apiKey, configurable)}
              onDialog={onDialog}
            />
            <RowActions
              deploymentId={deployment.id}
              apiKey={apiKey}
              configurable={configurable}
              onDialog={onDialog}
            />
          </span>
        </td>
      </tr>
      {oldSecret && (
        <tr aria-rowindex={rowIndex} className={expanded ? 'bg-sunken' : undefined}>
          <td aria-hidden className={cx(!expanded && hairline)} />
          <td colSpan={columns - 1} className={cx('px-3 pb-2.5', !expanded && hairline)}>
            <OldSecretLine apiKey={apiKey} oldSecret={oldSecret} now={now} onDialog={onDialog} />
          </td>
        </tr>
      )}
      {expanded && (
        <tr aria-rowindex={rowIndex} id={`access-${appId}`} className="bg-sunken">
          <td colSpan={columns} className={cx('pt-1 pr-6 pb-5 pl-15', hairline)}>
            <ExpandedAccess deployment={deployment} apiKey={apiKey} catalog={catalog} />
          </td>
        </tr>
      )}
    </tbody>
  )
})
