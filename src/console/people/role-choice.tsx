import type { ComponentProps } from 'react'
import { roles, type Role } from '../../contract/accounts/roles.ts'
import { ChoiceCard } from '../form/choice-card.tsx'
import { Choices } from '../form/choices.tsx'
import { roleNames, roleTexts } from './role-names.ts'

/** Chooses a role; takes what `register` of react-hook-form gives. */
export function RoleChoice({
  error,
  chosen,
  ...input
}: Omit<ComponentProps<'input'>, 'type' | 'value' | 'title'> & {
  error?: string | undefined
  /** The role that is chosen, where no form library keeps it. */
  chosen?: Role
}) {
  return (
    <Choices legend="Role" error={error}>
      <div className="grid gap-2">
        {roles.map((role) => (
          <ChoiceCard
            key={role}
            title={roleNames[role]}
            value={role}
            {...(chosen && { checked: chosen === role })}
            {...input}
          >
            {roleTexts[role]}
          </ChoiceCard>
        ))}
      </div>
    </Choices>
  )
}
