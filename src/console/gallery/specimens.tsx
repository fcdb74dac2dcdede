import { KeyRound, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { SnippetTabs } from '../secrets/snippet-tabs.tsx'
import { Button, buttonClass, IconButton, type ButtonVariant } from '../ui/buttons/button.tsx'
import { CopyText } from '../ui/buttons/copy-button.tsx'
import { Badge, MethodBadge, StatusDot } from '../ui/feedback/badge.tsx'
import { EmptyState, ErrorState, Progress, Skeleton } from '../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { Checkbox } from '../ui/fields/checkbox.tsx'
import { CredentialField } from '../ui/fields/credential-field.tsx'
import { TextField } from '../ui/fields/field.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { SearchInput } from '../ui/fields/search-input.tsx'
import { Select } from '../ui/fields/select.tsx'
import { Hint } from '../ui/overlays/tooltip.tsx'
import { charts } from './chart-specimens.tsx'
import { overlays } from './overlay-specimens.tsx'
import type { Specimen } from './specimen.ts'

const nothing = () => {}
const variants: ButtonVariant[] = ['primary', 'secondary', 'ghost', 'danger']

function Buttons() {
  return (
    <>
      {variants.map((variant) => (
        <Button key={variant} variant={variant} icon={<Plus className="size-4" />}>
          {variant}
        </Button>
      ))}
      <Button size={28}>small</Button>
      <Button loading>loading</Button>
      <Button disabledReason="Why this can't be used now.">disabled</Button>
      <Button aria-pressed>pressed</Button>
      <a href="#link" className={buttonClass('secondary')}>
        link
      </a>
    </>
  )
}

function IconButtons() {
  return (
    <>
      <IconButton label="Edit" size={32} icon={<Pencil className="size-4" />} />
      <IconButton label="Edit, medium" icon={<Pencil className="size-4" />} />
      <IconButton label="Edit, small" size={24} icon={<Pencil className="size-3.5" />} />
      <IconButton
        label="Delete"
        icon={<Trash2 className="size-4" />}
        disabledReason="Operators can't delete keys."
      />
      <CopyText label="App ID" value="k4f1c09ae2b7" />
    </>
  )
}

function Fields() {
  return (
    <>
      <TextField label="Note" hint="Shown in the list." aside="0 / 200" placeholder="Optional" />
      <TextField label="Name" defaultValue="x" error="Use at least 2 characters." required />
      <TextField label="Read-only" defaultValue="plant-telemetry" readOnly />
      <PasswordField label="Password" defaultValue="correct horse" />
      <PasswordField label="Wrong password" error="This is not your current password." />
      <CredentialField label="App Secret" value="lks_0000000000000000000000000000000000000000" />
      <SearchInput label="Search" placeholder="App ID or note" onChange={nothing} />
      <SearchInput label="Search, filled" placeholder="Note" value="grafana" onChange={nothing} />
      <Select aria-label="Access" defaultValue="full">
        <option value="any">Any access</option>
        <option value="full">Full access</option>
      </Select>
    </>
  )
}

function Checkboxes() {
  const [isChecked, setChecked] = useState(true)
  return (
    <>
      <Checkbox checked={isChecked} onChange={setChecked}>
        Checked
      </Checkbox>
      <Checkbox checked={false} onChange={nothing}>
        Not checked
      </Checkbox>
      <Checkbox checked="mixed" onChange={nothing}>
        Mixed
      </Checkbox>
      <Checkbox checked disabled onChange={nothing}>
        Disabled
      </Checkbox>
    </>
  )
}

function Badges() {
  return (
    <>
      <Badge>Dedicated v5</Badge>
      <Badge tone="warn" icon={<KeyRound className="size-3" />}>
        Full access
      </Badge>
      {['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => (
        <MethodBadge key={method} method={method} />
      ))}
      <StatusDot tone="ok">Active</StatusDot>
      <StatusDot tone="warn">Expires in 5 d</StatusDot>
      <StatusDot tone="danger">Expired</StatusDot>
      <StatusDot tone="off">Disabled</StatusDot>
      <Hint reason="Made before creation times were recorded.">—</Hint>
    </>
  )
}

function Messages() {
  return (
    <div className="grid w-full gap-3">
      {(['neutral', 'ok', 'warn', 'danger'] as const).map((tone) => (
        <InlineMessage key={tone} tone={tone}>
          A message of tone {tone}: what happened, and what to do next.
        </InlineMessage>
      ))}
    </div>
  )
}

function States() {
  return (
    <div className="grid w-full gap-3">
      <EmptyState
        icon={<KeyRound className="size-5" />}
        title="No API keys yet"
        action={<Button variant="primary">New API Key</Button>}
      >
        A key may call exactly the endpoints that you pick.
      </EmptyState>
      <ErrorState title="The keys can't be loaded" detail="The store fails." onRetry={nothing} />
      <ErrorState title="The keys can't be loaded" detail="Trying." onRetry={nothing} retrying />
      <Progress>Loading…</Progress>
      <Skeleton className="h-4 w-48" />
    </div>
  )
}

function Snippets() {
  const snippets = [
    { name: 'curl', text: "curl 'https://keys.example/plant/api/v5/clients' -u APP_ID:APP_SECRET" },
    { name: '.env', text: 'APP_ID=…', file: { name: 'key.env', type: 'text/plain' } },
  ]
  return (
    <div className="w-full">
      <SnippetTabs snippets={snippets} onTaken={nothing} />
    </div>
  )
}

export const specimens: readonly Specimen[] = [
  { title: 'Buttons', content: Buttons },
  { title: 'Icon buttons', content: IconButtons },
  { title: 'Fields', content: Fields },
  { title: 'Check boxes', content: Checkboxes },
  { title: 'Badges and states', content: Badges },
  { title: 'Messages', content: Messages },
  { title: 'Empty, failed, loading', content: States },
  { title: 'Snippets', content: Snippets },
  ...charts,
  ...overlays,
]
