import type { ComponentProps } from 'react'
import { roles } from '../../contract/accounts/roles.ts'
import { ChoiceCard } from '../form/choice-card.tsx'
import { Choices } from '../form/choices.tsx'
import { roleNames, roleTexts } from './role-names.ts'

/** Chooses a role; takes the props of `register` in react-hook-form. */
export function RoleChoice({
  error,
  ...input
}: Omit<ComponentProps<'input'>, 'type' | 'value' | 'title'> & {
  error?: string | undefined
}) {
  return (
    <Choices legend="Role" error={error}>
      <div className="grid gap-2">
        {roles.map((role) => (
          <ChoiceCard key={role} title={roleNames[role]} value={role} {...input}>
            {roleTexts[role]}
          </ChoiceCard>
        ))}
      </div>
    </Choices>
  )
}
