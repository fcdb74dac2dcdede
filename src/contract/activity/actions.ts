/** Everything that Activity records, as `subject.verb`. */
export const activityActions = [
  'session.signIn',
  'session.refuse',
  'session.signOut',
  'session.signOutEverywhere',
  'apiKey.create',
  'apiKey.update',
  'apiKey.delete',
  'apiKey.rotate',
  'apiKey.endOldSecret',
  'deployment.create',
  'deployment.update',
  'deployment.delete',
  'user.create',
  'user.update',
  'user.changePassword',
  'user.delete',
  'token.create',
  'token.delete',
  'request.refuse',
] as const
export type ActivityAction = (typeof activityActions)[number]

/** What an entry of Activity is about. */
export const activitySubjects = [
  'session',
  'apiKey',
  'deployment',
  'user',
  'token',
  'request',
] as const
export type ActivitySubject = (typeof activitySubjects)[number]
