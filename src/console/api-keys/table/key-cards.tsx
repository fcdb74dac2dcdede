import { CopyText } from '../../ui/copy-button.tsx'
import { AccessView } from './access-view.tsx'
import { AccessCell, CreatedText, ExpandButton, NoteText, StatusText } from './cells.tsx'
import type { KeyListProps } from './key-list-props.ts'
import { ReplaceButton, RowActions } from './row-actions.tsx'

/** The keys as cards, for narrow windows. */
export function KeyCards({
  deployment,
  catalog,
  keys,
  now,
  configurable,
  open,
  onOpen,
  onFlow,
}: Omit<KeyListProps, 'sort' | 'onSort'>) {
  return (
    <ul>
      {keys.map((apiKey) => {
        const { appId } = apiKey
        const expanded = open.has(appId)
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
                  <CopyText value={appId} label={`Copy App ID ${appId}`} />
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
                </div>
                {apiKey.legacy && (
                  <div className="mt-2">
                    <ReplaceButton apiKey={apiKey} onFlow={onFlow} />
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
