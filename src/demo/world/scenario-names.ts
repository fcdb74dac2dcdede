/** The scenarios of `?scenario=`, with their labels in the banner. */
export const scenarioLabels = {
  default: 'Five deployments',
  empty: 'Nothing yet',
  'many-keys': '10,000 keys',
  legacy: 'Legacy keys',
  slow: 'Slow answers',
  failing: 'Failures',
} as const

export type ScenarioName = keyof typeof scenarioLabels

/** Whether a text names a scenario. */
export function isScenarioName(text: string): text is ScenarioName {
  return Object.hasOwn(scenarioLabels, text)
}
