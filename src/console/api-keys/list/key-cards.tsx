import { Fragment, memo, useMemo, useRef } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { RowWindow } from '../../table/row-window.tsx'
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

// The height of a card with a one-line note.
const CARD_HEIGHT = 70

/** The keys as cards, for narrow screens. */
export function KeyCards({
  deployment,
  catalog,
  keys,
  total,
  now,
  configurable,
  condition,
  open,
  onOpen,
  onDialog,
}: Omit<KeyListProps, 'sort' | 'onSort'>) {
  const list = useRef<HTMLUListElement>(null)
  const ids = useMemo(() => keys.map(({ appId }) => appId), [keys])
  return (
    <ul ref={list}>
      <RowWindow ids={ids} total={total} rowHeight={CARD_HEIGHT} list={list}>
        {({ rows, after, measure }) => (
          <>
            {rows.map(({ at, gap }) => {
              const apiKey = keys[at]
              if (!apiKey) return null
              return (
                <Fragment key={apiKey.appId}>
                  {gap > 0 && <li aria-hidden style={{ height: gap }} />}
                  <KeyCard
                    {...{ deployment, catalog, apiKey, total, now, configurable, condition, at }}
                    expanded={open.has(apiKey.appId)}
                    {...{ measure, onOpen, onDialog }}
                  />
                </Fragment>
              )
            })}
            {after > 0 && <li aria-hidden style={{ height: after }} />}
          </>
        )}
      </RowWindow>
    </ul>
  )
}

type KeyCardProps = Omit<KeyListProps, 'keys' | 'open' | 'sort' | 'onSort'> & {
  apiKey: ApiKey
  /** Its index in the list. */
  at: number
  expanded: boolean
  measure: (element: Element | null) => void
}

const KeyCard = memo(function KeyCard({
  deployment,
  catalog,
  apiKey,
  at,
  total,
  now,
  configurable,
  condition,
  expanded,
  measure,
  onOpen,
  onDialog,
}: KeyCardProps) {
  const { appId, oldSecret } = apiKey
  const fix = findFix(condition, apiKey, configurable)
  return (
    <li
      ref={measure}
      data-index={at}
      aria-setsize={total}
      aria-posinset={at + 1}
      className={cx('border-line-soft py-2 data-expanded:bg-sunken', at > 0 && 'border-t')}
      data-expanded={expanded || undefined}
    >
      <div className="flex items-start gap-1 pr-2 pl-2">
        <ExpandButton
          appId={appId}
          expanded={expanded}
          controls={`access-${appId}`}
          onToggle={() => onOpen(appId, !expanded)}
        />
        <div className="min-w-0 flex-1">
          <div className="flex min-h-7 items-center">
            <AppIdLink deploymentId={deployment.id} appId={appId} />
          </div>
          {configurable && (
            <div className="wrap-anywhere">
              <NoteText apiKey={apiKey} brief={!expanded} />
            </div>
          )}
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <StatusText apiKey={apiKey} now={now} />
            <AccessCell apiKey={apiKey} catalog={catalog} />
            <span className="text-muted">
              Created <CreatedText apiKey={apiKey} />
            </span>
            <span>
              {apiKey.lastUse.kind === 'used' && <span className="text-muted">Used </span>}
              <LastUsedText apiKey={apiKey} now={now} />
            </span>
          </div>
          {oldSecret && (
            <div className="mt-1">
              <OldSecretLine apiKey={apiKey} oldSecret={oldSecret} now={now} onDialog={onDialog} />
            </div>
          )}
          {(apiKey.legacy || fix) && (
            <div className="mt-2">
              <QuickAction apiKey={apiKey} fix={fix} onDialog={onDialog} />
            </div>
          )}
        </div>
        <RowActions
          deploymentId={deployment.id}
          apiKey={apiKey}
          configurable={configurable}
          onDialog={onDialog}
        />
      </div>
      {expanded && (
        <div id={`access-${appId}`} className="mt-2 border-t border-line-soft px-4 pt-3 pb-2">
          <ExpandedAccess deployment={deployment} apiKey={apiKey} catalog={catalog} />
        </div>
      )}
    </li>
  )
})
