/**
 * What a key can do with operations that bypass other limits: one sentence about the key each, so
 * that the same risk reads the same in every catalog.
 */
export const risks = {
  createCredentials: 'Can let in any client, with a password of its choosing.',
  changePassword: 'Can take over a sign-in by setting its password.',
  createUser: 'Can create a superuser, whom no authorization rule holds back.',
  updateUser: 'Can take over any user with a new password, or make it a superuser.',
  importUsers: 'Can let in any number of clients, superusers included.',
  writeRulesForEveryone: 'Can open or close any topic to all clients at once.',
  writeRulesForSome: 'Can give any client access to any topic, or take it away.',
  deleteRules: 'Can remove the rules that keep clients away from topics.',
  ban: 'Can shut out any client, user or address.',
  liftBan: 'Can let banned clients back in.',
  disconnect: 'Can cut off any client and end its session.',
  subscribe: 'Can make any client receive the messages of any topic.',
  unsubscribe: 'Can stop any client from receiving the messages it needs.',
  publish: 'Can send any message to any topic, so it can command every device.',
  changeAction:
    "Can send the deployment's data to other systems, with the rights of its connectors.",
  startAction: 'Can start actions that send data to other systems.',
  changeConnector: 'Can connect the broker to any system within its reach.',
  startConnector: 'Can restore connections to other systems that were cut.',
  probe: 'Can make the broker call any system within its reach, with any settings.',
  changeRule:
    'Can run code on every message: copy it, change it, republish it or send it elsewhere.',
  testRule: "Can set off a rule's actions with a made-up message.",
} as const
