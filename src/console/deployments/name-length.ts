import { characters, DEPLOYMENT_NAME_MAX } from '../../contract/limits.ts'

/** How long a name is of how long it may be: "12 / 60". */
export function nameCounter(name: string): string {
  return `${characters(name)} / ${DEPLOYMENT_NAME_MAX}`
}

/** What is wrong with a name that is too long. */
export function nameLengthError(name: string): string | undefined {
  return characters(name.trim()) > DEPLOYMENT_NAME_MAX
    ? `Use at most ${DEPLOYMENT_NAME_MAX} characters.`
    : undefined
}
