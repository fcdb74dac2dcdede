import { Download } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useRef } from 'react'
import { IconButton } from '../ui/buttons/button.tsx'
import { CopyButton } from '../ui/buttons/copy-button.tsx'
import { downloadText } from '../ui/text/download.ts'

/** A ready-to-paste form of a secret, such as a curl command. */
export type Snippet = {
  name: string
  text: string
  /** A file worth keeping, with its whole name and media type. */
  file?: { name: string; type: string }
}

/** Tabs of ready-to-paste snippets of a secret, with copy and download buttons. */
export function SnippetTabs({
  snippets,
  onTaken,
}: {
  snippets: readonly Snippet[]
  /** The secret was saved somewhere. */
  onTaken: () => void
}) {
  return (
    <Tabs.Root defaultValue={snippets[0]?.name ?? ''} className="relative">
      <Tabs.List aria-label="Ready to paste" className="flex gap-4 border-b border-line-soft">
        {snippets.map(({ name }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="-mb-px h-8 border-b-2 border-transparent text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-[550] data-[state=active]:text-ink"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {snippets.map((snippet) => (
        <Tabs.Content key={snippet.name} value={snippet.name} className="mt-2 rounded-sm">
          <SnippetText snippet={snippet} onTaken={onTaken} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}

function SnippetText({
  snippet: { name, text, file },
  onTaken,
}: {
  snippet: Snippet
  onTaken: () => void
}) {
  const source = useRef<HTMLPreElement>(null)
  return (
    <>
      <pre
        ref={source}
        className="min-h-29 rounded-sm border border-line bg-sunken px-2.5 py-1.5 font-mono text-xs/5 break-all whitespace-pre-wrap"
      >
        {text}
      </pre>
      <div className="absolute top-0.5 right-0 flex items-center gap-1">
        {file && (
          <IconButton
            label={`Download ${name}`}
            size={24}
            icon={<Download className="size-3.5" />}
            onClick={() => {
              downloadText(file.name, `${text}\n`, file.type)
              onTaken()
            }}
          />
        )}
        <CopyButton value={text} label={`Copy as ${name}`} source={source} onCopied={onTaken} />
      </div>
    </>
  )
}
