import { fixOf } from '../health/conditions.ts'
import { AccessView } from './access-view.tsx'
import { AppIdLink } from './app-id.tsx'
import {
  AccessCell,
  CreatedText,
  ExpandButton,
  LastUsedText,
  NoteText,
  StatusText,
} from './cells.tsx'
import type { KeyListProps } from './key-list-props.ts'
import { OldSecretLine } from './old-secret-line.tsx'
import { QuickActions, RowActions } from './row-actions.tsx'

/** The keys as cards, for narrow windows. */
export function KeyCards({
  deployment,
  catalog,
  keys,
  now,
  configurable,
  condition,
  open,
  onOpen,
  onFlow,
}: Omit<KeyListProps, 'sort' | 'onSort'>) {
  return (
    <ul>
      {keys.map((apiKey) => {
        const { appId } = apiKey
        const expanded = open.has(appId)
        const { oldSecret } = apiKey
        const fix = fixOf(condition, apiKey, configurable)
        return (
          <li
            key={appId}
            className="border-line-soft py-2 not-first:border-t data-expanded:bg-sunken"
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
                    <NoteText apiKey={apiKey} />
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
                    <OldSecretLine
                      apiKey={apiKey}
                      oldSecret={oldSecret}
                      now={now}
                      onFlow={onFlow}
                    />
                  </div>
                )}
                {(apiKey.legacy || fix) && (
                  <div className="mt-2">
                    <QuickActions apiKey={apiKey} fix={fix} onFlow={onFlow} />
                  </div>
                )}
              </div>
              <RowActions
                deploymentId={deployment.id}
                apiKey={apiKey}
                configurable={configurable}
                onFlow={onFlow}
              />
            </div>
            {expanded && (
              <div id={`access-${appId}`} className="mt-2 border-t border-line-soft px-4 pt-3 pb-2">
                <AccessView deployment={deployment} apiKey={apiKey} catalog={catalog} />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
