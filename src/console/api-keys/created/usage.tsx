import { Download } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useRef } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { CatalogOperation } from '../catalog-view.ts'
import { downloadText } from './download.ts'
import {
  authorizationHeader,
  curlCommand,
  envFile,
  jsonFile,
  type Credentials,
} from './snippets.ts'

type Form = {
  name: string
  text: string
  /** A file worth keeping, with its name's ending and media type. */
  file?: { ending: string; type: string }
}

function formsOf(credentials: Credentials, sample: CatalogOperation | undefined): Form[] {
  return [
    ...(sample ? [{ name: 'curl', text: curlCommand(credentials, sample) }] : []),
    { name: 'Header', text: authorizationHeader(credentials) },
    {
      name: '.env',
      text: envFile(credentials).trimEnd(),
      file: { ending: '.env', type: 'text/plain' },
    },
    {
      name: 'JSON',
      text: jsonFile(credentials).trimEnd(),
      file: { ending: '.json', type: 'application/json' },
    },
  ]
}

/** The credentials ready to paste in several forms, with the files to download. */
export function Usage({
  credentials,
  sample,
  onTaken,
}: {
  credentials: Credentials
  sample: CatalogOperation | undefined
  /** The secret was saved somewhere. */
  onTaken: () => void
}) {
  const forms = formsOf(credentials, sample)
  return (
    <Tabs.Root defaultValue={forms[0]?.name ?? ''} className="relative">
      <Tabs.List aria-label="Ready to paste" className="flex gap-4 border-b border-line-soft">
        {forms.map(({ name }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="-mb-px h-8 border-b-2 border-transparent text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-[550] data-[state=active]:text-ink"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {forms.map((form) => (
        <Tabs.Content key={form.name} value={form.name} className="mt-2 rounded-sm">
          <Snippet form={form} fileName={credentials.appId} onTaken={onTaken} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}

function Snippet({
  form: { name, text, file },
  fileName,
  onTaken,
}: {
  form: Form
  fileName: string
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
              downloadText(`${fileName}${file.ending}`, `${text}\n`, file.type)
              onTaken()
            }}
          />
        )}
        <CopyButton value={text} label={`Copy as ${name}`} source={source} onCopied={onTaken} />
      </div>
    </>
  )
}
